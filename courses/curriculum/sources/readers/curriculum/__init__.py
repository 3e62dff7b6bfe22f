"""Curriculum documents: a whole program in one Markdown file.

Recognised by its modules (headed, tabled or listed) beside at least two of the other
parts that a program has: projects, objectives, prerequisites, assessment, pacing,
careers. Totals and shares that stand beside their parts are stated and never facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.listed import Entry, breaks_apart
from courses.curriculum.sources.outline import Listing, Section, Table
from courses.curriculum.sources.parts import columns, folded, heading, keep_section, rules
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.curriculum import careers, goals, grades, times, units
from courses.curriculum.sources.readers.curriculum.state import Document, is_group, next_of, timed
from courses.curriculum.sources.readers.curriculum.unheaded import is_listed, kind_of, tabled_facts

Handler = Callable[[Document, Section], None]
_NAME = re.compile(
    r"(?<!\s)\s*+(?:[-\u2013\u2014:|]\s*+)?(?:(?:detailed|complete|full|comprehensive|official)\s++)?"
    r"(?:curriculum|syllabus|program(?:me)?(?: guide)?|course outline|learning (?:path|plan)|overview|outline)\s*+"
    r"(?:guide|document|overview)?\s*+$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"^\d{1,2}[.)]\s+(?=[^\W\d])")
_CALLED = re.compile(r"curriculum|syllabus|program|course outline|learning path", re.IGNORECASE)
_ABOUT = {
    "last updated": "about.updated", "updated": "about.updated", "date": "about.updated", "version": "about.version",
    "maintained by": "about.maintainer", "maintainer": "about.maintainer", "maintainers": "about.maintainer",
    "author": "about.maintainer", "contact": "about.contact", "email": "about.contact", "support": "about.contact",
}  # fmt: skip
_HOURS = re.compile(r"^(?:total |estimated |program |overall )*(?:duration|time|hours|length|effort|time commitment)$")


def contents_read(doc: Document, section: Section) -> None:
    goals.listing_read(doc, section, "contents")


def overview_read(doc: Document, section: Section) -> None:
    """The summary, and parts on philosophy, approach and audience; others are read as what their titles say."""
    lists = {"philosoph|principle|values": "philosophy", "approach|method|how (?:it|to|you)|strategy": "approach"}
    _texts(doc, section, "audience" if goals.is_audience(section.title) else "summary")
    for told in doc.told(section):
        _fact(doc, told.entry)
    doc.keep(doc.program, section)
    heading(doc.statement, section)
    for part in section.sections:
        words = folded(part.title)
        name = next((name for pattern, name in lists.items() if re.search(pattern, words)), "")
        handler = _handler(part)
        if name or goals.is_audience(part.title):
            for each in part.walk():
                for told in goals.listing_read(doc, each, name or "stated.audience"):
                    times.share_read(doc, told.entry.text, told.entry.lines)
        elif handler is not None:
            handler(doc, part)
        else:
            overview_read(doc, part)


def _texts(doc: Document, section: Section, name: str) -> None:
    """Free paragraphs: the first is the field, the others are notes."""
    for paragraph in doc.paragraphs(section):
        lines = tuple(range(paragraph.line, paragraph.end + 1))
        field = name if name not in doc.program.fields and name != "notes" else next_of(doc.program, "notes")
        doc.program.set(field, paragraph.text, *lines)
        times.share_read(doc, paragraph.text, lines)


def resources_read(doc: Document, section: Section) -> None:
    for part in section.walk():
        goals.listing_read(doc, part, "stated.resources")


_HANDLERS: list[tuple[str, Handler]] = [
    (r"^(?:table of )?contents$|^toc$", contents_read),
    (r"career|\bjobs?\b|salar|employ|next steps?|after (?:completion|graduation|this)|what s next",
     careers.careers_read),
    (r"time (?:commitment|estimate|allocation|investment|requirement)|\bpac(?:e|es|ing)\b|schedule|timeline|study plan"
     r"|calendar|workload|^time$|duration|weekly", times.times_read),
    (r"prerequisite|before you (?:start|begin)|required knowledge|entry (?:requirement|criteria)"
     r"|(?:required|assumed) (?:skills|background)", goals.prerequisites_read),
    (r"assess|\bgrad(?:ed|ing|es?)\b|\bpass(?:ing)?\b|evaluat|\bmark(?:s|ing)\b|^scor(?:es?|ing)\b"
     r"|completion (?:criteria|requirement)|graduation|certification", grades.assessment_read),
    (r"objective|outcome|you (?:will|ll) (?:learn|be able)|learning goals?|competenc|skills (?:you|gained)|^skills$",
     goals.objectives_read),
    (r"\bprojects?\b|capstone", units.container_read),
    (r"\bmodules?\b|\bunits\b|(?:curriculum|program|course) (?:structure|breakdown|map|content|outline)|syllabus"
     r"|learning (?:path|journey)|\bphases?\b", units.container_read),
    (r"overview|introduction|about|philosoph|approach|audience|who (?:this|should|is)|welcome|summary|description"
     r"|methodolog", overview_read),
    (r"resource|support|communit|material|\btools?\b|technolog|reading|software|hardware|faq|help|setup|getting"
     r"|version|change ?log|maintenance|contact|feedback|license|how to", resources_read),
]  # fmt: skip
_FAMILIES = (careers.careers_read, times.times_read, goals.prerequisites_read, grades.assessment_read,
             goals.objectives_read)  # fmt: skip


def _handler(section: Section) -> Handler | None:
    words = folded(section.title)
    return next((handler for pattern, handler in _HANDLERS if re.search(pattern, words)), None)


def _outline(document: SourceDocument) -> Section:
    """The sections of a document, without their numbers where all of a level have one (*3. Modules*, *3.1 Unit 1*)."""
    root = document.outline
    for section in (root, root.sections[0]) if root.sections else ():
        found = [_SECTION.sub("", each.title) for each in section.sections if _SECTION.match(each.title)]
        known = sum(_handler(replace(section, title=title)) is not None for title in found)
        if len(found) > 2 and 2 * known > len(found) and len(found) * 2 > len(section.sections):
            return _plain(root, section.sections[0].level)
    return root


def _plain(section: Section, level: int) -> Section:
    title = _SECTION.sub("", section.title) if section.level == level else values.unnumbered(section.title)
    return replace(section, title=title, sections=[_plain(each, level) for each in section.sections])


def recognises(document: SourceDocument) -> float:
    root = _outline(document)
    sections = _top(root)[1]
    headed = [part for each in (*sections, root) for part in _units(each)]
    of_modules = sum(kind_of(part.title, "") == "module" for part in headed)
    modules = of_modules >= 2 or any(_lists_modules(part) for part in sections)
    kinds = {handler for part in sections if not units.is_unit(part) and (handler := _handler(part)) in _FAMILIES}
    beside = len(kinds) + any(kind_of(part.title, "") == "project" for part in headed)
    called = bool(root.sections and _CALLED.search(root.sections[0].title))
    if not modules or beside < 2:
        return 0
    return 0.95 if called else 0.8 if beside >= 3 else 0


def _units(section: Section) -> list[Section]:
    return [part for part in section.walk() if part is not section and units.is_unit(part)]


def _lists_modules(section: Section) -> bool:
    """A section of modules with a table of them, or with at least two entries that have a number or hours."""
    if _handler(section) is not units.container_read or units.kinds_headed(section):
        return False
    blocks = [block for part in section.walk() for block in part.blocks]
    tables = [columns(block, unit="module|title|topic", hours="hour|time|duration") for block in blocks
              if isinstance(block, Table)]  # fmt: skip
    listed = [item for block in blocks if isinstance(block, Listing) for item in block.items if is_listed(item)]
    return any(None not in each.values() for each in tables) or len(listed) >= 2


def _top(root: Section) -> tuple[Section, list[Section]]:
    """The section that the document's title opens, and the sections of the document."""
    first = root.sections[0] if root.sections else root
    if first is not root and first.level == 1 and not units.is_unit(first):
        return first, [*first.sections, *root.sections[1:]]
    return root, root.sections


