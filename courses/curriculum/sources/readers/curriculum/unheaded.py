"""Modules and projects that have no heading: entries of a list, rows of a table."""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.listed import Entry, Told, entries
from courses.curriculum.sources.outline import Item, Listing, Section, Table
from courses.curriculum.sources.parts import folded, heading
from courses.curriculum.sources.readers.curriculum import inside
from courses.curriculum.sources.readers.curriculum.facts import FIELD_OF, fact_read, unit_named
from courses.curriculum.sources.readers.curriculum.state import (
    Document,
    Heading,
    heading_of,
    ids_in,
    is_group,
    key_of,
    next_of,
    timed,
)

_ID = re.compile(r"\W*(?:mod|proj)[a-z]*[\s_-]{0,2}\d", re.IGNORECASE)
_OF_PROJECTS = re.compile(r"\bprojects?\b|capstone", re.IGNORECASE)
_IS_PROJECT = re.compile(r"\W*(?:final\s+|capstone\s+)?(?:proj|capstone)", re.IGNORECASE)
_BOLD_TITLE = re.compile(
    r"\*\*(?P<title>[^*]+?):?\*\*\s*"
    r"(?P<hours>\([^()]*\)|[-:\u2013\u2014]\s*~?\d[\d\s.+\u2013-]{0,12}(?:hours?|hrs?|h)\b)?"
)
_NUMBERED = re.compile(r"(?:[^\W\d_]{1,20}[\s-]{0,2})?\d{1,4}\s*[:.)\u2013-]\s*")
_TITLE_ENDS = re.compile(r" [-\u2013\u2014] |: ")
_HEADS = {
    "number": r"^(?:no|number|id|code|column 1)$|\bid\b|code",
    "difficulty": r"difficult|level",
    "needs": r"prereq|requires|depend",
    "hours": r"hours?|time|duration|effort",
    "points": r"points|score",
    "technologies": r"technolog|tools|stack",
    "topics": r"topic|content|covers",
    "deliverables": r"deliverable|output",
    "summary": r"description|focus|summary|goal|key",
    "title": r"module|project|title|name|course|unit",
}


def kind_of(title: str, above: str) -> str:
    """Whether a unit is a project: by its own word, else by the section that it stands in."""
    if re.match(r"\W*(?:mod|unit|course|lesson)", title, re.IGNORECASE):
        return "module"
    return "project" if _IS_PROJECT.match(title) or above == "project" else "module"


def holds_units(section: Section) -> bool:
    """Whether a section has a table, or a list of units."""
    return any(
        isinstance(block, Table) or (isinstance(block, Listing) and _lists_units(block)) for block in section.blocks
    )


def kind_in(section: Section, otherwise: str) -> str:
    return "project" if _OF_PROJECTS.search(section.title) else otherwise


def is_listed(item: Item) -> bool:
    """Whether an entry of a list is a unit: it has a number or hours."""
    found = heading_of(_title_of(item))
    return bool(found.number or found.hours)


def _lists_units(block: Listing) -> bool:
    return sum(map(is_listed, block.items)) * 2 > len(block.items)


def listed_read(doc: Document, section: Section, kind: str) -> None:
    """Tables and lists of a section: the units themselves, or a summary of those that are headed."""
    kind = kind_in(section, kind)
    for block in section.blocks:
        if isinstance(block, Table):
            _tabled(doc, section, block, kind)
        elif isinstance(block, Listing) and kind not in doc.headed and _lists_units(block):
            for item in block.items:
                _item(doc, item, kind)
    for told in doc.told(section):
        doc.program.set(next_of(doc.program, "notes"), told.entry.text, *told.entry.lines)
    doc.keep(doc.program, replace(section, title="") if is_group(section.title) else section)
    heading(doc.statement, section)


def _title_of(item: Item) -> str:
    """A bullet's bold beginning with the hours behind it, else its own line up to a dash or colon behind the title."""
    if found := _BOLD_TITLE.match(item.text):
        return f"{found['title']} {found['hours'] or ''}".strip()
    number = _NUMBERED.match(item.text)
    start = number.end() if number else 0
    end = _TITLE_ENDS.search(item.text, start)
    return item.text[: end.start()] if end else item.text


def _item(doc: Document, item: Item, kind: str) -> None:
    title = _title_of(item)
    found = heading_of(title)
    kind = kind_of(title, kind)
    claim = doc.unit(kind, found, item.line, "headed")
    own = range(item.line, min((inner.line for inner in item.items), default=item.end + 1))
    doc.units.append((kind, claim.key, tuple(own)))
    unit_named(claim, found, tuple(own))
    if found.hours:
        timed(claim, found.hours, *own)
    claim.set("stated.text", item.text, *own)
    lists = [block for block in item.blocks if isinstance(block, Listing)]
    for entry in entries(Section(0, "", item.line, item.end, blocks=[*lists]), doc.statement.source):
        name = FIELD_OF.get(folded(entry.label)) if entry.label else None
        fact_read(doc, claim, Told(entry), name or ("topics" if kind == "module" else "deliverables"))


