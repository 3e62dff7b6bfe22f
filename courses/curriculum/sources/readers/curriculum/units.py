"""Modules and projects of a curriculum document that have headings, and the sections that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, Told, parted, rest
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import folded, heading, keep_section
from courses.curriculum.sources.readers.curriculum import goals, inside
from courses.curriculum.sources.readers.curriculum.facts import FIELD_OF, fact_read, part_of, unit_named
from courses.curriculum.sources.readers.curriculum.state import (
    Document,
    heading_of,
    is_group,
    key_of,
    labels_of,
    next_of,
    timed,
)
from courses.curriculum.sources.readers.curriculum.unheaded import holds_units, kind_in, kind_of, listed_read

_LINK = re.compile(r"\W*\[[^\]]{1,300}\]\([^)]*\)\W*")
_LEVEL = re.compile(r"(?:beginner|novice|basic|intermediate|advanced|expert|easy|medium|hard)\+?(?:[ /-]\w+)?", re.I)
_SUMMARY = re.compile(r"\b(?:summary|overview|at a glance|sequence|total|guidelines?|notes?|how|why|general)\b", re.I)


def is_unit(section: Section) -> bool:
    """A numbered heading that does not group others, or a capstone."""
    if is_group(section.title):
        return False
    return bool(heading_of(section.title).number) or bool(re.match(r"\W*capstone", section.title, re.IGNORECASE))


def units_in(section: Section) -> Iterator[Section]:
    """The units below a section that are headed, those in groups too; nothing of what is inside a unit."""
    numbered = any(is_unit(part) for part in section.sections)
    for part in section.sections:
        if is_unit(part) or (not numbered and _is_like_a_unit(part)):
            yield part
        else:
            yield from units_in(part)


def kinds_headed(section: Section) -> set[str]:
    """The kinds of the units that have headings, the section itself included."""
    if is_unit(section):
        return {kind_of(section.title, "")}
    above = kind_in(section, "module")
    return {kind_of(part.title, above) for part in units_in(section)}


def names_headed(section: Section) -> set[tuple[str, str]]:
    """Kind with id, and kind with folded title, of the units that have headings, the section itself included."""
    above = kind_in(section, "module")
    units = [(section, "")] if is_unit(section) else [(part, above) for part in units_in(section)]
    found = [(kind_of(part.title, kind), heading_of(part.title)) for part, kind in units]
    return {(kind, name) for kind, each in found for name in (key_of(kind, each.number), folded(each.title)) if name}


def _is_like_a_unit(section: Section) -> bool:
    """A heading without a number, with facts or parts that only a unit has."""
    if is_group(section.title) or _SUMMARY.search(section.title):
        return False
    known = {FIELD_OF.get(label) for label in labels_of(section)}
    parts = {part_of(part.title) for part in section.sections}
    return bool({"hours", "difficulty"} & known) or len(parts - {""}) >= 2


def container_read(doc: Document, section: Section, above: str = "") -> None:
    """A section of modules or projects: units, groups of units, tables and lists of them, and notes."""
    kind = above or kind_in(section, "module")
    headed = {id(each) for each in units_in(section)}
    for part in section.sections:
        if id(part) in headed:
            unit_read(doc, part, kind_of(part.title, kind))
        elif is_group(part.title) or any(id(each) in headed for each in part.walk()):
            group_read(doc, part, kind)
        elif any(holds_units(each) for each in part.walk()):
            for each in part.walk():
                listed_read(doc, each, kind)
        else:
            keep_section(doc.statement, doc.program, part)
    listed_read(doc, section, kind)


def group_read(doc: Document, section: Section, kind: str) -> None:
    """A phase or level: the units in it say that they belong to it."""
    before = len(doc.statement.claims)
    container_read(doc, section, kind_in(section, kind))
    for claim in doc.statement.claims[before:]:
        if claim.kind in ("module", "project") and "stated.group" not in claim.fields:
            claim.set("stated.group", section.title, *section.heading_lines)


def unit_read(doc: Document, section: Section, kind: str) -> None:
    found = heading_of(section.title)
    claim = doc.unit(kind, found, section.line, "headed")
    doc.units.append((kind, claim.key, section.heading_lines))
    unit_named(claim, found, section.heading_lines)
    labels = {FIELD_OF.get(label) for label in labels_of(section)}
    if found.hours:
        timed(claim, found.hours, *section.heading_lines, name="stated.in_heading" if "hours" in labels else "hours")
    _texts(doc, claim, section, "unit")
    _blocks(doc, claim, section, "topics" if kind == "module" else "deliverables", facts=True)
    for part in section.sections:
        _part_read(doc, claim, part)
    doc.keep(claim, section)


def _texts(doc: Document, claim: Claim, section: Section, name: str = "") -> None:
    """Free paragraphs: a link by itself is a resource; the first of a unit or of its overview is the summary."""
    for paragraph in doc.paragraphs(section):
        lines = range(paragraph.line, paragraph.end + 1)
        if _LINK.fullmatch(paragraph.text):
            inside.resource(claim, paragraph.text, *lines)
        elif name == "unit" and _facts_in_line(doc, claim, paragraph.text, tuple(lines)):
            continue
        elif name and "summary" not in claim.fields:
            claim.set("summary", paragraph.text, *lines)
        elif name == "summary":
            claim.set(next_of(claim, "notes"), paragraph.text, *lines)


def _facts_in_line(doc: Document, claim: Claim, text: str, lines: tuple[int, ...]) -> bool:
    """*40 hours · Advanced · Prerequisites: MOD-201* is facts, if all parts are; whether it is."""
    parts = [part.strip() for part in re.split(r"\s[\u00b7\u2022|]\s", text.strip("*_ "))]
    found: list[tuple[str, Entry]] = []
    for part in parts if len(parts) > 1 else ():
        label, _, value = parted(part)
        name = FIELD_OF.get(folded(label)) if label and value else None
        name = name or ("hours" if values.only_hours(part) else "difficulty" if _LEVEL.fullmatch(part) else None)
        if name is None:
            return False
        found.append((name, Entry(label or name.capitalize(), value if label else part, part, lines)))
    for name, entry in found:
        fact_read(doc, claim, Told(entry), name)
    return bool(found)


def _part_read(doc: Document, claim: Claim, section: Section) -> None:
    """A section inside a unit. Those below topics are topics, as are those with hours or a number; others are kept."""
    name = part_of(section.title)
    name = "topics" if name == "phases" and claim.kind == "module" else name
    if (
        not name
        and claim.kind == "module"
        and (values.split_hours(section.title)[1] or heading_of(section.title).number)
    ):
        for each in section.walk():
            inside.headed_topic(doc, claim, each)
            heading(doc.statement, each)
        return
    if not name:
        keep_section(doc.statement, claim, section)
        return
    for each in section.walk():
        own = part_of(each.title) or name
        if name == "topics" and each is not section:
            inside.headed_topic(doc, claim, each)
        elif own == "assessment" and claim.kind == "project":
            inside.points_read(doc, claim, each)
        elif own == "phases" and claim.kind == "project":
            inside.phases_read(doc, claim, each)
        _texts(doc, claim, each, "summary" if own == "summary" else "")
        _blocks(doc, claim, each, own)
        heading(doc.statement, each)


def _blocks(doc: Document, claim: Claim, section: Section, free: str, *, facts: bool = False) -> None:
    """Labelled facts and what stands below a label; ``free`` is what an entry without one is.

    :param facts: labels say what entries are; inside a section with a name of its own its name does.
    """
    for told in doc.told(section):
        below = FIELD_OF.get(folded(told.above)) or part_of(told.above) if told.above else ""
        name = FIELD_OF.get(told.words) if told.entry.value and not told.above else None
        if name is None or (not facts and name not in ("hours", "needs", "difficulty")):
            name = below or (_by_form(told, free) if facts and told.entry.label else free)
        if facts and free == "topics" and below in ("", "topics") and inside.is_topic_row(told.entry):
            name = "topics"
        if below == "objectives" or goals.is_sentence(told.above):
            told = Told(told.entry)
        fact_read(doc, claim, told, name)
    rest(doc.statement, claim, doc.titled(section), "notes")


def _by_form(told: Told, free: str) -> str:
    """A labelled bullet among the facts of a unit: with hours or bullets of its own it is a topic, else a note."""
    item = told.entry.item
    return free if item is not None and (item.items or values.hours(told.entry.qualifier)) else "notes"
