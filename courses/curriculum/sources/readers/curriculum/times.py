"""How long a program takes at which pace, and what is studied when."""

from __future__ import annotations

import re
from typing import Any

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, Told, named, own_text
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import folded, heading
from courses.curriculum.sources.readers.curriculum.state import Document, next_of, timed

_DASH = r"(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to)"
_AMOUNT = rf"(?:{values.NUMBER})(?:\s*{_DASH}\s*(?:{values.NUMBER})|\+)?"
_WEEKLY = re.compile(
    rf"(?P<amount>{_AMOUNT})\s*(?:hours?|hrs?|h)\s*(?:/|per|a|each|every|weekly)\s*(?:week|wk)?", re.IGNORECASE
)
_WEEKS = re.compile(rf"(?P<amount>{_AMOUNT})\s*[- ]?(?P<unit>weeks?|wks?|months?)\b", re.IGNORECASE)
_WHEN = re.compile(rf"(?:weeks?|months?|phase|days?)\s*(?P<amount>\d+(?:\s*{_DASH}\s*\d+)?)", re.IGNORECASE)
_PACE = re.compile(r"\b(?:full|part|self|flexible|intensive|accelerat|weekend|pace|study|track|option|bootcamp)", re.I)
_SHARE = re.compile(
    rf"(?P<share>{values.NUMBER})\s*%[^.;|]{{0,60}}?\bprojects?\b|\bprojects?\b[^.;|%]{{0,40}}?(?P<after>{values.NUMBER})\s*%",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:time|hours?|spent|spend|hands-on|program|curriculum|practice|dedicated)\b", re.IGNORECASE)
_TOTALS = {
    "module": re.compile(r"^(?:all |total )?(?:\d+ )?modules?\b", re.IGNORECASE),
    "project": re.compile(r"^(?:all |total )?(?:\d+ )?projects?\b", re.IGNORECASE),
}


def share_read(doc: Document, text: str, lines: tuple[int, ...]) -> None:
    """The share of the time that projects take, where a text states it."""
    found = _SHARE.search(text)
    if found and _TIME.search(text) and "stated.projects_percent" not in doc.program.fields:
        doc.program.set("stated.projects_percent", values.number(found["share"] or found["after"]), *lines)


def times_read(doc: Document, section: Section) -> None:
    """Subsections and entries that are paces; what is studied when; totals."""
    for part in section.walk():
        told = list(doc.told(part))
        listed = [each for each in told if _is_pace(each.entry)]
        weekly = _WEEKLY.search(part.title)
        pace: Claim | None = None
        if not listed and (weekly or (part is not section and (_PACE.search(part.title) or _lasts(told)))):
            pace = doc.statement.claim("pace", part.title, part.line, parent=doc.program)
            pace.set("title", part.title, *part.heading_lines)
            if weekly:
                _span(pace, "hours_per_week", weekly["amount"], *part.heading_lines)
            elif found := _WEEKS.search(part.title):
                _weeks(pace, found, *part.heading_lines)
        for each in told:
            if pace is not None:
                _of_pace(pace, each)
            elif listed and _is_listed(each, listed) and not _total(doc, each):
                _pace(doc, each.entry)
            elif doc.is_free(each.entry.lines) and not _total(doc, each):
                _scheduled(doc, each.entry)
        doc.keep(pace or doc.program, part)
        heading(doc.statement, part)


def _is_listed(told: Told, paces: list[Told]) -> bool:
    """Beside paces a labelled entry is one too, but for weeks of a plan."""
    return told in paces or bool(told.entry.label and not told.entry.cells and not _WHEN.match(told.entry.label))


def _is_pace(entry: Entry) -> bool:
    """Whether an entry says both how many weeks and how many hours in each."""
    head = " ".join(entry.cells)
    text = f"{entry.label} {entry.qualifier} {entry.value}"
    if entry.cells and re.search(r"week", head) and re.search(r"hour", head):
        return bool(re.search(r"pace|track|mode|option|schedule|commitment|study|path|format", head))
    return bool(_WEEKLY.search(text) and _WEEKS.search(text))


def _lasts(told: list[Told]) -> bool:
    return any(re.search(r"duration|weeks|length", each.words) and _WEEKS.search(each.entry.value) for each in told)


def _span(claim: Claim, name: str, text: str, *lines: int) -> None:
    found = values.amount(text)
    if found is not None:
        claim.set(name, found.plain, *lines)


