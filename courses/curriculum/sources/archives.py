"""The members of a zip archive, unpacked in memory within limits; nothing is ever written.

What an archive says of itself is not believed: sizes are measured while
unpacking, and names are looked at before anything is made of them.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.sources.budget import MAX_FILES, MAX_TOTAL, Budget
from courses.curriculum.sources.text import MAX_BYTES

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK = 64 * 1024
_DIRECTORY_END = struct.Struct("<4s4H2LH")
# A directory of more than this has more entries than anybody may import, however short their names are.
_MAX_DIRECTORY = MAX_FILES * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Other methods unpack a block of any size at once, so their output cannot be measured in time.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What zipfile and zlib raise for damaged archives: their own errors, and those of the numbers, names, places and
# features (RuntimeError) that a damaged directory claims.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip

_FAULTS: dict[str, tuple[Severity, str, str]] = {
    "source.archive_path": (
        "error", "leaves the archive, is absolute, or is no path that every system has", "Pack the folder anew.",
    ),
    "source.link": ("error", "is a link; links are not followed", "Pack what it points to."),
    "source.archive_encrypted": ("error", "is encrypted", "Pack it without a password."),
    "source.archive_method": ("error", "is packed by a method that is not read", "Pack it with deflate, as zip does."),
    "source.archive_twice": (
        "error", "has the name of another member, or one that differs in case only", "Keep one of them.",
    ),
    "source.archive_nested": ("warning", "is an archive in an archive and is not opened", "Pack its files instead."),
    "source.archive_broken": ("error", "cannot be unpacked; its data is damaged", "Pack it anew."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive with its true size; ``data`` is None for one that is no document, or too large for one."""

    path: str
    data: bytes | None
    size: int


def below(root: str, path: str) -> str:
    """How findings call a member; the root of a repository has no name."""
    return f"{root}/{path}" if root else path


def is_archive(place: str) -> bool:
    """Whether a file is a zip archive, by its first bytes; one that cannot be opened is none."""
    try:
        with open(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(4) in _MAGIC
    except OSError:
        return False


def members_of(
    archive: str, findings: list[Finding], budget: Budget, is_document: Callable[[str], bool], *, root: str
) -> Iterator[Member]:
    """The files of an archive that can be read; what is wrong with others goes to *findings*, once per fault.

    :param root: what findings call the archive's root; empty for that of a repository.
    :raises OverBudget: too many files, or too much in them.
    """
    try:
        size = os.stat(archive, follow_symlinks=False).st_size
        if size > MAX_TOTAL:
            message = f"The archive has {size} bytes; the limit is {MAX_TOTAL}."
            findings.append(Finding("source.too_much", "error", archive, 1, message, "Split it."))
            return
        with open(os.open(archive, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            if (directory := directory_size(file, size)) > _MAX_DIRECTORY:
                message = f"The directory of the archive has {directory} bytes; the limit is {MAX_FILES} files."
                findings.append(Finding("source.too_many_files", "error", archive, 1, message, "Split it."))
                return
            with zipfile.ZipFile(file) as opened:
                yield from _Reader(root, findings, budget, is_document).read(opened)
    except _BROKEN as error:
        message = f"The archive cannot be read: {error}."
        findings.append(Finding("source.archive_broken", "error", archive, 1, message, "Pack it anew."))


def directory_size(file: BinaryIO, size: int) -> int:
    """What the end of the archive says of its directory, which is read at once when it is opened."""
    file.seek(max(0, size - _DIRECTORY_END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _DIRECTORY_END.size:
        return 0
    said = int(_DIRECTORY_END.unpack_from(tail, at)[5])
    # All bits set: the figure stands elsewhere, in a form for archives that are larger than the limit anyway.
    return size if said == 0xFFFFFFFF else said


class _Reader:
    def __init__(self, root: str, findings: list[Finding], budget: Budget, is_document: Callable[[str], bool]) -> None:
        self.root, self.findings, self.budget, self.is_document = root, findings, budget, is_document
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.taken: dict[str, bool] = {}

    def read(self, opened: zipfile.ZipFile) -> Iterator[Member]:
        try:
            for info in opened.infolist():
                name = info.orig_filename
                if (fault := self._fault(info, name)) is not None:
                    self.faults[fault].append(name)
                elif not name.endswith("/"):
                    yield from self._member(opened, info, name)
        finally:
            self._report()

    def _member(self, opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[Member]:
        shown = below(self.root, _shown(name))
        self.budget.file(shown)
        document = self.is_document(name) or name.rpartition("/")[2] == ".gitignore"
        try:
            data, size, magic = self._unpacked(opened, info, shown, document)
        except _BROKEN:
            self.faults["source.archive_broken"].append(name)
            return
        if magic:
            self.faults["source.archive_nested"].append(name)
        yield Member(name, data if document and size <= MAX_BYTES else None, size)

    def _unpacked(
        self, opened: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, document: bool
    ) -> tuple[bytes, int, bool]:
        """Its data if it is a document within the limit, its true size, and whether it is an archive itself."""
        parts: list[bytes] = []
        size, magic = 0, False
        with opened.open(info) as stream:
            while block := stream.read(_BLOCK):
                magic = magic or (size == 0 and block[:4] in _MAGIC)
                size += len(block)
                self.budget.bytes(shown, len(block))
                if document and size <= MAX_BYTES:
                    parts.append(block)
        return b"".join(parts), size, magic

    def _fault(self, info: zipfile.ZipInfo, name: str) -> str | None:
        mode = info.external_attr >> 16
        parts = name.removesuffix("/").split("/")
        if (
            _CONTROL.search(name) or "\\" in name or re.match(r"[A-Za-z]:", name)
            or any(part in ("", ".", "..") for part in parts) or len(name) > 1_000
        ):  # fmt: skip
            return "source.archive_path"
        # A mode of no type at all is a file of a system that has no modes.
        if stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return "source.link"
        if self._collides(parts, name.endswith("/")):
            return "source.archive_twice"
        if info.flag_bits & 0x1:
            return "source.archive_encrypted"
        return None if info.compress_type in _METHODS or name.endswith("/") else "source.archive_method"

    def _collides(self, parts: list[str], folder: bool) -> bool:
        """Whether a system that ignores case, or how letters are composed, would take it for another member."""
        key = ""
        for depth, part in enumerate(parts, 1):
            key += "/" + unicodedata.normalize("NFC", part).casefold()
            is_folder = folder or depth < len(parts)
            known = self.taken.setdefault(key, is_folder)
            if known != is_folder:
                return True
        if not folder:
            if f"{key}//" in self.taken:
                return True
            self.taken[f"{key}//"] = False
        return False

    def _report(self) -> None:
        """One finding for each kind of fault, at the first member that has it."""
        for rule, names in self.faults.items():
            severity, what, fix = _FAULTS[rule]
            if rule == "source.link" and not self.root:
                # A repository is a tree that people keep; nobody packed its links to mislead.
                severity, fix = "warning", "Put what it points to here."
            shown = [_shown(name) for name in names]
            others = f", and so are {len(names) - 1} more" if len(names) > 1 else ""
            self.findings.append(
                Finding(
                    rule, severity, below(self.root, shown[0]), 1, f"{shown[0]} {what}{others}.", fix,
                    tuple((below(self.root, name), 1) for name in shown[1:20]),
                )
            )  # fmt: skip


def _shown(name: str) -> str:
    """A member's name without anything that a terminal or a log would act on."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", name)[:200]
