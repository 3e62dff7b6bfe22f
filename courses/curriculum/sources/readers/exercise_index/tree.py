"""The tree of modules in an exercise index: each needs what it stands under, or behind an arrow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from courses.curriculum.sources import asked, hedges
from courses.curriculum.sources.readers.exercise_index.state import MODULE_ID, Index, module_key

_MARKS = re.compile(r"[\u2500-\u257f|+`>\-\\/\s\u2192\u2514\u251c]*")
_ARROW = re.compile(r"->|=>|[\u2500\u2501]>|[\u2192\u21d2\u279c]|[\u2500\u2501-]{2}")
_ANY = re.compile(r"\bor\b|\||/", re.IGNORECASE)
_NEEDS = re.compile(r"\b(?:needs?|requires?|depends? on|after|prerequisites?)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Step:
    """Modules that stand together in a row, and whether any of them is enough for what follows."""

    numbers: list[str]
    column: int
    line: int
    any: bool = False


def rows_read(index: Index, rows: Iterable[tuple[int, str]]) -> None:
    """State the edges of a tree, row by row."""
    above: list[_Step] = []
    for line, text in rows:
        marks = _MARKS.match(text)
        index.program.set(index.next("stated.tree"), (text[marks.end() :] if marks else text) or text.strip(), line)
        steps, before, odd = _steps(text, line)
        if not steps:
            continue
        while above and above[-1].column >= steps[0].column:
            above.pop()
        soft = hedges.SOFT.search(text)
        for step, needed in zip(steps, [above[-1] if above else None, *steps], strict=False):
            _edges(index, step, [each for each in (needed, before) if each], soft=bool(soft))
        if soft and (above or before or len(steps) > 1):
            asked.unclear(index.program, text.strip(), f"what is {soft[0].casefold()!r}", [line])
        elif odd:
            asked.unclear(index.program, text.strip(), f"what {odd} is there for", [line])
        above.append(_Step(steps[-1].numbers, steps[0].column, line, steps[-1].any))


def _steps(text: str, line: int) -> tuple[list[_Step], _Step | None, str]:
    """The modules of a row, from arrow to arrow; those that its words say are needed; one that only is named."""
    steps: list[_Step] = []
    before: _Step | None = None
    end, odd = 0, ""
    for found in MODULE_ID.finditer(text):
        between, end = text[end : found.start()], found.end()
        if before is not None or (steps and _NEEDS.search(between)):
            before = before or _Step([], found.start(), line)
            before.numbers.append(found["number"])
            before.any = before.any or (len(before.numbers) > 1 and bool(_ANY.search(between)))
        elif steps and not _ARROW.search(between) and (_ANY.search(between) or re.search(r",|\band\b|[+&]", between)):
            steps[-1].numbers.append(found["number"])
            steps[-1].any = steps[-1].any or bool(_ANY.search(between))
        elif not steps or _ARROW.search(between):
            steps.append(_Step([found["number"]], found.start(), line))
        else:
            odd = odd or found[0]
    return steps, before, odd


def _edges(index: Index, step: _Step, needed: list[_Step], *, soft: bool) -> None:
    for after in step.numbers:
        for before in needed:
            keys = tuple(dict.fromkeys(map(module_key, before.numbers)))
            groups = [keys] if before.any else [(key,) for key in keys]
            for group in groups:
                wanted = asked.Asked(group, (True,) * len(group), soft)
                asked.edge(
                    index.known(after) or index.program, wanted, "needs", list(dict.fromkeys([step.line, before.line]))
                )
