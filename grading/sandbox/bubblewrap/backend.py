"""Start a run under ``bwrap``: namespaces outside, the trusted first step inside."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grading.sandbox.bubblewrap.ready import Ready, Waiting
from grading.sandbox.bubblewrap.run import BubblewrapRun, Started
from grading.sandbox.cgroups import Tree
from grading.sandbox.contract import KIT, WORK, Job, Level, SandboxUnavailable
from grading.sandbox.group import Group
from grading.sandbox.image import LINKS, PYTHON, Image
from grading.sandbox.lifted import NOTHING, Lifted
from grading.sandbox.packing import limits_inside, packed
from grading.sandbox.seccomp import filter_program
from grading.sandbox.shipped import program

BWRAP: Final = "/usr/bin/bwrap"
USER: Final = 65333
"""Whom root becomes before anything else: an id that Debian gives to nobody (Debian Policy, 9.2.2)."""
INSIDE: Final = program("grading.sandbox.steps", "grading.sandbox.bubblewrap.inside")
STAGE: Final = "/mnt"
"""Where root shows a tree in a closed folder to the unprivileged user, in a mount namespace of this run only."""
PR_SET_CHILD_SUBREAPER: Final = 36
START_SECONDS: Final = 10.0
LEAVE_SECONDS: Final = 0.5
AS_NOBODY: Final = (
    *("setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"),
    *("--inh-caps=-all", "--bounding-set=-all", "--"),
)
"""For root: what comes after it runs as :data:`USER`."""


class BubblewrapBackend:
    """:param groups: where control groups are made; None for level ``supervised``.
    :param ahead: sandboxes that are begun before anybody asks for them, once one was asked for.
    :param lifted: for tests only.
    """

    name = "bubblewrap"

    def __init__(self, image: Image, *, groups: Tree | None, ahead: int = 0, lifted: Lifted = NOTHING) -> None:
        if not os.access(BWRAP, os.X_OK):
            raise SandboxUnavailable("bubblewrap is not installed (on Debian: apt-get install bubblewrap).")
        try:
            self._filter = filter_program()
        except KeyError as error:
            raise SandboxUnavailable(f"There is no filter of system calls for {error.args[0]} machines.") from error
        self._image, self._groups, self._lifted = image, groups, lifted
        self.level = Level.CGROUP if groups is not None else Level.SUPERVISED
        self.image = image.digest
        self._hidden = os.geteuid() == 0 and not _open_to_all(image.tree)
        self._waiting = Waiting(self._begin, ahead)
        atexit.register(self.close)

    def prepare(self, jobs: Sequence[Job]) -> None:
        """What waits, waits for any job."""

    def start(self, job: Job) -> BubblewrapRun:
        asked = time.monotonic()
        ready = self._waiting.taken()
        try:
            run = self._begun(job, ready, asked) if ready is not None else None
            # One that ended just when it was taken is no reason to tell anybody.
            run = run or self._begun(job, self._begin(), asked, final=True)
        except (OSError, EOFError, ValueError, struct.error) as error:
            raise SandboxUnavailable(f"bubblewrap did not start: {error}") from error
        assert run is not None
        self._waiting.refill()
        return run

    def settle(self) -> None:
        """Wait until as many sandboxes wait as should."""
        self._waiting.settle()

    def waiting(self) -> set[int]:
        """The descriptors of the sandboxes that wait."""
        return self._waiting.descriptors()

    def waiting_groups(self) -> set[Path]:
        """The folders of their control groups."""
        return self._waiting.groups()

    def close(self) -> None:
        """End the sandboxes that wait. Idempotent."""
        atexit.unregister(self.close)
        self._waiting.close()

    def _begin(self) -> Ready:
        """Namespaces with our first step in them, which has said hello and waits for a job.

        They are in a control group of their own already: moving there takes longer than all that
        is left to do for a job. Its limits are those of the job, written when there is one.
        """
        adopt_orphans()
        with contextlib.ExitStack() as stack:
            group = None if self._groups is None else self._groups.make()
            if group is not None:
                stack.callback(group.remove)
            control, theirs = _pair(stack)
            channel, their_channel = _pair(stack)
            channel.setblocking(False)
            # Before anybody can send: a message that was sent earlier would name process 0.
            control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            control.settimeout(START_SECONDS)
            info, their_info = os.pipe()
            try:
                process = subprocess.Popen(
                    self._command(their_info, theirs, their_channel),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=[theirs.fileno(), their_info, their_channel.fileno()],
                    env={"PATH": "/usr/bin:/bin"},
                    cwd="/",
                )
            except BaseException:
                os.close(info)
                raise
            finally:
                os.close(their_info)
            stack.callback(_end, process)
            theirs.close()
            their_channel.close()
            try:
                init = int(json.loads(_read_within(info, START_SECONDS))["child-pid"])
            except ValueError:
                raise OSError(_complaint(process)) from None
            finally:
                os.close(info)
            first = os.pidfd_open(init)
            stack.callback(os.close, first)
            stack.callback(_reap, init)
            stack.callback(_end, process)
            stack.callback(_kill, first)
            step = _hello(control, process)
            if group is not None:
                group.add(init)
                group.add(step)
            return Ready(process, init, first, control, channel, group, stack.pop_all())

    def _begun(self, job: Job, ready: Ready, asked: float, *, final: bool = False) -> BubblewrapRun | None:
        """*ready* with the job; without *final* None when it ended meanwhile."""
        with contextlib.ExitStack() as stack:
            stack.push(ready.ends)
            try:
                run = BubblewrapRun(job, self, self._started(job, ready, stack), asked=asked)
            except (OSError, EOFError, ValueError, struct.error):
                if final or ready.process.poll() is None:
                    raise
                return None
            stack.pop_all()
            return run

    def _started(self, job: Job, ready: Ready, stack: contextlib.ExitStack) -> Started:
        control, group = ready.control, ready.group
        if group is not None:
            # Before anything of the job is sent.
            group.limit(job.limits)
        claimed = time.monotonic()
        lifted = {"keep": self._lifted.capabilities, "hide": not self._lifted.init}
        limits = limits_inside(job, nproc=True)
        control.sendall(packed(job, self._program(), limits=limits, channel=job.channel, **lifted))
        work, proc = _descriptors(control)
        stack.callback(os.close, work)
        measured = Group(proc)
        stack.callback(measured.close)
        unpacked = time.monotonic()
        control.sendall(b"G")
        said = control.recv(600)
        if said:
            raise OSError(said[1:].decode(errors="replace"))
        control.close()
        channel: socket.socket | None = ready.channel
        if not job.channel:
            ready.channel.close()
            channel = None
        times = claimed, unpacked, time.monotonic()
        return Started(ready.process, ready.init_pid, ready.init, channel, work, measured, group, *times)

    def _program(self) -> bytes:
        return b"\x06\x00\x00\x00\x00\x00\xff\x7f" if self._lifted.seccomp else self._filter

    def _command(self, info: int, control: socket.socket, channel: socket.socket) -> list[str]:
        lifted, image = self._lifted, self._image
        tree = STAGE if self._hidden else str(image.tree)
        usr = f"{tree}/usr" if image.kind == "debian" else "/usr"
        spaces = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        spaces += [] if lifted.network else ["--unshare-net"]
        spaces += [] if lifted.userns else ["--disable-userns"]
        mounts = ["--ro-bind", usr, "/usr"]
        for name in ("local", "src"):
            # What no package put there is not part of the image.
            mounts += ["--tmpfs", f"/usr/{name}", "--remount-ro", f"/usr/{name}"] if image.kind == "host" else []
        seen = image.tree / "usr" if image.kind == "debian" else Path("/usr")
        for name in LINKS:
            mounts += ["--symlink", f"usr/{name}", f"/{name}"] if (seen / name).is_dir() else []
        mounts += ["--ro-bind", f"{tree}/etc", "/etc"]
        mounts += ["--ro-bind", f"{tree}/opt", "/opt"] if (image.tree / "opt").is_dir() else []
        mounts += ["--proc", "/proc", "--dev", "/dev"]
        for name in ("/box", WORK, "/tmp", KIT):  # noqa: S108
            mounts += ["--dir", name]
        arguments = [str(control.fileno()), str(channel.fileno())]
        return [
            *(_shown(image.tree) if self._hidden else ()),
            *(AS_NOBODY if os.geteuid() == 0 else ()),
            *(BWRAP, *spaces, "--hostname", "sandbox", "--new-session", "--die-with-parent"),
            *(
                "--uid",
                "1000",
                "--gid",
                "1000",
                "--cap-drop",
                "ALL",
                "--cap-add",
                "CAP_SYS_ADMIN",
                "--cap-add",
                "CAP_SETPCAP",
            ),
            *(*mounts, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--clearenv"),
            *("--info-fd", str(info), "--", PYTHON, "-I", "-S", "-c", INSIDE, *arguments),
        ]


def adopt_orphans() -> None:
    """Make this process the one that orphans below it go to.

    Else the first process of a namespace, once bwrap has left, would go to process
    1 of the machine or container, and the latter often reaps nothing.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0:
        raise SandboxUnavailable("This kernel does not let the worker reap the processes of a sandbox.")


