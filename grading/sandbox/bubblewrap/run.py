"""A started run: its output, its limits, its end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from grading.sandbox.bubblewrap.cgroups import ControlGroup
from grading.sandbox.bubblewrap.group import Group
from grading.sandbox.collect import collect_into, largest_file
from grading.sandbox.contract import Evidence, Job, Outcome, Result, Usage

if TYPE_CHECKING:
    from grading.sandbox.bubblewrap.backend import BubblewrapBackend

POLL: Final = 0.01
"""Seconds between two looks."""
MANY_SECONDS: Final = 0.05
BUSY: Final = 4
"""Looking takes at most one part in so many of the time, however many processes there are."""
PIECE: Final = 64 * 1024
SIGNAL_AGAIN: Final = 0.05


@dataclass(slots=True)
class Started:
    """What belongs to a run: bwrap, the namespace's first process (and a descriptor of it), and so on.

    Times are on the monotonic clock.
    """

    process: subprocess.Popen[bytes]
    init_pid: int
    init: int
    channel: socket.socket | None
    work: int
    group: Group
    cgroup: ControlGroup | None
    claimed: float
    unpacked: float
    started: float


class BubblewrapRun:
    def __init__(self, job: Job, backend: BubblewrapBackend, started: Started, *, asked: float) -> None:
        self._job, self._backend, self._own = job, backend, started
        self.channel = started.channel
        self.init_pid = started.init_pid
        self.ended = False
        self._outcome: Outcome | None = None
        self._reason = ""
        self._usage = Usage()
        self._evidence = Evidence()
        self._phases = {
            "claimed": started.claimed - asked,
            "unpacked": started.unpacked - asked,
            "started": started.started - asked,
        }
        self._asked = asked
        self._next = started.started
        self._many_since: float | None = None
        self._stopped = self._closed = False
        self._exit = os.pidfd_open(started.process.pid)
        assert started.process.stdout is not None
        assert started.process.stderr is not None
        self._pipes: dict[int, bytearray] = {}
        self._stdout, self._stderr = bytearray(), bytearray()
        for pipe, kept in ((started.process.stdout, self._stdout), (started.process.stderr, self._stderr)):
            os.set_blocking(pipe.fileno(), False)
            self._pipes[pipe.fileno()] = kept

    # -- for the loop ---------------------------------------------------------------
    def sources(self) -> Mapping[int, Callable[[], None]]:
        if self.ended:
            return {}
        return {number: lambda number=number: self._read(number) for number in self._pipes} | {self._exit: self._leave}

    def due(self) -> float:
        return min(self._next, self._own.started + self._job.limits.wall)

    def tick(self) -> None:
        now = time.monotonic()
        if self.ended:
            return
        if now - self._own.started >= self._job.limits.wall:
            many = self._many_since is not None
            self._kill(Outcome.PROCESSES if many else Outcome.TIME, "The wall time was over.")
        elif now >= self._next:
            self._look()
            after = time.monotonic()
            self._next = after + max(POLL, (after - now) * (BUSY - 1))

    def stop(self) -> None:
        if not self.ended:
            self._stopped = True
            self._finish()

    # -- output ---------------------------------------------------------------------
    def _read(self, number: int) -> None:
        if number not in self._pipes:
            return  # The end was seen in the same round, and it reads the rest.
        try:
            piece = os.read(number, PIECE)
        except BlockingIOError:
            return
        if not piece:
            del self._pipes[number]
            return
        limit = self._job.limits.output
        room = limit - self._usage.output
        self._usage.output += len(piece)
        self._pipes[number] += piece[: max(0, room)]
        if self._usage.output > limit:
            self._kill(Outcome.OUTPUT, f"More than {limit} bytes were written to standard output and error.")

    # -- limits ---------------------------------------------------------------------
    def _look(self) -> None:
        limits, usage = self._job.limits, self._usage
        about = os.fstatvfs(self._own.work)
        disk = (about.f_blocks - about.f_bfree) * about.f_frsize
        usage.disk = max(usage.disk, disk)
        usage.inodes = max(usage.inodes, about.f_files - about.f_ffree)
        sample = self._own.group.sample(limits.processes)
        usage.processes = max(usage.processes, sample.tasks)
        usage.cpu = max(usage.cpu, sample.cpu)
        if self._own.cgroup is None:
            usage.memory = max(usage.memory, sample.resident + disk)
        # A fork bomb may run into the memory limit as well: what it is comes first.
        if self._too_many(sample.tasks):
            self._kill(Outcome.PROCESSES, f"More than {limits.processes} processes and threads ran at once.")
        elif self._own.cgroup is not None and self._count(self._own.cgroup):
            self._finish()
        elif usage.disk > limits.disk:
            self._kill(Outcome.DISK, f"More than {limits.disk} bytes were written.")
        elif usage.inodes > limits.inodes:
            self._kill(Outcome.DISK, f"More than {limits.inodes} files were made.")
        elif usage.cpu > limits.cpu:
            self._kill(Outcome.TIME, "The processor time was used up.")
        elif self._own.cgroup is None and self._many_since is None and sample.resident + disk > limits.memory:
            # Not while there are too many: weighing a thousand processes takes a second.
            self._weigh(disk)

    def _too_many(self, tasks: int) -> bool:
        """Beyond the limit for a while. A moment is given to children that are just ending on a busy machine."""
        if tasks <= self._job.limits.processes:
            self._many_since = None
            return False
        now = time.monotonic()
        self._many_since = self._many_since or now
        return now - self._many_since >= MANY_SECONDS

    def _count(self, cgroup: ControlGroup) -> bool:
        """Take over the kernel's figures; whether they say that a limit was reached."""
        counters = cgroup.counters()
        self._usage.cpu = max(self._usage.cpu, counters.cpu)
        self._usage.memory = max(self._usage.memory, counters.memory)
        if self._outcome is not None:
            return False
        # A fork bomb may run out of memory before it was looked at for long enough.
        if counters.refused_forks or (counters.memory_kills and self._many_since is not None):
            self._outcome, self._reason = Outcome.PROCESSES, "The kernel stepped in: too many processes."
        elif counters.memory_kills:
            self._outcome, self._reason = Outcome.MEMORY, "The kernel ended a process for want of memory."
        return self._outcome is not None

    def _weigh(self, disk: int) -> None:
        """Whether the group is really beyond its memory, each page counted once, while it stands still."""
        self._own.group.signal_all(signal.SIGSTOP)
        private, shared = self._own.group.proportional()
        # Mapped files of the work folder are shared pages too, and counted in *disk* already.
        if private + max(shared, disk) > self._job.limits.memory:
            self._kill(Outcome.MEMORY, f"More than {self._job.limits.memory} bytes of memory were in use.")
        else:
            self._own.group.signal_all(signal.SIGCONT)

    # -- the end --------------------------------------------------------------------
    def _kill(self, outcome: Outcome, reason: str) -> None:
        if not self.ended:
            self._outcome, self._reason = self._outcome or outcome, self._reason or reason
            self._finish()

    def _leave(self) -> None:
        if not self.ended:
            self._finish()

    def _finish(self) -> None:
        """End the namespace and everything in it, let bwrap reap it, and keep what was written so far."""
        if self.ended:
            return
        self.ended = True
        by_itself = self._outcome is None and not self._stopped
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._own.init, signal.SIGKILL)
        # The first process ends all others, but it has to wait for its turn among them: among a thousand, for seconds.
        self._own.group.signal_all(signal.SIGKILL)
        status = self._reap()
        self._phases["finished"] = time.monotonic() - self._asked
        self._usage.wall = time.monotonic() - self._own.started
        # Everybody who could write is gone: what is left in the pipes is bounded by their size.
        for number in list(self._pipes):
            while number in self._pipes and self._usage.output <= self._job.limits.output:
                before = self._usage.output
                self._read(number)
                if self._usage.output == before:
                    break
        if by_itself:
            self._evidence.exit_status = status
        self._last_look()

    def _reap(self) -> int:
        """Wait until the whole namespace is gone, then take bwrap's status, which is the command's."""
        own = self._own
        gone = select.poll()
        gone.register(own.init, select.POLLIN)
        while not gone.poll(SIGNAL_AGAIN * 1000):
            own.group.signal_all(signal.SIGKILL)
        _, status, usage = os.wait4(own.process.pid, 0)
        own.process.returncode = os.waitstatus_to_exitcode(status)
        # bwrap leaves before the first process when the command ended by itself; then it is ours (see adopt_orphans).
        with contextlib.suppress(ChildProcessError):
            os.waitpid(own.init_pid, 0)
        self._usage.cpu = max(self._usage.cpu, usage.ru_utime + usage.ru_stime)
        return own.process.returncode

    def _last_look(self) -> None:
        """Limits that were reached between two looks, or that only show in what is left."""
        limits, usage = self._job.limits, self._usage
        about = os.fstatvfs(self._own.work)
        usage.disk = max(usage.disk, (about.f_blocks - about.f_bfree) * about.f_frsize)
        usage.inodes = max(usage.inodes, about.f_files - about.f_ffree)
        if self._own.cgroup is not None:
            self._count(self._own.cgroup)
        if self._outcome is not None:
            return
        if usage.disk > limits.disk or usage.inodes > limits.inodes:
            self._outcome, self._reason = Outcome.DISK, "More was written than there is room for."
        elif largest_file(self._own.work, most=limits.inodes) > limits.file_size:
            self._outcome, self._reason = Outcome.DISK, f"A file grew beyond {limits.file_size} bytes."
        elif usage.cpu > limits.cpu:
            self._outcome, self._reason = Outcome.TIME, "The processor time was used up."

    def result(self) -> Result:
        """What came out, read once everything has ended."""
        assert self.ended
        evidence = self._evidence
        evidence.stdout, evidence.stderr = bytes(self._stdout), bytes(self._stderr)
        collect_into(evidence, self._own.work, self._job.collect)
        self._phases["collected"] = time.monotonic() - self._asked
        outcome, reason = self._outcome, self._reason
        if outcome is None:
            good = self._stopped or evidence.exit_status == 0
            outcome = Outcome.PASSED if good else Outcome.FAILED
            reason = "It was stopped." if self._stopped else f"It ended with status {evidence.exit_status}."
        backend = self._backend
        return Result(
            outcome=outcome,
            reason=reason,
            limits=self._job.limits,
            usage=self._usage,
            evidence=evidence,
            phases=dict(self._phases),
            backend=backend.name,
            level=backend.level,
            image=backend.image,
        )

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._stopped = True
        self._finish()
        own = self._own
        own.group.close()
        for descriptor in (own.init, own.work, self._exit):
            os.close(descriptor)
        for pipe in (own.process.stdout, own.process.stderr):
            if pipe is not None:
                pipe.close()
        if own.channel is not None:
            own.channel.close()
        if own.cgroup is not None:
            own.cgroup.remove()
