"""The last steps before a process becomes the command of a job: fewer rights, limits, a filter.

Runs inside the sandbox (``grading.sandbox.shipped``), so it needs the standard library only. Learners
wait for its imports: modules that bring many others along (contextlib, signal, typing) are done without.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
from collections.abc import Mapping

PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 22, 24, 38, 47
CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER = 4, 2
CAPABILITY_VERSION = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def must(answer: int, what: str) -> None:
    """:class:`OSError` with *what* when a call of the C library failed."""
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def limit(limits: Mapping[str, int]) -> None:
    """Set the limits of a process: ``cpu`` in seconds, ``fsize``, ``nofile`` and, where it is given, ``nproc``."""
    for name in ("CORE", "MSGQUEUE", "MEMLOCK"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    for name in ("CPU", "FSIZE", "NOFILE", "NPROC"):
        value = limits.get(name.lower())
        if value is not None:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def drop_bounding() -> None:
    """Make sure that no program started from here on gains a capability."""
    must(libc.prctl(PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient capabilities")
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for number in range(last + 1):
        must(libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0), "bounding set")


def drop_capabilities() -> None:
    """Give up what this process itself holds."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    must(libc.capset(header, (ctypes.c_uint32 * 6)()), "capabilities")


def accept_filter(program: bytes) -> None:
    """No new privileges, and the filter of system calls, for good."""
    must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    buffer = ctypes.create_string_buffer(program, len(program))
    given = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    must(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(given), 0, 0), "seccomp")


def signals_as_usual() -> None:
    """Python ignores these two, and what is ignored stays so in the command."""
    import _signal  # type: ignore[import-not-found] # what signal is made of, without its enums

    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)


def above(descriptor: int) -> int:
    """The same file under a number that nothing else wants; closed when the command begins."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 64)


def close_above(most: int) -> None:
    """Let every descriptor above *most* close when the command begins."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > most:
            try:  # noqa: SIM105 - see above
                os.set_inheritable(int(name), False)
            except OSError:  # The one that listed them is closed already.
                pass
