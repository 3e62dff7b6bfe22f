"""What several templates have: duration, prerequisites, checklists, risks, and what stands before all sections."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Labelled, Rule, Section
from courses.curriculum.sources.parts import heading, item_lines, item_text, items_of, keep, leftovers


def preface_read(statement: Statement, claim: Claim, root: Section, top: Section) -> None:
    """What stands before the first section: the note of the template is prose of the module."""
    for section in (root, top) if top is not root else (root,):
        for block in section.blocks:
            lines = [line for line in range(block.line, block.end + 1) if statement.source.line(line).strip()]
            if not isinstance(block, Rule):
                keep(statement, claim, section.title, lines)
    if top is not root:
        heading(statement, top)


def duration_read(claim: Claim, fact: Labelled) -> None:
    """``40 hours (12 lecture, 20 lab)``: the parts are the fact, the total beside them is a stated figure."""
    lines = range(fact.line, fact.end + 1)
    total = values.hours(fact.value)
    inside = re.search(r"\(([^()]*)\)", fact.value)
    parts = values.hour_parts(inside[1]) if inside else None
    for kind, value in (parts or {}).items():
        claim.set(f"hours_by_kind.{kind}", value, *lines)
    if total is not None:
        claim.set("stated.hours" if parts else "hours", total.plain, *lines)
    rest = fact.value.replace(inside[0], "") if inside and parts else fact.value
    if total is None or not values.only_hours(rest):
        claim.set("stated.duration", fact.value, *lines)


def edges_read(statement: Statement, claim: Claim, fact: Labelled, strength: str) -> None:
    """Edges to the ids that a value names, each a requirement; the words stay as they are stated.

    A part without an id is a skill in words (only where it is needed; elsewhere it stays words).
    """
    lines = range(fact.line, fact.end + 1)
    name = {"needs": "prerequisites", "leads_to": "next"}.get(strength, strength)
    claim.set(f"stated.{name}", fact.value, *lines)
    if values.is_nothing(fact.value):
        return
    for part in values.listed(fact.value):
        found = values.ids(part)
        for to in found:
            edge = statement.claim("requirement", f"{strength} {to}", fact.line, parent=claim)
            edge.set("strength", strength, *lines)
            edge.set("to", to, *lines)
        if not found and strength == "needs":
            edge = statement.claim("requirement", f"{strength} {part}", fact.line, parent=claim)
            edge.set("strength", strength, *lines)
            edge.set("skill", part, *lines)


def checklist_read(statement: Statement, claim: Claim, section: Section) -> None:
    """The authors' own list with its ticks; learners never see it."""
    boxes = [item for item in items_of(section) if item.checked is not None]
    if boxes:
        checklist = statement.claim("checklist", section.title, section.line, parent=claim)
        checklist.set("audience", "authors")
        for place, item in enumerate(boxes):
            checklist.set(f"items.{place}", {"text": item_text(item), "done": item.checked}, *item_lines(item))
    leftovers(statement, claim, section)


def risks_read(statement: Statement, claim: Claim, fact: Labelled) -> None:
    """*Risk, what may happen - what is done about it*, in the line or one a bullet."""
    entries = [(item.text, item_lines(item)) for item in fact.block.items] if fact.block else []
    if fact.value:
        first = min((lines[0] for _, lines in entries), default=fact.end + 1)
        entries.insert(0, (fact.value, range(fact.line, first)))
    elif entries:
        statement.account.structure(fact.line, entries[0][1][0])
    for text, lines in entries:
        what, _, remedy = (
            (part.strip() for part in re.split(r"(\s[\u2013-]\s|\u2014|;)", text, maxsplit=1))
            if re.search(r"\s[\u2013-]\s|\u2014|;", text)
            else (text, "", "")
        )
        risk = statement.claim("risk", what, lines[0], parent=claim)
        risk.set("text", what, *lines)
        if remedy:
            risk.set("mitigation", remedy, *lines)
