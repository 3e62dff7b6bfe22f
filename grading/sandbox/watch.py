"""Whether a run keeps its limits: looked at again and again, and once more at its end.

The same code judges outside the sandbox (bubblewrap) and as the first process of
a container (docker), so it needs the standard library and its siblings only.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Final

from grading.sandbox.cgroups import Counters
from grading.sandbox.collect import largest_file
from grading.sandbox.contract import Limits, Outcome, Usage
from grading.sandbox.group import Group

POLL: Final = 0.01
"""Seconds between two looks."""
MANY_SECONDS: Final = 0.1
BUSY: Final = 4
"""Looking takes at most one part in so many of the time, however many processes there are."""


class Watch:
    """:param folders: descriptors of the file systems that can be written to, the work folder first.
    :param counters: the kernel's figures of the group; None for level ``supervised``.
    :ivar outcome: None until a limit is broken; the first one counts.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        group: Group,
        folders: Sequence[int],
        counters: Callable[[], Counters] | None,
        started: float,
    ) -> None:
        self.limits, self.usage = limits, Usage()
        self.outcome: Outcome | None = None
        self.reason = ""
        self._group, self._folders, self._counters = group, folders, counters
        self._started = self._next = started
        self._many_since: float | None = None

    def due(self) -> float:
        """When to look again at the latest, on the monotonic clock."""
        return min(self._next, self._started + self.limits.wall)

    def look(self) -> bool:
        """Whether the run must end; most of the time it is too early for a real look."""
        now = time.monotonic()
        if self.outcome is None and now - self._started >= self.limits.wall:
            many = self._many_since is not None
            self.broken(Outcome.PROCESSES if many else Outcome.TIME, "The wall time was over.")
        elif self.outcome is None and now >= self._next:
            self._look()
            after = time.monotonic()
            self._next = after + max(POLL, (after - now) * (BUSY - 1))
        return self.outcome is not None

    def broken(self, outcome: Outcome, reason: str) -> None:
        if self.outcome is None:
            self.outcome, self.reason = outcome, reason

    def wrote(self, size: int) -> int:
        """Count *size* more bytes of output, and say how many of them are kept."""
        limit = self.limits.output
        room = max(0, limit - self.usage.output)
        self.usage.output += size
        if self.usage.output > limit:
            self.broken(Outcome.OUTPUT, f"More than {limit} bytes were written to standard output and error.")
        return min(room, size)

    def last_look(self) -> None:
        """Limits that were reached between two looks, or that only show in what is left; nobody runs any more."""
        limits, usage = self.limits, self.usage
        self._weigh_disk()
        if self._counters is not None:
            self._count(self._counters())
        if self.outcome is not None:
            return
        if usage.disk > limits.disk or usage.inodes > limits.inodes:
            self.broken(Outcome.DISK, "More was written than there is room for.")
        elif max(largest_file(folder, most=limits.inodes) for folder in self._folders) > limits.file_size:
            self.broken(Outcome.DISK, f"A file grew beyond {limits.file_size} bytes.")
        elif usage.cpu > limits.cpu:
            self.broken(Outcome.TIME, "The processor time was used up.")

    def _look(self) -> None:
        limits, usage = self.limits, self.usage
        disk = self._weigh_disk()
        sample = self._group.sample(limits.processes)
        usage.processes = max(usage.processes, sample.tasks)
        usage.cpu = max(usage.cpu, sample.cpu)
        if self._counters is None:
            usage.memory = max(usage.memory, sample.resident + disk)
        # A fork bomb may run into the memory limit as well: what it is comes first.
        if self._too_many(sample.tasks):
            self.broken(Outcome.PROCESSES, f"More than {limits.processes} processes and threads ran at once.")
        elif self._counters is not None and self._count(self._counters()):
            return
        elif usage.disk > limits.disk:
            self.broken(Outcome.DISK, f"More than {limits.disk} bytes were written.")
        elif usage.inodes > limits.inodes:
            self.broken(Outcome.DISK, f"More than {limits.inodes} files were made.")
        elif usage.cpu > limits.cpu:
            self.broken(Outcome.TIME, "The processor time was used up.")
        elif self._counters is None and self._many_since is None and sample.resident + disk > limits.memory:
            # Not while there are too many: weighing a thousand processes takes a second.
            self._weigh(disk)

    def _weigh_disk(self) -> int:
        """Bytes that are written now; the most of them and of the files is kept."""
        abouts = [os.fstatvfs(folder) for folder in self._folders]
        disk = sum((about.f_blocks - about.f_bfree) * about.f_frsize for about in abouts)
        self.usage.disk = max(self.usage.disk, disk)
        self.usage.inodes = max(self.usage.inodes, sum(about.f_files - about.f_ffree for about in abouts))
        return disk

    def _too_many(self, tasks: int) -> bool:
        """Beyond the limit for a while. A moment is given to children that are just ending on a busy machine."""
        if tasks <= self.limits.processes:
            self._many_since = None
            return False
        now = time.monotonic()
        self._many_since = self._many_since or now
        return now - self._many_since >= MANY_SECONDS

    def _count(self, counters: Counters) -> bool:
        """Take over the kernel's figures; whether they say that a limit was reached."""
        self.usage.cpu = max(self.usage.cpu, counters.cpu)
        self.usage.memory = max(self.usage.memory, counters.memory)
        if self.outcome is not None:
            return False
        # A fork bomb may run out of memory before it was looked at for long enough.
        if counters.refused_forks or (counters.memory_kills and self._many_since is not None):
            self.broken(Outcome.PROCESSES, "The kernel stepped in: too many processes.")
        elif counters.memory_kills:
            self.broken(Outcome.MEMORY, "The kernel ended a process for want of memory.")
        return self.outcome is not None

    def _weigh(self, disk: int) -> None:
        """Whether the group is really beyond its memory, each page counted once, while it stands still."""
        self._group.signal_all(signal.SIGSTOP)
        private, shared = self._group.proportional()
        # Mapped files of the work folder are shared pages too, and counted in *disk* already.
        if private + max(shared, disk) > self.limits.memory:
            self.broken(Outcome.MEMORY, f"More than {self.limits.memory} bytes of memory were in use.")
        else:
            self._group.signal_all(signal.SIGCONT)
