"""The first process of a container: ``python3 -I -S -c SOURCE`` (:mod:`grading.sandbox.shipped`).

It waits for one job, unpacks it, becomes the parent of the command under another
user, watches the limits from inside with the container's own control group, ends
everything at the end, and reads the wanted files once nobody but itself is left.
It is root with four capabilities: to end processes of another user, to become
that user, and to take all rights from what it starts. When the worker goes, it
goes, and the container with it.

On standard input: the packed job (:mod:`grading.sandbox.packing`), then frames
(:mod:`grading.sandbox.docker.frames`). On standard output: frames.
"""

import base64
import contextlib
import json
import marshal
import os
import resource
import select
import signal
import socket
import time
from dataclasses import asdict
from typing import Any

from grading.sandbox.cgroups import ROOT, V1, Counters, counters_v1, counters_v2
from grading.sandbox.collect import collect_into
from grading.sandbox.contract import CHANNEL, KIT, WORK, Collect, Evidence, Limits, Outcome
from grading.sandbox.docker import frames
from grading.sandbox.docker.frames import Frames, frame
from grading.sandbox.group import Group
from grading.sandbox.steps import (
    above,
    accept_filter,
    close_above,
    drop_bounding,
    drop_capabilities,
    limit,
    signals_as_usual,
)
from grading.sandbox.watch import Watch

IDLE_SECONDS = 900
"""How long a container waits for its job."""
ROOM = 4 * frames.PIECE
"""So much may wait for the worker before the command has to wait for us."""
WRITABLE = (WORK, "/tmp", "/dev/shm")  # noqa: S108
GATHER = 0.001
"""Seconds that output is left to grow, so that one who writes by the byte does not wait for us each time."""
LOWEST = 19
"""What is started yields to this process: priorities count inside a control group only."""
FIRST_TO_GO = "1000"
"""For the kernel, when memory runs out."""


def exactly(size: int) -> bytes:
    pieces = []
    while size:
        piece = os.read(0, min(size, 1 << 20))
        if not piece:
            os._exit(0)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def tell(kind: bytes, body: bytes = b"") -> None:
    left = frame(kind, body)
    while left:
        left = left[os.write(1, left) :]


