"""The filter of system calls, as a classic BPF program (seccomp(2)).

Refused is what makes namespaces, mounts, kernel objects outside any limit of
ours, or looks into other processes; everything newer than this list does not
exist inside. What a namespace does not cover (``AF_VSOCK``, ``AF_NETLINK``,
packet sockets) is no address family there. Shared memory of System V and
``memfd_create`` are absent because their pages belong to no process that could
be measured; ``/dev/shm`` serves ``multiprocessing``.
"""

from __future__ import annotations

import errno
import platform
import struct
from typing import Final

AUDIT: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NEWEST: Final = 462
"""The last system call whose meaning was looked at (mseal)."""

# name: (x86_64, aarch64); None where the architecture has no such call.
REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "ioperm": (173, None),
    "iopl": (172, None),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
    "vmsplice": (278, 75),
}
# Programs that find these missing use what was there before them (clone3: clone).
ABSENT: Final[dict[str, tuple[int | None, int | None]]] = {
    "clone3": (435, 435),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "semget": (64, 190),
    "shmget": (29, 194),
}
CLONE, SOCKET, IOCTL = (56, 220), (41, 198), (16, 29)
NEW_NAMESPACES: Final = 0x7E020080
"""Every CLONE_NEW* flag that clone(2) takes: time, mount, cgroup, UTS, IPC, user, PID, network."""
FAMILIES: Final = (1, 2, 10)
"""Unix, IPv4, IPv6: all of them belong to the network namespace of the run."""
TERMINAL: Final = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type into the terminal of whoever reads it."""

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24


def filter_program(machine: str = platform.machine()) -> bytes:
    """The program for *machine* (as ``uname -m`` says); :class:`KeyError` for one that nobody wrote a table for."""
    audit, column = AUDIT[machine], list(AUDIT).index(machine)
    program = [_load(ARCHITECTURE), _step(EQUAL, audit, 1, 0), _step(RETURN, KILL), _load(NUMBER)]
    # On x86-64 this also covers the x32 calls, whose numbers begin at 2**30.
    program += _when(AT_LEAST, NEWEST + 1, ERROR | errno.ENOSYS)
    for table, number in ((REFUSED, errno.EPERM), (ABSENT, errno.ENOSYS)):
        for numbers in table.values():
            call = numbers[column]
            if call is not None:
                program += _when(EQUAL, call, ERROR | number)
    clone = [_load(FIRST), *_when(ANY_BIT, NEW_NAMESPACES, ERROR | errno.EPERM), _step(RETURN, ALLOW)]
    socket = [_load(FIRST), *(step for family in FAMILIES for step in _when(EQUAL, family, ALLOW))]
    socket.append(_step(RETURN, ERROR | errno.EAFNOSUPPORT))
    ioctl = [_load(SECOND), *(step for code in TERMINAL for step in _when(EQUAL, code, ERROR | errno.EPERM))]
    ioctl.append(_step(RETURN, ALLOW))
    for call, steps in ((CLONE[column], clone), (SOCKET[column], socket), (IOCTL[column], ioctl)):
        program += [_step(EQUAL, call, 0, len(steps)), *steps]
    program.append(_step(RETURN, ALLOW))
    return b"".join(program)


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _load(offset: int) -> bytes:
    return _step(LOAD, offset)


def _when(comparison: int, value: int, answer: int) -> list[bytes]:
    return [_step(comparison, value, 0, 1), _step(RETURN, answer)]
