"""What a backend is asked and what it answers (docs/sandbox.md).

A :class:`Job` goes in, a :class:`Result` comes out. Nothing else crosses: no
credential, no path of the host, no result file that a learner could write to.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

WORK: Final = "/work"
"""Where the files of a job are and where its command starts."""
KIT: Final = "/kit"
"""Where our own files are, read-only."""
CHANNEL: Final = 3
"""The descriptor of the channel inside."""

OWN_INODES: Final = 4
"""The root of the run's file system, and the work folder, ``/tmp`` and ``/dev/shm``."""
PAGE: Final = 4096
MEBIBYTE: Final = 1024 * 1024


class Outcome(StrEnum):
    """How a run ended. The list is closed.

    ``rejected`` is given before a run starts. ``infrastructure`` is never a grade
    and never an attempt.
    """

    PASSED = "passed"
    FAILED = "failed"
    TIME = "time"
    MEMORY = "memory"
    PROCESSES = "processes"
    OUTPUT = "output"
    DISK = "disk"
    REJECTED = "rejected"
    INFRASTRUCTURE = "infrastructure"


class Level(StrEnum):
    """Who enforces memory, processes and CPU time of a group of processes."""

    CGROUP = "cgroup"
    SUPERVISED = "supervised"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use, all of its processes together. Times in seconds, sizes in bytes.

    :param processes: living processes and threads. Ones that have ended and were
        not waited for do not count.
    :param output: standard output and standard error together.
    :param disk, inodes: everything written below the work folder, ``/tmp`` and
        ``/dev/shm``, the files of the job included.
    :param open_files: of one process.
    """

    wall: float = 10.0
    cpu: float = 5.0
    memory: int = 256 * MEBIBYTE
    processes: int = 64
    output: int = 256 * 1024
    file_size: int = 16 * MEBIBYTE
    disk: int = 64 * MEBIBYTE
    inodes: int = 4096
    open_files: int = 256

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value <= 0:
                raise ValueError(f"The limit {name} must be above zero, not {value!r}.")


@dataclass(frozen=True, slots=True)
class Collect:
    """Which files are read after a run, each a path relative to the work folder.

    :param size: of one file, in bytes.
    :param total: of all of them.
    :param tree: everything below the work folder as well, with contents within the same sizes.
    """

    paths: tuple[str, ...] = ()
    size: int = MEBIBYTE
    total: int = 4 * MEBIBYTE
    tree: bool = False

    def __post_init__(self) -> None:
        for path in self.paths:
            relative_path(path)


@dataclass(frozen=True, slots=True)
class Job:
    """One run.

    :param command: absolute path of a program of the image, and its arguments.
    :param files: below the work folder, by relative path; they belong to the
        one who runs.
    :param kit: below :data:`KIT`, read-only.
    :param stdin: what standard input gives before it ends.
    :param channel: whether descriptor :data:`CHANNEL` is a stream socket to the worker.
    """

    command: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    kit: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    channel: bool = False
    collect: Collect = field(default_factory=Collect)

    def __post_init__(self) -> None:
        if not self.command or not self.command[0].startswith("/"):
            raise ValueError("A command begins with the absolute path of a program.")
        for path in (*self.files, *self.kit):
            relative_path(path)


def relative_path(path: str) -> PurePosixPath:
    """*path* as a relative one that stays below its folder, or :class:`ValueError`."""
    parts = path.split("/")
    if not path or "\0" in path or len(path.encode(errors="surrogateescape")) > 1024:
        raise ValueError(f"{path!r} is not a usable file name.")
    if any(part in ("", ".", "..") or len(part.encode(errors="surrogateescape")) > 255 for part in parts):
        raise ValueError(f"{path!r} does not stay inside its folder.")
    return PurePosixPath(path)


class EntryKind(StrEnum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A pipe, a socket or a device."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name below the work folder.

    :param mode: permission bits, 0 to 0o7777.
    :param modified: nanoseconds since the epoch.
    :param content: of a file that could be read.
    :param target: of a link, as text; nobody looks where it leads.
    """

    kind: EntryKind
    mode: int
    modified: int
    content: bytes | None = None
    target: str = ""


@dataclass(slots=True)
class Usage:
    """What was used, in the units of :class:`Limits`. ``memory`` and ``processes`` are the highest values seen."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    processes: int = 0
    output: int = 0
    disk: int = 0
    inodes: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Of two runs one after the other: times and output add up, of the rest the highest counts."""
        return Usage(
            wall=self.wall + other.wall,
            cpu=self.cpu + other.cpu,
            memory=max(self.memory, other.memory),
            processes=max(self.processes, other.processes),
            output=self.output + other.output,
            disk=max(self.disk, other.disk),
            inodes=max(self.inodes, other.inodes),
        )


@dataclass(slots=True)
class Evidence:
    """What a run left behind. It is shown, and judged by nobody but the grader's side.

    :param tree: by path, where the job asked for it. A name that is not in UTF-8 has surrogates.
    :param refused: paths that were to be collected and were not, with the reason.
    :param exit_status: of the command; 128 and the signal when it was ended by one.
        None when the run was ended by the worker.
    """

    stdout: bytes = b""
    stderr: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    tree: dict[str, Entry] = field(default_factory=dict)
    exit_status: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended.

    :param reason: one sentence for staff; learners see the outcome.
    :param phases: seconds since the backend was asked, by name: ``claimed`` (the
        sandbox is there), ``unpacked``, ``started``, ``finished``, ``collected``.
    """

    outcome: Outcome
    reason: str
    limits: Limits
    usage: Usage
    evidence: Evidence
    phases: Mapping[str, float]
    backend: str
    level: Level
    image: str


def misfit(files: Mapping[str, bytes], limits: Limits) -> str:
    """Why *files* fit into no sandbox with these *limits*, in a sentence for the learner; empty when they do."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents} - {"."}
    both = sorted(folders & files.keys())
    if both:
        return f"{both[0]!a} is both a file and a folder."
    if len(files) + len(folders) + OWN_INODES > limits.inodes:
        return f"There are more than {limits.inodes} files and folders."
    if sum(-(-len(content) // PAGE) * PAGE for content in files.values()) + PAGE > limits.disk:
        return f"The files are larger than {limits.disk} bytes together."
    return ""


class SandboxUnavailable(Exception):
    """Nothing can run here. The sentence says what is missing and what to do."""


class Sandbox(Protocol):
    """One started run, driven by :func:`grading.sandbox.drive.drive`.

    ``sources`` are the descriptors that it wants to read, each with what to do
    then; ``due`` is when it wants :meth:`tick` at the latest, on the monotonic
    clock: infinite when it wants none. What it said last on its channel is
    handed on by ``tick`` after its end too. ``close`` ends whatever is left, may
    be called twice, and never raises.
    """

    channel: socket.socket | None

    @property
    def ended(self) -> bool: ...
    def sources(self) -> Mapping[int, Any]: ...
    def due(self) -> float: ...
    def tick(self) -> None: ...
    def stop(self) -> None:
        """End it although nothing is wrong: what it was asked for is done."""

    def result(self) -> Result:
        """:class:`SandboxUnavailable` when the sandbox went away under the run."""

    def close(self) -> None: ...


class Backend(Protocol):
    """A way to run a job. ``start`` raises :class:`SandboxUnavailable` and leaves nothing behind then."""

    name: str
    level: Level
    image: str

    def prepare(self, jobs: Sequence[Job]) -> None:
        """Have ready what takes time, before the clock of the first of *jobs* begins."""

    def start(self, job: Job) -> Sandbox: ...
