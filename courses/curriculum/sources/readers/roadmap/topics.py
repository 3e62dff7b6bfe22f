"""The content outline of a module: topics as entries, rows or headings, each with what it covers and its hours."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, Told, is_free, named, opener, told
from courses.curriculum.sources.outline import Block, Item, Listing, Paragraph, Section
from courses.curriculum.sources.parts import folded, item_lines, item_text, keep
from courses.curriculum.sources.sections import rest_of, totals_read

_BOLD = re.compile(
    r"^\*\*(?P<title>[^*]+)\*\*\s*(?:\((?P<inside>[^()]*)\)\s*)?(?:[:\u2013\u2014-]+\s*(?P<points>.*))?$", re.DOTALL
)
_PLAIN = re.compile(
    r"^(?P<title>[^:\u2013\u2014]{2,80}?)(?:\s*+:|\s++[\u2013\u2014-]\s)\s*(?P<points>\S.*)$", re.DOTALL
)
_TITLE = "topic|title|unit|theme|section|chapter|lesson|module|session|week|day|phase"
_POINTS = "subtopic|content|points|key|cover|concept|detail|description|focus|outline|topics"
_UNIT = re.compile(r"(?:lesson|week|day|unit|part|session|topic|chapter|lecture|block)\s*\d", re.IGNORECASE)
# "A. Brokers (3 h)" and "1.2 Limits" stand in lines of their own where Markdown knows no list.
MARK = re.compile(r"(?:[A-Z][.)]|[A-Z]?\d{1,2}(?:\.\d{1,2}){1,2}[.)]?)\s+(?=\S)")
_NUMBER = re.compile(r"column \d+|no|nr|num(?:ber)?|order")
_HOURS = "hours|duration|time|effort"


def outline_read(statement: Statement, module: Claim, section: Section) -> None:
    for part in section.walk():
        topic = None
        opened: dict[int, Claim] = {}
        if part is not section:
            title, hours = values.split_hours(values.unnumbered(part.title))
            topic = _topic(statement, module, title, hours, part.heading_lines)
        totals_read(statement, module, part)
        if topic is None:
            _lines(statement, module, part)
        for each in told(statement, part):
            if each.entry.cells:
                _row(statement, module, each.entry)
            elif topic is not None:
                _inside(topic, each)
            elif each.above and (values.split_hours(each.above)[1] or _UNIT.match(each.above)):
                if each.above_line not in opened:
                    title, hours = values.split_hours(each.above)
                    opened[each.above_line] = _topic(statement, module, title, hours, (each.above_line,))
                _inside(opened[each.above_line], each)
            elif each.entry.item is not None or each.entry.label:
                _line(statement, module, each)
        if topic is None:
            continue
        for paragraph in part.blocks:
            lines = [at for at in range(paragraph.line, paragraph.end + 1) if statement.source.line(at).strip()]
            free = [at for at in lines if statement.account.fate(at) is None and at not in statement.account.opens]
            if free == lines and "text" not in topic.fields:
                topic.set("text", "\n".join(statement.source.line(at) for at in lines), *lines, prose=True)
    rest_of(statement, module, section)


def _lines(statement: Statement, module: Claim, part: Section) -> None:
    """Lines by themselves that a unit, a letter or a number begins are a topic each; a list right below, its points."""
    rows = [row for block in part.blocks if isinstance(block, Paragraph) for row in block.rows]
    marked = sum(bool(MARK.match(text)) for _, text in rows) > 1
    for place, block in enumerate(part.blocks):
        if not isinstance(block, Paragraph) or not is_free(statement, (line for line, _ in block.rows)):
            continue
        if not all(_UNIT.match(text) or (marked and MARK.match(text)) for _, text in block.rows):
            continue
        below = part.blocks[place + 1] if len(part.blocks) > place + 1 else None
        inner: list[Block] = []
        if isinstance(below, Listing) and (items := [each for each in below.items if is_free(statement, (each.line,))]):
            inner = [Listing(items[0].line, items[-1].end, items, below.ordered)]
        for line, text in block.rows:
            words = MARK.sub("", text, count=1)
            points = inner if line == block.end else []
            item = Item(line, points[-1].end if points else line, words, ((line, words),), points)
            lines = tuple(at for at in range(line, item.end + 1) if statement.source.line(at).strip())
            if not opener(block):
                _line(statement, module, Told(Entry("", words, words, lines, item=item)))


def _topic(statement: Statement, module: Claim, title: str, hours: str, lines: tuple[int, ...]) -> Claim:
    topic = statement.claim("topic", title, lines[0], parent=module)
    topic.set("title", title, *lines)
    if hours:
        _timed(topic, hours, lines)
    return topic


def _timed(topic: Claim, text: str, lines: tuple[int, ...]) -> None:
    found = values.amount(text) if values.NUMBER_ONLY.fullmatch(text) else values.duration(text).in_all
    if found is not None and "hours" not in topic.fields:
        topic.set("hours", found.plain, *lines)
    if found is None or not (values.only_hours(text) or values.NUMBER_ONLY.fullmatch(text)):
        topic.set(f"stated.duration.{topic.count('stated.duration')}", text, *lines)


def _points(topic: Claim, texts: list[str], lines: tuple[int, ...]) -> None:
    for text in texts:
        topic.set(f"points.{topic.count('points')}", text, *lines)


def _row(statement: Statement, module: Claim, entry: Entry) -> None:
    """A row: its title, what it covers, hours; what other columns say is part of its text."""
    at = entry.head(_TITLE)
    title = entry.cells.get(at) or max(entry.cells.values(), key=len)
    known = {
        at,
        entry.head(_HOURS),
        next((h for h in entry.cells if h != at and any(w in h for w in _POINTS.split("|"))), ""),
    }
    title, hours = values.split_hours(title.strip("*"))
    topic = _topic(statement, module, title, hours, entry.lines)
    for head, cell in entry.cells.items():
        if not cell or head == at or (_NUMBER.fullmatch(head) and re.fullmatch(r"\d{1,2}[.)]?", cell)):
            continue
        if head == entry.head(_HOURS):
            _timed(topic, cell, entry.lines)
        elif head in known:
            _points(topic, values.listed(cell.rstrip(".")), entry.lines)
        elif cell != title:
            _points(topic, [f"{head}: {cell}"], entry.lines)


def _line(statement: Statement, module: Claim, each: Told) -> None:
    """An entry with its points behind a dash or colon, below it, or both."""
    entry = each.entry
    inner = entry.item.items if entry.item else []
    own = entry.lines[: inner[0].line - entry.lines[0]] if inner else entry.lines
    text = entry.item.text if entry.item else f"**{entry.label}**: {entry.value}"
    found = _BOLD.match(text) or _PLAIN.match(text)
    title, points = (found["title"], found["points"] or "") if found else (text, "")
    title, hours = values.split_hours(title.strip().rstrip(":"))
    if _UNIT.match(title) and not hours and points and (inner or values.split_hours(points)[1]):
        # "Unit 1: Tables - 4h" is a title with its hours; the points stand below it.
        words, hours = values.split_hours(points)
        title, points = f"{title}: {words}", ""
    if not hours and not inner and values.only_hours(points):
        hours, points = points, ""
    if not hours and (behind := values.split_hours(points))[1]:
        points, hours = behind
    hours = hours or entry.qualifier or ((found["inside"] or "") if found and "inside" in found.groupdict() else "")
    topic = _topic(statement, module, title or named(entry), hours, own)
    _points(topic, values.listed(points.strip().rstrip(".")), own)
    for item in inner:
        _points(topic, [item_text(item)], tuple(item_lines(item)))
    if entry.item is not None and any(block not in _lists(entry) for block in entry.item.blocks):
        left = [at for at in entry.lines if statement.account.fate(at) is None and statement.source.line(at).strip()]
        keep(statement, topic, title, left)


def _lists(entry: Entry) -> list[object]:
    return [block for block in (entry.item.blocks if entry.item else []) if hasattr(block, "items")]


def _inside(topic: Claim, each: Told) -> None:
    """What stands below a topic's heading: its hours, else points; a label before points only opens them."""
    entry = each.entry
    words = folded(entry.label)
    if entry.value and re.fullmatch(r"(?:estimated |total )?(?:hours|duration|time|effort)", words):
        _timed(topic, entry.value, entry.lines)
    elif entry.label and re.search(r"topic|content|point|concept|subject", words):
        inner = entry.item.items if entry.item else []
        texts = values.listed(entry.own)
        _points(topic, texts, entry.lines[: inner[0].line - entry.lines[0]] if inner else entry.lines)
        if not texts and inner:
            topic.statement.account.structure(entry.lines[0], inner[0].line)
        for item in inner:
            _points(topic, [item_text(item)], tuple(item_lines(item)))
    else:
        _points(topic, [entry.text], entry.lines)
