"""Who signed a project off, or is still to: authors, reviewers with their state and day."""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, put, rest, told
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import folded

_STATES = ("pending", "approved", "rejected", "open")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_BEHIND = re.compile(r"(?<!\s)\s*+\([^()]*+\)\s*+$")


def signoff_read(statement: Statement, project: Claim, section: Section) -> None:
    """One approval, and one more for each further reviewer who has a state behind the name."""
    approval = statement.claim("approval", "Sign-off", section.line, parent=project)
    approval.set("what", "Sign-off")
    for each in told(statement, section):
        entry = each.entry
        if entry.cells and len(entry.cells) > 2:
            # A row for each person: what they are is the label of the others.
            first, *others = [cell for cell in entry.cells.values() if cell]
            named = len(others) > 1
            value = f"{others[0]} ({', '.join(others[1:])})" if named else " ".join(others)
            entry = replace(entry, label=first, value=value)
        words = folded(entry.label)
        if entry.value and words:
            _signed(approval, entry, words)
    rest(statement, approval, section, "notes")


def _signed(approval: Claim, entry: Entry, words: str) -> None:
    """Author, reviewer with state, or date."""
    if words.startswith(("author", "owner", "prepared by")) and "author" not in approval.fields:
        put(approval, "author", entry)
    elif words.startswith(("reviewer", "approver", "approved by", "reviewed by")):
        if "person" not in approval.fields:
            put(approval, "stated.reviewers", entry)
        parts = values.listed(entry.value)
        apart = len(parts) > 1 and all(map(_BEHIND.search, parts))
        for part in parts if apart else [entry.value]:
            _reviewed(approval, entry, part, words)
    elif words.startswith(("date", "approved", "approval date", "status", "last updated")):
        put(approval, f"stated.{words.split()[0]}", entry)


def _reviewed(approval: Claim, entry: Entry, text: str, words: str) -> None:
    """What one reviewer said; of the second one on an approval of its own."""
    if "person" in approval.fields and approval.parent is not None:
        approval = approval.statement.claim("approval", "Sign-off", entry.lines[0], parent=approval.parent)
        approval.set("what", "Sign-off")
    state = next((each for each in _STATES if re.search(rf"\b{each}\b", text, re.IGNORECASE)), None)
    day = _DAY.search(text)
    if state is None and day and words == "approved by":
        state = "approved"
    person = _BEHIND.sub("", text)
    person = re.sub(rf"[\s,]*(?:\bon )?{_DAY.pattern}$", "", person).strip()
    if person and not values.is_nothing(person):
        put(approval, "person", entry, person)
    if state and "state" not in approval.fields:
        approval.set("state", state, *entry.lines)
    if day and state == "approved" and "on" not in approval.fields:
        approval.set("on", day[0], *entry.lines)
