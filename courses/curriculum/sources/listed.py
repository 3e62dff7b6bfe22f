"""The entries of a section, however they are written: bullets, labelled lines, rows of a table.

A reader takes the entries that it knows; :func:`rest` then states all others in a
list of the claim, so that no bullet and no row is left as prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import (
    Block,
    Item,
    Labelled,
    Listing,
    Paragraph,
    Rule,
    Section,
    Table,
    labelled,
    labelled_text,
    unmarked,
)
from courses.curriculum.sources.parts import folded, item_lines, item_text, leftovers, table_rows, value_and_nested
from courses.curriculum.sources.text import SourceText
from courses.curriculum.sources.values import is_nothing

# "Label: value" without bold text; an address or a time of day is no label.
_BARE = re.compile(r"^(?P<label>[^\W\d_][^:*`|]{0,60}):\s+(?P<value>\S.*)$", re.DOTALL)
_BOLD = re.compile(r"(?:\*\*|__)(?P<label>[^*_]+?):?(?:\*\*|__):?\s*(?P<behind>\([^()]{1,40}\))?\s*$")
_OPENS = re.compile(r"(?P<label>[^\W\d_][^.!?:]{0,120}):\s*$")
_PLAIN = re.compile(r"(?P<label>[^\W\d_][^\s:*`|\[]{0,20}(?: [^\s:*`|\[]{1,20}){0,3}):\s+(?P<value>\S.*)$")
# Where the next label of a line begins.
_BESIDE = re.compile(
    r"\s[|\u2022\u00b7]\s+(?=\*\*[^*]+\*\*)|[.;,]\s+(?=\*\*[^*:]{2,40}(?::\*\*|\*\*:)\s)"
    r"|[.;]\s+(?=(?:Duration|(?:Total|Estimated) (?:hours|time)|Hours|Prerequisites?|Level|Difficulty|Roles?"
    r"|Next(?: module| project)?|Title):\s)"
)
# "**Label** - value": bold text and a dash.
_DASHED = re.compile(
    r"^\*\*(?P<label>[^*]{1,80})\*\*\s*(?:\((?P<qualifier>[^()]*)\)\s*)?[\u2013\u2014-]\s+(?P<value>\S.*)$", re.DOTALL
)


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
        """The cell of the column whose head holds one of *words* (``|`` divides), the first of them that one holds."""
        return self.cells.get(self.head(words), "")

    def head(self, words: str) -> str:
        """The head of that column; empty without one."""
        heads = (head for word in words.split("|") for head in self.cells if word in head)
        return next(heads, "")

    @property
    def own(self) -> str:
        """What it says in its own line, behind its label; what is nested in it left out."""
        return own_text(self)


def entries(section: Section, source: SourceText) -> Iterator[Entry]:
    """The entries that stand directly in a section; free paragraphs are none."""
    for block in labelled(section.blocks):
        if isinstance(block, Table):
            yield from _rows(block, source)
        elif isinstance(block, Labelled):
            yield of_labelled(block)
        elif isinstance(block, Item):
            label, qualifier, first = _bare(block)
            lines = tuple(item_lines(block))
            yield Entry(label, _value(first, block), item_text(block), lines, qualifier=qualifier, item=block)


def _bare(item: Item) -> tuple[str, str, str]:
    """Label, qualifier and value of a bullet whose label is not bold, or is followed by a dash."""
    text = unmarked(item.text)
    if found := _plain_label(text):
        return found
    if item.items and (opens := _OPENS.fullmatch(text)) and len(opens["label"]) <= 60:
        return opens["label"], "", ""
    return "", "", item.text


def _plain_label(text: str) -> tuple[str, str, str] | None:
    if dashed := _DASHED.match(text):
        return dashed["label"].strip(), dashed["qualifier"] or "", dashed["value"]
    bare = _BARE.match(text)
    if bare and bare["label"].count("(") == bare["label"].count(")"):
        return bare["label"].strip(), "", bare["value"]
    return None


def parted(text: str) -> tuple[str, str, str]:
    """Label, qualifier and value of a text, however it is labelled; without a label all of it is the value."""
    return labelled_text(text) or _plain_label(unmarked(text)) or ("", "", text)


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


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the label that stands above it by itself, if any."""

    entry: Entry
    above: str = ""
    above_line: int = 0

    @property
    def words(self) -> str:
        return folded(self.entry.label)


def is_free(statement: Statement, lines: Iterable[int]) -> bool:
    """Whether nobody has taken any of *lines*."""
    return all(statement.account.fate(line) is None for line in lines)


