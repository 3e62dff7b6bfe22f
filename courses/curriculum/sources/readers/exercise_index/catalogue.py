"""The catalogue of an exercise index: modules and their exercises, headed or in tables."""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources import asked, values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.difficulty import difficulty_read
from courses.curriculum.sources.outline import (
    Block,
    Item,
    Labelled,
    Listing,
    Paragraph,
    Section,
    Table,
    labelled,
)
from courses.curriculum.sources.parts import (
    cell,
    columns,
    folded,
    heading,
    item_lines,
    item_text,
    items_of,
    leftovers,
    table_rows,
)
from courses.curriculum.sources.readers.exercise_index.figures import hours_read
from courses.curriculum.sources.readers.exercise_index.state import (
    CODE,
    LAB,
    MODULE,
    MODULE_ID,
    Index,
    Lab,
    code_of,
    module_key,
    next_of,
)
from courses.curriculum.sources.thresholds import criteria_of

_FIELDS = {
    "difficulty": "difficulty|level|difficulty level",
    "hours": "time|duration|estimated time|time estimate|hours|estimated hours|estimated duration|effort",
    "prerequisites": "prerequisites|prerequisite|requires|required knowledge|prior knowledge|dependencies",
    "summary": "description|summary|overview|about|goal",
    "technologies": "tech|key tech|key technologies|technologies|tools|technology|tech stack|technology stack|stack|"
    "tools and technologies",
    "objectives": "learning objectives|objectives|learning outcomes|you will learn|what you will learn|outcomes",
    "deliverables": "deliverables|deliverable|output|outputs|what you will deliver|"
    "artifacts|what you will build|expected deliverables",
    "career_skills": "career skills|skills|skills gained|skills developed|career relevance",
    "criteria": "success criteria|completion criteria|acceptance criteria|evaluation criteria",
    "resources": "resources|references|further reading",
    "notes": "notes|note|tips|hints",
}  # fmt: skip
_PLAIN = re.compile(r"(?:\*\*(?P<bold>[^*]{1,40}?):?\*\*:?|(?P<plain>[^:*]{1,40}):)\s+(?P<value>\S.*)")
# What stands behind the title of an exercise in one line.
_DETAILS = re.compile(r"\s+[\u2013\u2014-]\s+|\s*[()|]\s*|;\s+|,\s+(?=\d|[\u2605\u2b50])|:\s+")
_LEVEL = re.compile(
    r"[\u2605\u2606\u2b50\U0001f31f\ufe0f\s]*(?:very )?"
    r"(?:easy|medium|hard|beginner|intermediate|advanced|expert|basic)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\W*(?:(?:mod-)?\d{2,4}\s*[-./]\s*\d{1,2}\b|(?:exercise|lab)s?\s*#?\d)", re.IGNORECASE)
_FIGURES = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]*\d[^()\[\]]*)[)\]]$")
_COUNT = re.compile(r"(\d{1,3})\s?(?:exercises?|labs?)\b", re.IGNORECASE)
_BOLD = re.compile(r"(?:\*\*|__)([^*_:]{2,40}):?(?:\*\*|__):?")
_FIELD_OF = {word: name for name, words in _FIELDS.items() for word in words.split("|")}


def module_read(index: Index, section: Section) -> None:
    """A module's heading with its exercises below."""
    found = MODULE.match(section.title)
    assert found is not None
    claim = index.module(found["number"], section.line, "headed", found["title"] or found["label"])
    claim.set("stated.label", found["label"], *section.heading_lines)
    title = _figures_read(claim, found["title"], section.heading_lines)
    if title:
        claim.set("title", title, *section.heading_lines)
    _module_blocks(index, claim, found["number"], section)
    for part in section.sections:
        lab_or_more(index, part, claim, found["number"], section.heading_lines)


def _figures_read(claim: Claim, title: str, lines: tuple[int, ...]) -> str:
    """A title without the figures behind it (*Ports (2 exercises, 6-8 h)*), which say what the modules' table says."""
    found = _FIGURES.search(title)
    hours, count = (values.hours(found["inside"]), _COUNT.search(found["inside"])) if found else (None, None)
    if found is None or not (hours or count):
        return title
    for name, value in (("stated.hours", hours and hours.plain), ("stated.exercises", count and count[1])):
        if value:
            claim.set(name if name not in claim.fields else next_of(claim, f"{name}_headed"), value, *lines)
    return title[: found.start()]


