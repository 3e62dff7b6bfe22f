"""Sandboxes that were begun ahead: namespaces and the trusted first step, before anything is known of a job.

Beginning one is most of what a short run takes, so it is done while nobody waits for it.
Nothing of a learner ever was in one that waits, and it is used for one run only.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grading.sandbox.cgroups import ControlGroup
from grading.sandbox.contract import SandboxUnavailable

FRESH_SECONDS: Final = 600
"""So long one waits at most: programs of the machine may be replaced meanwhile."""


@dataclass(slots=True)
class Ready:
    """bwrap, the namespace's first process (and a descriptor of it), and sockets to our first step in it.

    :ivar group: the control group of both, without limits so far; None at level ``supervised``.
    :ivar ends: closes and ends all of it, unless a run took it over.
    """

    process: subprocess.Popen[bytes]
    init_pid: int
    init: int
    control: socket.socket
    channel: socket.socket
    group: ControlGroup | None
    ends: contextlib.ExitStack
    made: float = field(default_factory=time.monotonic)

    def is_usable(self) -> bool:
        """Young enough, living, and without a word since its hello."""
        silent = select.poll()
        silent.register(self.control, select.POLLIN)
        return time.monotonic() - self.made < FRESH_SECONDS and self.process.poll() is None and not silent.poll(0)

    def descriptors(self) -> set[int]:
        pipes = (pipe.fileno() for pipe in (self.process.stdout, self.process.stderr) if pipe is not None)
        return {self.init, self.control.fileno(), self.channel.fileno(), *pipes}


class Waiting:
    """Those that wait, of one process: of its parent's it knows nothing.

    :param begin: begins one; ``OSError``, ``EOFError`` or ``ValueError`` when it cannot.
    :param ahead: how many wait.
    """

    def __init__(self, begin: Callable[[], Ready], ahead: int) -> None:
        self._begin, self._ahead = begin, ahead
        self._reset()

    def _reset(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._ready: list[Ready] = []
        self._owed: set[Future[None]] = set()
        # bwrap ends with the thread that started it: this one lives as long as the process.
        self._helper = ThreadPoolExecutor(1, thread_name_prefix="sandboxes")
        self._closed = False

    def taken(self) -> Ready | None:
        """One that waits; those that ended meanwhile are put away."""
        if self._process != os.getpid():
            self._reset()
        while True:
            with self._lock:
                ready = self._ready.pop(0) if self._ready else None
            if ready is None or ready.is_usable():
                return ready
            ready.ends.close()

    def refill(self) -> None:
        """Begin as many as are missing, in the background."""
        if self._ahead and not self._closed:
            try:
                future = self._helper.submit(self._fill)
            except RuntimeError:
                return  # Closed at this very instant: nobody takes any more.
            self._owed.add(future)
            future.add_done_callback(self._owed.discard)

    def _fill(self) -> None:
        while len(self._ready) < self._ahead:
            try:
                ready = self._begin()
            except (OSError, EOFError, ValueError, struct.error, SandboxUnavailable):
                return  # The next run begins its own, and tells why it cannot.
            with self._lock:
                self._ready.append(ready)

    def settle(self) -> None:
        """Wait for what is done in the background."""
        while self._owed:
            for each in list(self._owed):
                each.result()

    def descriptors(self) -> set[int]:
        """Of those that wait."""
        with self._lock:
            return {number for ready in self._ready for number in ready.descriptors()}

    def groups(self) -> set[Path]:
        """Folders of the control groups of those that wait."""
        with self._lock:
            return {folder for ready in self._ready if ready.group is not None for folder in ready.group.folders()}

    def close(self) -> None:
        """End those that wait. Idempotent; of the process that began them only."""
        if self._process != os.getpid():
            return
        self._closed = True
        self._helper.shutdown(wait=True)
        with self._lock:
            waiting, self._ready = self._ready, []
        for ready in waiting:
            ready.ends.close()
