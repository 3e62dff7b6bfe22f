"""Tables of criteria with levels, as rubrics and project plans have them, and the score that is needed to pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType

from courses.curriculum.bodies.base import number_text
from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Block, Listing, Row, Section, Table
from courses.curriculum.sources.parts import cell, columns, folded, table_rows

# A level is called by its score, or has it in parentheses; of a range (18-20, 90-100 %) the upper end.
_UP_TO = rf"(?:[<>\u2264\u2265]\s*|\d+\s*(?:%\s*)?(?:{values.DASH}|to)\s*)?"
_LEVEL = re.compile(
    rf"^(?:level )?{_UP_TO}(?P<score>\d+)(?: ?%| points?| pts?)?(?!\w)"
    rf"|\({_UP_TO}(?P<inside>\d+)[^()]*\)$", re.IGNORECASE,
)  # fmt: skip
_BEST = re.compile(
    r"^(?:excellent|exemplary|exceptional|outstanding|exceeds?|exceeding|expert|advanced|very good|master\w*"
    r"|distinguished|distinction|superior|strong|gold|platinum|green|complete|completed|fully?|mature|leading|always)\b"
)
_LOW = re.compile(
    r"^(?:basic|beginning|beginner|novice|emerging|poor|weak|needs?|insufficient|unsatisfactory|inadequate|below"
    r"|fails?|failing|missing|incomplete|not|no|none|absent|bronze|red|apprentice|limited|minimal|unacceptable|foundational"
    r"|off track|never|rarely|learner|did not)\b"
)
_BETWEEN = re.compile(
    r"^(?:proficient|good|meets?|meeting|competent|accomplished|satisfactory|adequate|acceptable|fair|partial\w*|developing"
    r"|approach\w*|intermediate|average|silver|yellow|amber|solid|capable|practitioner|journeyman|marginal|merit|pass\w*"
    r"|on track|at risk|progressing|nearly|mostly|sometimes|expected|standard)\b"
)
# What a column may say of a criterion beside its levels.
_BESIDE = re.compile(
    r"\b(?:comments?|notes?|scores?|evidence|feedback|descriptions?|meaning|how|what|why|examples?|total|given|earned|grade"
    r"|check|source|artifacts?|deliverables?|question|remarks?|percent\w*|competenc\w*|method|tool|id|number|minimum)\b"
)
Legend = Mapping[str, str]
"""What each level gives, by its folded name; a document may say it apart from its criteria."""
_WEIGHT = re.compile(rf"\**+\s*+({values.NUMBER})\s*+(?:%|points?|pts?)?\s*+\**+", re.IGNORECASE)
# "Gold = 3", "3 - Gold: beyond what was asked", "Gold (100%)".
_GIVEN = re.compile(
    r"^(?P<label>[^\W\d][\w /&-]{1,40}?)\s*(?:[=:(]|[\u2013\u2014-]\s)\s*"
    rf"(?P<score>{values.NUMBER})(?:\s*(?:points?|pts?|%)|\b)"
    rf"|^(?P<before>{values.NUMBER})\s*(?:points?\s*)?[=:.\u2013\u2014-]+\s*"
    r"(?P<behind>[^\W\d][\w /&-]{1,40}?)(?=\s*(?:[:(\u2013\u2014]|$))",
    re.IGNORECASE,
)
# "Code (60 points)" in the column of the criteria.
_INSIDE = re.compile(
    rf"(?P<title>[^()]+?)\s*\((?:weight:?\s*)?(?P<points>{values.NUMBER})\s*(?:%|points?|pts?)?\)", re.IGNORECASE
)
_WHAT = "criteri|category|dimension|aspect|component|element"
_WEIGHTS = ("weight", "points available", "max", "points", "marks")
MINIMUM = re.compile(
    r"\b(?:minimum|passing|pass)\b.{0,300}\b(?:score|grade|mark|threshold|points)\b|^passing\b"
    r"|^(?:pass|minimum)$|\bto pass\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(rf"({values.NUMBER})\s*+(?:points?|pts?)?\s*+(?:/|of|out of)\s*+({values.NUMBER})", re.IGNORECASE)

_POINTS_ALONE = re.compile(rf"[\W_]*({values.NUMBER})\s?(?:points?|pts?)[\W_]*", re.IGNORECASE)


def is_criteria(block: Block, legend: Legend = MappingProxyType({}), *, wide: bool = False) -> bool:
    """Whether a block is a table of criteria with at least two levels.

    :param wide: it stands in a rubric, so that its first column is what is judged, whatever it is called.
    """
    return isinstance(block, Table) and _what(block, wide=wide) is not None and len(_levels(block, legend)) >= 2


def _what(table: Table, *, wide: bool) -> int | None:
    """The column of the criteria."""
    found = columns(table, what=_WHAT)["what"]
    return 0 if found is None and wide and len(table.header.cells) > 2 else found


def _levels(table: Table, legend: Legend) -> dict[int, str]:
    """Columns that are levels, with their scores; the first column never is one."""
    heads = {place: head.strip("* ") for place, head in enumerate(table.header.cells) if place}
    found = ((place, _LEVEL.search(head)) for place, head in heads.items())
    scored = {place: match["score"] or match["inside"] for place, match in found if match}
    words = {place: folded(head) for place, head in heads.items()}
    others = [word for word in _WEIGHTS if any(word in head for head in words.values())]
    named = [
        place for place, head in words.items()
        if head and not _BESIDE.search(head) and not any(word in head for word in others)
    ]  # fmt: skip
    if scored or len(named) < 2 or named != list(range(named[0], named[-1] + 1)):
        return scored
    return dict(zip(named, level_scores([words[place] for place in named], legend), strict=False))


def level_scores(labels: Sequence[str], legend: Legend = MappingProxyType({})) -> list[str]:
    """The scores of levels that are only named; empty where their names do not say which is the best.

    What the legend of a document gives them counts; else they are as far apart as 4, 3, 2, 1.
    """
    words = [folded(label) for label in labels]
    if all(word in legend for word in words):
        return [legend[word] for word in words]
    known = sum(bool(_BEST.match(word) or _LOW.match(word) or _BETWEEN.match(word)) for word in words)
    falling = bool(_BEST.match(words[0])) - bool(_LOW.match(words[0])) + bool(_LOW.match(words[-1]))
    falling -= bool(_BEST.match(words[-1]))
    if 2 * known < len(words) or known < 2 or not falling:
        return []
    scores = [str(place + 1) for place in range(len(words))]
    return scores[::-1] if falling > 0 else scores


def legend_of(root: Section) -> dict[str, str]:
    """What the levels of a document give, as its lists and tables say it: ``Gold = 3``, a row with level and score."""
    found: dict[str, str] = {}
    for section in root.walk():
        for block in section.blocks:
            for label, score in _legend(block):
                found.setdefault(folded(label), score)
    return found


def _legend(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Listing):
        given = [_GIVEN.match(re.sub(r"\*\*|__", "", item.text)) for item in block.items]
        for each in given if sum(map(bool, given)) > 1 else ():
            if each:
                yield each["label"] or each["behind"], each["score"] or each["before"]
    elif isinstance(block, Table):
        at = columns(block, score="score|points|value|percent|weight", name="level|label|name|rating|grade|tier")
        for row in block.rows:
            score = re.fullmatch(rf"\**({values.NUMBER})\s*%?\**", cell(row, at["score"]))
            if score and at["name"] != at["score"] and cell(row, at["name"]):
                yield cell(row, at["name"]), values.number(score[1])


def criteria_read(
    statement: Statement, rubric: Claim, table: Table, legend: Legend = MappingProxyType({}), *, wide: bool = False
) -> None:
    """Each row is a criterion of *rubric*: its points, its levels with their scores, and notes of other columns."""
    levels = _levels(table, legend)
    first = _what(table, wide=wide)
    heads = {at: folded(head) for at, head in enumerate(table.header.cells) if at not in levels and at != first}
    weight = next((at for word in _WEIGHTS for at, head in heads.items() if word in head), None)
    best = _best(table, levels) if weight is None else ""
    for row in table_rows(statement, table):
        title = cell(row, first).strip("*_ ")
        if not title:
            rubric.set(f"notes.{rubric.count('notes')}", " | ".join(row.cells), row.line)
        elif folded(title) in ("total", "sum", "total points") and not any(cell(row, at) for at in levels):
            rubric.set("stated.points", " ".join(cell(row, at).strip("* ") for at in heads).strip(), row.line)
        else:
            claim = _criterion(statement, rubric, table, row, title, first, weight, levels)
            if best and "points" not in claim.fields:
                claim.set("points", best, table.header.line, row.line)


def _best(table: Table, levels: dict[int, str]) -> str:
    """What each criterion gives at most where the heads of its levels say so, and not in percent; else empty."""
    heads = [table.header.cells[place] for place in levels]
    told = all(re.search(r"\d", head) for head in heads) and not any("%" in head for head in heads)
    return max(levels.values(), key=Decimal) if told else ""


def _criterion(
    statement: Statement, rubric: Claim, table: Table, row: Row, title: str, first: int | None, weight: int | None,
    levels: dict[int, str],
) -> Claim:  # fmt: skip
    inside = _INSIDE.fullmatch(title) if weight is None else None
    title = inside["title"] if inside else title
    claim = statement.claim("criterion", title, row.line, parent=rubric)
    claim.set("title", title, row.line)
    heads = [folded(head) for head in table.header.cells]
    if inside:
        claim.set("points", values.number(inside["points"]), row.line)
    for place, text in enumerate(row.cells):
        text = text.strip()
        if place == first or not text:
            continue
        if place == weight:
            found = _WEIGHT.fullmatch(text)
            claim.set("points" if found else "stated.points", values.number(found[1]) if found else text, row.line)
        elif place not in levels and heads[place].startswith("min") and (found := _WEIGHT.fullmatch(text)):
            claim.set("minimum", values.number(found[1]), row.line)
        elif place in levels:
            number = claim.count("levels")
            value = {"score": levels[place], "label": table.header.cells[place].strip("* "), "text": text}
            claim.set(f"levels.{number}", value, row.line)
        else:
            claim.set(f"notes.{claim.count('notes')}", f"{table.header.cells[place]}: {text}", row.line)
    return claim


def minimum_read(claim: Claim, text: str, lines: tuple[int, ...], whole: str = "") -> None:
    """A rule of *claim*: the share that is needed to pass, said as percent or as so many of so many.

    Where it says both, percent decides, and the other stays beside it to be held against it.

    :param whole: what points by themselves are out of; empty where nobody knows.
    """
    rule: dict[str, str] = {"text": text}
    share = values.percent(text)
    if whole and (alone := _POINTS_ALONE.fullmatch(text)):
        text = f"{alone[1]}/{whole}"
    if found := _OUT_OF.search(text):
        part, out_of = (Decimal(values.number(each)) for each in found.groups())
        if share:
            rule |= {"points": f"{part:f}", "out_of": f"{out_of:f}"}
        elif 0 < part <= out_of:
            share = number_text((100 * part / out_of).quantize(Decimal("0.01"), ROUND_FLOOR).normalize())
    if share:
        rule |= {"measure": "overall_percent", "at_least": share}
    claim.set(f"rules.{claim.count('rules')}", rule, *lines)
