"""What changed between two hand-ins, as a unified diff of their text files."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

MOST_LINES: Final = 5_000
"""Of one file: longer ones are named as changed, and not compared line by line."""
CONTEXT: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """:param kind: ``same``, ``added``, ``removed`` or ``place`` (of the lines that follow)."""

    kind: Literal["same", "added", "removed", "place"]
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is not the same in both. ``lines`` is empty where it is no text, or too long."""

    name: str
    kind: Literal["added", "removed", "changed"]
    lines: tuple[Line, ...]


def text_of(data: bytes) -> str | None:
    """*data* as text, or None when it is none (not UTF-8, or with a NUL)."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Changed]:
    """What is not the same in both, by name."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        kind: Literal["added", "removed", "changed"] = (
            "added" if old is None else "removed" if new is None else "changed"
        )
        found.append(Changed(name, kind, _lines(old or b"", new or b"")))
    return found


def _lines(old: bytes, new: bytes) -> tuple[Line, ...]:
    texts = [text_of(old), text_of(new)]
    if None in texts:
        return ()
    before, after = ((text or "").splitlines() for text in texts)
    if max(len(before), len(after)) > MOST_LINES:
        return ()
    kinds: dict[str, Literal["same", "added", "removed"]] = {" ": "same", "+": "added", "-": "removed"}
    lines = list(difflib.unified_diff(before, after, n=CONTEXT, lineterm=""))[2:]
    return tuple(Line("place", line) if line.startswith("@@") else Line(kinds[line[0]], line[1:]) for line in lines)
