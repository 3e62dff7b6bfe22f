"""What an exercise index says beside its catalogue: figures, matrix, counts, paths, pacing, tree, careers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.outline import (
    Block,
    Fence,
    Item,
    Labelled,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    labelled,
)
from courses.curriculum.sources.parts import cell, columns, folded, item_lines, item_text, table_rows
from courses.curriculum.sources.readers.exercise_index import tree
from courses.curriculum.sources.readers.exercise_index.figures import hours_read
from courses.curriculum.sources.readers.exercise_index.state import (
    CODE,
    MODULE_ID,
    Index,
    code_of,
    module_key,
    next_of,
    numbers_of,
    row_kept,
)

_PRIMARY = re.compile(r"[\u25cf\u2b24\u2714\u2713\u2705\u2b1b\u25a0]|\bP(?:rimary)?\b|^x$", re.IGNORECASE)
_SECONDARY = re.compile(r"[\u25cb\u25ef\u25d0\u25a1]|\bS(?:econdary)?\b", re.IGNORECASE)
_TREE_MARKS = re.compile(r"[\u2500-\u257f|+`>\-\\/\s\u2192\u2514\u251c]*")
_PLAIN = re.compile(r"[^\W\d_][^:*.]{0,40}: \S")
_FIGURES = {
    "total modules": "modules",
    "modules": "modules",
    "number of modules": "modules",
    "total exercises": "exercises",
    "exercises": "exercises",
    "number of exercises": "exercises",
    "difficulty range": "difficulty",
    "difficulty": "difficulty",
    "total learning time": "hours",
    "total time": "hours",
    "total hours": "hours",
    "learning time": "hours",
    "estimated time": "hours",
    "total duration": "hours",
    "prerequisites": "prerequisites",
    "target role level": "level",
    "target level": "level",
    "role level": "level",
}


def pairs_of(blocks: list[Block]) -> Iterator[tuple[str, str, int, int]]:
    """Label and value of rows of two columns, labelled lines and ``Label: value`` bullets, with their lines."""
    for fact in labelled(blocks):
        if isinstance(fact, Labelled) and fact.value:
            yield fact.label, fact.value, fact.line, fact.end
        elif isinstance(fact, Item) and ": " in fact.text and not fact.items:
            label, _, value = fact.text.partition(": ")
            yield label, value.strip(), fact.line, fact.end
        elif isinstance(fact, Paragraph) and all(_PLAIN.match(text) for _, text in fact.rows):
            for line, text in fact.rows:
                label, _, value = text.partition(": ")
                yield label, value.strip(), line, line


def statistics_read(index: Index, section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                value = " | ".join(each for each in row.cells[1:] if each)
                _figure(index.program, row.cells[0], value, row.line)
    for label, value, line, _ in pairs_of([block for block in section.blocks if not isinstance(block, Table)]):
        _figure(index.program, label, value, line)


def _figure(program: Claim, label: str, value: str, line: int) -> None:
    words = folded(label)
    name = _FIGURES.get(words, words.replace(" ", "_") or "figure")
    if name == "hours" and f"stated.{name}" not in program.fields:
        hours_read(program, "stated.hours", value, line)
    elif value:
        program.set(
            f"stated.{name}" if f"stated.{name}" not in program.fields else next_of(program, "stated.more"), value, line
        )


def contents_read(index: Index, section: Section) -> None:
    for item in _items(section.blocks):
        index.program.set(index.next("contents"), item_text(item), *item_lines(item))


def modules_read(index: Index, section: Section) -> None:
    """The module table: each row states figures of a module."""
    for block in section.blocks:
        if not isinstance(block, Table):
            continue
        at = columns(block, code="code|id", exercises="exercise|labs", hours="hours|time|duration", focus="focus|topic",
                     title="module|title|name")  # fmt: skip
        for row in table_rows(index.statement, block):
            found = next((hit for hit in (MODULE_ID.search(text) for text in row.cells) if hit), None)
            if found is None:
                row_kept(index, block, row.cells, row.line)
                continue
            title = cell(row, at["title"])
            if MODULE_ID.fullmatch(title.strip("*` ")):
                title = cell(row, columns(block, title="title|name")["title"])
            claim = index.module(found["number"], row.line, "tabled", title or found[0])
            claim.set("stated.row", " | ".join(text for text in row.cells if text), row.line)
            if title:
                claim.set("stated.title", title, row.line)
            if count := re.search(r"\d+", cell(row, at["exercises"])):
                claim.set("stated.exercises", count[0], row.line)
            if hours := values.amount(cell(row, at["hours"])):
                claim.set("stated.hours", hours.plain, row.line)
            if focus := cell(row, at["focus"]):
                claim.set("focus", focus, row.line)


def levels_read(index: Index, section: Section) -> None:
    """What the difficulties of the document mean; the scale itself is the product's."""
    for item in _items(section.blocks):
        index.program.set(index.next("stated.levels"), item_text(item).replace("*", ""), *item_lines(item))


