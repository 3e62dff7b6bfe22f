"""Archives that learners hand in: zip and tar, read in memory within limits.

What an archive says of itself is not believed: sizes are counted while
unpacking, and names are looked at before anything is made of them. Nothing is
written anywhere, no link is followed, and no mode, owner or time is kept.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _

from assessments.submissions.limits import Intake, Measure, Rejected
from assessments.submissions.names import is_left_out, name_read, shown_name
from courses.curriculum.sources.archives import directory_size

BLOCK: Final = 64 * 1024
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"
# 7z, bzip2, xz and rar: their unpackers need memory that an archive chooses.
_OTHERS: Final = (b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00", b"Rar!")
_BROKEN: Final = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, OSError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip
# A zip of MS-DOS or Windows may part its folders with backslashes.
_SYSTEMS_WITH_BACKSLASHES: Final = (0, 10, 11)


def is_archive(data: bytes) -> bool:
    """Whether *data* is an archive, by its first bytes; also one of a kind that is not read."""
    return data[:4] in _ZIP or data[:2] == _GZIP or data[257:262] == b"ustar" or data.startswith(_OTHERS)


def archive_read(data: bytes, intake: Intake) -> tuple[dict[str, bytes], list[str]]:
    """The files of an archive by name, and the names that were left out.

    :raises Rejected: names, links, sizes, counts, damage, passwords.
    """
    if len(data) > intake.upload:
        raise Rejected("too_large", _("The archive is larger than %(most)d bytes.") % {"most": intake.upload})
    if data.startswith(_OTHERS):
        raise Rejected("archive_method", _("Archives of this kind are not read."), hint=_("Pack a zip or a tar.gz."))
    try:
        members = _zip(data, intake) if data[:4] in _ZIP else _tar(data, intake)
        return _collect(members, intake)
    except Rejected:
        raise
    except _BROKEN as error:
        raise Rejected("archive_broken", _("The archive cannot be read; its data is damaged.")) from error


def _collect(members: Iterator[tuple[str, IO[bytes]]], intake: Intake) -> tuple[dict[str, bytes], list[str]]:
    measure, found, left_out = Measure(intake), {}, []
    for name, stream in members:
        if is_left_out(name):
            left_out.append(name)
            continue
        measure.file()
        parts: list[bytes] = []
        size = 0
        while block := stream.read(BLOCK):
            size += len(block)
            measure.bytes(shown_name(name), size, len(block))
            parts.append(block)
        if name in found:
            raise Rejected(
                "name_twice", _("%(name)s is there twice.") % {"name": shown_name(name)}, where=shown_name(name)
            )
        found[name] = b"".join(parts)
    return found, left_out


def _too_many(intake: Intake) -> Rejected:
    return Rejected("too_many_files", _("The archive has more than %(most)d entries.") % {"most": intake.entries})


def _zip(data: bytes, intake: Intake) -> Iterator[tuple[str, IO[bytes]]]:
    # It is read at once, whatever number of entries it claims; each has 46 bytes, its name, and a little more.
    if directory_size(io.BytesIO(data), len(data)) > intake.entries * (intake.path + 200):
        raise _too_many(intake)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > intake.entries:
            raise _too_many(intake)
        for info in infos:
            name = info.orig_filename
            if info.create_system in _SYSTEMS_WITH_BACKSLASHES:
                name = name.replace("\\", "/")
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise _no_file(name)
            if name.endswith("/"):
                name_read(name.rstrip("/") or name, intake)
                continue
            name = name_read(name, intake)
            if info.flag_bits & 0x1:
                raise Rejected(
                    "archive_encrypted", _("%(name)s is encrypted.") % {"name": shown_name(name)},
                    hint=_("Pack it without a password."),
                )  # fmt: skip
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Rejected(
                    "archive_method", _("%(name)s is packed by a method that is not read.") % {"name": shown_name(name)}
                )
            with archive.open(info) as stream:
                yield name, stream


def _no_file(name: str) -> Rejected:
    shown = shown_name(name)
    return Rejected(
        "not_a_file", _("%(name)s is a link or no regular file.") % {"name": shown}, where=shown,
        hint=_("Hand in the file itself."),
    )  # fmt: skip


class _Counted(io.RawIOBase):
    """A stream that ends in a refusal once more has come out of it than an archive of this size may hold."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__()
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(BLOCK if size is None or size < 0 else min(size, BLOCK))
        self._left -= len(block)
        if self._left < 0:
            raise Rejected("too_large", _("The archive unpacks to more than may be handed in."))
        return block


def _tar(data: bytes, intake: Intake) -> Iterator[tuple[str, IO[bytes]]]:
    plain: IO[bytes] = io.BytesIO(data)
    if data[:2] == _GZIP:
        plain = gzip.GzipFile(fileobj=plain)  # type: ignore[assignment]
    # Headers and padding besides what the files hold.
    most = intake.total + intake.entries * 4 * tarfile.BLOCKSIZE
    with tarfile.open(fileobj=_Counted(plain, most), mode="r|", bufsize=tarfile.BLOCKSIZE * 20) as archive:
        for count, member in enumerate(archive, 1):
            if count > intake.entries:
                raise _too_many(intake)
            if member.isdir():
                if member.name not in (".", ""):
                    name_read(member.name.rstrip("/") or member.name, intake)
                continue
            if not member.isreg() or member.issparse():
                raise _no_file(member.name)
            stream = archive.extractfile(member)
            assert stream is not None, "a regular file"
            yield name_read(member.name, intake), stream
