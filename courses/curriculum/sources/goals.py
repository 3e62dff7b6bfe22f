"""Objectives and competency targets, as roadmaps and project plans state them: bullets, labels, rows."""

from __future__ import annotations

import re

from courses.curriculum.aliases import slug_of
from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, Told, named, told
from courses.curriculum.sources.outline import Item, Section
from courses.curriculum.sources.parts import folded, item_lines, item_text
from courses.curriculum.sources.sections import rest_of

_LEVEL = (
    r"(?:aware(?:ness)?|novice|beginner|basic|foundation(?:al)?|entry|introductory|working|competent|intermediate"
    r"|practitioner|proficient|advanced|expert|mastery|master|lead|specialist)"
)
_LEVELS = re.compile(rf"{_LEVEL}(?:\s*(?:/|to|-|\u2013|\u2192|->)\s*{_LEVEL})?", re.IGNORECASE)
_DASHES = re.compile(r"\s{1,3}(?:[\u2013\u2014-]|->|\u2192|\|)\s{1,3}")
_MARK = re.compile(r"[xX\u2713\u2714\u2705\u25cf\u2022\u2611]\ufe0f?|yes", re.IGNORECASE)
_BEHIND = re.compile(r"^(?P<name>.{1,120}?)\s*\((?P<level>[^()]{1,60})\)\s*$", re.DOTALL)
_BEFORE = re.compile(
    rf"(?P<level>{_LEVELS.pattern})\s*(?:\((?P<rest>[^()]+)\)|[,;:]\s*(?P<after>\S.*))$",
    re.IGNORECASE,
)
Group = tuple[str, tuple[int, ...]]
"""What a group of objectives is called, and the lines that say it."""
_SENTENCE = re.compile(r"\b(?:will|can|should|able|you|learners?|students?|participants?)\b", re.IGNORECASE)
_FIELDS = {
    "level": "level", "proficiency": "level", "target": "level", "evidence": "evidence", "assess": "evidence",
    "role": "for_roles",
}  # fmt: skip
# Labels of what is said of the competency above them, where each has a line.
_FACT = re.compile(
    r"(?:proficiency |target )?(?:target|level|proficiency)|evidence(?: assessments?)?|assess(?:ment|ed by)"
    r"|roles?(?: alignment)?"
)
_RISING = re.compile(r"([^\W\d][\w ]{2,20}?)\s*(?:\u2192|->|=>)\s*([^\W\d][\w ]{2,20})")


def objectives_read(statement: Statement, claim: Claim, section: Section) -> None:
    """Every bullet and row is an objective; a subsection, or a label before or above bullets, is the group of them."""
    for part in section.walk():
        group = (part.title, part.heading_lines) if part is not section else ("", ())
        for each in told(statement, part):
            above = (each.above, (each.above_line,)) if _is_group(each.above) else group
            if each.entry.cells:
                _objective_row(statement, claim, each.entry, above)
            elif each.entry.item is not None:
                _objective(statement, claim, each.entry.item, above)
            elif each.entry.label:
                text = f"{each.entry.label}: {each.entry.value}"
                _stated(statement, claim, text, text, each.entry.lines, above)
    rest_of(statement, claim, section)


def _is_group(above: str) -> bool:
    """Whether a line before a list names its kind, and is no sentence (*By the end you can*)."""
    return bool(above) and len(above.split()) <= 4 and not _SENTENCE.search(above)


def _objective(statement: Statement, claim: Claim, item: Item, group: Group) -> None:
    """A bullet; one that only opens those below it is their group."""
    if item.items and item.text.rstrip("* ").endswith(":"):
        statement.account.structure(item.line, item.items[0].line)
        for inner in item.items:
            _objective(statement, claim, inner, (item.text.strip("*: "), (item.line,)))
        return
    _stated(statement, claim, item.text, item_text(item), tuple(item_lines(item)), group)


def _stated(statement: Statement, claim: Claim, label: str, text: str, lines: tuple[int, ...], group: Group) -> Claim:
    objective = statement.claim("objective", label, lines[0], parent=claim)
    objective.set("text", text, *lines)
    if group[0]:
        objective.set("group", group[0], *group[1])
    return objective


def _objective_row(statement: Statement, claim: Claim, entry: Entry, group: Group) -> None:
    """The column of objectives, else the longest cell; a column that sorts them is the group."""
    head = entry.head("objective|outcome|goal|statement|learner|you will|ability|description")
    text = entry.cells.get(head) or max(entry.cells.values(), key=len)
    head = next(name for name, cell in entry.cells.items() if cell == text)
    sorts = next(
        (h for h in entry.cells if h != head and re.search(r"level|categor|domain|type|area|bloom|group", h)), ""
    )
    if entry.cells.get(sorts):
        group = (entry.cells[sorts], entry.lines)
    objective = _stated(statement, claim, text, text, entry.lines, group)
    others(objective, entry, head, sorts)


def others(claim: Claim, entry: Entry, *known: str) -> None:
    """State the cells of columns that nobody knows, but for the number of the row."""
    for head, cell in entry.cells.items():
        if head not in known and cell and not (head.startswith("column ") and cell.isdecimal()):
            name = slug_of(head).replace("-", "_") or "column"
            claim.set(f"stated.{name}", cell, *entry.lines)