def _weeks(pace: Claim, found: re.Match[str], *lines: int) -> None:
    """Weeks as they are stated; months as weeks, thirteen to three months."""
    amount = values.amount(found["amount"])
    if amount is None or "weeks" in pace.fields:
        return
    value: Any = amount.plain
    if found["unit"].casefold().startswith("month"):
        low, high = (None if end is None else values.number(str(round(float(end) * 13 / 3)))
                     for end in (amount.low, amount.high))  # fmt: skip
        value = low if low == high else {"low": low, "high": high}
    pace.set("weeks", value, *lines)


def _of_pace(pace: Claim, told: Told) -> None:
    entry = told.entry
    weekly, found = _WEEKLY.search(entry.value), _WEEKS.search(entry.value)
    when = _WHEN.match(entry.label)
    if when:
        value = {"when": entry.label, "text": entry.value}
        if amount := values.amount(when["amount"]):
            value |= {"from": amount.low, "to": amount.high or ""}
        pace.set(next_of(pace, "stated.plan"), value, *entry.lines)
        return
    used = False
    if weekly and "hours_per_week" not in pace.fields:
        _span(pace, "hours_per_week", weekly["amount"], *entry.lines)
        used = True
    if (
        found
        and "weeks" not in pace.fields
        and re.search(r"duration|weeks|length|time|complet|total|timeline", told.words)
    ):
        _weeks(pace, found, *entry.lines)
        used = True
    if not (used and (weekly or found) and re.fullmatch(r"\S+(?:\s*\S+)?", entry.value) and not entry.qualifier):
        pace.set(next_of(pace, "notes"), entry.text, *entry.lines)


def _pace(doc: Document, entry: Entry) -> None:
    if entry.cells:
        _pace_row(doc, entry)
        return
    label = named(entry)
    pace = doc.statement.claim("pace", label, entry.lines[0], parent=doc.program)
    pace.set("title", f"{label} ({entry.qualifier})" if entry.qualifier else label, *entry.lines)
    text = f"{entry.qualifier} {entry.value}"
    if weekly := _WEEKLY.search(text):
        _span(pace, "hours_per_week", weekly["amount"], *entry.lines)
    if found := _WEEKS.search(_WEEKLY.sub("", text)):
        _weeks(pace, found, *entry.lines)
    pace.set("text", entry.value or own_text(entry) or entry.text, *entry.lines)


def _pace_row(doc: Document, entry: Entry) -> None:
    title = next(filter(None, entry.cells.values()), entry.text)
    pace = doc.statement.claim("pace", title, entry.lines[0], parent=doc.program)
    pace.set("title", title.replace("**", ""), *entry.lines)
    for head, cell in entry.cells.items():
        if not cell or cell == title:
            continue
        found = _WEEKS.search(cell)
        if "hour" in head and "week" in head and "hours_per_week" not in pace.fields and values.amount(cell):
            _span(pace, "hours_per_week", cell, *entry.lines)
        elif found and "weeks" not in pace.fields:
            _weeks(pace, found, *entry.lines)
        elif "week" in head and values.NUMBER_ONLY.fullmatch(cell) and "weeks" not in pace.fields:
            _span(pace, "weeks", cell, *entry.lines)
    pace.set("text", entry.text, *entry.lines)


def _total(doc: Document, told: Told) -> bool:
    """The hours of the program, of its modules or of its projects."""
    entry = told.entry
    label = entry.label or next(iter(entry.cells.values()), "")
    said = entry.value if not entry.cells else entry.cell("hour|time|duration") or entry.value
    if values.hours(said) is None or _WEEKLY.search(said):
        return False
    kind = next((kind for kind, pattern in _TOTALS.items() if pattern.search(label)), "")
    name = f"stated.{kind}_hours" if kind else "stated.hours" if folded(label).startswith("total") else ""
    if not name:
        return False
    first = name not in doc.program.fields and not (name == "stated.hours" and "stated.duration" in doc.program.fields)
    if not first:
        name = next_of(doc.program, "stated.more_hours")
    timed(doc.program, said, *entry.lines, name=name)
    doc.program.set(next_of(doc.program, "stated.totals"), entry.text, *entry.lines)
    share_read(doc, entry.text, entry.lines)
    return True


def _scheduled(doc: Document, entry: Entry) -> None:
    share_read(doc, entry.text, entry.lines)
    doc.program.set(next_of(doc.program, "stated.schedule"), entry.text, *entry.lines)