def listed_in(section: Section) -> int:
    """How many exercises a section has as rows with a code or number, or as entries that begin with a code."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows if any(map(_NUMBERED.match, row.cells[:2]))]
    return len(rows) + sum(bool(_listed(item)) for item in items_of(section))


def blocks_read(index: Index, section: Section) -> None:
    """Exercises that stand directly below the heading of the catalogue, with their modules in their codes or rows."""
    for block in section.blocks:
        if isinstance(block, Table):
            labs_tabled(index, block, None, "", section.heading_lines)
        elif isinstance(block, Listing):
            labs_listed(index, block, None)


def _listed(item: Item) -> re.Match[str] | None:
    return CODE.match(item.text.replace("**", "").replace("`", "").strip())


def labs_listed(index: Index, listing: Listing, module: Claim | None) -> None:
    """Exercises as entries: ``**302-01: Tables** (3 hours) - partition a table``, facts nested below."""
    for item in listing.items:
        found = _listed(item)
        if found is None:
            continue
        text = item.text.replace("**", "").replace("`", "").strip()[found.end() :].lstrip(" :.\u2013\u2014-")
        title, *details = [bare for part in _DETAILS.split(text) if (bare := part.strip(" \u2013\u2014-"))] or [
            found[0]
        ]
        parent = module or index.known(found["module"]) or index.program
        claim = index.statement.claim(
            "lab", title, item.line, key=code_of(found["module"], found["number"]), parent=parent
        )
        index.labs.append(Lab(claim, found["module"], found["number"], (item.line,)))
        first = min((block.line for block in item.blocks), default=item.end + 1)
        own = range(item.line, first)
        claim.set("stated.label", found[0], *own)
        claim.set("title", title, *own)
        for detail in details:
            if values.hours(detail) is not None and "hours" not in claim.fields:
                value_read(claim, "hours", detail, own)
            elif _LEVEL.fullmatch(detail) and "difficulty" not in claim.fields and "stated.stars" not in claim.fields:
                value_read(claim, "difficulty", detail, own)
            else:
                value_read(claim, "summary", detail, own)
        _facts(claim, item.blocks, free="notes")


def _module_blocks(index: Index, claim: Claim, number: str, section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Table):
            labs_tabled(index, block, claim, number, section.heading_lines)
        elif isinstance(block, Listing):
            labs_listed(index, block, claim)
        elif isinstance(block, Paragraph) and "summary" not in claim.fields and not block.text.startswith("**"):
            claim.set("summary", block.text, *range(block.line, block.end + 1))
    listed = [block for block in section.blocks if isinstance(block, Listing) and any(map(_listed, block.items))]
    others = [block for block in section.blocks if not isinstance(block, Table) and block not in listed]
    _facts(claim, others, free="notes")
    leftovers(index.statement, claim, replace(section, title=""))


def lab_or_more(index: Index, section: Section, module: Claim | None, number: str, above: tuple[int, ...]) -> None:
    """An exercise's heading; a heading of something else groups the exercises below it."""
    found = LAB.match(section.title)
    if found is None or not (found["module"] or number):
        claim = module or index.program
        for block in section.blocks:
            if isinstance(block, Table):
                labs_tabled(index, block, module, number, above)
        _facts(claim, [block for block in section.blocks if not isinstance(block, Table)], free="notes")
        leftovers(index.statement, claim, section)
        for part in section.sections:
            lab_or_more(index, part, module, number, above)
        heading(index.statement, section)
        return
    own = found["module"] or number
    parent = module or index.known(own) or index.program
    lines = (*above, *section.heading_lines)
    claim = index.statement.claim("lab", found["title"], section.line, key=code_of(own, found["number"]), parent=parent)
    index.labs.append(Lab(claim, own, found["number"], lines))
    claim.set("stated.label", found["label"].strip(), *section.heading_lines)
    claim.set("title", found["title"].strip(), *section.heading_lines)
    _facts(claim, section.blocks, free="notes")
    for part in section.sections:
        name = _FIELD_OF.get(folded(part.title))
        if name:
            _facts(claim, part.blocks, free=name)
        else:
            _facts(claim, part.blocks, free="notes")
        leftovers(index.statement, claim, part)
        for inner in part.sections:
            leftovers(index.statement, claim, inner)
            heading(index.statement, inner)
        heading(index.statement, part)
    leftovers(index.statement, claim, replace(section, title=""))


