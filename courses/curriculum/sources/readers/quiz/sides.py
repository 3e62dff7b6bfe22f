"""What a question that matches has on its two sides, under letters, numbers or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources.readers.quiz.answers import compared, plain
from courses.curriculum.sources.readers.quiz.kinds import Found

Side = tuple[str, list[int]]
_LABELLED = re.compile(
    r"^(?:[-*+]\s+)?(?:\*\*)?\(?(?P<label>\d{1,2}|[A-Za-z])[.)](?:\*\*)?\s+(?P<text>\S.*)$", re.DOTALL
)
_BESIDE = re.compile(r"(?:^|(?<=\s))\(?(?P<label>\d{1,2}|[A-Za-z])[.)]\s+")
_LONGEST = 2000


def named(found: Found) -> dict[str, Side]:
    """What a question says that each number, letter, or side in words stands for, with its lines."""
    sides: dict[str, Side] = {}
    for option in found.options:
        sides[option.letter] = "\n".join(option.text).strip(), option.lines
    for row in found.rows:
        for at, cell in enumerate(row.cells):
            # A column of its own for the number or letter, before what it stands for.
            if at % 2 == 0 and len(row.cells) in (2, 4) and re.fullmatch(r"\(?(?:\d{1,2}|[A-Za-z])[.)]?", cell):
                sides.setdefault(re.sub(r"\W", "", cell).upper(), (row.cells[at + 1], [row.line]))
    lines = [*found.stem, *((row.line, cell) for row in found.rows for cell in row.cells)]
    for line, text in lines:
        if label := _LABELLED.match(text):
            sides.setdefault(label["label"].upper(), (label["text"].strip(), [line]))
    for line, text in found.stem:
        for name, words in _beside(text):
            sides.setdefault(name, (words, [line]))
    for line, text in lines:
        bare = re.sub(r"^(?:[-*+]|\d{1,2}[.)])\s+", "", text).strip()
        if bare and not bare.startswith("|"):
            sides.setdefault(compared(bare), (plain(bare), [line]))
    for side in list(sides.values()):
        sides.setdefault(compared(side[0]), side)
    return sides


def _beside(text: str) -> Iterator[tuple[str, str]]:
    """Names and words of what stands beside each other in a line: ``Column A: 1. Pod 2. Node``."""
    starts = list(_BESIDE.finditer(text[:_LONGEST]))
    if len(starts) > 1:
        for start, end in zip(starts, [*(each.start() for each in starts[1:]), len(text)], strict=True):
            yield start["label"].upper(), text[start.end() : end].strip(" ,;|")


def side_of(sides: dict[str, Side], said: str) -> Side | None:
    """What one side of a pair stands for; None where the question does not say it."""
    return sides.get(said.strip("()").upper()) or sides.get(compared(said))
