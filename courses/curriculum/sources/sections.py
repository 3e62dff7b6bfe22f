"""What several templates have: duration, prerequisites, checklists, risks, and what stands before all sections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, entries, opener, put, rest, told
from courses.curriculum.sources.outline import Item, Paragraph, Rule, Section, Table, ticked
from courses.curriculum.sources.parts import folded, heading, item_lines, item_text, keep, leftovers, table_rows

# Blanks are bounded, so that a search takes no longer than the text is long.
_ARROW = re.compile(
    r"\s{0,3}(?:\u2192|->|=>)\s{0,3}|\s{1,3}[\u2013\u2014-]\s{1,3}|\u2014|;\s{1,3}|[.;]?\s{0,3}\bMitigation:\s{0,3}"
)
_MITIGATION = re.compile(r"^\**mitigations?\**\s*:\**\s*", re.IGNORECASE)
# "What may happen. Mitigation: answer", of which all before the colon is the label.
_LABELLED = re.compile(r"(?:[.;,]|\s[\u2013\u2014-])?\s{0,3}\bmitigations?$", re.IGNORECASE)
_LEVELS = ("low", "medium", "high")
_MORE = re.compile(rf"(?:and\s+)?\d{{2,4}}(?:\s*{values.DASH}\s*\d{{2,4}})?", re.IGNORECASE)


def preface_read(statement: Statement, claim: Claim, root: Section, top: Section) -> None:
    """What stands before the first section: the note of the template is prose of the module."""
    for section in (root, top) if top is not root else (root,):
        for block in section.blocks:
            if isinstance(block, Table):
                table_rows(statement, block)
            lines = [
                line for line in range(block.line, block.end + 1)
                if statement.source.line(line).strip() and statement.account.fate(line) is None
                and line not in statement.account.opens
            ]  # fmt: skip
            if not isinstance(block, Rule):
                keep(statement, claim, section.title, lines)
    if top is not root:
        heading(statement, top)


def duration_read(claim: Claim, entry: Entry) -> None:
    """``40 hours (12 lecture, 20 lab)``: the parts are the fact, the total beside them is a stated figure.

    Only modules have hours by kind; elsewhere the total is the fact.
    """
    amount = values.amount(entry.value) if values.NUMBER_ONLY.fullmatch(entry.value) else None
    if amount is not None and "hour" in folded(entry.label):
        claim.set("hours", amount.plain, *entry.lines)
        return
    found = values.duration(entry.value)
    parts = found.parts if claim.kind == "module" else {}
    for kind, value in parts.items():
        put(claim, f"hours_by_kind.{kind}", entry, value)
    if found.total is not None:
        claim.set("stated.hours" if parts else "hours", found.total.plain, *entry.lines)
    if not found.whole or parts != found.parts:
        put(claim, "stated.duration", entry)


def edges_read(statement: Statement, claim: Claim, entry: Entry, strength: str) -> None:
    """Edges to the ids that a value names, each a requirement; the words stay as they are stated.

    Ranges (``Modules 001-005``) are each of theirs. A part without an id is a skill
    in words (only where it is needed; elsewhere it stays words).
    """
    name = {"needs": "prerequisites", "leads_to": "next"}.get(strength, strength)
    put(claim, f"stated.{name}", entry)
    if values.is_nothing(entry.value):
        return
    seen: list[str] = []
    for part in values.listed(entry.value):
        found = values.named_ids(part)
        if not found and seen and _MORE.fullmatch(part):
            found = values.named_ids(f"{seen[-1].partition('-')[0]}-{part}")
        for field, target in [("to", each) for each in found] or [("skill", part)]:
            if target in seen or (field == "skill" and strength != "needs"):
                continue
            seen.append(target)
            edge = statement.claim("requirement", f"{strength} {target}", entry.lines[0], parent=claim)
            edge.set("strength", strength, *entry.lines)
            edge.set(field, target, *entry.lines)


def checklist_read(statement: Statement, claim: Claim, section: Section) -> None:
    """The authors' own list with its ticks, as boxes, marks or a column; learners never see it."""
    found: list[tuple[str, bool | None, tuple[int, ...]]] = []
    for part in section.walk():
        for each in told(statement, part):
            entry = each.entry
            if entry.cells:
                marks = [(cell, done) for cell in entry.cells.values() if (done := ticked(cell)) is not None]
                words = [cell for cell in entry.cells.values() if cell and ticked(cell) is None]
                found.append((" - ".join(words) or entry.text, marks[0][1] if marks else None, entry.lines))
            elif entry.item is not None:
                found.append((item_text(entry.item), entry.item.checked, entry.lines))
    if found:
        checklist = statement.claim("checklist", section.title, section.line, parent=claim)
        checklist.set("audience", "authors")
        for place, (text, done, lines) in enumerate(found):
            checklist.set(f"items.{place}", {"text": text, "done": done}, *lines)
    rest_of(statement, claim, section)


