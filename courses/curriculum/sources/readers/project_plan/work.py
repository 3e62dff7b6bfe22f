"""How a project is worked on: phases with hours, and the rubric."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from courses.curriculum.bodies.base import number_text
from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.criteria import MINIMUM, criteria_read, is_criteria, legend_of, minimum_read
from courses.curriculum.sources.listed import Entry, Told, entries, is_free, rest, told
from courses.curriculum.sources.outline import Item, Section, Table
from courses.curriculum.sources.parts import folded, heading, texts_set
from courses.curriculum.sources.pointed import POINTS, criterion_read, given_in, given_read, is_head, points_of
from courses.curriculum.sources.sections import totals_read

_IS_PHASE = re.compile(
    r"^(?:phase|weeks?|stage|sprint|milestone|step|days?|months?|wp|work ?package|iteration)\s*\d", re.IGNORECASE
)
# "Week 1-2 - audit": what is numbered, and what is done then.
_DASHED = re.compile(
    r"^(?P<label>(?:phase|weeks?|stage|sprint|milestone|step|days?|months?)\s*\d+(?:\s?[\u2013-]\s?\d+)?)"
    r"\s*[\u2013\u2014-]\s+(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_PHASES = re.compile(r"\b(?:phases?|milestones?|schedule|timeline|sprints?|stages?)\b", re.IGNORECASE)
# "Build (30-36 h)": what a phase is called and how long it takes.
_TIMED = re.compile(r"^(?P<title>[^()]+?)(?<!\s)\s*+\((?P<time>[^()\d]*+\d[^()]*+)\)$")

_TOTAL = re.compile(rf"[\W_]*(?:total|sum)\b[\W_]*(?:points[\W_]*)?({values.NUMBER})\s?(?:points?|pts?)[\W_]*", re.I)


def is_phase(title: str) -> bool:
    """Whether a heading is one phase: *Phase 2*, *Week 1-2: Build*."""
    return bool(_IS_PHASE.match(title))


def phases_read(statement: Statement, project: Claim, section: Section) -> None:
    """Rows and labelled bullets are phases, as are headings with a number or hours; the rest are activities."""
    for part in section.walk():
        if part is not section and (is_phase(part.title) or values.hours(part.title)):
            headed_phase_read(statement, project, part)
            continue
        totals_read(statement, project, part)
        in_phases = part is section or bool(_PHASES.search(part.title))
        opened: dict[int, Claim] = {}
        for each in told(statement, part):
            entry = each.entry
            if in_phases and entry.item is not None and _opens_phase(each.above):
                if each.above_line not in opened:
                    opened[each.above_line] = _opened_phase(statement, project, each)
                phase = opened[each.above_line]
                phase.set(f"points.{phase.count('points')}", entry.text, *entry.lines)
            elif (
                in_phases
                and entry.item is not None
                and not entry.label
                and entry.item.items
                and _timed(entry.item.text)
            ):
                _nested_phase(statement, project, entry)
            elif _columned(entry):
                _phase_row(statement, project, entry)
            elif in_phases and not entry.cells and not entry.label and (found := _DASHED.match(entry.text)):
                _phase_line(statement, project, replace(entry, label=found["label"], value=found["rest"]))
            elif in_phases and not entry.cells and entry.label:
                _phase_line(statement, project, entry)
        rest(statement, project, part, "activities")
        if part is not section:
            heading(statement, part)


def _columned(entry: Entry) -> bool:
    return bool(entry.cell("phase|milestone|stage|sprint|week|step")) and len(entry.cells) > 1


def _phase(statement: Statement, project: Claim, title: str, lines: tuple[int, ...]) -> Claim:
    phase = statement.claim("phase", title, lines[0], parent=project)
    phase.set("title", title, *lines)
    return phase


def _hours(phase: Claim, text: str, lines: tuple[int, ...]) -> None:
    found = values.hours(text)
    if found is not None:
        phase.set("hours", found.plain, *lines)
    if found is None or not values.only_hours(text):
        phase.set("stated.time", text, *lines)


def _timed(text: str) -> re.Match[str] | None:
    found = _TIMED.match(text.strip("*_: "))
    return found if found and values.hours(found["time"]) else None


def _holds_phase(item: Item) -> bool:
    return bool(item.items) and _timed(item.text) is not None


def _opens_phase(above: str) -> bool:
    """Whether a line by itself names a phase: by a number (*Phase 2*, *WP1*) or by its hours."""
    return bool(above) and (bool(is_phase(above)) or _timed(above) is not None)


def _opened_phase(statement: Statement, project: Claim, told: Told) -> Claim:
    """The phase that a line by itself opens; what is listed below it are its points."""
    found = _timed(told.above)
    phase = _phase(statement, project, found["title"] if found else told.above, (told.above_line,))
    if found:
        _hours(phase, found["time"], (told.above_line,))
    return phase


def _nested_phase(statement: Statement, project: Claim, entry: Entry) -> None:
    """A bullet with hours, and what is done then below it."""
    assert entry.item is not None
    found = _timed(entry.item.text)
    assert found is not None
    own = entry.lines[: entry.item.items[0].line - entry.lines[0]]
    phase = _phase(statement, project, found["title"], own)
    _hours(phase, found["time"], own)
    texts_set(phase, "points", entry.item.items)
    for line in entry.lines:
        if statement.account.fate(line) is None and statement.source.line(line).strip():
            phase.set(f"notes.{phase.count('notes')}", statement.source.line(line).strip(), line)


def _phase_row(statement: Statement, project: Claim, entry: Entry) -> None:
    fields = {
        "time|hours|duration|effort": "time", "touchpoint|instructor|mentor|support": "touchpoint",
        "description|activit|text|focus|goal|scope|tasks": "text",
    }  # fmt: skip
    title = entry.cell("phase|milestone|stage|sprint|week|step")
    taken = {next(head for head, cell in entry.cells.items() if cell == title)}
    named = title.strip("*_ ")
    if re.fullmatch(r"\d+(?:\s*[\u2013-]\s*\d+)?", named):
        named = f"{next(iter(taken)).capitalize()} {named}"
    phase = _phase(statement, project, named, entry.lines)
    for head, cell in entry.cells.items():
        if head in taken or not cell:
            continue
        name = next((field for words, field in fields.items() if any(word in head for word in words.split("|"))), "")
        if "hours" in head and values.NUMBER_ONLY.fullmatch(cell):
            amount = values.amount(cell)
            if amount is not None and "hours" not in phase.fields:
                phase.set("hours", amount.plain, *entry.lines)
                continue
        if name == "time" and "hours" not in phase.fields and "stated.time" not in phase.fields:
            _hours(phase, cell, entry.lines)
        elif name in ("touchpoint", "text") and name not in phase.fields:
            phase.set(name, cell, *entry.lines)
        else:
            phase.set(f"notes.{phase.count('notes')}", f"{head}: {cell}", *entry.lines)


def _phase_line(statement: Statement, project: Claim, entry: Entry) -> None:
    found_time = None if entry.qualifier else _timed(entry.label)
    phase = _phase(statement, project, found_time["title"] if found_time else entry.label, entry.lines)
    if found_time:
        _hours(phase, found_time["time"], entry.lines)
    elif entry.qualifier:
        _hours(phase, entry.qualifier, entry.lines)
    elif (found := values.hours(entry.value)) is not None:
        phase.set("hours", found.plain, *entry.lines)
    if entry.value:
        phase.set("text", entry.value, *entry.lines)


def headed_phase_read(statement: Statement, project: Claim, section: Section) -> None:
    """One phase under a heading: its hours, and what is done then as points."""
    phase = _phase(statement, project, section.title, section.heading_lines)
    if (found := values.hours(section.title)) is not None:
        phase.set("hours", found.plain, *section.heading_lines)
    for entry in entries(section, statement.source):
        words = folded(entry.label)
        if words in ("duration", "time", "estimated time", "hours", "effort") and "hours" not in phase.fields:
            _hours(phase, entry.value, entry.lines)
        elif "touchpoint" in words and "touchpoint" not in phase.fields:
            phase.set("touchpoint", entry.value, *entry.lines)
    rest(statement, phase, section, "points")


def rubric_read(statement: Statement, project: Claim, section: Section) -> None:
    """Criteria with points, as rows, labelled bullets, or heads with what they ask below; a total in the heading."""
    # Parts with points in their titles are criteria, or groups of them; others are read as sections of their own.
    parts = [section, *(part for part in section.walk() if part is not section and is_head(part.title))]
    legend = legend_of(section)
    tables = [
        each for part in parts for each in part.blocks
        if is_criteria(each, legend, wide=True) and is_free(statement, range(each.line + 2, each.end + 1))
    ]  # fmt: skip
    given = [each for part in parts for each in given_in(part, legend) if is_free(statement, each.lines)]
    if not tables and not given and not _pointed(statement, parts):
        return
    rubric = statement.claim("rubric", section.title, section.line, parent=project)
    if total := POINTS.search(section.title):
        rubric.set("title", section.title, *section.heading_lines)
        rubric.set("stated.points", values.number(total[1]), *section.heading_lines)
    for table in tables:
        if isinstance(table, Table):
            criteria_read(statement, rubric, table, legend, wide=True)
    for each in given:
        given_read(statement, rubric, each)
    needed = [
        line.entry for part in parts for line in told(statement, part)
        if MINIMUM.search(line.entry.label) and line.entry.value
    ]  # fmt: skip
    taken = {line for entry in needed for line in entry.lines}
    found = [each for each in _pointed(statement, parts) if taken.isdisjoint(each[0].lines)]
    for entry, points in found:
        if entry.label and not entry.value and entry.item is None and len(found) > 1:
            # "Grading (100 points):" opens what follows it.
            if "stated.points" not in rubric.fields:
                rubric.set("stated.points", points, *entry.lines)
        else:
            criterion_read(statement, rubric, entry, points)
    for entry in (each for part in parts for each in entries(part, statement.source)):
        total = _TOTAL.fullmatch(entry.text) if is_free(statement, entry.lines) else None
        if total and "stated.points" not in rubric.fields:
            rubric.set("stated.points", values.number(total[1]), *entry.lines)
    for entry in needed:
        minimum_read(rubric, entry.value, entry.lines, _whole(rubric))


def _whole(rubric: Claim) -> str:
    """The points that a rubric gives: what it states, else the sum of its criteria that say theirs."""
    points = [each.get("points") for each in rubric.under("criterion") if not each.get("bonus")]
    stated = str(rubric.get("stated.points") or "").strip("* ")
    if re.fullmatch(values.NUMBER, stated):
        return stated
    return number_text(sum(map(Decimal, points), Decimal())) if points and all(points) else ""


def _pointed(statement: Statement, parts: Iterable[Section]) -> list[tuple[Entry, str]]:
    """The entries of sections that nobody took and that have points."""
    return [
        (entry, points)
        for part in parts for entry in entries(part, statement.source)
        if is_free(statement, entry.lines) and (points := points_of(entry))
    ]  # fmt: skip