def read(document: SourceDocument, statement: Statement) -> None:
    root = _outline(document)
    top, sections = _top(root)
    name = re.sub(r"^\W*(?:curriculum|syllabus|program)\s*[:\u2013-]\s*", "", top.title, flags=re.IGNORECASE)
    name = _NAME.sub("", name).strip(" :-\u2013") or top.title
    program = statement.claim("program", name or "Program", max(top.line, 1))
    doc = Document(statement, program)
    breaks_apart(statement, root)
    if top.title:
        program.set("stated.heading", top.title, *top.heading_lines)
        program.set("title", name, *top.heading_lines)
    of_units = [each for each in sections if _handler(each) in (None, units.container_read) or units.is_unit(each)]
    doc.headed = {kind for each in of_units for kind in units.kinds_headed(each)}
    doc.names = {name for each in of_units for name in units.names_headed(each)}
    _front(doc, root, top)
    loose = [part for part in sections if units.is_unit(part)]
    for section in sections:
        handler = _handler(section)
        if section in loose:
            units.unit_read(doc, section, kind_of(section.title, ""))
        elif is_group(section.title) and any(_units(section)):
            units.group_read(doc, section, "module")
        elif handler is not None:
            handler(doc, section)
        elif any(_units(section)):
            units.container_read(doc, section)
        elif any(map(grades.is_grading, section.walk())):
            _graded(doc, section)
        else:
            keep_section(statement, program, section)
    tabled_facts(doc)
    for section in root.walk():
        doc.keep(program, section)
    for section in root.walk():
        if section is not root:
            heading(statement, section)
    rules(statement, root)


