"""A started run: its output, its limits, its end."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from grading.sandbox.cgroups import ControlGroup
from grading.sandbox.collect import collect_into
from grading.sandbox.contract import Evidence, Job, Outcome, Result
from grading.sandbox.group import Group
from grading.sandbox.watch import Watch

if TYPE_CHECKING:
    from grading.sandbox.bubblewrap.backend import BubblewrapBackend

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
        self._watch = Watch(
            job.limits,
            group=started.group,
            folders=[started.work],
            counters=started.cgroup.counters if started.cgroup is not None else None,
            started=started.started,
        )
        self._evidence = Evidence()
        self._phases = {
            "claimed": started.claimed - asked,
            "unpacked": started.unpacked - asked,
            "started": started.started - asked,
        }
        self._asked = asked
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
        return math.inf if self.ended else self._watch.due()

    def tick(self) -> None:
        if not self.ended and self._watch.look():
            self._finish()

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
        self._pipes[number] += piece[: self._watch.wrote(len(piece))]
        if self._watch.outcome is Outcome.OUTPUT and not self.ended:
            self._finish()

    # -- the end --------------------------------------------------------------------
    def _leave(self) -> None:
        if not self.ended:
            self._finish()

    def _finish(self) -> None:
        """End the namespace and everything in it, let bwrap reap it, and keep what was written so far."""
        if self.ended:
            return
        self.ended = True
        by_itself = self._watch.outcome is None and not self._stopped
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._own.init, signal.SIGKILL)
        # The first process ends all others, but it has to wait for its turn among them: among a thousand, for seconds.
        self._own.group.signal_all(signal.SIGKILL)
        status = self._reap()
        self._phases["finished"] = time.monotonic() - self._asked
        self._watch.usage.wall = time.monotonic() - self._own.started
        # Everybody who could write is gone: what is left in the pipes is bounded by their size.
        for number in list(self._pipes):
            while number in self._pipes and self._watch.usage.output <= self._job.limits.output:
                before = self._watch.usage.output
                self._read(number)
                if self._watch.usage.output == before:
                    break
        if by_itself:
            self._evidence.exit_status = status
        self._watch.last_look()

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
        self._watch.usage.cpu = max(self._watch.usage.cpu, usage.ru_utime + usage.ru_stime)
        return own.process.returncode

    def result(self) -> Result:
        """What came out, read once everything has ended."""
        assert self.ended
        evidence = self._evidence
        evidence.stdout, evidence.stderr = bytes(self._stdout), bytes(self._stderr)
        collect_into(evidence, self._own.work, self._job.collect)
        self._phases["collected"] = time.monotonic() - self._asked
        outcome, reason = self._watch.outcome, self._watch.reason
        if outcome is None:
            good = self._stopped or evidence.exit_status == 0
            outcome = Outcome.PASSED if good else Outcome.FAILED
            reason = "It was stopped." if self._stopped else f"It ended with status {evidence.exit_status}."
        backend = self._backend
        return Result(
            outcome=outcome,
            reason=reason,
            limits=self._job.limits,
            usage=self._watch.usage,
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
