"""Containers: made with nothing that can be taken away, made ahead, used once, and gone with whoever owned them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from docker.errors import APIError

from grading.management.commands import sandbox as command
from grading.sandbox import image, selection
from grading.sandbox.contract import Job, Limits, Outcome, SandboxUnavailable
from grading.sandbox.docker import engine as engines
from grading.sandbox.docker.backend import DockerBackend, shape_of
from grading.sandbox.docker.engine import LABEL, Demultiplexer, Engine
from grading.sandbox.docker.frames import Frames, frame
from grading.sandbox.drive import run, run_pair
from grading.sandbox.image import PYTHON, Image
from grading.sandbox.lifted import NOTHING, Lifted
from grading.sandbox.selftest import Report
from tests.conftest import ROOT
from tests.grading.sandbox.engine import INSTALLATION, docker_at, engine, where
from tests.workers import wait_for

NOTHING_TO_DO = Job((PYTHON, "-I", "-c", "pass"))
WAITS = Job((PYTHON, "-I", "-c", "import os, time\nos.fork()\ntime.sleep(60)"))
WORKER = """
import sys
from pathlib import Path
from grading.sandbox.contract import Job
from grading.sandbox.docker.backend import DockerBackend
from grading.sandbox.docker.engine import Engine
from grading.sandbox.image import find
backend = DockerBackend(find(Path(sys.argv[1])), Engine(sys.argv[2], installation=sys.argv[3]), ahead=0)
run = backend.start(Job(("/usr/bin/python3", "-I", "-c", "import os, time\\nos.fork()\\ntime.sleep(60)")))
print(run.number, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def docker(sandbox_image: Image) -> Iterator[DockerBackend]:
    backend = docker_at(sandbox_image)
    yield backend
    backend.settle()
    backend.engine.remove("what a busy engine refused goes with the next one")
    assert {each["Id"] for each in backend.engine.containers()} == backend.waiting()


# -- without an engine -------------------------------------------------------------
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_frames_and_streams_come_out_whole_however_they_were_cut(size: int) -> None:
    told = [(b"H", b"{}"), (b"o", b"x" * 300), (b"c", b"")]
    sent = b"".join(frame(kind, body) for kind, body in told)
    stream = b"".join(
        bytes([1, 0, 0, 0]) + len(piece).to_bytes(4, "big") + piece for piece in (sent[:7], sent[7:200], sent[200:])
    )
    stream = stream[:15] + bytes([2, 0, 0, 0, 0, 0, 0, 5]) + b"oh no" + stream[15:]
    frames, streams = Frames(), Demultiplexer()
    found = [each for n in range(0, len(stream), size) for each in frames.fed(streams.fed(stream[n : n + size]))]
    assert found == told
    assert streams.complaint == b"oh no"


def test_without_an_engine_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="No container engine answers"):
        Engine(f"unix://{tmp_path}/none.sock", installation="x")


# -- one container -----------------------------------------------------------------
def test_nothing_is_left_to_a_container_that_it_does_not_need(docker: DockerBackend) -> None:
    sandbox = docker.start(WAITS)
    try:
        told = docker.engine.client.inspect_container(sandbox.number)
    finally:
        sandbox.close()
    host = told["HostConfig"]
    assert (host["NetworkMode"], host["ReadonlyRootfs"], host["Privileged"]) == ("none", True, False)
    assert host["CapDrop"] == ["ALL"]
    assert {each.removeprefix("CAP_") for each in host["CapAdd"]} == {"KILL", "SETUID", "SETGID", "SETPCAP"}
    assert host["SecurityOpt"] == ["no-new-privileges"], "and the engine's own filter of system calls"
    assert host["Memory"] == host["MemorySwap"] == WAITS.limits.memory + engines.OWN_MEMORY
    assert host["PidsLimit"] == WAITS.limits.processes + engines.ZOMBIES
    assert host["NanoCpus"] > 0
    assert host["IpcMode"] == "private"
    for folder in ("/work", "/tmp", "/dev/shm"):
        assert f"size={WAITS.limits.disk + 65536},nr_inodes={WAITS.limits.inodes + 8}" in host["Tmpfs"][folder]
    assert all(not each["RW"] for each in told["Mounts"])
    labels = told["Config"]["Labels"]
    assert labels[f"{LABEL}installation"] == INSTALLATION
    assert labels[f"{LABEL}owner"] == engines.owner()
    assert told["Name"] == f"/waymark-run-{labels[f'{LABEL}run']}"


