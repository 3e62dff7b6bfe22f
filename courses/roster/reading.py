"""From a CSV file to rows: which kind of list it is, its columns, and what is wrong with them.

Nothing of the site is asked here; :mod:`courses.roster.preview` says what a row would do.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.sources.text import SourceText, UnreadableSource, repairs, source_text

MAX_ROWS = 1_000
MAX_CELL = 1_000
YEARS = range(2000, 2101)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)

# What a column may be called, folded to letters; the first spelling is the one that findings use.
COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("email", "e mail", "mail", "email address", "e mail address"),
    "name": ("name", "full name", "learner", "person", "learner name"),
    "given": ("first name", "given name", "vorname"),
    "family": ("last name", "family name", "surname", "nachname"),
    "program": ("program", "programme", "course", "program slug", "programm"),
    "cohort": ("cohort", "group", "class", "cohort slug", "kohorte"),
    "role": ("role", "right"),
    "title": ("title", "cohort title"),
    "time_zone": ("time zone", "timezone", "zone"),
    "starts": ("starts", "start", "starts at", "begins"),
    "ends": ("ends", "end", "ends at"),
}
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # kind: columns it needs, columns it may have
    "staff": (("email", "role"), ("program", "cohort", "name", "given", "family")),
    "roster": (("email", "program", "cohort"), ("name", "given", "family")),
    "cohorts": (("program", "cohort"), ("title", "time_zone", "starts", "ends")),
}
ROLES = ("instructor", "admin")
Wrong = Callable[[str, str], None]
"""Says what is wrong with a row, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list; ``cells`` are stripped, and an empty one says nothing."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class Sheet:
    """One list. ``kind`` is ``roster``, ``cohorts`` or ``staff``; empty if it is none of them.

    :ivar text: the list as it was read, to be read again.
    """

    file: str
    text: str = ""
    kind: str = ""
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def say(self, rule: str, severity: Severity, line: int, message: str, fix: str, *others: int) -> None:
        related = tuple((self.file, each) for each in others)
        self.findings.append(Finding(rule, severity, self.file, line, message, fix, related))


def read(file: str, data: bytes) -> Sheet:
    """Read one list; every fault is a finding, and a row with one is left out."""
    sheet = Sheet(file)
    try:
        source = source_text(file, data)
    except UnreadableSource as refused:
        sheet.findings.append(refused.finding)
        return sheet
    sheet.text = source.text
    sheet.findings += repairs(source)
    try:
        lines = list(_lines(source))
    except csv.Error as error:
        sheet.say("people.broken", "error", 1, f"The file is no table: {error}.", "Save it as CSV again.")
        return sheet
    if not lines:
        sheet.say("people.empty", "error", 1, "The file has no rows.", "Give it a line of column names and rows.")
        return sheet
    head_line, head = lines[0]
    columns = _columns(sheet, head_line, head)
    if sheet.kind:
        _rows(sheet, columns, lines[1:])
    return sheet


def _lines(source: SourceText) -> Iterator[tuple[int, list[str]]]:
    """Filled lines of the table with the number of the line that each begins on."""
    text = source.text
    first = next((line for line in source.lines if line.strip()), "")
    told = re.fullmatch(r"sep=(?P<divider>[,;\t])", first.strip(" \ufeff"))
    divider = told["divider"] if told else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    before = 0
    for cells in reader:
        if told and before == 0:
            # What a spreadsheet says of its divider is no row.
            told, before = None, reader.line_num
            continue
        if any(cell.strip() for cell in cells):
            yield before + 1, [cell.strip() for cell in cells]
        before = reader.line_num


def _columns(sheet: Sheet, line: int, head: list[str]) -> list[str]:
    """The names of the columns as we call them, empty for one that is not read; decides the kind."""
    spelt = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings}
    names = [spelt.get(re.sub(r"[^a-z]+", " ", cell.lower()).strip(), "") for cell in head]
    twice = {name for name in names if name and names.count(name) > 1}
    for name in sorted(twice):
        sheet.say("people.column_twice", "error", line, f"Two columns are called {name}.", "Remove or rename one.")
    if twice:
        return names
    sheet.kind = "staff" if {"email", "role"} <= set(names) else "roster" if "email" in names else "cohorts"
    needed, others = KINDS[sheet.kind]
    missing = [name for name in needed if name not in names]
    if missing:
        sheet.say(
            "people.no_column", "error", line, f"The columns {', '.join(missing)} are missing.",
            "A roster has email, program and cohort; a list of staff email, role, program and cohort; "
            "a list of cohorts program, cohort, title, time_zone, starts and ends.",
        )  # fmt: skip
        sheet.kind = ""
    unread = [
        cell or "(without a name)" for cell, name in zip(head, names, strict=True) if name not in (*needed, *others)
    ]
    if unread and sheet.kind:
        sheet.say(
            "people.unknown_column", "info", line, f"These columns are not read: {', '.join(unread)}.",
            "Remove them, or call them as a list of this kind does.",
        )  # fmt: skip
    return [name if name in (*needed, *others) else "" for name in names]


