"""What the processes of one namespace use together, read from outside.

The worker holds a descriptor of the namespace's own ``/proc``, so a listing is
exactly the group, whoever is whose parent. Without control groups this is also
what enforces the limits (level ``supervised``), by polling:

- resident memory is the trigger and counts shared pages once per process; the
  verdict is the proportional size with the group stopped;
- processor time of a child whose parent ignores SIGCHLD is lost when it ends, so
  the wall limit decides there.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Final

TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
INIT: Final = 1
"""The namespace's first process reaps and runs no code of a learner."""


@dataclass(frozen=True, slots=True)
class Sample:
    """:param tasks: living processes and threads, those that have ended and were not waited for left out."""

    tasks: int
    cpu: float
    resident: int


class Group:
    """:param proc: descriptor of the namespace's ``/proc``.
    :param first: whether the processor time of its first process counts.
    """

    def __init__(self, proc: int, *, first: bool = True) -> None:
        self._proc, self._first = proc, first

    def close(self) -> None:
        if self._proc >= 0:
            os.close(self._proc)
            self._proc = -1

    def sample(self, most: int) -> Sample:
        """A look that ends as soon as more than *most* tasks are seen: a fork bomb leaves the worker little time."""
        tasks = ticks = pages = 0
        for pid in self._pids():
            fields = self._read(f"{pid}/stat").rpartition(b")")[2].split()
            if len(fields) < 22:
                continue
            if pid == INIT and not self._first:
                continue
            # proc_pid_stat(5), counted from the state: utime, stime, cutime, cstime; threads; resident pages.
            ticks += sum(int(value) for value in fields[11:15])
            if pid != INIT and fields[0] not in (b"Z", b"X"):
                tasks += int(fields[17])
                pages += int(fields[21])
                if tasks > most:
                    break
        return Sample(tasks, ticks * TICK, pages * PAGE)

    def proportional(self) -> tuple[int, int]:
        """Private and file pages, and shared memory, in bytes: each page counted once in the group."""
        private = shared = 0
        for pid in self._pids():
            if pid == INIT:
                continue
            for line in self._read(f"{pid}/smaps_rollup").splitlines():
                name, _, rest = line.partition(b":")
                if name in (b"Pss_Anon", b"Pss_File"):
                    private += int(rest.split()[0]) * 1024
                elif name == b"Pss_Shmem":
                    shared += int(rest.split()[0]) * 1024
        return private, shared

    def signal_all(self, number: signal.Signals) -> None:
        """Twice, for what was started meanwhile. A folder of ``/proc`` serves as the process's descriptor."""
        for _ in range(2):
            for pid in self._pids():
                if pid == INIT:
                    continue
                try:
                    folder = os.open(str(pid), os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
                except OSError:
                    continue
                try:
                    signal.pidfd_send_signal(folder, number)
                except OSError:
                    pass
                finally:
                    os.close(folder)

    def _pids(self) -> list[int]:
        try:
            return [int(name) for name in os.listdir(self._proc) if name.isdigit()]
        except OSError:
            return []

    def _read(self, path: str) -> bytes:
        try:
            opened = os.open(path, os.O_RDONLY, dir_fd=self._proc)
        except OSError:
            return b""
        try:
            return os.read(opened, 8192)
        except OSError:
            return b""
        finally:
            os.close(opened)
