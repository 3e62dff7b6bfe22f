"""How much may be handed in, and the refusal of what is more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from waymark.core.errors import Invalid

MEBIBYTE: Final = 1024 * 1024


class Rejected(Invalid):
    """Work that is refused before it is kept or run: 400, nothing was stored and no attempt was used."""

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message, code=code, where=where, hint=hint or _("Mend it and hand in again."))


@dataclass(frozen=True, slots=True)
class Intake:
    """What may be handed in.

    :param files: how many.
    :param size: of one file, in bytes.
    :param total: of all files, in bytes.
    :param entries: of an archive, folders and what is left out included.
    :param upload: of an archive as it is sent, in bytes.
    :param name, path: bytes of one part of a name, and of all of it.
    :param depth: folders above a file, the file included.
    """

    files: int = 500
    size: int = 5 * MEBIBYTE
    total: int = 20 * MEBIBYTE
    entries: int = 5_000
    upload: int = 20 * MEBIBYTE
    name: int = 150
    path: int = 400
    depth: int = 20


INTAKE: Final = Intake()
"""What holds for every lab."""


def size_words(size: int) -> str:
    """A limit in words: ``5 MiB``, ``20 KiB``, ``300 bytes``."""
    for unit, factor in (("MiB", MEBIBYTE), ("KiB", 1024)):
        if size >= factor and size % factor == 0:
            return f"{size // factor} {unit}"
    return _("%(size)d bytes") % {"size": size}


class Measure:
    """Counts files and bytes while they are read, and refuses the first that is too much."""

    def __init__(self, intake: Intake) -> None:
        self.intake, self.files, self.total = intake, 0, 0

    def file(self) -> None:
        self.files += 1
        if self.files > self.intake.files:
            raise Rejected(
                "too_many_files", _("There are more than %(most)d files.") % {"most": self.intake.files},
                hint=_("Leave out what is made by tools."),
            )  # fmt: skip

    def bytes(self, name: str, size: int, more: int) -> None:
        """*more* bytes of a file that has *size* by now."""
        self.total += more
        if size > self.intake.size:
            raise Rejected(
                "file_too_large",
                _("%(name)s is larger than %(most)s.") % {"name": name, "most": size_words(self.intake.size)},
                where=name,
            )
        if self.total > self.intake.total:
            raise Rejected(
                "too_large",
                _("The files are larger than %(most)s together.") % {"most": size_words(self.intake.total)},
            )
