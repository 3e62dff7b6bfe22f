"""The entries of a section, however they are written: bullets, labelled lines, rows of a table.

A reader takes the entries that it knows; :func:`rest` then states all others in a
list of the claim, so that no bullet and no row is left as prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import Item, Labelled, Listing, Rule, Section, Table, labelled
from courses.curriculum.sources.parts import folded, item_lines, item_text, leftovers, table_rows
from courses.curriculum.sources.text import SourceText
from courses.curriculum.sources.values import is_nothing

# "Label: value" without bold text; an address or a time of day is no label.
_BARE = re.compile(r"^(?P<label>[^\W\d_][^:*`|]{0,60}):\s+(?P<value>\S.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    :ivar label: empty where it has none.
    :ivar value: what follows the label (all of the text without one), nested bullets after semicolons.
    :ivar text: all of it, as one Markdown text.
    :ivar cells: of a row, by the folded heads of its table; empty for all others.
    :ivar qualifier: what stands in parentheses behind the label.
    """

    label: str
    value: str
    text: str
    lines: tuple[int, ...]
    cells: dict[str, str] = field(default_factory=dict)
    qualifier: str = ""
    item: Item | None = None

    def cell(self, words: str) -> str:
        """The cell of the first column whose head holds one of *words* (``|`` divides); empty without one."""
        head = next((head for head in self.cells if any(word in head for word in words.split("|"))), "")
        return self.cells.get(head, "")


def entries(section: Section, source: SourceText) -> Iterator[Entry]:
    """The entries that stand directly in a section; free paragraphs are none."""
    for block in labelled(section.blocks):
        if isinstance(block, Table):
            yield from _rows(block, source)
        elif isinstance(block, Labelled):
            yield of_labelled(block)
        elif isinstance(block, Item):
            bare = _BARE.match(block.text)
            label = bare["label"].strip() if bare else ""
            first = bare["value"] if bare else block.text
            yield Entry(label, _value(first, block), item_text(block), tuple(item_lines(block)), item=block)


def of_labelled(fact: Labelled) -> Entry:
    """A labelled bullet, or a labelled line of a paragraph."""
    lines = tuple(range(fact.line, fact.end + 1))
    if fact.block is not None:
        value = _value(fact.value, fact.block)
        return Entry(fact.label, value, item_text(fact.block), lines, qualifier=fact.qualifier, item=fact.block)
    qualifier = f" ({fact.qualifier})" if fact.qualifier else ""
    text = f"**{fact.label}**{qualifier}: {fact.value}"
    return Entry(fact.label, fact.value, text, lines, qualifier=fact.qualifier)


def _value(first: str, item: Item) -> str:
    parts = [first] if first else []
    for block in item.blocks:
        if not isinstance(block, Listing):
            return item_text(Item(item.line, item.end, first, item.rows, item.blocks))
        parts += [item_text(inner) for inner in block.items]
    return "; ".join(parts)


def _rows(table: Table, source: SourceText) -> Iterator[Entry]:
    """Rows with something in them. A row of two cells under *Field* and *Value* is a label with its value."""
    heads = [folded(cell) or f"column {place}" for place, cell in enumerate(table.header.cells, 1)]
    piped = source.line(table.header.line).lstrip().startswith("|")
    waiting: tuple[list[str], list[int]] | None = None
    for row in [*table.rows, None]:
        cells = [cell.strip() for cell in row.cells] if row is not None else []
        # A cell that was broken over two lines: its second line is a row that no bar begins.
        if row is not None and waiting and piped and not source.line(row.line).lstrip().startswith("|"):
            at = max(place for place, cell in enumerate(waiting[0]) if cell)
            waiting[0][at : at + len(cells)] = [f"{waiting[0][at]} {cells[0]}", *cells[1 : len(waiting[0]) - at]]
            waiting[1].append(row.line)
            continue
        if waiting:
            yield _row(heads, *waiting)
        waiting = (cells, [row.line]) if row is not None and any(cells) else None


def _row(heads: list[str], cells: list[str], lines: list[int]) -> Entry:
    named = dict(zip(reversed(heads), reversed(cells), strict=False))
    found = {head: "" if is_nothing(named[head]) else named[head] for head in dict.fromkeys(heads)}
    text = " | ".join(cells)
    if len(cells) == 2:
        return Entry(cells[0].strip("*_ :"), cells[1], text, tuple(lines), found)
    return Entry("", text, text, tuple(lines), found)


def rest(statement: Statement, claim: Claim, section: Section, name: str) -> None:
    """State every entry that nobody took as ``name.N``; what is left then (paragraphs, code) is kept as prose."""
    account = statement.account
    for entry in entries(section, statement.source):
        if all(account.fate(line) is None for line in entry.lines):
            claim.set(f"{name}.{claim.count(name)}", entry.text, *entry.lines)
    for table in (block for block in section.blocks if isinstance(block, Table)):
        table_rows(statement, table)
    leftovers(statement, claim, section)


def put(claim: Claim, name: str, entry: Entry, value: str = "") -> None:
    """State a field with the value of an entry, or with *value* out of it."""
    claim.set(name, value or entry.value, *entry.lines)


def breaks_apart(statement: Statement, root: Section) -> None:
    """Keep thematic breaks out of what is left over; ``parts.rules`` at the end says whose fate they share."""
    for section in root.walk():
        for block in section.blocks:
            if isinstance(block, Rule):
                statement.account.structure(block.line, block.line - 1 or block.line + 1)