def competencies_read(statement: Statement, claim: Claim, section: Section) -> None:
    """Each row or bullet is a target: competency, level, evidence, roles."""
    for part in section.walk():
        last = None
        for each in told(statement, part):
            if each.entry.cells:
                _target_row(statement, claim, each.entry)
            elif last is not None and _FACT.fullmatch(folded(each.entry.label)):
                _said(last, each.entry.label, each.entry.value, each.entry.lines)
            elif each.entry.item is not None or each.entry.label:
                last = _target_line(statement, claim, each)
    rest_of(statement, claim, section)


def _target_row(statement: Statement, claim: Claim, entry: Entry) -> None:
    at = {"roles": entry.head("role")}
    left = Entry("", "", "", (), {head: cell for head, cell in entry.cells.items() if head != at["roles"]})
    at["name"] = left.head("competenc|skill|capabilit") or next(iter(left.cells), "")
    left.cells.pop(at["name"], None)
    at["level"] = left.head("target|proficiency|level|depth") or ("to" if "to" in left.cells else "")
    left.cells.pop(at["level"], None)
    at["evidence"] = left.head("evidence|assess|demonstrat|measur|artifact|deliverable")
    name = entry.cells.get(at["name"], "")
    if not name or not (at["level"] or at["evidence"] or at["roles"] or len(entry.cells) > 1):
        return
    target = _target(statement, claim, name.strip("*` ") if name.strip("*` ") else name, entry.lines)
    marked = [head for head, cell in left.cells.items() if _LEVELS.fullmatch(head) and _MARK.fullmatch(cell)]
    if level := entry.cells.get(at["level"]) or (marked[0] if marked else ""):
        if rising := _RISING.fullmatch(level):
            # "Working -> Proficient": where learners come from, and what they reach.
            target.set("stated.level_before", rising[1], *entry.lines)
            level = rising[2]
        target.set("level", level, *entry.lines)
    for text in values.listed(entry.cells.get(at["evidence"], "")):
        target.set(f"evidence.{target.count('evidence')}", text, *entry.lines)
    for text in _roles(entry.cells.get(at["roles"], "")):
        target.set(f"for_roles.{target.count('for_roles')}", text, *entry.lines)
    others(target, entry, *at.values(), *marked)


def _roles(text: str) -> list[str]:
    return [role.strip() for part in values.listed(text) for role in re.split(r"\s/\s", part) if role.strip()]


def _target(statement: Statement, claim: Claim, name: str, lines: tuple[int, ...]) -> Claim:
    target = statement.claim("competency_target", name, lines[0], parent=claim)
    target.set("competency", name, *lines)
    return target


def _target_line(statement: Statement, claim: Claim, told: Told) -> Claim:
    """``**Name** (Level): evidence``, ``name - level - evidence``, ``name (level)``, or facts in bullets below."""
    entry = told.entry
    nested = entry.item.items if entry.item else []
    own = entry.lines[: nested[0].line - entry.lines[0]] if nested else entry.lines
    words = entry.own if nested else entry.value
    name, level, evidence = _parts(entry, words)
    if told.above and _LEVELS.fullmatch(told.above) and not level:
        level = told.above
        own = (told.above_line, *own)
    target = _target(statement, claim, name, own)
    if level:
        target.set("level", level, *own)
    for text in values.listed(evidence):
        target.set(f"evidence.{target.count('evidence')}", text, *own)
    for item in nested:
        label, _, value = item.text.replace("**", "").partition(":")
        _said(target, label if value.strip() else "", value.strip() or item_text(item), tuple(item_lines(item)))
    return target


def _said(target: Claim, label: str, value: str, lines: tuple[int, ...]) -> None:
    """What a label says of a target; what has another label is its evidence, with that."""
    known = next((field for word, field in _FIELDS.items() if word in folded(label)), "")
    if known == "level" and "level" not in target.fields:
        target.set("level", value, *lines)
    elif known == "for_roles":
        for role in _roles(value):
            target.set(f"for_roles.{target.count('for_roles')}", role, *lines)
    else:
        text = value if known or not label else f"{label.strip()}: {value}"
        target.set(f"evidence.{target.count('evidence')}", text, *lines)


def _parts(entry: Entry, words: str) -> tuple[str, str, str]:
    """Name, level and evidence of a line."""
    generic = any(word in folded(entry.label).split() for word in ("competency", "skill", "competencies"))
    if entry.label and not generic:
        name, pieces = entry.label.strip("` "), _DASHES.split(words, maxsplit=1)
        level = entry.qualifier
    else:
        name, *pieces = _DASHES.split(words, maxsplit=2)
        level = ""
    if (found := _BEHIND.match(name)) and _LEVELS.fullmatch(found["level"]):
        name, level = found["name"].strip("*: "), found["level"]
    if not level and pieces and _LEVELS.fullmatch(pieces[0].strip("*. ")):
        level, pieces = pieces[0].strip("*. "), pieces[1:]
    elif not level and pieces and (found := _BEFORE.match(pieces[0])):
        level, pieces = found["level"], [found["rest"] or found["after"], *pieces[1:]]
    evidence = re.sub(r"^(?:evidence|assessment):\s*", "", " - ".join(pieces), flags=re.IGNORECASE)
    return name.strip("* ") or named(entry), level, evidence