def _facts(claim: Claim, blocks: list[Block], *, free: str) -> None:
    """Labelled lines and the lists below them; ``free`` is the field of a list without a label."""
    name, opened = free, 0
    for fact in labelled(blocks):
        if isinstance(fact, Labelled):
            known = _FIELD_OF.get(folded(fact.label))
            if fact.block is not None and known is None:
                item_read(claim, name, fact.block, opened)
                continue
            if known and fact.block is not None and fact.block.items and not fact.value:
                claim.statement.account.structure(fact.line, fact.block.items[0].line)
            name, opened = known or folded(fact.label).replace(" ", "_") or "notes", fact.line
            nested = fact.block.items if fact.block else []
            own = range(fact.line, min((item.line for item in nested), default=fact.end + 1))
            if fact.value:
                value_read(claim, name, fact.value, own)
            for item in nested:
                item_read(claim, name, item, opened)
        elif isinstance(fact, Item) and name == "notes" and not fact.blocks and (plain_one := plain_fact(fact.text)):
            value_read(claim, _FIELD_OF[folded(plain_one[0])], plain_one[1], item_lines(fact))
        elif isinstance(fact, Item):
            item_read(claim, name, fact, opened)
            if opened and not claim.statement.account.names(opened):
                claim.statement.account.structure(opened, fact.line)
            opened = 0
        elif isinstance(fact, Table) and claim.kind == "lab":
            _tabled(claim, fact)
        elif isinstance(fact, Paragraph) and (bare := _BOLD.fullmatch(fact.text)) and folded(bare[1]) in _FIELD_OF:
            name, opened = _FIELD_OF[folded(bare[1])], fact.line
        elif isinstance(fact, Paragraph) and (plain := _plain_facts(fact)):
            for label, value, line in plain:
                value_read(claim, _FIELD_OF[folded(label)], value, range(line, line + 1))
        elif isinstance(fact, Paragraph) and claim.kind == "lab" and free == "notes" and "summary" not in claim.fields:
            claim.set("summary", fact.text, *range(fact.line, fact.end + 1), prose=True)
        elif isinstance(fact, Paragraph) and free in ("summary",):
            claim.set(
                next_of(claim, "notes") if "summary" in claim.fields else "summary",
                fact.text,
                *range(fact.line, fact.end + 1),
            )


def _tabled(claim: Claim, table: Table) -> None:
    """A table of labels and values, or one row below heads that are labels."""
    head = [each.strip("*_ :") for each in table.header.cells]
    if len(table.rows) == 1 and len(head) > 1 and sum(folded(each) in _FIELD_OF for each in head) >= len(head) - 1:
        [row] = table_rows(claim.statement, table) or [table.header]
        pairs = [(label, value, row.line) for label, value in zip(head, row.cells, strict=False)]
    elif len(head) == 2 and any(folded(row.cells[0]) in _FIELD_OF for row in table.rows):
        rows = table_rows(claim.statement, table)
        headed = [table.header] if folded(head[0]) in _FIELD_OF else []
        pairs = [(row.cells[0].strip("*_ :"), row.cells[1], row.line) for row in (*headed, *rows)]
    else:
        return
    for label, value, line in pairs:
        if value.strip():
            name = _FIELD_OF.get(folded(label))
            value_read(
                claim, name or "notes", value.strip() if name else f"{label}: {value.strip()}", range(line, line + 1)
            )


def _plain_facts(paragraph: Paragraph) -> list[tuple[str, str, int]]:
    """The lines of a paragraph that are all labels with values, with or without a colon; nothing for any other."""
    found = [(plain_fact(text), line) for line, text in paragraph.rows]
    return [(*fact, line) for fact, line in found if fact] if all(fact for fact, _ in found) else []


def plain_fact(text: str) -> tuple[str, str] | None:
    """Label and value of ``Time: 4 h`` or ``**Time** 4 h`` where an exercise has such a label."""
    found = _PLAIN.match(text)
    label = (found["bold"] or found["plain"]) if found else ""
    return (label, found["value"].strip()) if found and folded(label) in _FIELD_OF else None


def value_read(claim: Claim, name: str, value: str, lines: range) -> None:
    """The value of a labelled line."""
    match name:
        case "difficulty":
            difficulty_read(claim, value, *lines)
        case "hours":
            hours_read(claim, "hours", value, *lines)
        case "prerequisites":
            claim.set("stated.prerequisites", value, *lines)
            if not values.is_nothing(value):
                needed(claim, value, lines)
        case "summary":
            claim.set("summary" if "summary" not in claim.fields else next_of(claim, "notes"), value, *lines)
        case _:
            for part in values.listed(value):
                _entry(claim, name, part, *lines)