def told(statement: Statement, section: Section) -> Iterator[Told]:
    """What stands directly in a section and nobody took; a label by itself goes before what it opens."""
    above, line = "", 0
    for block in section.blocks:
        # Asked before any of it is taken: several labels may stand in one line.
        free = {at for at in range(block.line, block.end + 1) if is_free(statement, (at,))}
        for fact in labelled_facts(block) if isinstance(block, Paragraph) else (block,):
            opened = opener(fact)
            if opened:
                above, line = opened, fact.line
                continue
            if isinstance(fact, Labelled):
                # A line that says something itself ends what a label above it opened.
                above, line = "", 0
                found = iter([of_labelled(fact)])
            else:
                found = entries(replace(section, blocks=[fact]), statement.source)
            for entry in found:
                if free.issuperset(entry.lines):
                    if line:
                        statement.account.structure(line, entry.lines[0])
                    yield Told(entry, above, line)


def labelled_facts(paragraph: Paragraph) -> Iterator[Labelled | Block]:
    """The labelled lines of a paragraph; several in one (``**A**: x | **B**: y``), and labels that are not bold."""
    for fact in labelled([paragraph]):
        if isinstance(fact, Labelled):
            first, *others = _BESIDE.split(fact.value)
            yield replace(fact, value=first)
            for other in others:
                label, qualifier, value = labelled_text(other) or _plain_label(other) or ("", "", other)
                yield Labelled(label, qualifier, value, fact.line, fact.end)
        elif isinstance(fact, Paragraph) and all(
            found := [
                match if match and match["label"].count("(") == match["label"].count(")") else None
                for _, text in fact.rows
                for match in [_PLAIN.match(text) or _DASHED.match(text)]
            ]
        ):
            for (line, _), match in zip(fact.rows, found, strict=True):
                if match is not None:
                    yield Labelled(match["label"].strip(), "", match["value"].strip(), line, line)
        else:
            yield fact


def opener(fact: object) -> str:
    """The label that a line by itself gives to what follows; empty where it is none."""
    if isinstance(fact, Labelled):
        return fact.label if fact.block is None and not fact.value else ""
    if isinstance(fact, Paragraph) and len(fact.rows) == 1:
        if found := _BOLD.match(fact.text):
            return f"{found['label'].strip()} {found['behind'] or ''}".strip()
        opens = _OPENS.match(fact.text)
        return opens["label"].strip() if opens else ""
    return ""


def own_text(entry: Entry) -> str:
    """What an entry says in its own line, behind its label if it has one; nested bullets left out."""
    if entry.item is None or not entry.item.blocks:
        return entry.value
    parts = labelled_text(entry.item.text)
    text = parts[2] if parts else _bare(entry.item)[2]
    return "" if text.endswith(":") or _BOLD.fullmatch(text) else text


def named(entry: Entry) -> str:
    """What an entry with nested bullets is called: its label, else its own line."""
    text = entry.label or (entry.item.text if entry.item else entry.value)
    return text.replace("**", "").strip(" :")


def rest(statement: Statement, claim: Claim, section: Section, name: str) -> None:
    """State every entry that nobody took as ``name.N``; what is left then (paragraphs, code) is kept as prose."""
    for entry in entries(section, statement.source):
        if is_free(statement, entry.lines):
            claim.set(f"{name}.{claim.count(name)}", entry.text, *entry.lines)
    for table in (block for block in section.blocks if isinstance(block, Table)):
        table_rows(statement, table)
    leftovers(statement, claim, section)


def put(claim: Claim, name: str, entry: Entry, value: str = "") -> None:
    """State a field with the value of an entry, or with *value* out of it."""
    claim.set(name, value or entry.value, *entry.lines)


def entry_set(claim: Claim, name: str, entry: Entry) -> None:
    """State what an entry says in its line, and each bullet below it, as ``name.N``."""
    value_and_nested(claim, name, entry.own, entry.lines, entry.item)


def breaks_apart(statement: Statement, root: Section) -> None:
    """Keep thematic breaks out of what is left over; ``parts.rules`` at the end says whose fate they share."""
    for section in root.walk():
        last, before = 0, 0
        for block in section.blocks:
            if isinstance(block, Rule):
                # Of several in a row all share what the first does.
                before = before if block.line == last + 1 and before else block.line - 1 or block.line + 1
                last = block.line
                statement.account.structure(block.line, before)