def test_a_container_that_waited_is_used_once(docker: DockerBackend) -> None:
    docker.prepare([NOTHING_TO_DO])
    waited = docker.waiting()
    assert waited
    seen = []
    for _ in range(2):
        sandbox = docker.start(NOTHING_TO_DO)
        seen.append(sandbox.number)
        sandbox.close()
    assert seen[0] in waited
    assert len(set(seen)) == 2
    docker.settle()
    assert not set(seen) & docker.waiting()
    assert docker.waiting(), "this shape was asked for more than once"


def test_one_that_ended_while_it_waited_is_passed_over(docker: DockerBackend, sandbox_image: Image) -> None:
    # A backend of its own: of the other one all shapes wait that any test asked for.
    own = DockerBackend(sandbox_image, docker.engine, ahead=1)
    try:
        own.prepare([NOTHING_TO_DO])
        [number] = own.waiting()
        own.engine.remove(number)
        assert run(own, NOTHING_TO_DO).outcome is Outcome.PASSED
    finally:
        own.close()


def test_kits_of_about_one_size_share_their_containers() -> None:
    one, other = (Job((PYTHON,), kit={"a": bytes(size)}) for size in (10, 100_000))
    assert shape_of(one) == shape_of(other)
    assert shape_of(one) != shape_of(Job((PYTHON,), limits=Limits(memory=1)))


# -- what goes wrong ---------------------------------------------------------------
def test_an_engine_that_goes_away_is_no_verdict(docker: DockerBackend) -> None:
    sandbox = docker.start(WAITS)
    docker.engine.remove(sandbox.number)
    try:
        wait_for(lambda: turned(sandbox).ended, seconds=10, what="that it is noticed")
        with pytest.raises(SandboxUnavailable, match="went away"):
            sandbox.result()
    finally:
        sandbox.close()


def turned(sandbox: Any) -> Any:
    """One round of what the loop does."""
    for action in list(sandbox.sources().values()):
        action()
    sandbox.tick()
    return sandbox


