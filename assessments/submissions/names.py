"""Which names files of a submission may have.

A name is a path with forward slashes below the folder of the work, readable on
every system: no two names that a system would take for one, nothing that leads
out, nothing that a terminal would act on.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext as _

from assessments.submissions.limits import Intake, Rejected
from waymark.core.text import is_storable

_DRIVE: Final = re.compile(r"[A-Za-z]:")
LEFT_OUT_FOLDERS: Final = frozenset({".git", "__MACOSX", "__pycache__"})
LEFT_OUT_FILES: Final = frozenset({".DS_Store", "Thumbs.db"})


def shown_name(name: str) -> str:
    """A name without anything that a terminal, a log or a page would act on; at most 200 characters."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:200]


def name_read(name: str, intake: Intake) -> str:
    """*name* as it is kept: without ``./`` in front.

    :raises Rejected: it leads out of the folder, is absolute, or cannot be a name everywhere.
    """
    while name.startswith("./"):
        name = name[2:]
    parts = name.split("/")
    shown = shown_name(name)
    if name.startswith("/") or _DRIVE.match(name):
        raise Rejected("absolute_name", _("%(name)s is an absolute path.") % {"name": shown}, where=shown)
    if ".." in parts:
        raise Rejected("name_leads_out", _("%(name)s leads out of the folder.") % {"name": shown}, where=shown)
    if any(part in ("", ".") or part != part.strip(" ") or part.endswith(".") for part in parts) or "\\" in name:
        raise Rejected("bad_name", _("%(name)s is no name that every system has.") % {"name": shown}, where=shown)
    if not name.isprintable() or not is_storable(name):
        raise Rejected("bad_name", _("%(name)s has characters that cannot be seen.") % {"name": shown}, where=shown)
    longest = max(len(part.encode()) for part in parts)
    if longest > intake.name or len(name.encode()) > intake.path or len(parts) > intake.depth:
        message = _(
            "The name %(name)s is too long: at most %(part)d bytes a part, %(path)d together, %(depth)d folders deep."
        )
        raise Rejected(
            "long_name",
            message % {"name": shown, "part": intake.name, "path": intake.path, "depth": intake.depth},
            where=shown,
        )
    return name


def is_left_out(name: str) -> bool:
    """Whether a file is what tools leave behind (version control, caches, a desktop's own files)."""
    path = PurePosixPath(name)
    return bool(LEFT_OUT_FOLDERS & set(path.parts[:-1])) or path.name in LEFT_OUT_FILES or path.suffix == ".pyc"


class Names:
    """The names of one submission; each is taken once, however a system writes it."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[str, bool]] = {}

    def take(self, name: str) -> None:
        """:raises Rejected: it is another's name, or one's where the other has a folder."""
        parts = name.split("/")
        key = ""
        for depth, part in enumerate(parts, 1):
            key += "/" + unicodedata.normalize("NFC", part).casefold()
            is_file = depth == len(parts)
            spelt = "/".join(parts[:depth])
            known = self._taken.get(key)
            if known is None:
                self._taken[key] = (spelt, is_file)
                continue
            first, was_file = known
            if first == spelt and not was_file and not is_file:
                continue
            shown = shown_name(spelt)
            if first == spelt:
                raise Rejected("name_twice", _("%(name)s is there twice.") % {"name": shown}, where=shown)
            raise Rejected(
                "names_collide",
                _("%(one)s and %(other)s are the same name on some systems.")
                % {"one": shown_name(first), "other": shown},
                where=shown,
            )
