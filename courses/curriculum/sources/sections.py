"""What several templates have: duration, prerequisites, checklists, risks, and what stands before all sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from courses.curriculum.sources import asked, atoms, hedges, values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, is_free, opener, put, told
from courses.curriculum.sources.outline import Listing, Paragraph, Rule, Section, Table, ticked
from courses.curriculum.sources.parts import folded, free_name, heading, item_text, keep, leftovers, table_rows

_BARE = re.compile(r"^\d{1,4}(?:\.\d{1,2})?(?=\s?[;(:,])")
_MORE = re.compile(rf"(?:and\s+)?\d{{2,4}}(?:\s*{values.DASH}\s*\d{{2,4}})?", re.IGNORECASE)


def preface_read(statement: Statement, claim: Claim, root: Section, top: Section) -> None:
    """What stands before the first section: the note of the template is prose of the module."""
    for section in (root, top) if top is not root else (root,):
        for block in section.blocks:
            if isinstance(block, Table):
                table_rows(statement, block)
                for row in block.rows:
                    if statement.account.fate(row.line) is None and any(map(str.strip, row.cells)):
                        claim.set(f"rows.{claim.count('rows')}", [each.strip() for each in row.cells], row.line)
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
    # "20 (6 lecture, 14 lab)" below *Hours* leaves the unit out.
    found = values.duration(_BARE.sub(r"\g<0> hours", entry.value) if "hour" in folded(entry.label) else entry.value)
    parts = found.parts if claim.kind == "module" else {}
    for kind, value in parts.items():
        claim.set(f"hours_by_kind.{kind}", value.plain, *entry.lines)
        hour_kind_known(claim, kind, entry.lines[0])
    whole = found.total if parts else found.in_all
    if whole is not None:
        claim.set("stated.hours" if parts else "hours", whole.plain, *entry.lines)
    if not found.whole or parts != found.parts:
        put(claim, "stated.duration", entry)


def hour_part_read(claim: Claim, entry: Entry) -> bool:
    """Hours of one kind in an entry of their own (``Lecture: 12 h``), or their total; whether it is one.

    The parts are the fact then, and a total before them is what is stated.
    """
    words = re.sub(r" (?:hours|time|sessions|work)$", "", folded(entry.label))
    timed = any(re.search(r"\bh(?:ou)?rs?\b|\bh\b|time|duration", head) for head in (*entry.cells, folded(entry.label)))
    figure = values.amount(entry.value) if timed and values.NUMBER_ONLY.fullmatch(entry.value) else None
    found = values.hours(entry.value) if values.only_hours(entry.value) else figure
    parts = any(name.startswith("hours_by_kind") for name in claim.fields)
    if found is None or (words not in values.HOUR_KINDS and not (words == "total" and parts)):
        return False
    if words == "total":
        claim.set(
            "stated.hours" if "stated.hours" not in claim.fields else "stated.in_table", found.plain, *entry.lines
        )
        return True
    if "hours" in claim.fields and "stated.hours" not in claim.fields:
        claim.rename("hours", "stated.hours")
    claim.set(f"hours_by_kind.{values.HOUR_KINDS[words]}", found.plain, *entry.lines)
    return True


def hour_kind_known(claim: Claim, kind: str, line: int) -> None:
    """Name hours of a kind that modules do not have; they are counted in the sum all the same."""
    if kind not in values.KINDS_OF_HOURS:
        claim.statement.report(
            "source.unknown_key", "info", line,
            f"Hours of {kind!r} are of no kind that modules have; they count in the sum, and {claim.address} keeps "
            "what is said of them.",
            f"Call them {', '.join(sorted(values.KINDS_OF_HOURS))}, if they are; else nothing needs doing.",
        )  # fmt: skip


def edges_read(statement: Statement, claim: Claim, entry: Entry, strength: str) -> None:
    """Edges to the ids that a value names, each a requirement; the words stay as they are stated.

    Ranges (``Modules 001-005``) are each of theirs. A part without an id is a skill
    in words (only where it is needed; elsewhere it stays words). What is needed is
    recommended only where its label or its own words say so (``sources.asked``).
    """
    if strength == "needs" and hedges.SOFT.search(f"{entry.label} {entry.qualifier}"):
        strength = "recommended"
    name = {"needs": "prerequisites", "leads_to": "next"}.get(strength, strength)
    put(claim, f"stated.{name}", entry)
    if values.is_nothing(entry.value):
        return
    if strength != "leads_to":
        asked.state(claim, entry.value, entry.lines, strength, values.named_ids)
        return
    seen: list[str] = []
    for part in values.listed(entry.value):
        found = values.named_ids(part)
        if not found and seen and _MORE.fullmatch(part):
            found = values.named_ids(f"{seen[-1].partition('-')[0]}-{part}")
        for target in found:
            if target in seen:
                continue
            seen.append(target)
            edge = statement.claim("requirement", f"{strength} {target}", entry.lines[0], parent=claim)
            edge.set("strength", strength, *entry.lines)
            edge.set("to", target, *entry.lines)


def prerequisites_read(statement: Statement, claim: Claim, section: Section) -> None:
    """What is needed before, an entry each; parts and labels say how much (*Recommended*, *One of*)."""
    seen = {each.label.partition(" ")[2] for each in claim.under("requirement")}
    number = sum(name.startswith("stated.prerequisites") for name in claim.fields)
    for part in section.walk():
        title = part.title if part is not section else ""
        said = [
            (each.above or title, f"{title} {each.above} {each.entry.label} {each.entry.qualifier}",
             each.entry.value if atoms.says_how(each.entry.label) else each.entry.text, each.entry.lines)
            for each in told(statement, part)
        ]  # fmt: skip
        said += [
            (title, title, free.text, free.lines) for free in paragraphs_of(statement, part)
            if values.named_ids(free.text) or values.is_nothing(free.text)
        ]  # fmt: skip
        for soft, group in groupby(said, key=lambda each: bool(hedges.SOFT.search(each[1]))):
            for text, lines in asked.together((label, text, lines) for label, _, text, lines in group):
                claim.set(f"stated.prerequisites.{number}", text, *lines)
                number += 1
                if not values.is_nothing(text):
                    strength = "recommended" if soft else "needs"
                    asked.state(claim, text, lines, strength, values.named_ids, seen=seen)
    rest_of(statement, claim, section)


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
                boxes = [item for item in entry.item.items if item.checked is not None]
                if not boxes or len(boxes) < len(entry.item.items):
                    found.append((item_text(entry.item), entry.item.checked, entry.lines))
                    continue
                found.append((entry.item.text, entry.item.checked, tuple(range(entry.lines[0], boxes[0].line))))
                found += [(item_text(item), item.checked, tuple(range(item.line, item.end + 1))) for item in boxes]
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


_TOTAL = re.compile(
    r"\W*(?:sub|grand |overall )?(?:total|sum)s?\b\W*"
    r"(?:(?:lectures?|labs?|projects?|hours?|time|duration|effort|estimated|contact|study|points?|of|all)\b\W*)*~?\d",
    re.IGNORECASE,
)


def totals_read(statement: Statement, claim: Claim, section: Section) -> None:
    """Rows, bullets and lines that are called a total say what the others add up to: a stated figure, and no entry."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            rows = list(block.rows) if all(_TOTAL.match(text) for _, text in block.rows) else []
        elif isinstance(block, Table):
            rows = [(row.line, " | ".join(row.cells)) for row in block.rows]
        elif isinstance(block, Listing):
            rows = [(item.line, item.text) for item in block.items if item.line == item.end]
        else:
            continue
        for line, text in rows:
            if _TOTAL.match(text) and is_free(statement, (line,)):
                claim.set(f"{free_name(claim, 'total')}.0", text, line)


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
