"""What a program, module or project asks for before, and what a program is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from courses.curriculum.sources import asked, hedges, values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.goals import competencies_read
from courses.curriculum.sources.listed import Entry, Told, named, own_text
from courses.curriculum.sources.outline import Section, Table
from courses.curriculum.sources.parts import columns, folded, heading, item_lines, item_text
from courses.curriculum.sources.readers.curriculum import inside
from courses.curriculum.sources.readers.curriculum.state import Document, ids_in, next_of

_ADVISED = re.compile(
    r"recommend|optional|nice to have|helpful|preferred|not required|bonus|suggested|ideal", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"able to|you (?:will|can)|upon completion|by the end|graduates? (?:can|will)|learners? (?:can|will)", re.IGNORECASE
)
_QUIZ = re.compile(r"\b(?:quiz|test|assessment|check|exam|readiness)\b", re.IGNORECASE)
_PASSING = re.compile(r"\b(?:pass|minimum|required|score to)", re.IGNORECASE)


def edges(doc: Document, claim: Claim, entry: Entry, text: str, strength: str) -> None:
    """An edge to each id that a text names, for *all previous* to those before; else skills in words."""
    name = "stated.prerequisites" if strength == "needs" else f"stated.{strength}"
    claim.set(name if entry.label and name not in claim.fields else next_of(claim, name), text, *entry.lines)
    if values.is_nothing(text):
        return
    if not values.ALL_PREVIOUS.search(text):
        advised = hedges.SOFT.search(f"{entry.label} {entry.qualifier}")
        asked.state(claim, text, entry.lines, "recommended" if advised else strength, ids_in, ids_first=True)
        return
    if found := hedges.UNSURE.search(text) or re.search(r"\bor\b", text):
        asked.unclear(claim, text, f"what {found[0]!r} means", entry.lines)
    if found or hedges.SOFT.search(text):
        strength = "recommended"
    targets = [(to, entry.lines) for to in ids_in(text)]
    for kind, key, lines in doc.units:
        if key and key != claim.key and (kind in text.casefold() or not re.search(r"module|project", text, re.I)):
            targets.append((key, (*entry.lines, *lines)))
    for to, lines in targets:
        edge(doc, claim, "to", to, lines, strength).set("strength", strength, *lines)
    for part in values.listed(text) if not targets else ():
        edge(doc, claim, "skill", part, entry.lines, strength).set("strength", strength, *entry.lines)


def edge(doc: Document, claim: Claim, field: str, target: str, lines: tuple[int, ...], strength: str) -> Claim:
    made = doc.statement.claim("requirement", f"{strength} {target}", lines[0], parent=claim)
    made.set(field, target, *lines)
    return made


def prerequisites_read(doc: Document, section: Section) -> None:
    """Skills that are asked for, in groups; a quiz that tells whether one has them."""
    for part in section.walk():
        if part is not section and _QUIZ.search(part.title):
            _quiz(doc, part)
        else:
            advised = bool(_ADVISED.search(part.title))
            for above, group in groupby(doc.told(part), key=lambda told: (told.above, told.above_line)):
                strength = "recommended" if advised or _ADVISED.search(above[0]) else "needs"
                entries = list(group)
                if asked.opens_choice(above[0]):
                    texts = asked.together((above[0], told.entry.text, told.entry.lines) for told in entries)
                    _stated(doc, texts, strength, (above[0], (above[1],)))
                    continue
                for told in entries:
                    _asked(doc, told, strength)
        doc.keep(doc.program, part)
        heading(doc.statement, part)


def _asked(doc: Document, told: Told, strength: str) -> None:
    entry = told.entry
    group = (told.above, (told.above_line,)) if told.above else None
    inner = entry.item.items if entry.item else []
    if inner and not own_text(entry):
        group = named(entry), (entry.lines[0],)
        texts = list(asked.together((group[0], item_text(item), item_lines(item)) for item in inner))
    else:
        texts = [(entry.text, entry.lines)]
    if _ADVISED.search(group[0] if group else entry.label):
        strength = "recommended"
    _stated(doc, texts, strength, group)


def _stated(
    doc: Document,
    texts: Iterable[tuple[str, tuple[int, ...]]],
    strength: str,
    group: tuple[str, tuple[int, ...]] | None,
) -> None:
    """What texts ask for, with the group that they stand in."""
    for text, lines in texts:
        before = len(doc.statement.claims)
        if ids_in(text):
            asked.state(doc.program, text, lines, strength, ids_in, above=group[1] if group else ())
            doc.program.set(next_of(doc.program, "stated.prerequisites"), text, *lines)
        else:
            how = "recommended" if hedges.SOFT.search(text) else strength
            made = edge(doc, doc.program, "skill", text, lines, how)
            made.set("strength", how, *lines, *(group[1] if group else ()))
        for each in doc.statement.claims[before:]:
            if group:
                each.set("stated.group", group[0], *group[1])


def _quiz(doc: Document, section: Section) -> None:
    paragraph = next(iter(doc.paragraphs(section)), None)
    link = re.search(r"\[([^\]\n]{1,300})\]\(([^)\s]{1,500})\)", paragraph.text) if paragraph else None
    title = link[1] if link else section.title
    quiz = doc.statement.claim("quiz", title, section.line, parent=doc.program)
    if paragraph is not None:
        lines = range(paragraph.line, paragraph.end + 1)
        if link:
            quiz.set("title", link[1], *lines)
            quiz.set("stated.link", link[2], *lines)
        quiz.set("summary", paragraph.text, *lines)
    for told in doc.told(section):
        entry = told.entry
        share = values.percent(entry.value)
        if share and _PASSING.search(entry.label) and "passing_percent" not in quiz.fields:
            quiz.set("passing_percent", share, *entry.lines)
            if not re.fullmatch(rf"{values.NUMBER}\s*%", entry.value):
                quiz.set("stated.passing", entry.value, *entry.lines)
        else:
            quiz.set(next_of(quiz, "notes"), entry.text, *entry.lines)
    doc.keep(quiz, section)


def objectives_read(doc: Document, section: Section) -> None:
    """Objectives by area and group. *By the end you will be able to* is no area."""
    for part in section.walk():
        area = None if part is section or is_sentence(part.title) else (part.title, part.heading_lines)
        for table in (block for block in part.blocks if isinstance(block, Table)):
            at = columns(table, competency="competenc|skill", level="level|proficiency|target")
            if None not in at.values():
                competencies_read(doc.statement, doc.program, Section(0, "", part.line, part.end, blocks=[table]))
        for told in doc.told(part):
            if is_sentence(told.above):
                told = Told(told.entry)
            inside.objectives(doc, doc.program, told, area)
        doc.keep(doc.program, part)
        heading(doc.statement, part)


def listing_read(doc: Document, section: Section, name: str) -> list[Told]:
    """A section whose entries are one list of the program; the entries."""
    found = list(doc.told(section))
    for told in found:
        doc.program.set(next_of(doc.program, name), told.entry.text, *told.entry.lines)
    doc.keep(doc.program, section)
    heading(doc.statement, section)
    return found


def is_sentence(title: str) -> bool:
    """Whether words only begin what a list goes on with (*By the end you will be able to*)."""
    return bool(_SENTENCE.search(title))


def is_audience(title: str) -> bool:
    return bool(re.search(r"audience|who (?:this|should|is)|for whom", folded(title)))
