"""Paths of an exercise index, their steps, and how long they take at which pace."""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.outline import Block, Item, Labelled, Paragraph, Row, Section, Table, labelled
from courses.curriculum.sources.parts import cell, columns, folded, item_lines, item_text, leftovers, table_rows
from courses.curriculum.sources.readers.exercise_index.figures import hours_read
from courses.curriculum.sources.readers.exercise_index.state import (
    BRACES,
    CODE,
    MODULE_ID,
    Index,
    code_of,
    module_key,
    next_of,
    numbers_of,
    row_kept,
)

_PATH = re.compile(
    r"^\W*(?P<label>(?:learning\s+)?(?:path|track|option|route)\w*\s*#?\s*(?:\d+|[A-Z])\b)?[\s:.\u2013-]*(?P<title>.*)$",
    re.IGNORECASE,
)
_ARROW = re.compile(r"->|\u2192|=>")
_BOLD = re.compile(r"(?:\*\*|__)(?P<title>[^*_]+?):?(?:\*\*|__):?")
_PLAIN = re.compile(
    r"(?P<label>(?:learning )?order|sequence|exercises|steps|route|modules"
    r"|(?:estimated |total )?(?:duration|time|hours)"
    r"|best for|ideal for|audience|description|focus|goal):\s+(?P<value>\S.*)", re.IGNORECASE,
)  # fmt: skip
_PATH_COUNT = re.compile(r"\(\s*(?P<words>(?:all\s+)?(?P<count>\d+)\s+(?:exercises?|labs?|steps?))\s*\)", re.IGNORECASE)


def paths_read(index: Index, section: Section) -> None:
    """Paths under headings, below lines in bold, or as rows of a table."""
    for block in section.blocks:
        if isinstance(block, Table):
            _paths_tabled(index, block)
    bold = _bold_parts(section)
    for fact in labelled([] if bold else section.blocks):
        _path_listed(index, fact)
    for part in [*bold, *section.sections]:
        found = _PATH.match(part.title)
        assert found is not None
        title, count = found["title"].strip(), _PATH_COUNT.search(part.title)
        path = index.statement.claim(
            "path", _PATH_COUNT.sub("", title).strip() or part.title, part.line, parent=index.program
        )
        if found["label"]:
            path.set("stated.label", found["label"], *part.heading_lines)
        path.set("title", _PATH_COUNT.sub("", title).strip() or part.title, *part.heading_lines)
        if count:
            path.set("stated.exercises", count["count"], *part.heading_lines)
            path.set("stated.exercises_text", count["words"], *part.heading_lines)
        for fact in labelled(part.blocks):
            if isinstance(fact, Labelled):
                _path_fact(index, path, fact)
            elif isinstance(fact, Item) and not fact.blocks and (plain := _PLAIN.match(fact.text)):
                _path_fact(index, path, Labelled(plain["label"], "", plain["value"], fact.line, fact.end))
            elif isinstance(fact, Item) and CODE.match(fact.text.strip("`* ")):
                steps_read(index, path, item_text(fact), tuple(item_lines(fact)))
            elif isinstance(fact, Item):
                path.set(next_of(path, "notes"), item_text(fact), *item_lines(fact))
        leftovers(index.statement, path, replace(part, title=""))


def _path_listed(index: Index, fact: Labelled | Block) -> None:
    """A path in one line: ``Fast track: 301-01 -> 302-01``."""
    label, value = (fact.label, fact.value) if isinstance(fact, Labelled) else ("", "")
    if isinstance(fact, Item) and not fact.blocks:
        label, _, value = fact.text.partition(": ")
    if not label or not _ARROW.search(value) or not (CODE.search(value) or BRACES.search(value)):
        return
    lines = tuple(range(fact.line, fact.end + 1))
    path = index.statement.claim("path", label, fact.line, parent=index.program)
    path.set("title", label.strip("* "), *lines)
    path.set("stated.order", value, *lines)
    steps_read(index, path, value, lines)


def _bold_parts(section: Section) -> list[Section]:
    """The parts of a section that lines in bold by themselves open."""
    parts: list[Section] = []
    for block in section.blocks:
        bold = _BOLD.fullmatch(block.text) if isinstance(block, Paragraph) and block.line == block.end else None
        if bold:
            parts.append(Section(section.level + 1, bold["title"], block.line, block.end, (block.line,)))
        elif parts and not isinstance(block, Table):
            parts[-1].blocks.append(block)
            parts[-1].end = block.end
    return parts


def _paths_tabled(index: Index, table: Table) -> None:
    """A row for each path: what it is called, its exercises in their order, and what else the columns say."""
    at = columns(table, title="path|track|route", order="order|sequence|steps", hours="time|hour|duration")
    counts = columns(table, counts="exercise|labs")["counts"]
    at["order"] = counts if at["order"] is None else at["order"]
    for row in table_rows(index.statement, table):
        title = cell(row, at["title"]).strip("* ")
        if not title:
            row_kept(index, table, row.cells, row.line)
            continue
        path = index.statement.claim("path", title, row.line, parent=index.program)
        path.set("title", title, row.line)
        for place, (head, text) in enumerate(zip(table.header.cells, row.cells, strict=False)):
            if not text or place == at["title"]:
                continue
            if place == counts and re.fullmatch(r"(?:all\s+)?(\d+)(?:\s+\w+)?", text):
                path.set("stated.exercises", re.sub(r"\D", "", text), row.line)
                path.set("stated.exercises_text", text, row.line)
            elif place == at["order"]:
                path.set("stated.order", text, row.line)
                steps_read(index, path, text, (row.line,))
            elif place == at["hours"]:
                hours_read(path, "stated.hours", text, row.line)
            elif folded(head) in ("best for", "ideal for", "audience", "for"):
                path.set("best_for", text, row.line)
            else:
                path.set(next_of(path, "notes"), {"label": folded(head), "text": text}, row.line)


