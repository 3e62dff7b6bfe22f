"""Criteria of a rubric that are no rows of a table: lines with points, and heads with points above what they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.criteria import Legend, level_scores
from courses.curriculum.sources.listed import Entry
from courses.curriculum.sources.outline import Block, Item, Listing, Paragraph, Section, Table
from courses.curriculum.sources.parts import cell, folded, item_lines, item_text, table_rows

POINTS = re.compile(rf"({values.NUMBER})\s*(?:points?|pts?)\b", re.IGNORECASE)
_FIGURE = re.compile(rf"\**\s*{values.NUMBER}\s*(?:points?|pts?|%)?\s*\**", re.IGNORECASE)
_SHARE = re.compile(rf"\(?\s*({values.NUMBER})\s*%\s*\)?")
# A criterion without a colon: "Code quality (25 points)", "Code quality - 25%".
AT_END = re.compile(
    rf"^(?P<title>.+?)(?<!\s)\s*+(?<![(\[=\u2013-])[(\[=\u2013-]++\s*+(?P<points>{values.NUMBER})\s*+(?:points?|pts?|%)\s*+[)\]]?$",
    re.I,
)
# "Architecture (30 points)", "Architecture: 30 pts".
_HEAD = re.compile(
    r"^(?P<title>.+?)(?<![\s*_])[\s*_]*+(?<![(\[:=\u2013\u2014-])[(\[:=\u2013\u2014-]++\s*+(?:max(?:imum)? )?"
    rf"(?P<points>{values.NUMBER})\s*+(?:points?|pts?|marks?|%)\s*+[)\]]?$", re.IGNORECASE,
)  # fmt: skip
# "18-20: handles late data", "Exceeds (45-50): all rows", "**Expert** - all": a level and what it asks.
_RANGE = re.compile(
    rf"^\**(?P<label>(?:\d+\s*{values.DASH}\s*)?(?P<score>\d+)(?:\s*(?:points?|pts?))?)\**\s*[:=]\**\s*(?P<text>\S.*)$",
    re.I | re.S,
)
_NAMED = re.compile(
    r"^\**(?P<label>[^\W\d][^:*()\u2013\u2014]{0,40}?)\**\s*(?:\((?P<inside>[^()]*\d[^()]*)\))?\**\s*(?::\**|\s[\u2013\u2014-])\s*(?P<text>\S.*)$",
    re.S,
)


# What is called so is no criterion, but all of them.
_WHOLE = re.compile(r"\b(?:rubric|grading|criteria|evaluation|assessment|scoring|total|points|bonus|proj)")
# Neither is what is needed to pass, or taken off; nor a range of figures: "Excellent (90-100 points)".
_OTHER = re.compile(
    r"\b(?:minimum|pass\w*|threshold|deduct\w*|penalt\w*|late|extra|scales?|levels?)\b|\($|\([^)]*$|^\d+$"
)
_LEVELS = re.compile(r"\b(?:scores?|levels?|points?|rating|range|grade|band|marks?|tier|performance)\b")


@dataclass(frozen=True, slots=True)
class Level:
    label: str
    score: str
    text: str
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Given:
    """A criterion with its points, and below it its levels, or else what it asks.

    :ivar table: of its levels, whose head and rule belong to them.
    :ivar text: paragraphs about it.
    """

    title: str
    points: str
    lines: Sequence[int]
    levels: list[Level]
    asks: list[Item]
    table: Table | None = None
    text: Sequence[Paragraph] = ()


def is_head(title: str) -> bool:
    """Whether a heading is a criterion, or a group of them, with its points."""
    head = _HEAD.match(_bare(title))
    return head is not None and not _WHOLE.search(folded(head["title"]))


def given_in(section: Section, legend: Legend, *, strict: bool = False) -> list[Given]:
    """The criteria of a section: entries with entries below them, bold lines above a list, and the section itself.

    :param strict: a section is a criterion only where one list or table is all that stands in it.
    """
    found = list(_given(section.blocks, legend))
    head = _HEAD.match(_bare(section.title)) if section.level else None
    if found or head is None:
        return found
    if len(section.blocks) == 1:
        found += _made(head, section.heading_lines, section.blocks[0], legend)
    if not found and not strict:
        found += _bodied(head, section, legend)
    return found


def _bodied(head: re.Match[str], section: Section, legend: Legend) -> Iterator[Given]:
    """A heading with points as a criterion, whatever stands below it that has no points of its own.

    Plain paragraphs are its text, the first levels its levels, entries its checklist; labelled lines stay notes.
    """
    title = _title(head)
    outside = _OTHER.search(folded(title)) or _OTHER.search(title) or level_scores([title], legend)
    if section.sections or "%" in head[0][head.end("points") :] or _WHOLE.search(folded(title)) or outside:
        return
    levels: list[Level] = []
    asks: list[Item] = []
    table: Table | None = None
    for block in section.blocks:
        if isinstance(block, Table):
            rows = _tabled(block, legend)
            if not rows or levels:
                return
            levels, table = rows, block
        elif isinstance(block, Listing):
            if _are_criteria(block, head["points"]):
                return
            bands = _levels(block.items, legend)
            if bands and not levels:
                levels = bands
            else:
                asks += block.items
    text = [each for each in section.blocks if isinstance(each, Paragraph) and not _opens(each)]
    text = [each for each in text if not each.text.startswith(("**", "__"))]
    yield Given(title, values.number(head["points"]), section.heading_lines, levels, asks, table, text)


def _given(blocks: list[Block], legend: Legend) -> Iterator[Given]:
    before: Paragraph | None = None
    for block in blocks:
        if before is not None and (head := _HEAD.match(_bare(before.text))):
            yield from _made(head, (before.line,), block, legend)
        for item in block.items if isinstance(block, Listing) else ():
            head = _HEAD.match(_bare(item.text))
            if head and len(item.blocks) == 1:
                lines = range(item.line, item.blocks[0].line)
                yield from _made(head, lines, item.blocks[0], legend)
        before = block if isinstance(block, Paragraph) and _opens(block) else None


def _opens(paragraph: Paragraph) -> bool:
    """Whether a line stands by itself above what it opens."""
    return paragraph.line == paragraph.end and (paragraph.text.startswith(("**", "__")) or paragraph.text.endswith(":"))


def _bare(text: str) -> str:
    return text.strip("*_: ")


def _title(head: re.Match[str]) -> str:
    return re.sub(r"^\d{1,2}[.)]\s+", "", _bare(head["title"]))


def _made(head: re.Match[str], lines: Sequence[int], block: Block, legend: Legend) -> Iterator[Given]:
    title, points = _title(head), values.number(head["points"])
    if _WHOLE.search(folded(title)):
        return
    if isinstance(block, Table):
        if levels := _tabled(block, legend):
            yield Given(title, points, lines, levels, [], block)
    elif (
        isinstance(block, Listing)
        and not _are_criteria(block, head["points"])
        and not any(item.checked is not None for item in block.items)
    ):
        levels = _levels(block.items, legend)
        yield Given(title, points, lines, levels, [] if levels else block.items)


def _are_criteria(listing: Listing, points: str) -> bool:
    """Whether the entries below a head of *points* have points of their own: then it is a group of criteria.

    Entries that look like levels are criteria where their points add up to those of the head.
    """
    pointed = [_HEAD.match(_bare(item.text)) or POINTS.search(item.text) for item in listing.items]
    if sum(map(bool, pointed)) < 2:
        return False
    if not all(_RANGE.match(item.text) or _NAMED.match(item.text) for item in listing.items):
        return True
    named = [(_NAMED.match(item.text), _HEAD.match(_bare(item.text))) for item in listing.items]
    inside = [(each and POINTS.fullmatch(each["inside"] or "")) or head for each, head in named]
    parts = [float(values.number(each[1] if each.re is POINTS else each["points"])) for each in inside if each]
    return len(parts) == len(listing.items) and sum(parts) == float(values.number(points))


def _levels(items: Sequence[Item], legend: Legend) -> list[Level]:
    """The entries as levels, from their figures or names; empty where any of them is none."""
    ranged = [_RANGE.match(item.text) for item in items]
    named = [_NAMED.match(item.text) for item in items]
    if len(items) < 2:
        return []
    if all(ranged):
        parts = [(each["label"], each["score"], each["text"]) for each in ranged if each]
    elif all(named):
        inside = [re.findall(r"\d+", each["inside"] or "") for each in named if each]
        labels = [each["label"].strip() for each in named if each]
        scores = [max(each, key=int) for each in inside] if all(inside) else level_scores(labels, legend)
        if not scores:
            return []
        shown = [
            f"{each['label'].strip()} ({each['inside']})" if each["inside"] else each["label"].strip()
            for each in named
            if each
        ]
        parts = list(zip(shown, scores, [each["text"] for each in named if each], strict=True))
    else:
        return []
    return [Level(*part, item_lines(item)) for part, item in zip(parts, items, strict=True)]


def _tabled(table: Table, legend: Legend) -> list[Level]:
    """Rows as levels: what each is called or gives, and what it asks."""
    rows = [row for row in table.rows if cell(row, 0)]
    if len(table.header.cells) < 2 or len(rows) < 2 or not _LEVELS.search(folded(table.header.cells[0])):
        return []
    labels = [cell(row, 0).strip("* ") for row in rows]
    figures = [re.findall(r"\d+", label) for label in labels]
    columned = [re.findall(r"\d+", cell(row, 1)) for row in rows] if len(table.header.cells) > 2 else []
    if all(figures):
        scores, last = [max(each, key=int) for each in figures], 1
    elif columned and all(columned):
        scores, last = [max(each, key=int) for each in columned], 2
    else:
        scores, last = level_scores(labels, legend), 1
    texts = [" | ".join(each for each in row.cells[last:] if each.strip()) for row in rows]
    if not scores:
        return []
    parts = zip(labels, scores, texts, rows, strict=True)
    return [Level(label, score, text, (row.line,)) for label, score, text, row in parts]


def given_read(statement: Statement, rubric: Claim, given: Given) -> None:
    """State a criterion with its levels, or with what it asks as its checklist."""
    claim = statement.claim("criterion", given.title, given.lines[0], parent=rubric)
    claim.set("title", given.title, *given.lines)
    claim.set("points", given.points, *given.lines)
    if given.table is not None:
        table_rows(statement, given.table)
    for place, level in enumerate(given.levels):
        claim.set(f"levels.{place}", {"score": level.score, "label": level.label, "text": level.text}, *level.lines)
    for place, item in enumerate(given.asks):
        claim.set(f"checklist.{place}", item_text(item), *item_lines(item))
    if given.text:
        lines = [line for each in given.text for line in range(each.line, each.end + 1)]
        claim.set("text", "\n\n".join(each.text for each in given.text), *lines)


def criterion_read(statement: Statement, rubric: Claim, entry: Entry, points: str) -> None:
    """A criterion that is a row or a line with its *points*; one that is called a total is what is stated of all."""
    title = entry.cell("criteri|area|component|category|dimension") if entry.cells else entry.label
    if bare := AT_END.match(title or entry.text):
        title = bare["title"]
    title = title or next(iter(entry.cells.values()), "") or entry.text
    if folded(title) in ("total", "sum", "total points"):
        if "stated.points" not in rubric.fields:
            rubric.set("stated.points", points, *entry.lines)
        return
    criterion = statement.claim("criterion", title, entry.lines[0], parent=rubric)
    criterion.set("title", title.strip("*_ "), *entry.lines)
    criterion.set("points", points, *entry.lines)
    least = next((cell for head, cell in entry.cells.items() if head.startswith("min")), "").strip("* ")
    if re.fullmatch(values.NUMBER, least):
        criterion.set("minimum", values.number(least), *entry.lines)
    more = len([cell for cell in entry.cells.values() if cell]) > 2 if entry.cells else not _says_points_only(entry)
    if more:
        cells = [cell for cell in entry.cells.values() if cell and cell != title and not _FIGURE.fullmatch(cell)]
        criterion.set("text", " | ".join(cells) or entry.text, *entry.lines)


def _says_points_only(entry: Entry) -> bool:
    """Whether title and points are all of a line: ``Code: 25 points``, ``Code (25 points)``."""
    alone = rf"{values.NUMBER}\s*(?:points?|pts?|%)"
    plain = bool(re.fullmatch(alone, entry.value.strip("* "), re.IGNORECASE)) and not entry.qualifier
    return plain or bool(AT_END.match(entry.text))


def points_of(entry: Entry) -> str:
    """The points or the share of a row or line; empty without one."""
    if entry.cells:
        cell = entry.cell("points|weight|score|max")
        found = re.fullmatch(rf"\**+\s*+({values.NUMBER})\s*+(?:points?|pts?|%)?\s*+\**+", cell, re.IGNORECASE)
    elif re.match(r"[-\u2212\u2013]\s*\d", entry.value.strip("* ")):
        # What is taken off is no criterion.
        return ""
    elif entry.label:
        if bare := AT_END.match(entry.label):
            return values.number(bare["points"])
        found = (
            POINTS.search(entry.qualifier) or POINTS.search(entry.value)
            or _SHARE.fullmatch(entry.qualifier) or _SHARE.fullmatch(entry.value)
        )  # fmt: skip
    else:
        bare = AT_END.match(entry.text)
        return values.number(bare["points"]) if bare else ""
    return values.number(found[1]) if found else ""
