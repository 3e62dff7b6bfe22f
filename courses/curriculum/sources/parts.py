"""Parts that several document kinds share: sections by title, objectives, competencies, and what is kept as prose.

Every function here states what it reads into a claim and accounts for the lines
of it; what it does not know it keeps, so that no line is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from courses.curriculum.aliases import slug_of
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import (
    Block,
    Fence,
    Item,
    Labelled,
    Listing,
    Quote,
    Row,
    Rule,
    Section,
    Table,
    labelled,
)
from courses.curriculum.sources.values import is_nothing

_QUOTED = re.compile(r"^ {0,3}> ?")
Handler = Callable[[Statement, Claim, Section], None]


def folded(text: str) -> str:
    """A title for comparing: lower case words, no punctuation (``Hands-On Activities`` -> ``hands on activities``)."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def sections_read(
    statement: Statement, claim: Claim, parent: Section, handler_for: Callable[[Section], Handler | None]
) -> None:
    """Give each section below *parent* to its handler; those without one are kept as prose.

    A section that nobody knows may only group sections that are known.
    """
    for section in parent.sections:
        handler = handler_for(section)
        if handler is not None:
            handler(statement, claim, section)
            for part in section.walk():
                leftovers(statement, claim, part)
                heading(statement, part)
        elif any(map(handler_for, section.sections)):
            sections_read(statement, claim, section, handler_for)
            leftovers(statement, claim, section)
            heading(statement, section)
        else:
            keep_section(statement, claim, section)


def handler_of(title: str, handlers: Mapping[str, Handler]) -> Handler | None:
    """The handler for a title: by words that begin it, else by words in it; the longest that fit decide.

    The words of a key are alternatives divided by ``|``; one with ``=`` before it is a whole title. Numbers before a
    title do not count.
    """
    words = re.sub(r"^(?:(?:\d+|section|part) )+(?=\D)", "", folded(title))
    best: tuple[bool, int, Handler] | None = None
    spaced = f" {words} "
    for key, handler in handlers.items():
        for alternative in key.split("|"):
            if f" {alternative} " in spaced or alternative == f"={words}":
                found = (spaced.startswith(f" {alternative} "), len(alternative))
                if best is None or found > best[:2]:
                    best = (*found, handler)
    return best[2] if best else None


def heading(statement: Statement, section: Section) -> None:
    """Let the heading share the fate of what the section opens; an empty section is reported."""
    below = range(section.line + max(1, len(section.heading_lines)), section.end + 1)
    first = next((line for line in below if _filled(statement, line)), None)
    for line in section.heading_lines:
        if statement.account.fate(line) is not None:
            continue
        if first is None:
            statement.report(
                "hygiene.empty_section", "info", line, f"The section {section.title!r} is empty.",
                "Fill it or remove it.",
            )  # fmt: skip
        else:
            statement.account.structure(line, first)


def rules(statement: Statement, section: Section) -> None:
    """Let thematic breaks anywhere in a section share the fate of a line before them, else of one after."""
    account, last = statement.account, len(statement.source.lines)
    asked, other = 0, 0
    for line in sorted(block.line for each in section.walk() for block in each.blocks if isinstance(block, Rule)):
        # Lines above the last break were asked for that one.
        other = next((at for at in range(line - 1, asked, -1) if account.fate(at) is not None), other)
        other = other or next((at for at in range(line + 1, last + 1) if account.fate(at) is not None), 0)
        account.structure(line, other or line)
        asked, other = line, line if line in account.fates else other


def _filled(statement: Statement, line: int) -> bool:
    return bool(statement.source.line(line).strip())


def keep_section(statement: Statement, claim: Claim, section: Section, *, known: bool = False) -> None:
    """Keep a whole section, subsections included, as prose of *claim*.

    :param known: the template has this section and it is meant to be prose; else
        an info finding says that it was not understood.
    """
    lines = [line for line in range(section.line, section.end + 1) if _filled(statement, line)]
    if not known:
        statement.report(
            "source.unknown_section", "info", section.line,
            f"The section {section.title!r} is not one that this kind of document has; it is kept as text of "
            f"{claim.address}.",
            "Rename it if it is one of them (docs/import.md), else nothing needs doing.",
        )  # fmt: skip
    keep(statement, claim, section.title, lines)


def keep(statement: Statement, claim: Claim, title: str, lines: Iterable[int]) -> None:
    """Keep *lines* as they are, as a titled text of *claim*: ``sections.N``."""
    kept = list(lines)
    if not kept:
        return
    number = claim.count("sections")
    texts = [statement.source.line(line) for line in range(kept[0], kept[-1] + 1)]
    if all(_QUOTED.match(each) for each in texts):
        # Behind its title the mark of a quotation would be a character of the text.
        texts = [_QUOTED.sub("", each) for each in texts]
    body = "\n".join(texts)
    claim.set(f"sections.{number}", {"title": title, "text": body}, *kept, prose=True)


def texts_set(claim: Claim, name: str, items: Iterable[Item]) -> None:
    """State the entries of a list as ``name.0``, ``name.1`` and so on; what is nested in one joins its text."""
    start = claim.count(name)
    for place, item in enumerate(items, start):
        claim.set(f"{name}.{place}", item_text(item), *item_lines(item))


