"""Drive started sandboxes to their end, and carry bytes between two of them.

One loop in the worker's thread: it waits for descriptors and times, holds at
most one piece per direction in memory, and reads no message. A side that does
not read stops the other from sending, not the worker.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Final

from grading.sandbox.contract import Backend, Job, Result, Sandbox

PIECE: Final = 64 * 1024
GRACE: Final = 0.25
"""Seconds that the answering side has to end by itself when no question is left."""


class Direction:
    """From one socket to the other, one piece at a time. The end of the source is passed on."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self._source, self._target = source, target
        self._held = b""
        self._over = False
        self.closed = False

    def wants(self) -> tuple[socket.socket, int] | None:
        if self.closed:
            return None
        return (self._target, selectors.EVENT_WRITE) if self._held else (self._source, selectors.EVENT_READ)

    def move(self) -> None:
        try:
            if self._held:
                self._held = self._held[self._target.send(self._held) :]
            else:
                self._held = self._source.recv(PIECE)
                self._over = not self._held
        except BlockingIOError:
            return
        except OSError:
            self._over, self._held = True, b""
        if self._over and not self._held:
            self.close()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            with suppress(OSError):  # Its other end is gone already.
                self._target.shutdown(socket.SHUT_WR)


def run(backend: Backend, job: Job) -> Result:
    """Run one job to its end."""
    with ExitStack() as stack:
        sandbox = backend.start(job)
        stack.callback(sandbox.close)
        _drive([sandbox], [], lambda: None)
        return sandbox.result()


def run_pair(backend: Backend, *, asks: Job, answers: Job) -> tuple[Result, Result]:
    """Run two jobs whose channels are one: the grader's side *asks*, the learner's side *answers*.

    The run is over when the asking side has ended; the other is then given
    :data:`GRACE` to end by itself.
    """
    with ExitStack() as stack:
        backend.prepare([asks, answers])
        asking = backend.start(asks)
        stack.callback(asking.close)
        answering = backend.start(answers)
        stack.callback(answering.close)
        assert asking.channel is not None
        assert answering.channel is not None
        questions = Direction(asking.channel, answering.channel)
        replies = Direction(answering.channel, asking.channel)
        over_since: float | None = None

        def follow() -> None:
            nonlocal over_since
            if asking.ended and not answering.ended:
                questions.close()
                now = time.monotonic()
                over_since = over_since or now
                if now - over_since >= GRACE:
                    answering.stop()

        _drive([asking, answering], [questions, replies], follow)
        return asking.result(), answering.result()


def _drive(sandboxes: Sequence[Sandbox], directions: Sequence[Direction], follow: Callable[[], None]) -> None:
    with selectors.DefaultSelector() as selector:
        while not all(sandbox.ended for sandbox in sandboxes):
            wanted: dict[int, tuple[int, list[Callable[[], None]]]] = {}
            for sandbox in sandboxes:
                for descriptor, action in sandbox.sources().items():
                    wanted[descriptor] = (selectors.EVENT_READ, [action])
            for direction in directions:
                want = direction.wants()
                if want is not None:
                    number = want[0].fileno()
                    events, actions = wanted.get(number, (0, []))
                    wanted[number] = (events | want[1], [*actions, direction.move])
            _register(selector, {number: events for number, (events, _) in wanted.items()})
            pause = min(sandbox.due() for sandbox in sandboxes) - time.monotonic()
            for key, _ in selector.select(max(0.0, min(pause, GRACE))):
                for action in wanted[key.fd][1]:
                    action()
            for sandbox in sandboxes:
                sandbox.tick()
            follow()


def _register(selector: selectors.BaseSelector, wanted: dict[int, int]) -> None:
    known = {key.fd: key.events for key in selector.get_map().values()}
    for number in known.keys() - wanted.keys():
        selector.unregister(number)
    for number, events in wanted.items():
        if number not in known:
            selector.register(number, events)
        elif known[number] != events:
            selector.modify(number, events)
