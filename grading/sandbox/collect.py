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

from grading.sandbox.contract import Collect, Entry, EntryKind, Evidence

OPENAT2: Final = 437
"""The same number on every architecture."""
NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH = 0x01, 0x02, 0x04, 0x08
RESOLVE: Final = NO_XDEV | NO_MAGICLINKS | NO_SYMLINKS | BENEATH

MOST_ENTRIES: Final = 100_000
"""Names of a tree that are looked at."""

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
            evidence.refused[path] = _reason(error)
            continue
        except _Refused as refused:
            evidence.refused[path] = str(refused)
            continue
        evidence.files[path] = content
        left -= len(content)
    if wanted.tree:
        _tree_into(evidence, folder, wanted.size, left)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, os.strerror(error.errno or errno.EIO))


class _Refused(Exception):
    pass


def _read(folder: int, path: str, most: int) -> bytes:
    reference = open_beneath(folder, path, os.O_PATH)
    try:
        return _content(reference, most)
    finally:
        os.close(reference)


def _content(reference: int, most: int) -> bytes:
    """Of the regular file that *reference* is opened to, of at most *most* bytes."""
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


def _tree_into(evidence: Evidence, folder: int, size: int, left: int) -> None:
    """Every name below *folder*; what cannot be read is there without content, and refused with a reason.

    What its owner may not read is not read, whoever the worker is: a worker of root judges like any other.
    """
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            names = _names(folder, below)
        except OSError as error:
            evidence.refused[below or "."] = _reason(error)
            continue
        for name in names:
            path = f"{below}/{name}" if below else name
            if len(evidence.tree) >= MOST_ENTRIES:
                evidence.refused["."] = "too many names"
                return
            try:
                entry, why = _entry(folder, path, min(size, left))
            except OSError as error:
                evidence.refused[path] = _reason(error)
                continue
            evidence.tree[path] = entry
            left -= len(entry.content or b"")
            if why:
                evidence.refused[path] = why
            elif entry.kind is EntryKind.FOLDER:
                pending.append(path)


def _names(folder: int, below: str) -> list[str]:
    opened = open_beneath(folder, below or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        return sorted(os.listdir(opened))
    finally:
        os.close(opened)


def _entry(folder: int, path: str, most: int) -> tuple[Entry, str]:
    """What *path* is, and why it is not read; the last part may be a link, and is not followed."""
    reference = open_beneath(folder, path, os.O_PATH | os.O_NOFOLLOW)
    try:
        about = os.fstat(reference)
        mode, modified = stat.S_IMODE(about.st_mode), about.st_mtime_ns
        if stat.S_ISLNK(about.st_mode):
            return Entry(EntryKind.LINK, mode, modified, target=os.readlink("", dir_fd=reference)), ""
        if stat.S_ISDIR(about.st_mode):
            closed = mode & 0o500 != 0o500
            return Entry(EntryKind.FOLDER, mode, modified), "closed to its owner" if closed else ""
        if not stat.S_ISREG(about.st_mode):
            return Entry(EntryKind.OTHER, mode, modified), "not a regular file"
        if not mode & 0o400:
            return Entry(EntryKind.FILE, mode, modified), "closed to its owner"
        try:
            return Entry(EntryKind.FILE, mode, modified, _content(reference, most)), ""
        except _Refused as refused:
            return Entry(EntryKind.FILE, mode, modified), str(refused)
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