def _rows(sheet: Sheet, columns: list[str], lines: list[tuple[int, list[str]]]) -> None:
    if len(lines) > MAX_ROWS:
        sheet.say(
            "people.too_many", "error", lines[MAX_ROWS][0],
            f"The file has {len(lines)} rows; the limit is {MAX_ROWS}.", "Split it.",
        )  # fmt: skip
        return
    first: dict[tuple[str, ...], Row] = {}
    for line, cells in lines:
        if any(cells[len(columns) :]):
            sheet.say(
                "people.too_wide", "error", line, f"The row has {len(cells)} cells and the head {len(columns)}.",
                "Put a cell that holds the divider between quotes.",
            )  # fmt: skip
            continue
        row = Row(line, {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell})
        parts = [part for name in ("given", "family") if (part := row.cells.pop(name, ""))]
        if parts:
            row.cells.setdefault("name", " ".join(parts))
        if "email" in row.cells:
            row.cells["email"] = row["email"].lower()
        if not _sound(sheet, row):
            continue
        known = first.setdefault(_key(sheet.kind, row), row)
        if known is row:
            sheet.rows.append(row)
        elif known.cells != row.cells:
            sheet.say(
                "people.twice", "error", line,
                f"{_who(sheet.kind, row)} is on line {known.line} too, with other words.",
                "Keep one of them.", known.line,
            )  # fmt: skip


def _key(kind: str, row: Row) -> tuple[str, ...]:
    """What a list may say only once: a place of a person, a right, a cohort."""
    if kind == "cohorts":
        return row["program"], row["cohort"]
    if kind == "staff":
        return row["email"], row["role"].lower(), row["program"], row["cohort"]
    return row["email"], row["program"]


def _who(kind: str, row: Row) -> str:
    return row["cohort"] if kind == "cohorts" else row["email"]


def _sound(sheet: Sheet, row: Row) -> bool:
    """Whether its cells can be what they are said to be."""
    before = len(sheet.findings)

    def wrong(message: str, fix: str) -> None:
        sheet.say("people.bad_value", "error", row.line, message, fix)

    for name, cell in row.cells.items():
        if len(cell) > MAX_CELL:
            wrong(f"The cell {name} has {len(cell)} characters; the limit is {MAX_CELL}.", "Shorten it.")
            return False
    needed = ("email", "role") if sheet.kind == "staff" else KINDS[sheet.kind][0]
    if empty := [name for name in needed if not row[name]]:
        wrong(f"{' and '.join(empty)} {'are' if len(empty) > 1 else 'is'} empty.", "Fill the cell in.")
        return False
    if "email" in needed and not _passes(validate_email, row["email"]):
        wrong(f"{row['email']!r} is no e-mail address.", "Write it as name@example.org.")
    if row["cohort"] and not _passes(validate_slug, row["cohort"]):
        wrong(f"{row['cohort']!r} cannot be the short name of a cohort.", "Use letters, digits, - and _.")
    if sheet.kind == "staff":
        _check_role(row, wrong)
    if sheet.kind == "cohorts":
        _check_cohort(row, wrong)
    return len(sheet.findings) == before


def _passes(check: Callable[[str], None], value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


def _check_role(row: Row, wrong: Wrong) -> None:
    role = row["role"].lower()
    if role not in ROLES:
        wrong(f"{row['role']!r} is no right.", f"Write {' or '.join(ROLES)}.")
    elif role == "instructor" and not (row["program"] and row["cohort"]):
        wrong("An instructor holds a cohort.", "Fill in program and cohort.")
    elif role == "admin" and row["cohort"]:
        wrong("An admin holds a program or the whole site.", "Leave cohort empty.")


def _check_cohort(row: Row, wrong: Wrong) -> None:
    if row["time_zone"] and row["time_zone"] not in available_timezones():
        wrong(f"There is no time zone {row['time_zone']!r}.", "Write it as Europe/Berlin.")
    for name in ("starts", "ends"):
        if row[name] and _moment(row[name]) is None:
            wrong(
                f"{row[name]!r} is neither a day nor a minute.",
                "Write 2026-09-01 or 2026-09-01T09:00, from 2000 to 2100.",
            )


def _moment(cell: str) -> datetime | None:
    """A day or a minute in the one spelling that is documented: *fromisoformat* takes many more."""
    if MOMENT.fullmatch(cell) is None:
        return None
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return at if at.year in YEARS else None


def instant(cell: str, zone: str, *, end: bool = False) -> datetime | None:
    """A day or a minute of a list as an instant of *zone*; a day as an end is over with it. None if nothing is said."""
    at = _moment(cell)
    if at is None:
        return None
    if end and len(cell) == len("2026-09-01"):
        at += timedelta(days=1)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