@contextlib.contextmanager
def as_user(user: int) -> Any:
    """What is made and read here belongs to *user*."""
    os.setegid(user)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def own_memory() -> int:
    """Bytes of this process that no other has."""
    with open("/proc/self/status") as file:
        return next((int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon")), 0)


def counters() -> Counters:
    """Of the container, without this process."""
    found = counters_v1({name: ROOT / name for name in V1}) if (ROOT / "memory").is_dir() else counters_v2(ROOT)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return Counters(
        cpu=max(0.0, found.cpu - own.ru_utime - own.ru_stime),
        memory=max(0, found.memory - own_memory()),
        memory_kills=found.memory_kills,
        refused_forks=found.refused_forks,
    )


def unpack(header: dict[str, Any]) -> int:
    """Put everything in its place; the descriptor of standard input."""
    user = header["user"]
    with as_user(user):
        put(WORK, header["files"])
    put(KIT, header["kit"])
    name = f"{KIT}/.stdin"
    with open(name, "xb") as file:
        file.write(exactly(header["stdin"]))
    given = os.open(name, os.O_RDONLY)
    os.unlink(name)
    return given


def put(folder: str, files: list[tuple[str, int]]) -> None:
    for path, size in files:
        full = f"{folder}/{path}"
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "xb") as file:
            file.write(exactly(size))


class Run:
    def __init__(self, header: dict[str, Any], given: int) -> None:
        self.header = header
        user = header["user"]
        with as_user(user):
            # Their owner may open them once more by name, as /dev/stdout.
            self.out_end, out = os.pipe()
            self.err_end, err = os.pipe()
            errors, failed = os.pipe()
        self.channel: socket.socket | None = None
        theirs = None
        if header["channel"]:
            self.channel, theirs = socket.socketpair()
            self.channel.setblocking(False)
        self.command = os.fork()
        if self.command == 0:
            become(header, [given, out, err], theirs, failed)
        self.started = time.monotonic()
        for descriptor in (given, out, err, failed):
            os.close(descriptor)
        if theirs is not None:
            theirs.close()
        with open(errors, "rb") as file:
            said = file.read()
        if said:
            raise OSError(said.decode(errors="replace"))
        self.pipes = {self.out_end: frames.STDOUT, self.err_end: frames.STDERR}
        for descriptor in self.pipes:
            os.set_blocking(descriptor, False)
        self.watch = Watch(
            Limits(**header["asked"]),
            group=Group(os.open("/proc", os.O_RDONLY | os.O_DIRECTORY), first=False),
            folders=[os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in WRITABLE],
            counters=counters,
            started=self.started,
        )
        self.frames = Frames()
        self.out = bytearray()
        self.to_channel = bytearray()
        self.channel_over = self.said_all = False
        self.credit = frames.WINDOW
        self.status: int | None = None
        self.stopped = False

    # -- while it runs ----------------------------------------------------------
    def drive(self, woken: int) -> None:
        os.set_blocking(1, False)
        while self.status is None and not self.stopped and not self.watch.look():
            self.turn(woken)
        os.set_blocking(1, True)

    def turn(self, woken: int) -> None:
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(woken, select.POLLIN)
        if self.out:
            poll.register(1, select.POLLOUT)
        if len(self.out) < ROOM:
            for descriptor in self.pipes:
                poll.register(descriptor, select.POLLIN)
        if self.channel is not None:
            listens = not self.said_all and self.credit > 0 and len(self.out) < ROOM
            events = select.POLLIN if listens else 0
            events |= select.POLLOUT if self.to_channel else 0
            if events:
                poll.register(self.channel, events)
        pause = max(0.0, self.watch.due() - time.monotonic())
        ready = poll.poll(pause * 1000 + 1)
        if ready and all(descriptor in self.pipes for descriptor, _ in ready):
            time.sleep(GATHER)
        for descriptor, _ in ready:
            if descriptor == 0:
                self.hear()
            elif descriptor == 1:
                with contextlib.suppress(BlockingIOError):
                    del self.out[: os.write(1, self.out)]
            elif descriptor == woken:
                os.read(woken, 4096)
            elif descriptor in self.pipes:
                self.take(descriptor)
            elif self.channel is not None:
                self.give_channel()
                self.take_channel(self.credit)
        self.reap()

    def hear(self) -> None:
        piece = os.read(0, 65536)
        if not piece:
            os._exit(0)
        for kind, body in self.frames.fed(piece):
            if kind == frames.STOP:
                self.stopped = True
            elif kind == frames.CHANNEL_TAKEN:
                self.credit += int.from_bytes(body, "big")
            elif kind == frames.CHANNEL_BYTES:
                self.to_channel += body
                self.give_channel()
            elif kind == frames.CHANNEL_END:
                self.channel_over = True
                self.give_channel()

    def give_channel(self) -> None:
        """Pass on what came for the command. Without a reader it is as if it had been read."""
        if self.channel is None:
            return
        gone = 0
        while self.to_channel:
            try:
                count = self.channel.send(self.to_channel)
            except BlockingIOError:
                break
            except OSError:
                count = len(self.to_channel)
            del self.to_channel[:count]
            gone += count
        if gone:
            self.out += frames.taken(gone)
        if self.channel_over and not self.to_channel:
            with contextlib.suppress(OSError):
                self.channel.shutdown(socket.SHUT_WR)

    def take_channel(self, most: int) -> bool:
        """Read from the command; whether there may be more."""
        if self.channel is None or self.said_all or most <= 0:
            return False
        try:
            piece = self.channel.recv(min(most, frames.PIECE))
        except BlockingIOError:
            return False
        except OSError:
            piece = b""
        if piece:
            self.credit -= len(piece)
            self.out += frame(frames.CHANNEL_BYTES, piece)
            return True
        # It may still listen.
        self.said_all = True
        self.out += frame(frames.CHANNEL_END)
        return False

    def take(self, descriptor: int) -> bool:
        """Read output; whether there may be more."""
        if descriptor not in self.pipes:
            return False
        try:
            piece = os.read(descriptor, frames.PIECE)
        except BlockingIOError:
            return False
        if not piece:
            del self.pipes[descriptor]
            return False
        kept = self.watch.wrote(len(piece))
        if kept:
            self.out += frame(self.pipes[descriptor], piece[:kept])
        return self.watch.outcome is not Outcome.OUTPUT

    def reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.command:
                    code = os.waitstatus_to_exitcode(status)
                    self.status = code if code >= 0 else 128 - code

    # -- the end ----------------------------------------------------------------
    def finish(self) -> None:
        """End everything but this process, and say how it went."""
        by_itself = self.watch.outcome is None and not self.stopped
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        self.watch.usage.wall = time.monotonic() - self.started
        # Everybody who could write is gone: what is left is bounded by the pipes.
        for descriptor in list(self.pipes):
            while self.take(descriptor):
                pass
        while self.take_channel(frames.PIECE):
            pass
        with as_user(self.header["user"]):
            self.watch.last_look()
        told = {
            "outcome": self.watch.outcome,
            "reason": self.watch.reason,
            "usage": asdict(self.watch.usage),
            "exit_status": self.status if by_itself else None,
        }
        while self.out:
            del self.out[: os.write(1, self.out)]
        tell(frames.ENDED, json.dumps(told).encode())

    def collect(self) -> None:
        evidence = Evidence()
        asked = self.header["collect"]
        with as_user(self.header["user"]):
            work = os.open(WORK, os.O_PATH | os.O_DIRECTORY)
            collect_into(evidence, work, Collect(**asked | {"paths": tuple(asked["paths"])}))
        tree = {
            path: [entry.kind, entry.mode, entry.modified, encoded(entry.content), entry.target]
            for path, entry in evidence.tree.items()
        }
        files = {path: encoded(content) for path, content in evidence.files.items()}
        data = json.dumps({"files": files, "refused": evidence.refused, "tree": tree}).encode()
        for start in range(0, len(data), frames.PIECE):
            tell(frames.COLLECTED, data[start : start + frames.PIECE])
        tell(frames.DONE)


def encoded(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def become(header: dict[str, Any], standard: list[int], channel: socket.socket | None, failed: int) -> None:
    """In the child: give up everything and become the command, or say on *failed* why not."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write(FIRST_TO_GO)
        os.setsid()
        os.nice(LOWEST)
        failed = above(failed)
        given = [above(each) for each in standard]
        theirs = above(channel.detach()) if channel is not None else None
        for number, descriptor in enumerate(given):
            os.dup2(descriptor, number)
        if theirs is not None:
            os.dup2(theirs, CHANNEL)
        close_above(2 if theirs is None else CHANNEL)
        os.chdir(WORK)
        os.umask(0o022)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signals_as_usual()
        limit(header["limits"])
        if not header["keep"]:
            drop_bounding()
        os.setgroups([])
        user = header["user"]
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        if not header["keep"]:
            drop_capabilities()
        accept_filter(header["filter"])
        os.execve(header["command"][0], header["command"], header["environment"])  # noqa: S606
    except BaseException as error:
        os.write(failed, f"{type(error).__name__}: {error}".encode()[:500])
        os._exit(70)


def main() -> None:
    os.umask(0o022)
    woken, wake = os.pipe()
    for descriptor in (woken, wake):
        os.set_blocking(descriptor, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    usr = os.stat("/usr")
    tell(frames.HELLO, json.dumps({"usr": [usr.st_dev, usr.st_ino]}).encode())
    if not select.select([0], [], [], IDLE_SECONDS)[0]:
        return
    try:
        header = marshal.loads(exactly(int.from_bytes(exactly(4), "big")))  # noqa: S302 - the worker's
        given = unpack(header)
        tell(frames.UNPACKED)
        run = Run(header, given)
        tell(frames.RUNNING)
    except (OSError, ValueError) as error:
        tell(frames.FAILED, f"{type(error).__name__}: {error}".encode()[:500])
        return
    run.drive(woken)
    run.finish()
    run.collect()
    os._exit(0)