def _graded(doc: Document, section: Section) -> None:
    """A section of another title that says somewhere how much what counts; what stands beside that is kept as text."""
    if grades.is_grading(section):
        grades.assessment_read(doc, section)
        return
    for part in section.sections:
        if any(map(grades.is_grading, part.walk())):
            _graded(doc, part)
        else:
            keep_section(doc.statement, doc.program, part)
    doc.keep(doc.program, section)
    heading(doc.statement, section)


def _front(doc: Document, root: Section, top: Section) -> None:
    """What is stated before all sections, and of the document itself at its end."""
    for section in (root, top) if top is not root else (root,):
        for told in doc.told(section):
            _fact(doc, told.entry)
        _texts(doc, section, "notes")
    last = list(root.walk())[-1]
    for told in doc.told(last):
        if told.entry.item is None and told.words in _ABOUT:
            _about(doc, told.entry, _ABOUT[told.words])


def _about(doc: Document, entry: Entry, name: str) -> None:
    if name in doc.program.fields:
        name = next_of(doc.program, "stated.again")
    doc.program.set(name, entry.value, *entry.lines)


def _fact(doc: Document, entry: Entry) -> None:
    """A labelled fact of the program."""
    program, words = doc.program, folded(entry.label)
    times.share_read(doc, entry.text, entry.lines)
    if words in _ABOUT and entry.value:
        _about(doc, entry, _ABOUT[words])
    elif _HOURS.match(words) and entry.value and not {"stated.hours", "stated.duration"} & set(program.fields):
        timed(program, entry.value, *entry.lines, name="stated.hours")
    elif words.startswith("prerequisite") and entry.value:
        goals.edges(doc, program, entry, entry.value, "needs")
    elif words in ("difficulty", "difficulty level", "level") and "stated.difficulty" not in program.fields:
        program.set("stated.difficulty", entry.value, *entry.lines)
    elif (words == "target audience" or goals.is_audience(words)) and "audience" not in program.fields:
        program.set("audience", entry.value, *entry.lines)
    else:
        program.set(next_of(program, "notes"), entry.text, *entry.lines)


register.register(DocumentKind("curriculum", "markdown", recognises, read))
