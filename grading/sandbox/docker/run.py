"""A started run, as the worker sees it: frames of the container's first process, and a clock of its own."""

from __future__ import annotations

import base64
import contextlib
import json
import math
import socket
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from grading.sandbox.contract import (
    Entry,
    EntryKind,
    Evidence,
    Job,
    Level,
    Outcome,
    Result,
    SandboxUnavailable,
    Usage,
)
from grading.sandbox.docker import frames
from grading.sandbox.docker.engine import ENGINE_ERRORS, Container
from grading.sandbox.docker.frames import frame

if TYPE_CHECKING:
    from grading.sandbox.docker.backend import DockerBackend

AGAIN: Final = 0.005
"""Seconds until something that did not go through is tried again."""
LATE: Final = 1.0
"""Seconds (or three quarters of the wall time, up to five) that the first process has to end a run by itself: what
comes then, the engine's answer included, is over within twice the wall time."""
LATE_MOST: Final = 5.0
COLLECT_SECONDS: Final = 60.0


class DockerRun:
    def __init__(self, job: Job, backend: DockerBackend, container: Container, *, asked: float, claimed: float) -> None:
        self._job, self._backend, self._container, self._asked = job, backend, container, asked
        self.number = container.number
        self._phases = {"claimed": claimed - asked}
        self._evidence = Evidence()
        self._stdout, self._stderr, self._collected = bytearray(), bytearray(), bytearray()
        self._told: dict[str, Any] | None = None
        self._vanished: str | None = None
        self._done = self._stopped = self._closed = False
        self._late: Outcome | None = None
        self._deadline = time.monotonic() + 600
        self._to_container, self._to_channel = bytearray(), bytearray()
        self._channel_over = False
        self._credit = frames.WINDOW
        self.channel: socket.socket | None = None
        self._inner: socket.socket | None = None
        if job.channel:
            self.channel, self._inner = socket.socketpair()
            self.channel.setblocking(False)
            self._inner.setblocking(False)

    # -- the start ------------------------------------------------------------------
    def begin(self, packed: bytes) -> None:
        """Hand over the job and wait until its command runs; :class:`OSError` or :class:`EOFError` when it does not."""
        stream = self._container.stream
        stream.sendall(packed)
        while "started" not in self._phases:
            for kind, body in self._container.received():
                self._hear(kind, body)
        stream.setblocking(False)
        limits = self._job.limits
        self._deadline = time.monotonic() + limits.wall + max(LATE, min(0.75 * limits.wall, LATE_MOST))

    # -- for the loop ---------------------------------------------------------------
    @property
    def ended(self) -> bool:
        return self._vanished is not None or self._done

    def sources(self) -> Mapping[int, Callable[[], None]]:
        found: dict[int, Callable[[], None]] = {}
        if self._vanished is None and not self._done:
            found[self._container.stream.fileno()] = self._receive
            if self._inner is not None and self._credit > 0 and not self._to_container:
                found[self._inner.fileno()] = self._from_channel
        return found

    def due(self) -> float:
        # What the command said last is handed on after its end too, for whoever reads slowly.
        if self._to_container or self._to_channel:
            return time.monotonic() + AGAIN
        return math.inf if self.ended else self._deadline

    def tick(self) -> None:
        self._give_channel()
        self._flush()
        if not self.ended and time.monotonic() > self._deadline:
            self._give_up()

    def stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._send(frame(frames.STOP))

    # -- what crosses ---------------------------------------------------------------
    def _receive(self) -> None:
        try:
            for kind, body in self._container.received():
                self._hear(kind, body)
        except BlockingIOError:
            return
        except (OSError, EOFError, ValueError) as error:
            if not self._done:
                self._vanished = str(error)

    def _hear(self, kind: bytes, body: bytes) -> None:
        now = time.monotonic()
        if kind == frames.STDOUT:
            self._keep(self._stdout, body)
        elif kind == frames.STDERR:
            self._keep(self._stderr, body)
        elif kind == frames.CHANNEL_BYTES:
            self._to_channel += body
            self._give_channel()
        elif kind == frames.CHANNEL_END:
            self._channel_over = True
            self._give_channel()
        elif kind == frames.CHANNEL_TAKEN:
            self._credit += int.from_bytes(body, "big")
        elif kind == frames.UNPACKED:
            self._phases["unpacked"] = now - self._asked
        elif kind == frames.RUNNING:
            self._phases["started"] = now - self._asked
        elif kind == frames.ENDED:
            self._told = json.loads(body)
            self._phases["finished"] = now - self._asked
            self._deadline = now + COLLECT_SECONDS
        elif kind == frames.COLLECTED:
            self._collected += body
        elif kind == frames.DONE:
            self._phases["collected"] = now - self._asked
            self._done = True
        else:
            raise OSError(body.decode(errors="replace"))

    def _keep(self, kept: bytearray, body: bytes) -> None:
        room = self._job.limits.output - len(self._stdout) - len(self._stderr)
        kept += body[: max(0, room)]

    def _from_channel(self) -> None:
        assert self._inner is not None
        try:
            piece = self._inner.recv(min(self._credit, frames.PIECE))
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            self._credit -= len(piece)
            self._send(frame(frames.CHANNEL_BYTES, piece))
        else:
            self._credit = 0
            self._send(frame(frames.CHANNEL_END))

    def _give_channel(self) -> None:
        """Pass on what the command said. Without a reader it is as if it had been read."""
        if self._inner is None:
            return
        gone = 0
        while self._to_channel:
            try:
                count = self._inner.send(self._to_channel)
            except BlockingIOError:
                break
            except OSError:
                count = len(self._to_channel)
            del self._to_channel[:count]
            gone += count
        if gone and self._told is None:
            self._send(frames.taken(gone))
        if self._channel_over and not self._to_channel:
            with contextlib.suppress(OSError):
                self._inner.shutdown(socket.SHUT_WR)

    def _send(self, data: bytes) -> None:
        self._to_container += data
        self._flush()

    def _flush(self) -> None:
        while self._to_container and not self.ended:
            try:
                del self._to_container[: self._container.stream.send(self._to_container)]
            except BlockingIOError:
                return
            except OSError:
                # Its last words may still be read.
                self._to_container.clear()
        if self.ended:
            self._to_container.clear()

    # -- the end --------------------------------------------------------------------
    def _give_up(self) -> None:
        """The first process did not end the run in time: somebody leaves it no moment, or the engine stands still."""
        self._vanished = "it did not end in time"
        if self._told is None:
            self._late = Outcome.TIME
            # A fork bomb may leave the first process no moment to see it.
            with contextlib.suppress(*ENGINE_ERRORS):
                if self._container.is_crowded():
                    self._late = Outcome.PROCESSES
            # Whatever goes on in there must not slow the other side down.
            self._backend.release(self._container)
        # The other side hears that nothing more comes.
        self._channel_over = True
        self._give_channel()

    def result(self) -> Result:
        """What came out; :class:`SandboxUnavailable` when the container or its engine went away."""
        assert self.ended
        evidence = self._evidence
        evidence.stdout, evidence.stderr = bytes(self._stdout), bytes(self._stderr)
        told = self._told if self._told is not None and self._vanished is None else self._told_by_engine()
        now = time.monotonic() - self._asked
        self._phases.setdefault("finished", now)
        self._phases.setdefault("collected", now)
        evidence.exit_status = told["exit_status"]
        if self._collected and self._vanished is None:
            self._read_collected()
        outcome, reason = told["outcome"], told["reason"]
        if outcome is None:
            good = self._stopped or evidence.exit_status == 0
            outcome = Outcome.PASSED if good else Outcome.FAILED
            reason = (
                "It was stopped." if evidence.exit_status is None else f"It ended with status {evidence.exit_status}."
            )
        return Result(
            outcome=Outcome(outcome),
            reason=reason,
            limits=self._job.limits,
            usage=Usage(**told["usage"]),
            evidence=evidence,
            phases=dict(self._phases),
            backend=self._backend.name,
            level=Level.CGROUP,
            image=self._backend.image,
        )

    def _told_by_engine(self) -> dict[str, Any]:
        """How a run ended whose container said nothing, or could not say everything."""
        told = self._told
        if told is not None and told["outcome"] is not None:
            self._evidence.refused = dict.fromkeys(self._job.collect.paths, "could not be read")
            return told
        usage = {"wall": time.monotonic() - self._asked - self._phases["started"]}
        if self._late is not None:
            crowded = self._late is Outcome.PROCESSES
            reason = "More processes were there than may be." if crowded else "The wall time was over."
            return {"outcome": self._late, "reason": reason, "usage": usage, "exit_status": None}
        try:
            memory = self._container.ran_out_of_memory()
        except ENGINE_ERRORS as error:
            raise SandboxUnavailable(f"The container engine went away: {self._vanished}.") from error
        if not memory:
            raise SandboxUnavailable(f"The container went away: {self._vanished}.")
        reason = "The kernel ended the container for want of memory."
        return {"outcome": Outcome.MEMORY, "reason": reason, "usage": usage, "exit_status": None}

    def _read_collected(self) -> None:
        found = json.loads(self._collected)
        self._evidence.refused = found["refused"]
        self._evidence.files = {path: base64.b64decode(content) for path, content in found["files"].items()}
        self._evidence.tree = {
            path: Entry(EntryKind(kind), mode, modified, None if content is None else base64.b64decode(content), target)
            for path, (kind, mode, modified, content, target) in found["tree"].items()
        }

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        for each in (self.channel, self._inner):
            if each is not None:
                each.close()
        self._backend.release(self._container)