def order_read(index: Index, section: Section) -> None:
    """Stages of an order, each line with the exercises that it names and how many it says they are."""
    stage = 0
    for line, text in _lines_of(index, section.blocks):
        words = _TREE_MARKS.match(text)
        body = text[words.end() :] if words else text
        value: dict[str, object] = {"text": body}
        named = MODULE_ID.search(body)
        if count := re.search(r"\((\d+)\)", body) or re.search(r"total\w{0,20}\s*+:\s*+(\d+)", body, re.IGNORECASE):
            value["count"] = count[1]
        if named:
            value |= {"module": module_key(named["number"]), "exercises": numbers_of(body[named.end() :])}
        elif not (words and words[0].strip()):
            stage = line
        index.program.set(index.next("stated.order"), value, *dict.fromkeys([line, *([stage] if stage else [])]))


def _lines_of(index: Index, blocks: list[Block]) -> Iterator[tuple[int, str]]:
    """Lines of fences and entries of lists, fences' own lines being structure."""
    account = index.statement.account
    for block in blocks:
        if isinstance(block, Fence):
            lines = [line for line in range(block.line, block.end + 1) if index.statement.source.line(line).strip()]
            inner = lines[1:-1] if len(lines) > 2 else lines[1:]
            for line in (lines[0], lines[-1]):
                if inner and line not in inner:
                    account.structure(line, inner[0])
            for line in inner:
                yield line, index.statement.source.line(line).rstrip()
        elif isinstance(block, Listing):
            yield from _listed_lines(block, 0)


def _listed_lines(block: Listing, depth: int) -> Iterator[tuple[int, str]]:
    for item in block.items:
        first = min((inner.line for inner in item.items), default=item.end + 1)
        if first > item.line:
            yield item.line, "  " * depth + ("" if depth == 0 else "- ") + item.text
        for inner in item.blocks:
            if isinstance(inner, Listing):
                yield from _listed_lines(inner, depth + 1)


def matrix_read(index: Index, section: Section) -> None:
    """Which skill each exercise trains, first or besides; rows are joined when all exercises are known."""
    for block in section.blocks:
        if isinstance(block, Table):
            heads = block.header.cells
            codes = [CODE.search(head) for head in heads]
            for row in table_rows(index.statement, block):
                found = CODE.search(row.cells[0])
                if not found and any(codes[1:]):
                    _turned_row(index, block, row, codes)
                    continue
                if not found and (named := [hit for text in row.cells[1:] for hit in CODE.finditer(text)]):
                    # A skill with the exercises that train it.
                    skill = [("primary_skills", row.cells[0].strip("* "))]
                    index.later += [(code_of(hit["module"], hit["number"]), row.line, [*skill]) for hit in named]
                    continue
                marks: list[tuple[str, object]] = [("stated.matrix", " | ".join(row.cells))]
                for name, pattern in (("primary_skills", _PRIMARY), ("secondary_skills", _SECONDARY)):
                    marks += [
                        (name, head)
                        for head, mark in zip(heads[1:], row.cells[1:], strict=False)
                        if pattern.search(mark)
                    ]
                code = code_of(found["module"], found["number"]) if found else ""
                index.later.append((code, row.line, marks))
    for label, value, line, end in pairs_of([block for block in section.blocks if not isinstance(block, Table)]):
        index.program.set(index.next("legend"), {"label": label, "text": value}, *range(line, end + 1))


def _turned_row(index: Index, table: Table, row: Row, codes: list[re.Match[str] | None]) -> None:
    """A row of a matrix whose columns are exercises and whose rows are skills."""
    marked = False
    for found, mark in zip(codes[1:], row.cells[1:], strict=False):
        patterns = (("primary_skills", _PRIMARY), ("secondary_skills", _SECONDARY))
        name = next((each for each, pattern in patterns if pattern.search(mark)), "")
        if found and name:
            marked = True
            index.later.append(
                (code_of(found["module"], found["number"]), row.line, [(name, row.cells[0].strip("* "))])
            )
    if not marked:
        row_kept(index, table, row.cells, row.line)


def codes_read(index: Index, section: Section) -> None:
    """A table of codes and titles, once more."""
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                found = CODE.search(row.cells[0])
                code = code_of(found["module"], found["number"]) if found else ""
                marks: list[tuple[str, object]] = [("stated.code", row.cells[0])]
                marks += [
                    ("stated.titles" if place == 0 else "stated.reference", text)
                    for place, text in enumerate(row.cells[1:])
                    if text
                ]
                index.later.append((code, row.line, marks))