def item_text(item: Item) -> str:
    """An entry with everything nested in it, as one Markdown text."""
    if not item.blocks:
        return item.text
    return "\n".join([item.text, *(_block_text(block, 1) for block in item.blocks)])


def _block_text(block: Block, depth: int) -> str:
    indent = "  " * depth
    if isinstance(block, Listing):
        return "\n".join(
            "\n".join([f"{indent}- {item.text}", *(_block_text(inner, depth + 1) for inner in item.blocks)])
            for item in block.items
        )
    if isinstance(block, Fence):
        return f"{indent}```{block.info}\n{block.code}{indent}```"
    if isinstance(block, Quote):
        return "\n".join(_block_text(inner, depth) for inner in block.blocks)
    if isinstance(block, Table):
        return "\n".join(f"{indent}| {' | '.join(row.cells)} |" for row in (block.header, *block.rows))
    return indent + str(getattr(block, "text", ""))


def item_lines(item: Item) -> range:
    return range(item.line, item.end + 1)


def items_of(section: Section) -> list[Item]:
    """The entries of all lists that stand directly in a section."""
    return [item for block in section.blocks if isinstance(block, Listing) for item in block.items]


def value_and_nested(claim: Claim, name: str, value: str, lines: Sequence[int], item: Item | None) -> None:
    """A labelled value that stands in its line, in the bullets of *item* below it, or both: ``name.N``."""
    start = claim.count(name)
    nested = item.items if item else []
    first = min((inner.line for inner in nested), default=lines[-1] + 1)
    if value:
        claim.set(f"{name}.{start}", value, *(line for line in lines if line < first))
    elif nested:
        claim.statement.account.structure(lines[0], first)
    texts_set(claim, name, nested)


def leftovers(statement: Statement, claim: Claim, section: Section) -> None:
    """Keep what a handler did not read of its section, so that nothing is dropped.

    Labelled lines, bullets and table rows are data even where the template does not
    know them: ``stated.LABEL``, ``others.N`` and ``rows.N``. What is left is prose,
    each run of lines one text.
    """
    for fact in labelled(section.blocks):
        _unread(statement, claim, fact)
    inner = {line for part in section.sections for line in range(part.line, part.end + 1)}
    run: list[int] = []
    for line in (*range(section.line + max(1, len(section.heading_lines)), section.end + 1), 0):
        free = bool(line) and line not in inner and _is_free(statement, line)
        if free and _filled(statement, line):
            run.append(line)
        elif run and (not line or not free):
            keep(statement, claim, section.title, run)
            run = []


def _is_free(statement: Statement, line: int) -> bool:
    return statement.account.fate(line) is None and line not in statement.account.opens


def _unread(statement: Statement, claim: Claim, fact: Labelled | Block) -> None:
    lines = range(fact.line, fact.end + 1)
    if isinstance(fact, Table):
        start = claim.count("rows")
        rows = table_rows(statement, fact) if _is_free(statement, fact.line) else []
        for number, row in enumerate((row for row in rows if _is_free(statement, row.line)), start):
            claim.set(f"rows.{number}", [each.strip() for each in row.cells], row.line)
    elif not all(_is_free(statement, line) for line in lines):
        return
    elif isinstance(fact, Labelled):
        value_and_nested(claim, free_name(claim, fact.label), fact.value, lines, fact.block)
    elif isinstance(fact, Item):
        texts_set(claim, "others", [fact])


def free_name(claim: Claim, label: str) -> str:
    """The field of a label that no template has: ``stated.LABEL``, or with a number where the claim has it already."""
    name = made = f"stated.{slug_of(label).replace('-', '_') or 'label'}"
    number = 1
    while claim.count(made):
        number += 1
        made = f"{name}_{number}"
    return made


def table_rows(statement: Statement, table: Table) -> list[Row]:
    """The rows of a table with something in them; header and rule share the fate of the first row."""
    filled = [row for row in table.rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        statement.report(
            "hygiene.empty_section", "info", table.line, "The table has no rows.", "Fill it or remove it.",
            lines=range(table.line, table.end + 1),
        )  # fmt: skip
        return []
    first = filled[0].line
    statement.account.structure(table.header.line, first)
    statement.account.structure(table.rule, first)
    for row in table.rows:
        if not any(cell.strip() for cell in row.cells):
            statement.account.structure(row.line, first)
    return filled


def columns(table: Table, **wanted: str) -> dict[str, int | None]:
    """Which column holds what: name -> number, by words that its head begins with or holds (``|`` divides)."""
    heads = [folded(cell) for cell in table.header.cells]
    found: dict[str, int | None] = {}
    for name, words in wanted.items():
        found[name] = next(
            (place for place, head in enumerate(heads) if any(word in head for word in words.split("|"))), None
        )
    return found


def cell(row: Row, place: int | None) -> str:
    """The text of a cell; empty where the table has no such column or the cell says that there is nothing."""
    text = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
    return "" if is_nothing(text) else text
