"""What a project delivers, and the points that each of it gives where no rubric says so."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, rest, told
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import heading

_OPTIONAL = re.compile(
    r"\boptional(?:ly)?\b|\bstretch\b|\bbonus\b|\bnice[ -]to[ -]have\b|\bextra credit\b|\bif time (?:allows|permits)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"(?:\s?[(\[](?:(?:weight|points?|worth):?\s)?(?P<inside>{values.NUMBER})\s?(?:points?|pts?\.?|marks?|%)[)\]]"
    rf"|(?:[:,]|\s[\u2013\u2014-])\s(?P<behind>{values.NUMBER})\s?(?:points?|pts?|marks?)(?=\W|$)"
    rf"|\b(?:points?|weight|marks?|max(?: points)?): (?P<column>{values.NUMBER})\b)",
    re.IGNORECASE,
)


def deliverables_read(statement: Statement, project: Claim, section: Section) -> None:
    """Entries of all parts; what its heading, or the line above it, calls optional is."""
    for part in section.walk():
        optional = bool(_OPTIONAL.search(part.title))
        for each in told(statement, part):
            entry = each.entry
            text = _row(entry) if entry.cells else entry.text
            value = {"text": text, "optional": optional or bool(_OPTIONAL.search(f"{each.above} {text}"))}
            project.set(f"deliverables.{project.count('deliverables')}", value, *entry.lines)
        rest(statement, project, part, "deliverables")
        if part is not section:
            heading(statement, part)


def _row(entry: Entry) -> str:
    """What is delivered, and in parentheses what other columns say of it."""
    head = entry.head("deliverable|artifact|artefact|title|name|item|output") or next(iter(entry.cells))
    others = "; ".join(f"{name}: {cell}" for name, cell in entry.cells.items() if cell and name != head)
    text = entry.cells[head] or entry.text
    others = re.sub(r"^column 1: (?=[A-Za-z]?\d)", "no. ", others)
    return f"{text} ({others})" if others and text != entry.text else text


def points_read(statement: Statement, project: Claim) -> None:
    """Deliverables that each say their points are the criteria of the project, unless it has a rubric."""
    given = [fact for name, fact in project.fields.items() if re.fullmatch(r"deliverables\.\d+", name)]
    pointed = [(fact, found) for fact in given if isinstance(fact.value, dict)
               and (found := _POINTS.search(fact.value["text"]))]  # fmt: skip
    needed = [fact for fact in given if not (isinstance(fact.value, dict) and fact.value["optional"])]
    if project.under("rubric") or len(pointed) < 2 or len(pointed) < len(needed):
        return
    rubric = statement.claim("rubric", "Deliverables", pointed[0][0].lines[0], parent=project)
    for fact, found in pointed:
        text = fact.value["text"]
        before = text[: text.find(" (") if found["column"] else found.start()]
        title = (
            re.sub(r"[*_`]|[\s:\u2013\u2014-]+$", "", before).split(" \u2014 ")[0].split(" \u2013 ")[0].strip() or text
        )
        criterion = statement.claim("criterion", title, fact.lines[0], parent=rubric)
        criterion.set("title", title, *fact.lines)
        criterion.set("points", values.number(found["inside"] or found["behind"] or found["column"]), *fact.lines)