def _path_fact(index: Index, path: Claim, fact: Labelled) -> None:
    lines = tuple(range(fact.line, fact.end + 1))
    value = (
        fact.value
        if fact.block is None or not fact.block.items
        else item_text(fact.block).partition(":")[2].strip(" *")
    )
    match folded(fact.label):
        case "order" | "sequence" | "exercises" | "steps" | "route" | "learning order" | "modules":
            path.set("stated.order", value, *lines)
            steps_read(index, path, value, lines)
        case "duration" | "time" | "hours" | "estimated time" | "total time" | "total hours":
            hours_read(path, "stated.hours", value, *lines)
        case "best for" | "ideal for" | "audience" | "for" | "target audience" | "who":
            path.set("best_for", value, *lines)
        case "description" | "focus" | "goal" | "summary":
            path.set("text" if "text" not in path.fields else next_of(path, "notes"), value, *lines)
        case words:
            path.set(next_of(path, "notes"), {"label": words, "text": value}, *lines)


def steps_read(index: Index, path: Claim, text: str, lines: tuple[int, ...]) -> None:
    """Steps in brace notation, codes, or all exercises from one module to another."""
    steps: list[tuple[str, str, tuple[int, ...]]] = []
    if BRACES.search(text):
        for found in BRACES.finditer(text):
            steps += [(found["module"], number, lines) for number in numbers_of(found["numbers"])]
    elif CODE.search(text):
        steps = [(found["module"], found["number"], lines) for found in CODE.finditer(text)]
    else:
        ends = [int(found["number"]) for found in MODULE_ID.finditer(text)]
        if len(ends) >= 2 or re.match(r"\W*(?:sequential|all)", text, re.IGNORECASE):
            low, high = (min(ends), max(ends)) if len(ends) >= 2 else (0, 10_000)
            steps = [
                (lab.module, lab.number, (*lines, *lab.lines)) for lab in index.labs if low <= int(lab.module) <= high
            ]
    for place, (module, number, at) in enumerate(steps, path.count("steps")):
        path.set(f"steps.{place}", {"to": f"{module_key(module)}/{code_of(module, number)}"}, *dict.fromkeys(at))


def pacing_read(index: Index, section: Section) -> None:
    """How many weeks each path takes at so many hours a week."""
    pace: Claim | None = None
    for fact in labelled(section.blocks):
        if isinstance(fact, Labelled) and (
            week := re.search(
                r"\(([^()]*?(?:hours|hrs?|h)\s*(?:/|per|a)\s*(?:week|wk)[^()]*)\)",
                f"{fact.label} ({fact.qualifier})",
                re.IGNORECASE,
            )
        ):
            pace = index.statement.claim("pace", fact.label, fact.line, parent=index.program)
            pace.set("title", f"{fact.label} ({fact.qualifier})" if fact.qualifier else fact.label, fact.line)
            if amount := values.amount(week[1]):
                pace.set("hours_per_week", amount.plain, fact.line)
            if fact.value:
                pace.set(next_of(pace, "stated.weeks"), {"text": fact.value}, *range(fact.line, fact.end + 1))
            for item in fact.block.items if fact.block else []:
                _weeks(pace, item.text, *item_lines(item))
        elif isinstance(fact, Labelled | Item):
            text = f"{fact.label}: {fact.value}" if isinstance(fact, Labelled) else item_text(fact)
            _weeks(pace or index.program, text, *range(fact.line, fact.end + 1))
    for block in section.blocks:
        if isinstance(block, Table):
            for row in table_rows(index.statement, block):
                _pace_row(index, block, row)


def _pace_row(index: Index, table: Table, row: Row) -> None:
    """A pace as a row: its hours a week, and under the name of each path how long that takes."""
    at = columns(table, hours="hours week|hours per week|h week|hours a week")["hours"]
    amount = values.amount(cell(row, at)) if at else None
    if amount is None or not row.cells[0].strip():
        row_kept(index, table, row.cells, row.line)
        return
    pace = index.statement.claim("pace", row.cells[0].strip("* "), row.line, parent=index.program)
    pace.set("title", row.cells[0].strip("* "), row.line)
    pace.set("hours_per_week", amount.plain, row.line)
    if not values.NUMBER_ONLY.fullmatch(cell(row, at)):
        pace.set("stated.hours_per_week", cell(row, at), row.line)
    for place, (head, text) in enumerate(zip(table.header.cells, row.cells, strict=False)):
        if text and place not in (0, at):
            _weeks(pace, f"{head}: {text}", row.line)


def _weeks(claim: Claim, text: str, *lines: int) -> None:
    found = re.fullmatch(r"(?P<path>.+?):\s*+(?P<weeks>[\d.+\u2013-]++(?:\s++[\d.+\u2013-]++)*+)\s*+weeks?", text)
    amount = values.amount(found["weeks"]) if found else None
    value = {"path": found["path"], "weeks": amount.plain} if found and amount else {"text": text}
    claim.set(next_of(claim, "stated.weeks"), value, *lines)
