"""Module roadmaps: one module with everything that its template has a section for.

Two variants are known: the long one with labelled bullets, tables and plans, and
the short one with free bullets (*Hands-On Activities*, *Assessments & Evidence*,
*Shared Assets & Legacy Mapping*). Any mixture of both is read.
"""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Item, Labelled, Section, Table, labelled
from courses.curriculum.sources.parts import (
    Handler,
    cell,
    columns,
    competencies_read,
    folded,
    item_lines,
    item_text,
    items_of,
    leftovers,
    objectives_read,
    rules,
    sections_read,
    table_rows,
    texts_set,
    value_and_nested,
)
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.sections import checklist_read, duration_read, edges_read, preface_read, risks_read

_OUTLINE_ITEM = re.compile(r"^\*\*(?P<title>.+?)\*\*\s*(?:[:\u2013\u2014-]+\s*(?P<points>.*))?$", re.DOTALL)


def recognises(document: SourceDocument) -> float:
    """By the module's id in its overview; the title of the template makes it surer."""
    root = document.outline
    overview = root.find("overview")
    if overview is None:
        return 0
    labels = {folded(fact.label) for fact in labelled(overview.blocks) if isinstance(fact, Labelled)}
    if not labels & {"module id", "module title", "module"}:
        return 0
    return 1.0 if root.find("module roadmap") else 0.8


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    overview = root.find("overview")
    assert overview is not None
    facts = {folded(fact.label): fact for fact in labelled(overview.blocks) if isinstance(fact, Labelled)}
    named = facts.get("module id") or facts.get("module")
    key = next(iter(values.ids(named.value)), "") if named else ""
    title = facts.get("module title") or facts.get("title")
    label = title.value if title else key or root.sections[0].title
    module = statement.claim("module", label, (named or title or overview).line, key=key)
    top = root.sections[0] if len(root.sections) == 1 and root.sections[0] is not overview else root
    preface_read(statement, module, root, top)
    sections_read(statement, module, top, HANDLERS)
    rules(statement, root)


def overview_read(statement: Statement, module: Claim, section: Section) -> None:
    for fact in labelled(section.blocks):
        if not isinstance(fact, Labelled):
            continue
        lines = range(fact.line, fact.end + 1)
        match folded(fact.label):
            case "module id" | "module":
                module.set("id", fact.value, *lines)
            case "module title" | "title":
                module.set("title", fact.value, *lines)
            case "target role s" | "target role" | "target roles" | "role":
                for place, role in enumerate(values.listed(fact.value)):
                    module.set(f"roles.{place}", role, *lines)
            case "duration" | "estimated duration" | "hours":
                duration_read(module, fact)
            case "prerequisites" | "prerequisite" | "prerequisite s" | "prerequisite modules":
                edges_read(statement, module, fact, "needs")
            case "next module s" | "next module" | "next modules" | "next":
                edges_read(statement, module, fact, "leads_to")
            case "difficulty" | "level":
                module.set("difficulty", fact.value, *lines)
    leftovers(statement, module, section)


def progression_read(statement: Statement, module: Claim, section: Section) -> None:
    """Labelled bullets are what their label says; free bullets are what the module builds on."""
    fields = {
        "builds on": "builds_on", "adds new depth for": "depth_for", "shared assets": "shared_assets",
        "differentiators": "differentiators",
    }  # fmt: skip
    for fact in labelled(section.blocks):
        if isinstance(fact, Item):
            texts_set(module, "builds_on", [fact])
        elif isinstance(fact, Labelled) and (name := fields.get(folded(fact.label))):
            value_and_nested(module, name, fact)
    leftovers(statement, module, section)


def outline_read(statement: Statement, module: Claim, section: Section) -> None:
    """Numbered, bulleted or headed topics, each with what it covers."""
    for part in section.walk():
        if part is not section:
            topic = statement.claim("topic", part.title, part.line, parent=module)
            topic.set("title", part.title, *part.heading_lines)
            texts_set(topic, "points", items_of(part))
        else:
            for item in items_of(part):
                _topic(statement, module, item)
        leftovers(statement, module, part)


def _topic(statement: Statement, module: Claim, item: Item) -> None:
    found = _OUTLINE_ITEM.match(item.text)
    title = found["title"].strip().rstrip(":") if found else item.text
    topic = statement.claim("topic", title, item.line, parent=module)
    own = range(item.line, min((inner.line for inner in item.items), default=item.end + 1))
    topic.set("title", title, *own)
    for place, point in enumerate(values.listed(((found["points"] if found else "") or "").strip().rstrip("."))):
        topic.set(f"points.{place}", point, *own)
    texts_set(topic, "points", item.items)


