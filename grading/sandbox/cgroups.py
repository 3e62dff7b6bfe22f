"""Control groups, version 1 and 2, where the worker may make them.

Each run has its own group below the worker's (or below the one that
``WAYMARK_SANDBOX_CGROUP`` names), so limits of the worker still hold for all of
it. On version 2 the parent must hold no process itself and have ``memory``,
``pids`` and ``cpu`` delegated; a hybrid tree is used by its version 1 part.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from grading.sandbox.contract import Limits, SandboxUnavailable

ROOT: Final = Path("/sys/fs/cgroup")
V1: Final = ("memory", "pids", "cpuacct", "cpu")
"""``cpu`` sets no limit: in a group of its own a run of many processes weighs as much as one."""
ZOMBIES: Final = 1024
"""Processes that have ended and were not waited for are no load, but the kernel counts them: room for so many."""
PREFIX: Final = "waymark-run-"


@dataclass(frozen=True, slots=True)
class Counters:
    """:param memory_kills: how often the kernel ended a process for want of memory of the group.
    :param refused_forks: how often a process or thread could not be started.
    """

    cpu: float
    memory: int
    memory_kills: int
    refused_forks: int


class ControlGroup(Protocol):
    """A group without limits, until they are written; nothing of a learner may be in it before."""

    def add(self, pid: int) -> None: ...
    def limit(self, limits: Limits) -> None:
        """Hold what is in it, and will be, to *limits*; ``OSError`` when not all of them could be written."""

    def folders(self) -> set[Path]: ...
    def counters(self) -> Counters: ...
    def remove(self) -> None:
        """Idempotent. The group must be empty; a moment is given to what is just ending."""


def _add(folder: Path, pid: int) -> None:
    """To the kernel, process 0 is the one that writes: the worker must never end up in a run's group."""
    if pid <= 0:
        raise ValueError(f"{pid} names no process.")
    _write(folder / "cgroup.procs", pid)


def counters_v1(folders: Mapping[str, Path]) -> Counters:
    """:param folders: of the group, by controller of :data:`V1`."""
    memory = folders["memory"]
    return Counters(
        cpu=_number(folders["cpuacct"] / "cpuacct.usage") / 1e9,
        memory=_number(memory / "memory.max_usage_in_bytes"),
        memory_kills=_field(memory / "memory.oom_control", "oom_kill"),
        refused_forks=_field(folders["pids"] / "pids.events", "max"),
    )


def counters_v2(folder: Path) -> Counters:
    peak = folder / "memory.peak"
    return Counters(
        cpu=_field(folder / "cpu.stat", "usage_usec") / 1e6,
        memory=_number(peak if peak.exists() else folder / "memory.current"),
        memory_kills=_field(folder / "memory.events", "oom_kill"),
        refused_forks=_field(folder / "pids.events", "max"),
    )


class GroupV1:
    def __init__(self, name: str, parents: dict[str, Path]) -> None:
        # Two controllers may be mounted together, under two names.
        self._folders = {controller: parent.resolve() / name for controller, parent in parents.items()}
        try:
            for folder in self.folders():
                folder.mkdir()
        except OSError:
            self.remove()
            raise

    def folders(self) -> set[Path]:
        return set(self._folders.values())

    def add(self, pid: int) -> None:
        for folder in self.folders():
            _add(folder, pid)

    def limit(self, limits: Limits) -> None:
        memory = self._folders["memory"]
        _write(memory / "memory.limit_in_bytes", limits.memory)
        if (memory / "memory.memsw.limit_in_bytes").exists():
            _write(memory / "memory.memsw.limit_in_bytes", limits.memory)
        _write(self._folders["pids"] / "pids.max", limits.processes + ZOMBIES)

    def counters(self) -> Counters:
        return counters_v1(self._folders)

    def remove(self) -> None:
        for folder in self.folders():
            _remove(folder)


class GroupV2:
    def __init__(self, name: str, parent: Path) -> None:
        self._folder = parent / name
        self._folder.mkdir()

    def folders(self) -> set[Path]:
        return {self._folder}

    def add(self, pid: int) -> None:
        _add(self._folder, pid)

    def limit(self, limits: Limits) -> None:
        _write(self._folder / "memory.max", limits.memory)
        if (self._folder / "memory.swap.max").exists():
            _write(self._folder / "memory.swap.max", 0)
        _write(self._folder / "memory.oom.group", 1)
        _write(self._folder / "pids.max", limits.processes + ZOMBIES)

    def counters(self) -> Counters:
        return counters_v2(self._folder)

    def remove(self) -> None:
        _remove(self._folder)


class Tree:
    """Where groups are made on this machine; :class:`SandboxUnavailable` says why none can be."""

    def __init__(self, below: str = "") -> None:
        own = _own_groups()
        self._v1: dict[str, Path] = {}
        self._v2: Path | None = None
        if all(controller in own for controller in V1):
            self._v1 = {name: ROOT / name / (below or own[name]).strip("/") for name in V1}
            folders = list(self._v1.values())
        elif (ROOT / "cgroup.controllers").exists():
            self._v2 = ROOT / (below or own.get("", "")).strip("/")
            folders = [self._v2]
            missing = {"memory", "pids", "cpu"} - set(_text(self._v2 / "cgroup.subtree_control").split())
            if missing:
                raise SandboxUnavailable(f"No delegated control group: {', '.join(sorted(missing))} missing.")
        else:
            raise SandboxUnavailable("No control groups are mounted.")
        refused = next((folder for folder in folders if not os.access(folder, os.W_OK)), None)
        if refused is not None:
            raise SandboxUnavailable("The worker may not make control groups.")

    def make(self) -> ControlGroup:
        """A group of this process's, without limits; its name says whose, for :meth:`sweep`."""
        name = f"{PREFIX}{os.getpid()}-{started_ticks(os.getpid())}-{secrets.token_hex(8)}"
        if self._v2 is not None:
            return GroupV2(name, self._v2)
        return GroupV1(name, self._v1)

    def sweep(self) -> int:
        """Remove the groups of workers that were killed, and say how many; their processes ended with them."""
        removed = 0
        for parent in {self._v2} if self._v2 is not None else set(self._v1.values()):
            for folder in parent.glob(f"{PREFIX}*"):
                pid, _, rest = folder.name.removeprefix(PREFIX).partition("-")
                if pid.isdigit() and started_ticks(int(pid)) != rest.partition("-")[0]:
                    _remove(folder)
                    removed += not folder.exists()
        return removed


def started_ticks(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty when there is none (proc_pid_stat(5), field 22)."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _own_groups() -> dict[str, str]:
    """Controller to path of this process, with "" for version 2 (cgroups(7), /proc/PID/cgroup)."""
    found: dict[str, str] = {}
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            if controller == "" or (ROOT / controller).is_dir():
                found[controller] = path
    return found


def _remove(folder: Path) -> None:
    for _ in range(100):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)
        else:
            return


def _write(path: Path, value: int) -> None:
    with open(path, "w") as file:
        file.write(str(value))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _number(path: Path) -> int:
    text = _text(path).strip()
    return int(text) if text.isdigit() else 0


def _field(path: Path, name: str) -> int:
    for line in _text(path).splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0
