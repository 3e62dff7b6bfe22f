"""The spellings under which people look for an authored thing, and the id that its words suggest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Kinds that have an address of their own in pages, filters and the API.
ADDRESSED = frozenset(
    {
        "role", "program", "module", "reading", "task", "quiz", "lab", "project", "path",
        "competency", "technology", "skill_area", "profile", "scale",
    }
)  # fmt: skip
_NUMBERED = re.compile(r"([a-z]+)[-_ ]?(\d+)")
# An id that says by itself which module it is from: 101-04, lab-101-04, ex-101.4.
_GLOBAL = re.compile(r"(?:[a-z]+-)?\d{2,}(?:[-.]\d+)+")
_WORDS = {"lab": ("lab", "exercise")}


def slug_of(text: str, default: str = "item") -> str:
    """An id made from words: lower case ASCII, dashes, at most 60 characters; *default* where they have none of it."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain_text.lower()).strip("-")
    return slug[:60].rstrip("-") or default


def fold(text: str) -> str:
    """How aliases are stored and looked up: compatibility forms, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def spellings(kind: str, path: str, given: Iterable[str] = ()) -> set[str]:
    """The folded aliases of an entity: what its author gave, and what its id suggests.

    ``MOD-101`` is found as mod-101, mod 101, mod101 and module 101;
    ``MOD-101/101-04`` also by 101-04, lab 101-04 and exercise 101-04. A last part
    such as ``lab-2`` says too little by itself and is no alias.
    """
    found = {fold(alias) for alias in given}
    if kind in ADDRESSED:
        whole, key = fold(path), fold(path.rpartition("/")[2])
        found.add(whole)
        if whole == key and (match := _NUMBERED.fullmatch(key)):
            prefix, number = match.groups()
            for word in (prefix, *_WORDS.get(kind, (kind,))):
                found |= {f"{word}-{number}", f"{word} {number}", f"{word}{number}"}
        elif _GLOBAL.fullmatch(key):
            found |= {key, *(f"{word} {key}" for word in _WORDS.get(kind, (kind,)))}
    return {alias for alias in found if alias and len(alias) <= 200}