def _tabled(doc: Document, section: Section, table: Table, kind: str) -> None:
    """Rows that are units. Beside headed units they only state figures of them."""
    at: dict[str, str] = {}
    heads = [folded(cell) or f"column {place}" for place, cell in enumerate(table.header.cells, 1)]
    for head in heads:
        name = next((name for name, pattern in _HEADS.items() if name not in at and re.search(pattern, head)), "")
        if name:
            at[name] = head
    _named_apart(table, heads, at)
    if "title" not in at and "number" not in at:
        return
    for told in doc.told(Section(section.level, "", section.line, section.end, blocks=[table])):
        cells = told.entry.cells
        first, title = cells.get(at.get("number", ""), ""), cells.get(at.get("title", ""), "")
        if re.match(r"\W*(?:sub)?total", first or title, re.IGNORECASE):
            _total(doc, kind, told.entry, cells.get(at.get("hours", ""), ""))
            continue
        found = heading_of(title)
        if first and not found.number:
            numbered = heading_of(first)
            found = Heading(first, numbered.number or "".join(re.findall(r"\d{1,4}$", first)), found.title, found.hours)
        _row(doc, kind_of(first or title, kind), found, told.entry, at)


def _named_apart(table: Table, heads: list[str], at: dict[str, str]) -> None:
    """Take a column of nothing but ids for that of the numbers, where another one is called *Title* or *Name*."""
    other = next((head for head in heads if re.match(r"(?:title|name)\b", head)), "")
    if "number" in at or not other or at.get("title", other) == other:
        return
    place = heads.index(at["title"])
    cells = [row.cells[place].strip("*` ") for row in table.rows if place < len(row.cells) and row.cells[place].strip()]
    if cells and all(re.fullmatch(r"[A-Za-z]{2,10}[\s_-]*\d{1,4}|\d{1,4}", each) for each in cells):
        at["number"], at["title"] = at["title"], other


def _total(doc: Document, kind: str, entry: Entry, hours: str) -> None:
    name = f"stated.{kind}_hours"
    if hours and name not in doc.program.fields:
        timed(doc.program, hours, *entry.lines, name=name)
    doc.program.set(next_of(doc.program, "stated.totals"), entry.text, *entry.lines)


def _is_apart(doc: Document, kind: str, found: Heading) -> bool:
    """Whether a row has an id and a title that no headed unit has, so that the row is all there is of it."""
    names = {(kind, key_of(kind, found.number)), (kind, folded(found.title))}
    return bool(_ID.match(found.label) and found.title) and not names & doc.names


def _row(doc: Document, kind: str, found: Heading, entry: Entry, at: dict[str, str]) -> None:
    claim = doc.unit(kind, found, entry.lines[0], "tabled")
    hours = entry.cells.get(at.get("hours", ""), "") or found.hours
    if kind in doc.headed and not _is_apart(doc, kind, found):
        claim.set("stated.row", entry.text, *entry.lines)
        amount = values.hours(hours) or (values.amount(hours) if values.NUMBER_ONLY.fullmatch(hours) else None)
        if amount is not None:
            claim.set("stated.in_table", amount.plain, *entry.lines)
        for name in ("needs", "difficulty", "points"):
            if cell := entry.cells.get(at.get(name, ""), ""):
                doc.later.append((claim, name, Entry(at[name], cell, cell, entry.lines)))
        return
    doc.units.append((kind, key_of(kind, found.number), entry.lines))
    unit_named(claim, found, entry.lines)
    heads = {head: name for name, head in at.items()}
    for head, cell in entry.cells.items():
        name = heads.get(head, "")
        if not cell or name in ("number", "title"):
            continue
        if name == "hours":
            timed(claim, cell, *entry.lines)
        elif name == "topics":
            for part in values.listed(cell):
                inside.topics(doc, claim, Told(Entry("", part, part, entry.lines)))
        elif name:
            fact_read(doc, claim, Told(Entry(head, cell, cell, entry.lines)), name)
        else:
            claim.set(next_of(claim, "notes"), f"{head}: {cell}", *entry.lines)


def tabled_facts(doc: Document) -> None:
    """Take from a table what the section of a unit leaves out; prerequisites that both state otherwise are named."""
    for claim, name, entry in doc.later:
        said = [each for each in claim.fields if each.split(".")[-1] in _SAID[name] or each.startswith(_SAID[name])]
        edges = [each for each in claim.under("requirement") if each.get("strength") != "leads_to"]
        if not said and not (name == "needs" and edges):
            fact_read(doc, claim, Told(entry), name)
            continue
        ids = set(ids_in(entry.value)) if name == "needs" else set()
        if ids and ids != {each.get("to") for each in edges if each.get("to")}:
            doc.statement.report(
                "source.stated_twice", "warning", entry.lines[0],
                f"{claim.address} needs something else by this table than by its section, which counts.",
                "Correct one of them.", related=[edges[0].place("to") if edges else claim.place("id")],
            )  # fmt: skip


_SAID = {
    "needs": ("stated.prerequisites", "stated.recommended"), "difficulty": ("difficulty",),
    "points": ("points", "stated.points"),
}  # fmt: skip
