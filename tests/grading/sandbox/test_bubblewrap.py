"""A backend that is killed, hindered or flooded leaves nothing behind and stays small."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox import cgroups
from grading.sandbox.bubblewrap import backend as bubblewrap
from grading.sandbox.bubblewrap.backend import BubblewrapBackend
from grading.sandbox.cgroups import PREFIX, ZOMBIES, Tree
from grading.sandbox.contract import Job, Limits, Outcome, SandboxUnavailable
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON, Image
from tests.conftest import ROOT
from tests.grading.sandbox.conftest import BUBBLEWRAP, Watched, backend_at, living_in
from tests.workers import wait_for

WORKER = """
import os, sys
from pathlib import Path
from grading.sandbox.bubblewrap.backend import BubblewrapBackend
from grading.sandbox.cgroups import Tree
from grading.sandbox.contract import Job
from grading.sandbox.image import find
backend = BubblewrapBackend(find(Path(sys.argv[1])), groups=Tree() if sys.argv[2] == "cgroup" else None)
run = backend.start(Job(("/usr/bin/python3", "-I", "-c", "import os, time\\nos.fork()\\ntime.sleep(60)")))
print(os.readlink(f"/proc/{run.init_pid}/ns/pid"), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("level", BUBBLEWRAP)
def test_a_killed_worker_takes_its_runs_along(sandbox_image: Image, level: str) -> None:
    backend_at(sandbox_image, level)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(sandbox_image.tree.parent), level],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with worker:
        assert worker.stdout is not None
        namespace = worker.stdout.readline().decode().strip()
        assert namespace.startswith("pid:")
        assert living_in({namespace})
        worker.send_signal(signal.SIGKILL)
    wait_for(lambda: not adopted_and_ended(living_in({namespace})), seconds=10, what="the end of its run")
    if level == "cgroup":
        assert groups_of(worker.pid), "only the sweep takes them"
        Tree().sweep()
        assert not groups_of(worker.pid)


def test_the_worker_never_joins_the_group_of_a_run(sandbox_image: Image) -> None:
    backend = backend_at(sandbox_image, "cgroup")
    own = Path("/proc/self/cgroup").read_text()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run(backend, Job((PYTHON, "-I", "-c", "pass"))), range(40)))
    backend.close()
    assert {result.outcome for result in results} == {Outcome.PASSED}
    assert Path("/proc/self/cgroup").read_text() == own
    group = Tree().make()
    try:
        for nobody in (0, -1):
            with pytest.raises(ValueError, match="names no process"):
                group.add(nobody)
    finally:
        group.remove()


def test_groups_of_living_workers_are_left_alone(sandbox_image: Image) -> None:
    backend_at(sandbox_image, "cgroup")
    before = groups_of(os.getpid())
    tree = Tree()
    group = tree.make()
    try:
        tree.sweep()
        assert groups_of(os.getpid()) - before == group.folders()
        assert group.counters().refused_forks == 0
    finally:
        group.remove()
    assert groups_of(os.getpid()) == before


def adopted_and_ended(processes: list[str]) -> list[str]:
    """Those that go on, after this process has waited for what fell to it: earlier tests made it a reaper."""
    for each in processes:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(int(each.partition(" ")[0]), os.WNOHANG)
    return processes


def groups_of(pid: int) -> set[Path]:
    """Control groups of the runs of a worker."""
    return {path for path in Path("/sys/fs/cgroup").glob(f"*/**/{PREFIX}{pid}-*") if path.is_dir()}


def test_endless_output_leaves_the_worker_small(backend: Watched) -> None:
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    result = run(backend, Job((PYTHON, "-I", "-c", "import os\nwhile True: os.write(1, b'x' * 65536)")))
    assert result.outcome is Outcome.OUTPUT
    assert len(result.evidence.stdout) == result.limits.output
    assert peak() - before < 8 * 1024, "KiB"


