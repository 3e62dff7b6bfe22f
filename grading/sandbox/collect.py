"""Read what a run left, below a folder that hostile code wrote to.

Every path is opened with ``openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)`` (openat2(2)), first as a mere
reference (``O_PATH``), which waits for nobody and triggers nothing; only a
regular file is then opened for reading, through that reference. The run must
have ended before.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from typing import Final

from grading.sandbox.contract import Collect, Evidence

OPENAT2: Final = 437
"""The same number on every architecture."""
NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH = 0x01, 0x02, 0x04, 0x08
RESOLVE: Final = NO_XDEV | NO_MAGICLINKS | NO_SYMLINKS | BENEATH

_REASONS: Final = {
    errno.ENOENT: "missing",
    errno.ELOOP: "a symbolic link",
    errno.EXDEV: "outside the work folder",
    errno.ENOTDIR: "missing",
}

_libc = ctypes.CDLL(None, use_errno=True)


class _How(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


def open_beneath(folder: int, path: str, flags: int) -> int:
    """Open *path* below *folder* without following any link; :class:`OSError` when that cannot be."""
    how = _How(flags | os.O_CLOEXEC, 0, RESOLVE)
    found: int = _libc.syscall(
        OPENAT2, ctypes.c_int(folder), os.fsencode(path), ctypes.byref(how), ctypes.c_size_t(ctypes.sizeof(how))
    )
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
    return found


def collect_into(evidence: Evidence, folder: int, wanted: Collect) -> None:
    """Read the *wanted* files; what is not a regular file within the limits is refused with a reason."""
    left = wanted.total
    for path in wanted.paths:
        try:
            content = _read(folder, path, min(wanted.size, left))
        except OSError as error:
            evidence.refused[path] = _REASONS.get(error.errno or 0, os.strerror(error.errno or errno.EIO))
            continue
        except _Refused as refused:
            evidence.refused[path] = str(refused)
            continue
        evidence.files[path] = content
        left -= len(content)


class _Refused(Exception):
    pass


def _read(folder: int, path: str, most: int) -> bytes:
    reference = open_beneath(folder, path, os.O_PATH)
    try:
        about = os.fstat(reference)
        if not stat.S_ISREG(about.st_mode):
            raise _Refused("not a regular file")
        if about.st_size > most:
            raise _Refused("too large")
        with open(f"/proc/self/fd/{reference}", "rb", buffering=0) as file:
            content = bytearray()
            while len(content) <= most and (piece := file.read(65536)):
                content += piece
        if len(content) > most:
            raise _Refused("too large")
        return bytes(content)
    finally:
        os.close(reference)


def largest_file(folder: int, *, most: int) -> int:
    """The size of the largest regular file below *folder*, of at most *most* names looked at."""
    largest = seen = 0
    pending = [""]
    while pending and seen < most:
        below = pending.pop()
        try:
            opened = open_beneath(folder, below or ".", os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            with os.scandir(opened) as entries:
                for entry in entries:
                    seen += 1
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(about.st_mode):
                        pending.append(f"{below}/{entry.name}" if below else entry.name)
                    elif stat.S_ISREG(about.st_mode):
                        largest = max(largest, about.st_size)
                    if seen >= most:
                        break
        except OSError:
            continue
        finally:
            os.close(opened)
    return largest