def _open_to_all(tree: Path) -> bool:
    """Whether everybody may enter *tree* and each folder above it."""
    return all(folder.stat().st_mode & 0o001 for folder in (tree, *tree.resolve().parents))


def _shown(tree: Path) -> list[str]:
    """For root, with a tree that others cannot reach: show it where they can, to what follows only."""
    show = f'mount --bind "$1" {STAGE} && shift && exec "$@"'
    return ["unshare", "--mount", "--", "sh", "-c", show, "sh", str(tree)]


def _pair(stack: contextlib.ExitStack) -> tuple[socket.socket, socket.socket]:
    one, other = socket.socketpair()
    stack.callback(one.close)
    stack.callback(other.close)
    return one, other


def _read_within(pipe: int, seconds: float) -> bytes:
    """All that a pipe gives until its other end is closed; ``TimeoutError`` when that takes too long."""
    deadline, found = time.monotonic() + seconds, b""
    while True:
        if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError("it did not say that it began")
        if not (data := os.read(pipe, 4096)):
            return found
        found += data


def _hello(control: socket.socket, process: subprocess.Popen[bytes]) -> int:
    """The first step's process id as this namespace counts: the kernel says it, not the message."""
    data, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(struct.calcsize("3i")))
    control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    if data != b"H":
        raise OSError(_complaint(process))
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            pid = int(struct.unpack("3i", content[:12])[0])
            if pid > 0:
                return pid
    raise OSError("the kernel did not say who speaks")


def _descriptors(control: socket.socket) -> tuple[int, int]:
    data, descriptors, _, _ = socket.recv_fds(control, 600, 2)
    if data[:1] != b"M" or len(descriptors) != 2:
        for descriptor in descriptors:
            os.close(descriptor)
        raise OSError(data[1:].decode(errors="replace") or "the first step ended early")
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return descriptors[0], descriptors[1]


def _complaint(process: subprocess.Popen[bytes]) -> str:
    """What bwrap says on standard error when it cannot start; nothing of a learner runs yet."""
    try:
        _, said = process.communicate(timeout=2)
    except subprocess.TimeoutExpired:
        return "it does not answer"
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with status {process.returncode}"


def _kill(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)


def _reap(init: int) -> None:
    """Where bwrap left before the first process, that one is ours (see :func:`adopt_orphans`)."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(init, 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever state it is in, it is gone afterwards and its pipes are closed."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        if process.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=LEAVE_SECONDS)  # By itself, when the first process has ended.
        if process.returncode is None:
            process.kill()
            process.wait(timeout=START_SECONDS)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