def technologies_read(index: Index, section: Section) -> None:
    group = ("", 0)
    for fact in labelled(section.blocks):
        if isinstance(fact, Labelled) and fact.block is None and not fact.value:
            group = fact.label, fact.line
            continue
        text = (
            f"{fact.label}: {fact.value}" if isinstance(fact, Labelled) else fact.text if isinstance(fact, Item) else ""
        )
        if text:
            found = re.fullmatch(
                r"(?P<title>.+?)(?<!\s)\s*+[:\u2013(-]\s*+(?P<count>\d++)\s*+(?:exercises?|labs?|modules?)?\)?", text
            )
            value = {"title": found["title"], "exercises": found["count"]} if found else {}
            value |= {"text": text, **({"category": group[0]} if group[0] else {})}
            line = fact.line
            index.program.set(
                index.next("stated.technologies"), value, *dict.fromkeys([line, *([group[1]] if group[1] else [])])
            )
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                index.program.set(
                    index.next("stated.technologies"),
                    dict(zip(map(folded, block.header.cells), row.cells, strict=False)),
                    row.line,
                )


def tree_read(index: Index, section: Section) -> None:
    """A tree of modules: each needs the one that it stands under."""
    tree.rows_read(index, _lines_of(index, section.blocks))


def skills_read(index: Index, section: Section) -> None:
    """Skills that are needed before, and those that grow on the way."""
    before = True
    opened = 0
    for fact in labelled(section.blocks):
        if isinstance(fact, Labelled) and fact.block is None:
            words = folded(fact.label)
            before = not re.search(r"develop|during|gain|after|acquire|learn", words)
            opened = fact.line
            if fact.value:
                index.program.set(index.next("notes"), {"label": fact.label, "text": fact.value}, fact.line)
        elif isinstance(fact, Item | Labelled):
            item = fact.block if isinstance(fact, Labelled) else fact
            assert item is not None
            text = re.sub(r"^[\u2705\u2714\u2713]\ufe0f?\s*", "", item_text(item))
            if before:
                edge = index.statement.claim("requirement", f"needs {text}", item.line, parent=index.program)
                edge.set("strength", "needs", *item_lines(item))
                edge.set("skill", text, *item_lines(item))
            else:
                index.program.set(index.next("develops"), text, *item_lines(item))
            if opened:
                index.statement.account.structure(opened, item.line)
                opened = 0


def careers_read(index: Index, section: Section) -> None:
    outlook = next((each for each in index.statement.of_kind("outlook")), None)
    outlook = outlook or index.statement.claim("outlook", "Career alignment", section.line, parent=index.program)
    role = ""
    for fact in labelled(section.blocks):
        if isinstance(fact, Labelled) and not (fact.value and role and fact.block is not None):
            role = next_of(outlook, "target_roles")
            outlook.set(
                f"{role}.title", f"{fact.label} ({fact.qualifier})" if fact.qualifier else fact.label, fact.line
            )
            if fact.value:
                outlook.set(f"{role}.note", fact.value, *range(fact.line, fact.end + 1))
            for item in fact.block.items if fact.block else []:
                _role_fact(outlook, role, item.text, *item_lines(item))
        elif isinstance(fact, Item | Labelled):
            text = f"{fact.label}: {fact.value}" if isinstance(fact, Labelled) else item_text(fact)
            _role_fact(outlook, role or "more", text, *range(fact.line, fact.end + 1))
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                role = next_of(outlook, "target_roles")
                for place, (head, text) in enumerate(zip(block.header.cells, row.cells, strict=False)):
                    if text and place == 0:
                        outlook.set(f"{role}.title", text.strip("* "), row.line)
                    elif text:
                        _role_fact(outlook, role, f"{head}: {text}", row.line)


def _role_fact(outlook: Claim, role: str, text: str, *lines: int) -> None:
    label, _, value = text.partition(": ")
    words = folded(label)
    if words in ("key modules", "modules", "core modules"):
        outlook.set(f"{role}.stated_modules", value, *lines)
        for place, number in enumerate(re.findall(r"\d{2,4}", value)):
            outlook.set(f"{role}.modules.{place}", module_key(number), *lines)
    elif words in ("certifications", "certification", "certs"):
        for place, name in enumerate(values.listed(value)):
            outlook.set(f"{role}.certifications.{place}", name, *lines)
    elif words in ("priority", "note", "focus", "path", "recommended path") and f"{role}.note" not in outlook.fields:
        outlook.set(f"{role}.note", value, *lines)
    else:
        outlook.set(next_of(outlook, f"{role}.more"), text, *lines)


def notes_read(index: Index, section: Section) -> None:
    """Anything listed or tabled in a section whose form is not known."""
    for fact in labelled(section.blocks):
        if isinstance(fact, Labelled) and fact.value and fact.block is None:
            index.program.set(
                index.next("notes"), {"label": fact.label, "text": fact.value}, *range(fact.line, fact.end + 1)
            )
        elif isinstance(fact, Item | Labelled) and (isinstance(fact, Item) or fact.block):
            item = fact if isinstance(fact, Item) else fact.block
            assert item is not None
            index.program.set(index.next("notes"), item_text(item), *item_lines(item))
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                row_kept(index, block, row.cells, row.line)


def _items(blocks: list[Block]) -> list[Item]:
    return [item for block in blocks if isinstance(block, Listing) for item in block.items]
