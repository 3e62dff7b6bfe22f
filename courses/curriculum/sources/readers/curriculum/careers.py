"""What a program leads to: titles, salaries, certifications, next steps."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, own_text
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import heading, item_lines, item_text
from courses.curriculum.sources.readers.curriculum.state import Document, next_of

_MODES = [
    (r"salar|compensation|\bpay\b|earning|income", "salaries"),
    (r"certif", "certifications"),
    (r"next|continu|after|advance|progression|further|beyond", "next_steps"),
    (r"titles?|roles?|positions?|jobs?|qualif|career (?:path|opportunit)|opportunit", "titles"),
]  # fmt: skip
_MONEY = re.compile(
    rf"(?P<sign>[$\u20ac\u00a3]|USD|EUR|GBP)\s*+(?P<low>{values.NUMBER})\s*+(?P<thousand>k)?"
    rf"(?:\s*+(?:-|\u2013|\u2014|to)\s*+(?:[$\u20ac\u00a3]|USD|EUR|GBP)?\s*+(?P<high>{values.NUMBER})\s*+(?P<also>k)?|(?P<open>\s*+\+))?",
    re.IGNORECASE,
)
_CURRENCY = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP"}
_YEAR = re.compile(r"\b20\d\d\b")


def careers_read(doc: Document, section: Section) -> None:
    outlook = doc.one("outlook", section.title, section.line)
    for part in section.walk():
        mode = _mode(part.title) or _mode(section.title) or "titles"
        inside = re.search(r"\(([^()]*)\)", part.title)
        if mode == "salaries":
            outlook.set(next_of(outlook, "stated.salaries"), part.title, *part.heading_lines)
        for told in doc.told(part):
            said = _mode(told.above) or _mode(part.title)
            if not said and told.entry.label and told.entry.value and (own := _mode(told.entry.label)):
                _labelled(outlook, told.entry, own)
                continue
            _entry(outlook, told.entry, said or mode, inside[1] if inside else "", part.heading_lines)
        doc.keep(outlook, part)
        heading(doc.statement, part)


def _labelled(outlook: Claim, entry: Entry, mode: str) -> None:
    """An entry whose label says what it holds (*Titles: A, B*), in bullets below it or in its line."""
    inner = entry.item.items if entry.item else []
    parts = [(item_text(item), tuple(item_lines(item))) for item in inner]
    if said := own_text(entry):
        own = entry.lines[: inner[0].line - entry.lines[0]] if inner else entry.lines
        texts = [said] if mode in ("salaries", "next_steps") else values.listed(said)
        parts = [*((text, own) for text in texts), *parts]
    elif inner:
        outlook.statement.account.structure(entry.lines[0], inner[0].line)
    about = re.search(r"\(([^()]*)\)", f"{entry.label} ({entry.qualifier})")
    for text, lines in parts:
        label = re.sub(r"\s*\([^()]*\)", "", entry.label) if not inner and mode == "salaries" else ""
        _entry(outlook, Entry(label, text, text, lines), mode, about[1] if about else "", ())


def _mode(title: str) -> str:
    return next((name for pattern, name in _MODES if re.search(pattern, title, re.IGNORECASE)), "")


def _entry(outlook: Claim, entry: Entry, mode: str, about: str, above: tuple[int, ...]) -> None:
    paid = _MONEY.search(entry.text)
    if paid and (mode == "salaries" or entry.cells):
        _salary(outlook, entry, paid, about if mode == "salaries" else "", above)
    elif mode == "salaries":
        outlook.set(next_of(outlook, "stated.salary_notes"), entry.text, *entry.lines)
    else:
        outlook.set(next_of(outlook, mode), entry.text, *entry.lines)


def _salary(outlook: Claim, entry: Entry, paid: re.Match[str], about: str, above: tuple[int, ...]) -> None:
    """Amounts with the region and year that the heading gives."""
    label = (
        entry.label or next(filter(None, entry.cells.values()), "") or entry.text[: paid.start()].strip(" :*-\u2013")
    )
    thousand = paid["thousand"] or paid["also"]
    # Some write a thousand with a point.
    ends = [re.sub(r"^(\d{1,3})\.(\d{3})$", r"\1\2", end or "") for end in (paid["low"], paid["high"])]
    low, high = (values.number(f"{end}{',000' if thousand else ''}".replace(",", "")) if end else None
                 for end in ends)  # fmt: skip
    value: dict[str, object] = {
        "label": label, "text": entry.text, "currency": _CURRENCY.get(paid["sign"], paid["sign"].upper()), "low": low,
        "high": high if high or paid["open"] else low,
    }  # fmt: skip
    year = _YEAR.search(about)
    region = re.sub(r"(?<!\s)\s*+,?\s*+\b20\d\d\b", "", about).strip(" ,")
    if year:
        value["as_of"] = year[0]
    if region:
        value["region"] = region
    outlook.set(next_of(outlook, "salaries"), value, *(*entry.lines, *(above if year or region else ())))