def rest_of(statement: Statement, claim: Claim, section: Section) -> None:
    """Keep what nobody read of a section and its parts, whose headings share the fate of what they open."""
    for part in section.walk():
        leftovers(statement, claim, part)
        if part is not section:
            heading(statement, part)


@dataclass(frozen=True, slots=True)
class Free:
    """A free paragraph with its lines."""

    text: str
    lines: tuple[int, ...]


def paragraphs_of(statement: Statement, section: Section) -> list[Free]:
    """The paragraphs that stand directly in a section, and nobody took; none that opens a list."""
    found = [Free(block.text, tuple(range(block.line, block.end + 1))) for block in section.blocks
             if isinstance(block, Paragraph) and not opener(block)]  # fmt: skip
    account = statement.account
    return [each for each in found if not any(account.fate(at) or at in account.opens for at in each.lines)]


def risks_read(statement: Statement, claim: Claim, section: Section) -> None:
    """*Risk: answer*, *Risk: what -> answer*, a row, or a bullet with the answer after a dash."""
    for part in section.walk():
        for entry in entries(part, statement.source):
            risk_read(statement, claim, entry)
        for paragraph in paragraphs_of(statement, part):
            # A sentence without an answer is no risk.
            if _ARROW.search(paragraph.text):
                risk_read(statement, claim, Entry("", paragraph.text, paragraph.text, paragraph.lines))
        rest(statement, claim, part, "notes")
        if part is not section:
            heading(statement, part)


def risk_read(statement: Statement, claim: Claim, entry: Entry) -> None:
    """One risk; under a label that only says that it is one, each bullet is one."""
    if entry.cells and len(entry.cells) > 1:
        _risk_row(statement, claim, entry)
        return
    nested = entry.item.items if entry.item else []
    generic = not entry.label or folded(entry.label).startswith("risk")
    if not (generic and entry.label and nested):
        _risk_line(statement, claim, entry, generic)
        return
    own = entry.lines[: nested[0].line - entry.lines[0]]
    if first := entry.own:
        _risk_line(statement, claim, Entry("", first, first, own), generic)
    else:
        for line in own:
            statement.account.structure(line, nested[0].line)
    for item in nested:
        _nested_risk(statement, claim, item)


def _nested_risk(statement: Statement, claim: Claim, item: Item) -> None:
    text = item_text(item)
    _risk_line(statement, claim, Entry("", text, text, tuple(item_lines(item))), generic=True)


def _risk_line(statement: Statement, claim: Claim, entry: Entry, generic: bool) -> None:
    what, answer = (entry.value, "") if generic else (_LABELLED.sub("", entry.label), entry.value)
    if generic and (found := _ARROW.search(what)):
        what, answer = what[: found.start()], what[found.end() :]
    answer = _MITIGATION.sub("", answer)
    what = what or entry.text
    if bold := re.fullmatch(r"\*\*([^*]+)\*\*[:.]?", what):
        what = bold[1].strip(" :.")
    risk = statement.claim("risk", what, entry.lines[0], parent=claim)
    risk.set("text", what, *entry.lines)
    if answer:
        risk.set("mitigation", answer, *entry.lines)
    if entry.qualifier:
        risk.set("notes.0", entry.qualifier, *entry.lines)


def _risk_row(statement: Statement, claim: Claim, entry: Entry) -> None:
    answer = next((head for head in entry.cells if re.search(r"mitigat|answer|response|action|counter", head)), "")
    what = next((head for head in entry.cells if head == "risk"), "")
    what = what or next((head for head in entry.cells if head not in (answer, "", "id")), "")
    text = entry.cells.get(what) or entry.text
    risk = statement.claim("risk", text, entry.lines[0], parent=claim)
    risk.set("text", text, *entry.lines)
    for head, cell in entry.cells.items():
        if not cell or head == what:
            continue
        word = cell.casefold()
        name = next((each for each in ("impact", "likelihood", "probability", "severity") if each in head), "")
        name = {"probability": "likelihood", "severity": "impact"}.get(name, name)
        if head == answer:
            risk.set("mitigation", cell, *entry.lines)
        elif name and name not in risk.fields and word in _LEVELS:
            risk.set(name, word, *entry.lines)
        else:
            risk.set(f"notes.{risk.count('notes')}", f"{head}: {cell}", *entry.lines)