def test_a_container_that_the_kernel_ended_for_want_of_memory_is_a_verdict(
    docker: DockerBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = docker.start(WAITS)
    monkeypatch.setattr(engines.Container, "ran_out_of_memory", lambda self: True)
    docker.engine.client.kill(sandbox.number)
    try:
        wait_for(lambda: turned(sandbox).ended, seconds=10, what="that it is noticed")
        assert sandbox.result().outcome is Outcome.MEMORY
    finally:
        sandbox.close()


@pytest.mark.parametrize(
    ("processes", "outcome", "reason"),
    [
        (2, Outcome.TIME, "The wall time was over."),
        (72, Outcome.TIME, "The wall time was over."),
        (73, Outcome.PROCESSES, "More processes were there than may be."),
    ],
)
def test_a_first_process_that_never_ends_the_run_is_not_waited_for(
    docker: DockerBackend, processes: int, outcome: Outcome, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = docker.start(Job(WAITS.command, limits=Limits(wall=0.3)))
    counted = docker.engine.client.stats(sandbox.number, stream=False, one_shot=True)["pids_stats"]
    assert counted == {"current": counted["current"], "limit": WAITS.limits.processes + engines.ZOMBIES}
    told = {"pids_stats": {**counted, "current": processes}}
    monkeypatch.setattr(docker.engine.client, "stats", lambda *arguments, **options: told)
    docker.engine.client.pause(sandbox.number)
    began = time.monotonic()
    try:
        wait_for(lambda: turned(sandbox).ended, seconds=10, what="the end of the wait")
        result = sandbox.result()
        assert (result.outcome, result.reason) == (outcome, reason)
        assert time.monotonic() - began < 3
    finally:
        sandbox.close()


def test_another_usr_than_this_machines_is_noticed(sandbox_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = DockerBackend(sandbox_image, docker_at(sandbox_image).engine, ahead=0)
    monkeypatch.setattr(engines, "own_usr", lambda: [0, 0])
    with pytest.raises(SandboxUnavailable, match="KIND=debian"):
        run(backend, NOTHING_TO_DO)
    backend.close()


def test_a_tree_that_the_engine_was_not_given_is_asked_for(sandbox_image: Image) -> None:
    other = Image("host", "sha256:other", "3", sandbox_image.tree)
    with pytest.raises(SandboxUnavailable, match="has no image of this tree: run make sandbox-image"):
        DockerBackend(other, engine())


# -- who owns what -----------------------------------------------------------------
def test_a_killed_worker_takes_its_containers_along(docker: DockerBackend, sandbox_image: Image) -> None:
    client = docker.engine.client
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(sandbox_image.tree.parent), where(), INSTALLATION],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with worker:
        assert worker.stdout is not None
        number = worker.stdout.readline().decode().strip()
        assert client.inspect_container(number)["State"]["Running"]
        assert docker.engine.sweep() == 0, "its worker lives"
        worker.send_signal(signal.SIGKILL)
    wait_for(lambda: not client.inspect_container(number)["State"]["Running"], seconds=20, what="the end of its run")
    assert docker.engine.sweep() == 1


def test_the_reaper_leaves_other_installations_and_young_containers_of_other_machines_alone(
    docker: DockerBackend, sandbox_image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = shape_of(NOTHING_TO_DO)
    given = docker.engine.image(sandbox_image)
    monkeypatch.setattr(engines, "owner", lambda: "elsewhere:1:2")
    container = docker.engine.make(given, sandbox_image, shape, NOTHING)
    other = Engine(where(), installation="another")
    try:
        assert docker.engine.sweep() == 0
        monkeypatch.setattr(engines, "OLD_SECONDS", -10)
        assert other.sweep() == 0
        assert docker.engine.sweep() == 1
    finally:
        container.remove()
        other.close()


def test_what_a_busy_engine_refuses_to_remove_goes_with_the_next_one(
    docker: DockerBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = docker.start(NOTHING_TO_DO)
    with monkeypatch.context() as busy:
        busy.setattr(docker.engine.client, "remove_container", refusing)
        busy.setattr(docker.engine.client, "create_container_from_config", refusing)
        sandbox.close()
        docker.settle()
        with pytest.raises(SandboxUnavailable, match="busy"):
            docker.start(Job((PYTHON, "-I", "-c", "pass"), limits=Limits(memory=100 * 2**20)))
    assert sandbox.number in {each["Id"] for each in docker.engine.containers()}
    assert docker.engine.left > {sandbox.number}, "and one that may have been made although no answer came"
    docker.engine.remove("another")
    assert not docker.engine.left
    assert sandbox.number not in {each["Id"] for each in docker.engine.containers()}


def refusing(*args: Any, **options: Any) -> None:
    raise APIError("busy")


# -- the channel -------------------------------------------------------------------
ECHO = """
import socket
with socket.socket(fileno=3) as channel:
    while piece := channel.recv(65536):
        channel.sendall(piece)
"""
ASK = """
import hashlib, socket, threading, time
sent = bytes(range(256)) * 4096
with socket.socket(fileno=3) as channel:
    def send():
        channel.sendall(sent)
        channel.shutdown(socket.SHUT_WR)
    threading.Thread(target=send).start()
    time.sleep(0.6)
    got = b""
    while piece := channel.recv(65536):
        got += piece
print(got == sent, len(got))
"""


def test_a_side_that_does_not_read_holds_the_other_back_and_nothing_is_lost(docker: DockerBackend) -> None:
    asks, answers = (Job((PYTHON, "-I", "-c", source), channel=True) for source in (ASK, ECHO))
    asked, answered = run_pair(docker, asks=asks, answers=answers)
    assert asked.evidence.stdout == b"True 1048576\n", "half of a channel may end before the other"
    assert answered.outcome is Outcome.PASSED


# -- chosen ------------------------------------------------------------------------
@pytest.fixture
def site(settings: Any, tmp_path: Path, sandbox_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose engine is that of the tests, and whose image is there."""
    made = docker_at(sandbox_image).engine
    settings.DATA_DIR = tmp_path
    (tmp_path / "sandbox").symlink_to(sandbox_image.tree.parent)
    monkeypatch.setattr(selection, "engine", lambda: made)


@pytest.mark.usefixtures("site")
def test_checks_run_in_containers_when_they_are_asked_to(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "checks.yaml").write_text(
        "- {id: a, title: A, type: call, points: 1, spec: {module: s, function: f, cases: [{args: [2], expect: 4}]}}\n"
    )
    (tmp_path / "s.py").write_text("def f(n):\n    return n + n\n")
    out = io.StringIO()
    paths = (str(tmp_path / "lab"), str(tmp_path / "s.py"))
    call_command("checks", "run", *paths, "--backend", "docker", "--format", "json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["outcome"], told["backend"], told["level"]) == ("passed", "docker", "cgroup")


@pytest.mark.usefixtures("site")
def test_an_engine_whose_self_test_fails_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DockerBackend, "_packed", keeping_capabilities(DockerBackend._packed))
    with pytest.raises(SandboxUnavailable, match="no capabilities: does not hold"):
        selection.chosen("docker")


def keeping_capabilities(packed: Any) -> Any:
    def changed(self: DockerBackend, job: Job) -> bytes:
        self._lifted = Lifted(capabilities=True)
        found: bytes = packed(self, job)
        return found

    return changed


@pytest.mark.usefixtures("site")
def test_containers_are_preferred_where_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "selftest", lambda backend: Report(backend.name, "cgroup", "", ("all",), {}))
    chosen = selection.chosen("auto")
    assert isinstance(chosen, DockerBackend)
    chosen.close()


def test_the_image_is_given_to_the_engine_when_it_is_made(
    settings: Any, tmp_path: Path, sandbox_image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR, settings.SANDBOX = tmp_path, "docker"
    docker_at(sandbox_image)
    made = Engine(where(), installation=f"{INSTALLATION}-made")
    monkeypatch.setattr(command, "engine", lambda: made)
    monkeypatch.setattr(engines, "PACKED", 0)
    with pytest.raises(SandboxUnavailable, match="no image of this tree"):
        made.image(sandbox_image)
    err = io.StringIO()
    call_command("sandbox", "image", "--without-tools", stderr=err)
    assert "The container engine has it too." in err.getvalue()
    assert made.image(image.find(tmp_path / "sandbox"))
    made.forget_images()
    with pytest.raises(SandboxUnavailable, match="no image of this tree"):
        made.image(image.find(tmp_path / "sandbox"))
    made.close()


def test_an_engine_that_is_asked_for_must_be_there(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SANDBOX, settings.SANDBOX_ENGINE = tmp_path, "docker", f"unix://{tmp_path}/none.sock"
    with pytest.raises(CommandError, match="No container engine answers"):
        call_command("sandbox", "image", "--without-tools", stderr=io.StringIO())
    settings.SANDBOX = "auto"
    err = io.StringIO()
    call_command("sandbox", "image", "--without-tools", stderr=err)
    assert "Without docker: No container engine answers" in err.getvalue()
