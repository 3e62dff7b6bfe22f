"""Tables of criteria with levels, as rubrics and project plans have them, and the score that is needed to pass."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

from courses.curriculum.bodies.base import number_text
from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Block, Row, Table
from courses.curriculum.sources.parts import cell, columns, folded, table_rows

# A level is called by its score, or has it in parentheses; of a range (18-20, 90-100 %) the upper end.
_UP_TO = rf"(?:[<>\u2264\u2265]\s*|\d+\s*(?:%\s*)?(?:{values.DASH}|to)\s*)?"
_LEVEL = re.compile(
    rf"^(?:level )?{_UP_TO}(?P<score>\d+)(?: ?%| points?| pts?)?(?!\w)"
    rf"|\({_UP_TO}(?P<inside>\d+)[^()]*\)$", re.IGNORECASE,
)  # fmt: skip
_GOOD = re.compile(r"^(?:excellent|exemplary|exceptional|outstanding|exceeds|expert|advanced|very good)\b")
_OTHER = re.compile(
    r"^(?:proficient|good|meets|competent|accomplished|satisfactory|adequate|acceptable|fair|partial\w*|developing"
    r"|approach\w*|basic|beginning|beginner|novice|emerging|poor|weak|needs?|insufficient|unsatisfactory|inadequate|below"
    r"|fails?|failing|missing|incomplete|not met)\b"
)
_WEIGHT = re.compile(rf"\**+\s*+({values.NUMBER})\s*+(?:%|points?|pts?)?\s*+\**+", re.IGNORECASE)
_WHAT = "criteri|category|dimension|aspect|component|element"
_WEIGHTS = ("weight", "points available", "max", "points", "marks")
MINIMUM = re.compile(
    r"\b(?:minimum|passing|pass)\b.{0,300}\b(?:score|grade|mark|threshold|points)\b|^passing\b|\bto pass\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(rf"({values.NUMBER})\s*+(?:points?|pts?)?\s*+(?:/|of|out of)\s*+({values.NUMBER})", re.IGNORECASE)


def is_criteria(block: Block) -> bool:
    """Whether a block is a table of criteria with at least two levels."""
    return isinstance(block, Table) and columns(block, what=_WHAT)["what"] is not None and len(_levels(block)) >= 2


def _levels(table: Table) -> dict[int, str]:
    """Columns that are levels, with their scores; the first column never is one.

    Levels that are only named, from the best to the worst or the other way round, are as far apart as 4, 3, 2, 1.
    """
    heads = enumerate(table.header.cells)
    found = ((place, _LEVEL.search(head.strip("* "))) for place, head in heads if place)
    scored = {place: match["score"] or match["inside"] for place, match in found if match}
    words = {place: folded(head) for place, head in enumerate(table.header.cells) if place}
    named = [place for place, head in words.items() if _GOOD.match(head) or _OTHER.match(head)]
    if scored or len(named) < 2 or named != list(range(named[0], named[-1] + 1)):
        return scored
    if not _GOOD.match(words[named[0]]) and _GOOD.match(words[named[-1]]):
        named.reverse()
    return {place: str(len(named) - at) for at, place in enumerate(named)}


def criteria_read(statement: Statement, rubric: Claim, table: Table) -> None:
    """Each row is a criterion of *rubric*: its points, its levels with their scores, and notes of other columns."""
    levels = _levels(table)
    first = columns(table, what=_WHAT)["what"]
    heads = {at: folded(head) for at, head in enumerate(table.header.cells) if at not in levels and at != first}
    weight = next((at for word in _WEIGHTS for at, head in heads.items() if word in head), None)
    for row in table_rows(statement, table):
        title = cell(row, first).strip("*_ ")
        if not title:
            rubric.set(f"notes.{rubric.count('notes')}", " | ".join(row.cells), row.line)
        elif folded(title) in ("total", "sum", "total points") and not any(cell(row, at) for at in levels):
            rubric.set("stated.points", " ".join(cell(row, at).strip("* ") for at in heads).strip(), row.line)
        else:
            _criterion(statement, rubric, table, row, title, first, weight, levels)


def _criterion(
    statement: Statement, rubric: Claim, table: Table, row: Row, title: str, first: int | None, weight: int | None,
    levels: dict[int, str],
) -> None:  # fmt: skip
    claim = statement.claim("criterion", title, row.line, parent=rubric)
    claim.set("title", title, row.line)
    for place, text in enumerate(row.cells):
        text = text.strip()
        if place == first or not text:
            continue
        if place == weight:
            found = _WEIGHT.fullmatch(text)
            claim.set("points" if found else "stated.points", values.number(found[1]) if found else text, row.line)
        elif place in levels:
            number = claim.count("levels")
            value = {"score": levels[place], "label": table.header.cells[place].strip("* "), "text": text}
            claim.set(f"levels.{number}", value, row.line)
        else:
            claim.set(f"notes.{claim.count('notes')}", f"{table.header.cells[place]}: {text}", row.line)


def minimum_read(claim: Claim, text: str, lines: tuple[int, ...]) -> None:
    """A rule of *claim*: the share that is needed to pass, said as percent or as so many of so many.

    Where it says both, percent decides, and the other stays beside it to be held against it.
    """
    rule: dict[str, str] = {"text": text}
    share = values.percent(text)
    if found := _OUT_OF.search(text):
        part, whole = (Decimal(values.number(each)) for each in found.groups())
        if share:
            rule |= {"points": f"{part:f}", "out_of": f"{whole:f}"}
        elif 0 < part <= whole:
            share = number_text((100 * part / whole).quantize(Decimal("0.01"), ROUND_FLOOR).normalize())
    if share:
        rule |= {"measure": "overall_percent", "at_least": share}
    claim.set(f"rules.{claim.count('rules')}", rule, *lines)
