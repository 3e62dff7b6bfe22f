"""The trusted first step inside the namespaces: ``python3 -I -S -c SOURCE CONTROL CHANNEL``.

Runs before anything of a learner is there, with the two capabilities that mounting
and giving up capabilities need. It says hello (so that the worker can name it and put it into its groups),
takes the job, mounts what may be written to, unpacks, gives the worker
descriptors of the work folder and of this namespace's ``/proc``, waits for the
word to go, gives up every right, and becomes the command. The standard library
only: it runs on the image's Python and is sent as source (:mod:`grading.sandbox.shipped`),
and without modules that bring many others along (json, socket, contextlib, typing): they
took half of the time until a learner's program starts.

On the control socket: ``H`` out; four bytes of length, a header and the
contents of all files in; ``M`` with the descriptors out; ``G`` in. When it fails
it sends ``E`` and a sentence. The end of the socket without one means that the
command runs.
"""

import _socket
import marshal
import os
import sys

from grading.sandbox.steps import (
    above,
    accept_filter,
    close_above,
    drop_bounding,
    drop_capabilities,
    libc,
    limit,
    must,
    signals_as_usual,
)

NEWNS = 0x00020000
NOSUID, NODEV, NOEXEC, RDONLY, REMOUNT, BIND = 2, 4, 8, 1, 32, 4096
DETACH = 2
INIT = "/proc/1"
BOX, WORK, TMP, SHM, KIT = "/box", "/work", "/tmp", "/dev/shm", "/kit"  # noqa: S108
CHANNEL = 3


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    must(libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()), f"mount {target}")


def exactly(control: _socket.socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = control.recv(min(size, 1 << 20))
        if not piece:
            raise EOFError("the worker is gone")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def mount_all(limits: dict[str, int], *, hide: bool) -> None:
    """One file system for everything that can be written to, so that one size and one count hold for all of it."""
    must(libc.unshare(NEWNS), "unshare")
    mount("tmpfs", BOX, "tmpfs", NOSUID | NODEV, f"size={limits['disk']},nr_inodes={limits['inodes']},mode=755")
    for name, target, mode, more in (("work", WORK, 0o755, 0), ("tmp", TMP, 0o1777, 0), ("shm", SHM, 0o1777, NOEXEC)):
        os.mkdir(f"{BOX}/{name}")
        os.chmod(f"{BOX}/{name}", mode)
        mount(f"{BOX}/{name}", target, "", BIND)
        if more:
            mount("", target, "", REMOUNT | BIND | NOSUID | NODEV | more)
    must(libc.umount2(BOX.encode(), DETACH), "umount")
    # bwrap's own process belongs to the same user and has neither our limits nor our filter: it must not be written to.
    if hide:
        mount("tmpfs", INIT, "tmpfs", NOSUID | NODEV | NOEXEC | RDONLY, "size=4k,nr_inodes=1,mode=555")
    mount("tmpfs", KIT, "tmpfs", NOSUID | NODEV, f"size={limits['kit']},nr_inodes=1024,mode=755")


def unpack(control: _socket.socket, header: dict) -> int:
    for folder, files in ((WORK, header["files"]), (KIT, header["kit"])):
        for path, size in files:
            full = f"{folder}/{path}"
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "xb") as file:
                file.write(exactly(control, size))
    # The input has a name for a moment only, in a folder that nobody can write to afterwards.
    name = f"{KIT}/.stdin"
    with open(name, "xb") as file:
        file.write(exactly(control, header["stdin"]))
    given = os.open(name, os.O_RDONLY)
    os.unlink(name)
    mount("", KIT, "", REMOUNT | BIND | RDONLY | NOSUID | NODEV)
    return given


def main() -> None:
    control = _socket.socket(fileno=int(sys.argv[1]))
    given_channel = int(sys.argv[2])
    channel = None
    try:
        control.sendall(b"H")
        header = marshal.loads(exactly(control, int.from_bytes(exactly(control, 4), "big")))  # noqa: S302 - ours
        limits = header["limits"]
        if header["channel"]:
            channel = given_channel
        else:
            os.close(given_channel)
        os.umask(0o022)
        # Before the mounts below: the worker sees what is hidden from the command.
        processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        mount_all(limits, hide=header["hide"])
        given = unpack(control, header)
        work = os.open(WORK, os.O_PATH | os.O_DIRECTORY)
        rights = work.to_bytes(4, sys.byteorder) + processes.to_bytes(4, sys.byteorder)
        control.sendmsg([b"M"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
        if exactly(control, 1) != b"G":
            raise EOFError("the worker stopped it")
        os.chdir(WORK)
        os.dup2(given, 0)
        control = _socket.socket(fileno=above(control.detach()))
        if channel is not None:
            os.dup2(above(channel), CHANNEL)
        close_above(2 if channel is None else CHANNEL)
        signals_as_usual()
        limit(limits)
        if not header["keep"]:
            drop_bounding()
            drop_capabilities()
        accept_filter(header["filter"])
        os.execve(header["command"][0], header["command"], header["environment"])  # noqa: S606
    except BaseException as error:
        try:
            control.sendall(b"E" + f"{type(error).__name__}: {error}".encode()[:500])
        finally:
            os._exit(70)
