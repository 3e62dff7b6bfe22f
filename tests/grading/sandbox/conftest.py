"""An image and the backends that work here; every test ends with a look for what it left behind."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox import image
from grading.sandbox.bubblewrap.backend import BubblewrapBackend
from grading.sandbox.cgroups import PREFIX, ROOT, Tree
from grading.sandbox.contract import Backend, Job, SandboxUnavailable
from grading.sandbox.docker.backend import DockerBackend
from grading.sandbox.lifted import NOTHING, Lifted
from grading.sandbox.selection import AHEAD
from tests.conftest import ROOT as CHECKOUT
from tests.conftest import need
from tests.grading.sandbox.engine import docker_at, settle, stop
from tests.workers import wait_for

LEVELS = ("cgroup", "supervised", "docker")
"""The two levels of bubblewrap, and the other backend."""
BUBBLEWRAP = LEVELS[:2]


class Watched:
    """A backend that counts what it started and remembers the process namespaces, with the first process of each."""

    def __init__(self, inner: Backend) -> None:
        self.inner = inner
        self.name, self.level, self.image = inner.name, inner.level, inner.image
        self.namespaces: dict[str, int] = {}
        self.started = 0

    def prepare(self, jobs: Sequence[Job]) -> None:
        self.inner.prepare(jobs)

    def start(self, job: Job) -> Any:
        run: Any = self.inner.start(job)
        self.started += 1
        if isinstance(self.inner, BubblewrapBackend):
            self.namespaces[os.readlink(f"/proc/{run.init_pid}/ns/pid")] = run.init_pid
        return run

    def left(self) -> list[str]:
        """Processes of its runs. A namespace ends with its first process, and the next one may get its number."""
        return living_in({name for name, init in self.namespaces.items() if _is_in(init, name)})


def _is_in(process: int, namespace: str) -> bool:
    with suppress(OSError):
        return os.readlink(f"/proc/{process}/ns/pid") == namespace
    return False


@pytest.fixture(scope="session")
def sandbox_image(tmp_path_factory: pytest.TempPathFactory) -> image.Image:
    need(shutil.which("bwrap") is not None, "bubblewrap", "apt-get install bubblewrap")
    return image.make(tmp_path_factory.mktemp("sandbox"), kind="host", requirements=None)


@pytest.fixture(scope="session")
def tools_image(tmp_path_factory: pytest.TempPathFactory) -> image.Image:
    """With the tools of the check kit, which pip has to find."""
    need(shutil.which("bwrap") is not None, "bubblewrap", "apt-get install bubblewrap")
    locked = CHECKOUT / "requirements" / "sandbox.txt"
    try:
        return image.make(tmp_path_factory.mktemp("tools"), kind="host", requirements=locked)
    except SandboxUnavailable as error:
        need(False, "an image with tools", str(error))
        raise


@pytest.fixture(scope="session", autouse=True)
def _engine_ends() -> Iterator[None]:
    yield
    stop()


def backend_at(sandbox_image: image.Image, level: str, lifted: Lifted = NOTHING) -> Backend:
    if level == "docker":
        return docker_at(sandbox_image, lifted)
    groups = None
    if level == "cgroup":
        try:
            groups = Tree()
        except SandboxUnavailable as error:
            pytest.skip(str(error))
    return BubblewrapBackend(sandbox_image, groups=groups, ahead=AHEAD if lifted == NOTHING else 0, lifted=lifted)


@pytest.fixture(params=LEVELS)
def backend(request: pytest.FixtureRequest, sandbox_image: image.Image) -> Iterator[Watched]:
    yield from _watched(sandbox_image, request.param)


# The tools take seconds, and none of them sees what it runs in: one test of theirs tries containers.
@pytest.fixture(params=BUBBLEWRAP)
def tools(request: pytest.FixtureRequest, tools_image: image.Image) -> Iterator[Watched]:
    """Like *backend*, on an image that has the tools."""
    yield from _watched(tools_image, request.param)


def _watched(of: image.Image, level: str) -> Iterator[Watched]:
    watched = Watched(backend_at(of, level))
    before = _held(watched.inner)
    yield watched
    wait_for(lambda: not watched.left(), seconds=2, what="that no process is left")
    opened, *others = _held(watched.inner)
    assert not opened - before[0], "descriptors are left"
    assert others == [*before[1:]], "mounts, control groups or containers are left"
    if isinstance(watched.inner, BubblewrapBackend):
        watched.inner.close()


def living_in(namespaces: set[str]) -> list[str]:
    """Processes of these namespaces."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and os.readlink(folder / "ns" / "pid") in namespaces:
                found.append(f"{folder.name} {(folder / 'comm').read_text().strip()}")
        except OSError:
            continue
    return found


def files_open(besides: Collection[int] = ()) -> Counter[str]:
    """What this process has opened, but for connections to servers: those to a container engine come and go."""
    opened = set(map(int, os.listdir("/proc/self/fd"))) - set(besides)
    return Counter(filter(None, map(_opened, opened)))


def opened_for_runs(backend: Backend) -> Counter[str]:
    """The same without what sandboxes hold that wait: they are no run's."""
    if not isinstance(backend, BubblewrapBackend):
        return files_open()
    backend.settle()
    return files_open(backend.waiting())


def _opened(descriptor: int) -> str:
    """Empty for the one that listed them, and for a socket whose other end has a name: channels have none."""
    try:
        opened = os.readlink(f"/proc/self/fd/{descriptor}")
        if not opened.startswith("socket:"):
            return opened
        known = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return ""
    with known, suppress(OSError):
        return "" if known.getpeername() else opened
    return opened


def _held(backend: Backend) -> tuple[Any, ...]:
    """What this process holds: which descriptors, which mounts, where it is grouped, which groups or containers."""
    settle()
    if isinstance(backend, DockerBackend):
        backend.settle()
        # Containers that wait are no run's.
        return files_open(), {each["Id"] for each in backend.engine.containers()} - backend.waiting()
    name = f"{PREFIX}{os.getpid()}-"
    # Groups of others may go while this looks: os.walk passes over them.
    walked = (Path(folder, each) for folder, below, _ in os.walk(ROOT) for each in below)
    opened = opened_for_runs(backend)
    groups = {path for path in walked if path.name.startswith(name)}
    if isinstance(backend, BubblewrapBackend):
        groups -= backend.waiting_groups()
    own = Path("/proc/self/cgroup").read_text()
    # Whatever an engine of the machine mounts meanwhile is seen here too.
    mounted = Path("/proc/self/mountinfo").read_text().splitlines()
    mounts = [line for line in mounted if line.partition(" - ")[2].split()[0] not in ("overlay", "nsfs")]
    return opened, mounts, own, groups


@pytest.fixture(scope="session")
def rows() -> Iterator[list[dict[str, Any]]]:
    """One row per case and backend, written to ``var/reports/sandbox.json``."""
    found: list[dict[str, Any]] = []
    yield found
    report_write(found)


def report_write(rows: list[dict[str, Any]]) -> Path:
    path = CHECKOUT / "var" / "reports" / "sandbox.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n")
    return path
