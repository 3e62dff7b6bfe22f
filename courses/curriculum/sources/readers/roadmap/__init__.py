"""Module roadmaps: one module with everything that its template has a section for.

Two variants are known: the long one with labelled bullets, tables and plans, and
the short one with free bullets (*Hands-On Activities*, *Assessments & Evidence*,
*Shared Assets & Legacy Mapping*). Any mixture of both is read, with entries as
bullets, labelled lines, rows or headings.
"""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.goals import competencies_read, objectives_read
from courses.curriculum.sources.heads import Head, begun, summary_read
from courses.curriculum.sources.listed import Told, breaks_apart, entry_set, rest, told
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import (
    Handler,
    folded,
    free_name,
    leftovers,
    rules,
    sections_read,
)
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.roadmap.evidence import evidence_read
from courses.curriculum.sources.readers.roadmap.practice import practice_read
from courses.curriculum.sources.readers.roadmap.topics import outline_read
from courses.curriculum.sources.risk_marks import name_of, pieces
from courses.curriculum.sources.risks import Risks, risks_read
from courses.curriculum.sources.sections import (
    checklist_read,
    paragraphs_of,
    prerequisites_read,
    rest_of,
)
from courses.curriculum.sources.values import is_nothing

_TITLE = re.compile(r"\bmodule (?:roadmap|plan|outline)\b", re.IGNORECASE)


def recognises(document: SourceDocument) -> float:
    """By a label that names the module, or its title, beside sections of the template."""
    root = begun(document, HEAD)
    known, titled = HEAD.known(root), HEAD.titled(root)
    called = bool(root.find("module roadmap")) or any(_TITLE.search(line) for line in document.source.lines[:3])
    if HEAD.is_named(root, document.source):
        return 1.0 if called else 0.9 if known >= 2 or root.find("overview") else 0
    known += bool(titled) and any(map(HEAD.is_overview, root.walk()))
    named = called or titled or root.find("module overview") or HEAD.is_spoken(root)
    return 0.7 if known >= 3 and named else 0


def read(document: SourceDocument, statement: Statement) -> None:
    root = begun(document, HEAD)
    module = HEAD.begin(statement, root)
    top = HEAD.top(root)
    breaks_apart(statement, root)
    HEAD.preface(statement, module, root, top)
    # Activities first: what the evidence says of a quiz is of that one.
    parts = sorted(top.sections, key=lambda section: HEAD.handler(section) is evidence_read)
    sections_read(statement, module, replace(top, sections=parts), HEAD.handler)
    rules(statement, root)


def overview_read(statement: Statement, module: Claim, section: Section) -> None:
    """The facts of the head; parts of it that have a section of their own elsewhere are read as those."""
    HEAD.read(statement, module, section)
    summary_read(statement, module, section)
    HEAD.parts_read(statement, module, section)
    for part in section.walk():
        _unknown(statement, module, part)
    rest_of(statement, module, section)


def _unknown(statement: Statement, module: Claim, section: Section) -> None:
    """Labels that are not known are stated by their own name."""
    for each in told(statement, section):
        if each.entry.label and not each.entry.cells and each.entry.value:
            entry_set(module, free_name(module, each.entry.label), each.entry)


def progression_read(statement: Statement, module: Claim, section: Section) -> None:
    """Labelled entries are what their label says; free ones are what the module builds on, paragraphs too."""
    fields = {
        r"builds? (?:on|upon)|from": "builds_on", r"depth|extends|goes deeper|adds": "depth_for",
        r"shared|reuse": "shared_assets", r"differentiat|unique": "differentiators",
        r"hands? (?:off|over)|feeds|prepares|leads": "notes_downstream",
    }  # fmt: skip
    for part in section.walk():
        for each in told(statement, part):
            words = folded(each.entry.label or each.above or (part.title if part is not section else ""))
            name = next((field for pattern, field in fields.items() if re.match(rf"(?:{pattern})\b", words)), "")
            name = name or next((field for pattern, field in fields.items() if re.search(pattern, words)), "")
            if each.entry.cells and len(each.entry.cells) > 2:
                module.set(f"builds_on.{module.count('builds_on')}", each.entry.text, *each.entry.lines)
            elif name and each.entry.label:
                entry_set(module, name, each.entry)
            elif name or not each.entry.label:
                module.set(
                    f"{name or 'builds_on'}.{module.count(name or 'builds_on')}", each.entry.text, *each.entry.lines
                )
    for paragraph in paragraphs_of(statement, section):
        module.set(f"builds_on.{module.count('builds_on')}", paragraph.text, *paragraph.lines)
    rest_of(statement, module, section)


def listing(name: str) -> Handler:
    """A section whose entries are the values of one list."""

    def handler(statement: Statement, module: Claim, section: Section) -> None:
        for part in section.walk():
            rest(statement, module, part, name)
        rest_of(statement, module, section)

    return handler


def solutions_read(statement: Statement, module: Claim, section: Section) -> None:
    solution = statement.claim("solution", "Solutions", section.line, parent=module)
    names = {
        r"(?:solutions? )?coverage": "covers", r"repository|strategy|placement": "strategy",
        r"solutions? (?:path|location|repo)|location|path": "location", "(?:solution )?templates?": "templates",
        r"reuse": "reuse", r"access": "access",
    }  # fmt: skip
    for part in section.walk():
        for each in told(statement, part):
            entry = each.entry
            words = folded(entry.label or each.above)
            if words.startswith("validation status") or words == "status":
                approval = statement.claim("approval", "Validation", entry.lines[0], parent=module)
                approval.set("what", entry.label or each.above, entry.lines[0])
                approval.set("note", entry.value, *entry.lines)
            elif entry.label and (name := next((n for p, n in names.items() if re.match(rf"(?:{p})\b", words)), "")):
                entry_set(solution, name, entry)
            elif entry.label and re.match(r"validation|automat", words):
                entry_set(solution, "note", entry)
            elif not entry.label:
                solution.set(f"note.{solution.count('note')}", entry.text, *entry.lines)
    for part in section.walk():
        leftovers(statement, solution, part)
    rest_of(statement, module, section)


