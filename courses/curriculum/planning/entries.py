"""Options, pairs and other entries of a body keep their ids when their words change a little.

Recorded answers point at the ids of options. A document gives none but letters, which
say where an option stands; what stood there under other words, or elsewhere, keeps
the id it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, TypeGuard

from courses.curriculum.aliases import slug_of

ALIKE = 0.5
_LABELS = ("text", "left", "title")


def keep_entry_ids(body: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """*body* whose entries without an authored id have the ids that they had *before*."""
    made = dict(body)
    for name, entries in body.items():
        old = before.get(name)
        if _are_entries(entries) and _are_entries(old):
            made[name] = _kept(entries, old)
    return made


def _are_entries(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) and "id" in each for each in value)


def _kept(entries: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = {each["id"]: _label(each) for each in before}
    ids: dict[int, str] = {}
    for place, entry in enumerate(entries):
        if not _is_made(entry):
            ids[place] = entry["id"]
            left.pop(entry["id"], None)
    open_ = [place for place in range(len(entries)) if place not in ids]
    ranked = sorted(
        ((likeness, place, own) for place in open_ for own, label in left.items()
         if (likeness := SequenceMatcher(None, _label(entries[place]), label, autojunk=False).ratio()) >= ALIKE),
        key=lambda row: (-row[0], row[1]),
    )  # fmt: skip
    for _, place, own in ranked:
        if place not in ids and own in left:
            ids[place] = own
            del left[own]
    taken = {*ids.values(), *(each["id"] for each in before)}
    for place in open_:
        if place not in ids:
            # What is new is called by its words: its letter may have been that of something else.
            ids[place] = _free(slug_of(_label(entries[place])), taken)
            taken.add(ids[place])
    return [{**entry, "id": ids[place]} for place, entry in enumerate(entries)]


def _free(own: str, taken: set[str]) -> str:
    ids = (own, *(f"{own}-{number}" for number in range(2, 10_000)))
    return next(each for each in ids if each not in taken)


def _label(entry: Mapping[str, Any]) -> str:
    words = next((str(entry[name]) for name in _LABELS if entry.get(name)), "")
    return " ".join(words.casefold().split())


def _is_made(entry: Mapping[str, Any]) -> bool:
    """Whether the id is only a letter, or what the words say, perhaps with a number behind it."""
    label, own = _label(entry), entry["id"]
    return bool(label) and (len(own) == 1 or own.startswith(slug_of(label)[:56]))