def needed(claim: Claim, text: str, lines: range) -> None:
    """What must come first: an exercise or module by its code is an edge, other words are a skill."""
    asked.state(claim, text, lines, "needs", lambda part: _target(claim, part.strip("` ")), slashes=False)


def _target(claim: Claim, text: str) -> list[str]:
    """The exercise or module that a text is; nothing for other words."""
    if code := CODE.fullmatch(text):
        return [f"{module_key(code['module'])}/{code_of(code['module'], code['number'])}"]
    if module := MODULE_ID.fullmatch(text):
        return [module_key(module["number"])]
    if code := re.fullmatch(rf"(?:labs?|exercises?)\s+(?P<code>{CODE.pattern})", text, re.IGNORECASE):
        return _target(claim, code["code"])
    beside = re.fullmatch(r"(?:labs?|exercises?)\s*#?(?P<number>\d{1,2})", text, re.IGNORECASE)
    own = claim.key.partition("-")[0]
    return [f"{module_key(own)}/{code_of(own, beside['number'])}"] if beside and own.isdigit() else []


def item_read(claim: Claim, name: str, item: Item, opened: int) -> None:
    text, lines = item_text(item), item_lines(item)
    if item.checked is not None and name != "deliverables":
        text = f"[{'x' if item.checked else ' '}] {text}"
    if name in ("prerequisites", "difficulty", "hours"):
        needed(claim, text, lines)
    elif name == "summary":
        claim.set(next_of(claim, "notes"), text, *lines)
    else:
        _entry(claim, name, text, *lines)


def _entry(claim: Claim, name: str, text: str, *lines: int) -> None:
    if name == "objectives":
        objective = claim.statement.claim("objective", text, lines[0], parent=claim)
        objective.set("text", text, *lines)
    elif name == "technologies":
        group, colon, names = text.partition(": ")
        value = (
            {"purpose": group.strip("* "), "names": values.listed(names)} if colon else {"names": values.listed(text)}
        )
        claim.set(next_of(claim, name), value, *lines)
    elif name == "deliverables":
        optional = re.search(r"\s*\((?:optional|bonus)\)\s*$", text, re.IGNORECASE)
        claim.set(next_of(claim, name), {"text": text, "optional": bool(optional)}, *lines)
    elif name == "criteria":
        for criterion in criteria_of(text):
            claim.set(next_of(claim, name), criterion, *lines)
    else:
        claim.set(next_of(claim, name), text, *lines)


def labs_tabled(index: Index, table: Table, module: Claim | None, number: str, above: tuple[int, ...]) -> None:
    """Exercises as rows: a code or number, a title, difficulty, hours."""
    at = columns(
        table,
        code="code|id|exercise|lab|number|no",
        title="title|name|exercise name|description|topic",
        difficulty="difficulty|level",
        hours="time|hours|duration|effort",
        technologies="technolog|tools|stack",
        prerequisites="prereq",
        module="module",
    )
    if at["title"] is None:
        # A column of exercises beside one of codes is what they are called.
        heads = [folded(head) for head in table.header.cells]
        at["title"] = next(
            (n for n, head in enumerate(heads) if re.match("exercise|lab", head) and n != at["code"]), None
        )
    for row in table_rows(index.statement, table):
        text = cell(row, at["code"])
        found = CODE.search(text) or re.search(r"(?P<module>(?!))?(?P<number>\d{1,3})", text)
        placed = MODULE_ID.search(cell(row, at["module"]))
        own = (found["module"] if found else None) or number or (placed["number"] if placed else "")
        title_at = at["title"] if at["title"] != at["code"] else None
        called = LAB.match(text)
        title = cell(row, title_at) or (called["title"].strip() if called else text)
        if found is None or not own:
            claim = module or index.program
            claim.set(
                next_of(claim, "rows"), dict(zip(map(folded, table.header.cells), row.cells, strict=False)), row.line
            )
            continue
        parent = module or index.known(own) or index.program
        claim = index.statement.claim("lab", title, row.line, key=code_of(own, found["number"]), parent=parent)
        index.labs.append(Lab(claim, own, found["number"], (*above, row.line)))
        claim.set("stated.label", text, row.line)
        claim.set("title", title, row.line)
        done = {at["code"], at["title"]}
        for name in ("difficulty", "hours", "technologies", "prerequisites"):
            if value := cell(row, at[name]):
                value_read(claim, name, value, range(row.line, row.line + 1))
                done.add(at[name])
        for place, head in enumerate(table.header.cells):
            if place not in done and cell(row, place):
                claim.set(f"stated.{folded(head).replace(' ', '_') or place}", cell(row, place), row.line)