def resources_read(statement: Statement, module: Claim, section: Section) -> None:
    """References by kind, as labels, subsections or a column; tools; what has no kind is a primary one."""
    for part in section.walk():
        for each in told(statement, part):
            entry = each.entry
            kind = entry.label or each.above or (part if part is not section else section).title
            if entry.cells and len(entry.cells) > 2:
                kind = entry.cell("type|kind|category")
            name = _resource_field(kind)
            if entry.label and entry.value and is_nothing(entry.value):
                module.set(f"{free_name(module, entry.label)}.0", entry.value, *entry.lines)
                continue
            if entry.label and _resource_field(entry.label):
                entry_set(module, name, entry)
            elif not entry.cells or len(entry.cells) != 2 or not entry.label:
                module.set(
                    f"{name or 'resources.primary'}.{module.count(name or 'resources.primary')}",
                    entry.text,
                    *entry.lines,
                )
            else:
                entry_set(module, "resources.primary", entry)
    rest_of(statement, module, section)


def _resource_field(kind: str) -> str:
    words = folded(kind)
    if re.search(r"\btool|software|hardware|environment|technolog|infrastructure", words):
        return "tooling"
    if re.search(r"supplement|optional|additional|further|secondary|extra|nice", words):
        return "resources.supplemental"
    if re.search(r"primary|required|core|essential|main", words):
        return "resources.primary"
    return "resources.supplemental" if re.search(r"reference|resource|reading", words) and words not in _PLAIN else ""


_PLAIN = ("resource plan", "resources", "references", "readings", "reading list", "recommended resources")


def notes_read(statement: Statement, module: Claim, section: Section) -> None:
    """Labelled notes, with the risks among them; a part that is about risks is read as a section of risks."""
    found = Risks(statement, module)
    of_risks = {
        inner.line
        for part in section.walk()
        if part is not section and "risk" in folded(part.title)
        for inner in part.walk()
    }
    for part in section.walk():
        if part.line in of_risks:
            found.section(part, headed=True)
            continue
        for each in told(statement, part):
            _note(module, found, each, part.title if part is not section else "")
    found.close()
    for paragraph in paragraphs_of(statement, section):
        module.set(f"notes.{module.count('notes')}", paragraph.text, *paragraph.lines)
    rest_of(statement, module, section)


def _note(module: Claim, risks: Risks, each: Told, group: str) -> None:
    entry = each.entry
    words = folded(entry.label or each.above or group)
    of_risk = name_of(entry.label or each.above) or (pieces(entry.text)[0][0] if not entry.cells else "")
    if (
        "risk" in words
        or any(head.startswith("risk") for head in entry.cells)
        or of_risk == "risk"
        or (of_risk == "mitigation" and risks.waits)
    ):
        risks.entry(entry)
    elif found := re.search(
        r"upstream|downstream|\bbefore\b|\bafter\b|depends|needs|gives|enables|unlocks|feeds", words
    ):
        before = found[0] in ("upstream", "before", "depends", "needs")
        entry_set(module, "notes_upstream" if before else "notes_downstream", entry)
    elif not entry.label or entry.cells:
        module.set(f"notes.{module.count('notes')}", entry.text, *entry.lines)


HANDLERS: dict[str, Handler] = {
    "module overview|overview|module information|module details|module summary|module description|introduction"
    "|at a glance|metadata|=summary|hours breakdown|hour breakdown|time allocation|time breakdown|=hours|=duration"
    "|=workload": overview_read,
    "cross role progression|progression|builds on|role alignment|cross role"
    "|where this module fits|where it fits": progression_read,
    "learning objectives|objectives|learning outcomes|outcomes|learning goals|what you will learn": objectives_read,
    "competency alignment|competencies|competency|skills mapping|skill mapping|skills alignment|competency matrix"
    "|skills": competencies_read,
    "content outline|outline|topics|syllabus|course content|module content|contents|lessons|lecture plan|curriculum"
    "|module structure|weekly plan|schedule|=content": outline_read,
    "practical components|hands on activities|hands on labs|labs|exercises|activities|hands on|practical work"
    "|practice|workshops|studio sessions|simulations|lab plan|applied work|practicum": practice_read,
    "assessments evidence|assessment evidence|assessments|assessment|evaluation|assessment plan"
    "|evidence": evidence_read,
    "solutions plan|solution plan|solutions|solution": solutions_read,
    "resource plan|resources|references|tools|tooling|tooling requirements|reading list|readings|materials"
    "|supplemental resources": resources_read,
    "quality checklist|readiness checklist|checklist|quality gates|review checklist|definition of done": checklist_read,
    "dependencies notes|dependencies and notes|dependencies|notes|open questions|instructor notes|assumptions"
    "|success metrics|metrics|success criteria|next steps|risks dependencies|risks and dependencies": notes_read,
    "risks|risks mitigations|known risks|risk register|risks and mitigations": risks_read,
    "prerequisites|prerequisite knowledge|prerequisite modules|before you begin|before you start": prerequisites_read,
    "shared assets legacy mapping|shared assets|legacy mapping|legacy alignment|legacy": listing("shared_assets"),
}  # fmt: skip
HEAD = Head("module", HANDLERS, overview_read, {})

register.register(DocumentKind("module_roadmap", "markdown", recognises, read))