def practice_read(statement: Statement, module: Claim, section: Section) -> None:
    """Each row is a lab, a quiz or a project of the module, by what its first cell calls it."""
    for table in (block for block in section.blocks if isinstance(block, Table)):
        at = columns(table, asset="asset|activity|component", text="description", criteria="criteria|completion",
                     validation="validation")  # fmt: skip
        for row in table_rows(statement, table):
            asset = cell(row, at["asset"]) or cell(row, at["text"])
            text = cell(row, at["text"])
            kind = "quiz" if re.search(r"assess|quiz|exam", asset, re.IGNORECASE) else "lab"
            activity = statement.claim(kind, asset, row.line, parent=module)
            activity.set("label", asset, row.line)
            if text:
                activity.set("title", text, row.line)
            for place, criterion in enumerate(values.listed(cell(row, at["criteria"]))):
                activity.set(f"criteria.{place}", {"text": criterion, **(values.threshold(criterion) or {})}, row.line)
            if validation := cell(row, at["validation"]):
                activity.set("checked_note", validation, row.line)
    for item in items_of(section):
        activity = statement.claim("lab", item.text, item.line, parent=module)
        activity.set("title", item_text(item), *item_lines(item))
    leftovers(statement, module, section)


def evidence_read(statement: Statement, module: Claim, section: Section) -> None:
    """Assessments that are listed and not tabled: each is evidence that the module asks for."""
    texts_set(module, "evidence", items_of(section))
    leftovers(statement, module, section)


def solutions_read(statement: Statement, module: Claim, section: Section) -> None:
    solution = statement.claim("solution", "Solutions", section.line, parent=module)
    names = {
        "solution coverage required": "covers", "repository strategy": "strategy", "solution path repo": "location",
        "solutions path": "location", "solution templates to use": "templates", "reuse opportunities": "reuse",
    }  # fmt: skip
    for fact in labelled(section.blocks):
        if not isinstance(fact, Labelled):
            continue
        if folded(fact.label) == "validation status":
            approval = statement.claim("approval", "Validation", fact.line, parent=module)
            approval.set("what", fact.label, fact.line)
            approval.set("note", fact.value, *range(fact.line, fact.end + 1))
        elif name := names.get(folded(fact.label)):
            value_and_nested(solution, name, fact)
    leftovers(statement, solution, section)


def resources_read(statement: Statement, module: Claim, section: Section) -> None:
    for fact in labelled(section.blocks):
        if not isinstance(fact, Labelled):
            continue
        words = folded(fact.label)
        if words.startswith("tooling"):
            value_and_nested(module, "tooling", fact)
        elif "reference" in words or "resource" in words:
            value_and_nested(module, "resources.primary" if "primary" in words else "resources.supplemental", fact)
    leftovers(statement, module, section)


def notes_read(statement: Statement, module: Claim, section: Section) -> None:
    for fact in labelled(section.blocks):
        if isinstance(fact, Item):
            texts_set(module, "notes", [fact])
        elif isinstance(fact, Labelled):
            words = folded(fact.label)
            if "risk" in words:
                risks_read(statement, module, fact)
            elif words.startswith(("upstream", "downstream")):
                value_and_nested(module, f"notes_{words.split()[0]}", fact)
    leftovers(statement, module, section)


def shared_read(statement: Statement, module: Claim, section: Section) -> None:
    texts_set(module, "shared_assets", items_of(section))
    leftovers(statement, module, section)


HANDLERS: dict[str, Handler] = {
    "module overview|overview": overview_read,
    "cross role progression|progression": progression_read,
    "learning objectives|objectives|learning outcomes": objectives_read,
    "competency alignment|competencies": competencies_read,
    "content outline|outline|topics": outline_read,
    "practical components|hands on activities|hands on labs|labs|exercises": practice_read,
    "assessments evidence|assessment evidence|assessments": evidence_read,
    "solutions plan|solution plan|solutions": solutions_read,
    "resource plan|resources": resources_read,
    "quality checklist|readiness checklist|checklist": checklist_read,
    "dependencies notes|dependencies and notes|dependencies|notes|risks": notes_read,
    "shared assets legacy mapping|shared assets|legacy mapping": shared_read,
}

register.register(DocumentKind("module_roadmap", "markdown", recognises, read))