def peak() -> int:
    """The most memory that this process held since it was reset, in KiB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])


@pytest.mark.parametrize(
    "command", [("/usr/bin/absent",), (PYTHON, "-I", "-c", "x" * 200_000)], ids=["no such program", "argument too long"]
)
def test_a_command_that_cannot_be_started_is_no_verdict(backend: Watched, command: tuple[str, ...]) -> None:
    with pytest.raises(SandboxUnavailable, match="did not start"):
        run(backend, Job(command))


@pytest.mark.parametrize("backend", BUBBLEWRAP, indirect=True)
def test_a_bwrap_that_may_not_make_namespaces_says_so(
    backend: Watched, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: Creating new namespace failed' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "BWRAP", str(refusing))
    monkeypatch.setattr(bubblewrap, "AS_NOBODY", ())
    with pytest.raises(SandboxUnavailable, match="Creating new namespace failed"):
        run(backend, Job((PYTHON, "-I", "-c", "pass")))


def test_a_bwrap_that_says_nothing_is_given_up(sandbox_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "START_SECONDS", 0.3)
    monkeypatch.setattr(BubblewrapBackend, "_command", lambda *_: ["/bin/sleep", "60"])
    backend = BubblewrapBackend(sandbox_image, groups=None)
    with contextlib.closing(backend), pytest.raises(SandboxUnavailable, match="did not say that it began"):
        backend.start(Job(command=(PYTHON, "-c", "pass")))


def test_standard_input_is_given_and_ends(backend: Watched) -> None:
    job = Job((PYTHON, "-I", "-c", "import sys; print(len(sys.stdin.read()))"), stdin=b"x" * 100_000)
    assert run(backend, job).evidence.stdout == b"100000\n"


USES = """
import time
kept = bytearray(b'x') * 30_000_000
open('f', 'wb').write(bytes(2_000_000))
time.sleep(0.2)
"""


def test_what_was_used_is_reported(backend: Watched) -> None:
    result = run(backend, Job((PYTHON, "-I", "-c", USES)))
    assert result.outcome is Outcome.PASSED
    assert 30_000_000 < result.usage.memory < 80_000_000
    assert 2_000_000 < result.usage.disk < 3_000_000
    assert 0.2 < result.usage.wall < 5
    assert 0 < result.usage.cpu < 3
    assert result.usage.processes == 1
    phases = [result.phases[name] for name in ("claimed", "unpacked", "started", "finished", "collected")]
    assert phases == sorted(phases)


# -- sandboxes that wait -------------------------------------------------------------
def waiting_backend(sandbox_image: Image, level: str) -> BubblewrapBackend:
    """One that has run something, and has its sandboxes ready."""
    found = backend_at(sandbox_image, level)
    assert isinstance(found, BubblewrapBackend)
    assert run(found, Job(("/usr/bin/true",))).outcome is Outcome.PASSED
    found.settle()
    return found


@pytest.mark.parametrize("level", BUBBLEWRAP)
def test_a_run_takes_a_sandbox_that_waits_and_another_is_begun(sandbox_image: Image, level: str) -> None:
    backend = waiting_backend(sandbox_image, level)
    first, second = backend._waiting._ready
    started = backend.start(Job((PYTHON, "-I", "-c", "import time; time.sleep(60)")))
    assert started.init_pid == first.init_pid
    backend.settle()
    ready = backend._waiting._ready
    assert len(ready) == 2
    assert ready[0] is second
    started.stop()
    started.close()
    backend.close()
    assert not backend.waiting()
    assert not [each.init_pid for each in ready if Path(f"/proc/{each.init_pid}").exists()], "not even a zombie"


def limit_in(folders: Iterable[Path], *names: str) -> str:
    """What the first file of these names says, in the first of the folders that has one."""
    return next((folder / name).read_text().strip() for folder in folders for name in names if (folder / name).exists())


def test_one_that_waits_is_in_a_group_of_its_own_whose_limits_are_those_of_its_run(sandbox_image: Image) -> None:
    before = groups_of(os.getpid())
    backend = waiting_backend(sandbox_image, "cgroup")
    assert backend.waiting_groups() == groups_of(os.getpid()) - before
    first = backend._waiting._ready[0]
    assert first.group is not None
    folders = first.group.folders()
    members = {pid for folder in folders for pid in (folder / "cgroup.procs").read_text().split()}
    assert str(first.init_pid) in members
    assert len(members) == 2, "bwrap's first process and our first step"
    limits = Limits(memory=96 * 1024 * 1024, processes=7)
    assert limit_in(folders, "memory.limit_in_bytes", "memory.max") != str(limits.memory)
    started = backend.start(Job((PYTHON, "-I", "-c", "import time; time.sleep(60)"), limits=limits))
    assert started.init_pid == first.init_pid
    assert limit_in(folders, "memory.limit_in_bytes", "memory.max") == str(limits.memory)
    assert limit_in(folders, "pids.max") == str(limits.processes + ZOMBIES)
    backend.settle()
    assert not folders & backend.waiting_groups(), "no other run gets it"
    started.stop()
    started.close()
    assert not any(folder.exists() for folder in folders)
    backend.close()
    assert groups_of(os.getpid()) == before


@pytest.mark.parametrize("ahead", [True, False])
def test_nothing_of_a_job_is_sent_before_its_limits_are_written(
    sandbox_image: Image, monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    before = groups_of(os.getpid())
    backend = waiting_backend(sandbox_image, "cgroup")
    if not ahead:
        monkeypatch.setattr(backend._waiting, "taken", lambda: None)
    done: list[str] = []
    packed, fails = bubblewrap.packed, [False]

    def sent(*stated: Any, **more: Any) -> bytes:
        done.append("sent")
        return packed(*stated, **more)

    monkeypatch.setattr(bubblewrap, "packed", sent)
    for kind in (cgroups.GroupV1, cgroups.GroupV2):

        def limit(group: Any, limits: Limits, write: Any = kind.limit) -> None:
            if fails[0]:
                raise OSError("no room for a limit")
            write(group, limits)
            done.append("limited")

        monkeypatch.setattr(kind, "limit", limit)
    assert run(backend, Job(("/usr/bin/true",))).outcome is Outcome.PASSED
    assert done == ["limited", "sent"]
    done.clear()
    fails[0] = True
    with pytest.raises(SandboxUnavailable, match="no room for a limit"):
        run(backend, Job(("/usr/bin/true",)))
    assert done == []
    backend.close()
    assert groups_of(os.getpid()) == before


def test_one_that_ended_while_it_waited_is_passed_over(sandbox_image: Image) -> None:
    backend = waiting_backend(sandbox_image, "supervised")
    first, second = backend._waiting._ready
    os.kill(first.init_pid, signal.SIGKILL)
    wait_for(lambda: first.process.poll() is not None, seconds=5, what="its end")
    started = backend.start(Job((PYTHON, "-I", "-c", "import time; time.sleep(60)")))
    assert started.init_pid == second.init_pid
    started.stop()
    started.close()
    backend.close()


def test_one_that_ends_when_it_is_taken_costs_no_run(sandbox_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = waiting_backend(sandbox_image, "supervised")
    for each in backend._waiting._ready:
        os.kill(each.init_pid, signal.SIGKILL)
        wait_for(lambda each=each: each.process.poll() is not None, seconds=5, what="its end")  # type: ignore[misc]
    monkeypatch.setattr("grading.sandbox.bubblewrap.ready.Ready.is_usable", lambda _: True)
    assert run(backend, Job(("/usr/bin/true",))).outcome is Outcome.PASSED
    backend.close()


def test_one_that_waits_too_long_is_not_used(sandbox_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = waiting_backend(sandbox_image, "supervised")
    old = {each.init_pid for each in backend._waiting._ready}
    monkeypatch.setattr("grading.sandbox.bubblewrap.ready.FRESH_SECONDS", 0)
    started = backend.start(Job((PYTHON, "-I", "-c", "import time; time.sleep(60)")))
    assert started.init_pid not in old
    started.stop()
    started.close()
    backend.close()


def test_a_run_without_a_channel_has_none(sandbox_image: Image) -> None:
    backend = waiting_backend(sandbox_image, "supervised")
    looking = (
        "import os, stat\ntry: print(stat.S_ISSOCK(os.fstat(3).st_mode))\nexcept OSError as error: print(error.errno)"
    )
    for channel, said in ((False, str(errno.EBADF)), (True, "True")):
        result = run(backend, Job((PYTHON, "-I", "-c", looking), channel=channel))
        assert result.evidence.stdout.decode().strip() == said
    backend.close()


def test_a_killed_worker_takes_those_that_wait_along(sandbox_image: Image) -> None:
    code = WORKER.replace('"cgroup" else None)', '"cgroup" else None, ahead=2)').replace(
        "print(", "backend.settle(); print(*(r.init_pid for r in backend._waiting._ready), flush=True); print("
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(sandbox_image.tree.parent), "supervised"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with worker:
        assert worker.stdout is not None
        waiting = worker.stdout.readline().decode().split()
        assert len(waiting) == 2
        worker.send_signal(signal.SIGKILL)
    wait_for(
        lambda: not [each for each in adopted_and_ended(waiting) if Path(f"/proc/{each}").exists()],
        seconds=10, what="the end of what waited",
    )  # fmt: skip
