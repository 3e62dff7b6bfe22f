"""Start a run in a container that was made ahead, and never use that container again."""

from __future__ import annotations

import atexit
import os
import select
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import Final

from grading.sandbox.contract import MEBIBYTE, Job, Level, SandboxUnavailable
from grading.sandbox.docker.engine import ENGINE_ERRORS, Container, Engine, Shape, user_of
from grading.sandbox.docker.run import DockerRun
from grading.sandbox.image import Image
from grading.sandbox.lifted import NOTHING, Lifted
from grading.sandbox.packing import limits_inside, packed
from grading.sandbox.seccomp import filter_program

ALLOW_ALL: Final = b"\x06\x00\x00\x00\x00\x00\xff\x7f"
EACH: Final = 2
"""Containers that wait at most per shape: a check takes one for each of its two sides."""
SHAPES: Final = 3
"""Shapes that are kept ready, each once it was asked for twice; the one that was asked for longest ago goes first."""
SEEN: Final = 64
FRESH_SECONDS: Final = 600
"""Younger than that a waiting container has not left by itself (``IDLE_SECONDS`` of ``inside.py``)."""


class DockerBackend:
    """:param ahead: containers that wait per shape; 0 makes each when it is asked for.
    :param lifted: for tests only.
    """

    name = "docker"
    level = Level.CGROUP

    def __init__(self, image: Image, engine: Engine, *, ahead: int = EACH, lifted: Lifted = NOTHING) -> None:
        try:
            self._filter = ALLOW_ALL if lifted.seccomp else filter_program()
        except KeyError as error:
            raise SandboxUnavailable(f"There is no filter of system calls for {error.args[0]} machines.") from error
        self._image, self.engine, self._ahead, self._lifted = image, engine, ahead, lifted
        self._imported = engine.image(image)
        self.image = image.digest
        self._lock = threading.Lock()
        self._waiting: OrderedDict[Shape, list[Container]] = OrderedDict()
        self._asked: OrderedDict[Shape, int] = OrderedDict()
        self._helper = ThreadPoolExecutor(1, thread_name_prefix="containers")
        self._owed: set[Future[None]] = set()
        self._process = os.getpid()
        atexit.register(self.close)

    def prepare(self, jobs: Sequence[Job]) -> None:
        """Make the containers that these jobs need and that do not wait yet, at the same time."""
        wanted = Counter(map(shape_of, jobs))
        with self._lock:
            waiting = Counter({shape: len(group) for shape, group in self._waiting.items()})
        missing = list((wanted - waiting).elements())
        with ThreadPoolExecutor(max(1, len(missing))) as makers:
            made = [(shape, makers.submit(self._made, shape)) for shape in missing]
        for shape, container in made:
            if container.exception() is None:
                self._wait(shape, container.result())
        try:
            for _, container in made:
                container.result()
        except ENGINE_ERRORS as error:
            raise SandboxUnavailable(f"docker did not start: {error}") from error

    def start(self, job: Job) -> DockerRun:
        asked = time.monotonic()
        shape = shape_of(job)
        try:
            container = self._taken(shape) or self._made(shape)
        except ENGINE_ERRORS as error:
            raise SandboxUnavailable(f"docker did not start: {error}") from error
        run = DockerRun(job, self, container, asked=asked, claimed=time.monotonic())
        try:
            run.begin(self._packed(job))
        except ENGINE_ERRORS as error:
            run.close()
            raise SandboxUnavailable(f"docker did not start: {error}") from error
        if self._asked_again(shape):
            self._later(lambda: self._refill(shape))
        return run

    def _packed(self, job: Job) -> bytes:
        return packed(
            job,
            self._filter,
            limits=limits_inside(job, nproc=False),
            asked=asdict(job.limits),
            channel=job.channel,
            collect=asdict(job.collect),
            user=user_of(self._lifted),
            keep=self._lifted.capabilities or self._lifted.init,
        )

    # -- containers that wait -----------------------------------------------------
    def _made(self, shape: Shape) -> Container:
        return self.engine.make(self._imported, self._image, shape, self._lifted)

    def _wait(self, shape: Shape, container: Container) -> None:
        with self._lock:
            self._waiting.setdefault(shape, []).append(container)
            self._waiting.move_to_end(shape)

    def _taken(self, shape: Shape) -> Container | None:
        with self._lock:
            while self._waiting.get(shape):
                container = self._waiting[shape].pop(0)
                if _usable(container):
                    return container
                self._later(container.remove)
        return None

    def _asked_again(self, shape: Shape) -> bool:
        """Whether *shape* is no single job's: containers of a kind that nobody asks for again would be for nothing."""
        with self._lock:
            self._asked[shape] = self._asked.get(shape, 0) + 1
            self._asked.move_to_end(shape)
            while len(self._asked) > SEEN:
                self._asked.popitem(last=False)
            return self._ahead > 0 and self._asked[shape] > 1

    def _refill(self, shape: Shape) -> None:
        while True:
            with self._lock:
                if len(self._waiting.get(shape, [])) >= self._ahead:
                    break
            try:
                self._wait(shape, self._made(shape))
            except ENGINE_ERRORS:
                break  # The next run makes its own, and tells why it cannot.
        with self._lock:
            gone = [self._waiting.popitem(last=False)[1] for _ in range(len(self._waiting) - SHAPES)]
        for container in (each for group in gone for each in group):
            container.remove()

    def release(self, container: Container) -> None:
        """End the container of a run; nobody has to wait for the engine."""
        container.stream.close()
        self._later(container.remove)

    def _later(self, work: Callable[[], None]) -> None:
        future = self._helper.submit(work)
        self._owed.add(future)
        future.add_done_callback(self._owed.discard)

    def settle(self) -> None:
        """Wait for what is done in the background."""
        while self._owed:
            for each in list(self._owed):
                each.result()

    def waiting(self) -> set[str]:
        """The numbers of the containers that wait."""
        with self._lock:
            return {each.number for group in self._waiting.values() for each in group}

    def close(self) -> None:
        """Remove the containers that wait. Idempotent; of the process that made the backend only."""
        if self._process != os.getpid():
            return
        atexit.unregister(self.close)
        self._helper.shutdown(wait=True)
        with self._lock:
            waiting = [each for group in self._waiting.values() for each in group]
            self._waiting.clear()
        for container in waiting:
            container.remove()


def shape_of(job: Job) -> Shape:
    limits = limits_inside(job, nproc=False)
    # By powers of two, so that kits of about the same size find the same containers.
    kit = 1 << (limits["kit"] - 1).bit_length()
    return Shape(
        memory=job.limits.memory,
        disk=limits["disk"],
        inodes=limits["inodes"],
        processes=job.limits.processes,
        kit=max(kit, 8 * MEBIBYTE),
    )


def _usable(container: Container) -> bool:
    """Young enough, and its first process neither left nor said anything more."""
    if time.monotonic() - container.made > FRESH_SECONDS:
        return False
    silent = select.poll()
    silent.register(container.stream, select.POLLIN)
    return not silent.poll(0)
