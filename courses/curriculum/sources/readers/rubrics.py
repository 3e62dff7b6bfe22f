"""Rubrics: criteria with weights and levels by project, checklists, bonus points, the minimum score.

Recognised by a table of criteria with a weight and at least two levels. The
levels of a table are scores of a scale (5 to 1); the weight is what a criterion
gives at most. What holds for all projects is the policy's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import breaks_apart, entries, rest
from courses.curriculum.sources.outline import Block, Item, Listing, Paragraph, Row, Section, Table, labelled_text
from courses.curriculum.sources.parts import cell, columns, folded, heading, item_lines, item_text, rules, table_rows
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.sections import preface_read

_LEVEL = re.compile(r"^(?:level )?(?P<score>\d+)(?: points?| pts?)?\b|\((?P<inside>\d+)[^()]*\)$", re.IGNORECASE)
_WEIGHT = re.compile(rf"\**\s*({values.NUMBER})\s*(?:%|points?|pts?)?\s*\**", re.IGNORECASE)
_GROUP = re.compile(rf"^(?P<title>.+?)\s*[(:\u2013-]+\s*(?P<points>{values.NUMBER})\s*(?:points?|pts?|%)\s*\)?$", re.I)
_BONUS = re.compile(rf"\(?\+\s*({values.NUMBER})\s*(?:%|points?|pts?)?\)?\s*$", re.IGNORECASE)
_MINIMUM = re.compile(
    r"\b(?:minimum|passing|pass)\b.*\b(?:score|grade|mark|threshold|points)\b|^passing\b", re.IGNORECASE
)
_SHARE = re.compile(
    rf"^\**(?P<title>[^*]+?)\s*\((?P<share>{values.NUMBER})\s*%\)\**\s*[:\u2013-]*\s*(?P<text>.*)$", re.S
)
_SCORE = re.compile(r"^(?P<score>\d+)\s*[:=\u2013-]+\s*(?P<label>.+)$")


def recognises(document: SourceDocument) -> float:
    """By a table of criteria with levels; the word in a title makes it surer."""
    found = any(_criteria(block) for section in document.outline.walk() for block in section.blocks)
    if not found:
        return 0
    return 1.0 if document.outline.find("rubric") else 0.7


def _criteria(block: Block) -> bool:
    if not isinstance(block, Table):
        return False
    at = columns(block, criterion="criteri", weight="weight|points available|max")
    return at["criterion"] is not None and len(_levels(block)) >= 2


def _levels(table: Table) -> dict[int, str]:
    """Columns that are levels, with their scores; the first column never is one."""
    heads = enumerate(table.header.cells)
    found = ((place, _LEVEL.search(head.strip("* "))) for place, head in heads if place)
    return {place: match["score"] or match["inside"] for place, match in found if match}


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    top = root.sections[0] if len(root.sections) == 1 and root.sections[0].sections else root
    policy = statement.claim("policy", top.title or "Rubrics", max(1, top.line))
    breaks_apart(statement, root)
    preface_read(statement, policy, root, top)
    for section in top.sections:
        if any(_criteria(block) for part in section.walk() for block in part.blocks):
            _project(statement, section)
        else:
            for part in section.walk():
                _general(statement, policy, part)
                heading(statement, part)
    rules(statement, root)


def _project(statement: Statement, section: Section) -> None:
    project = statement.claim("project", section.title, section.line)
    project.set("title", section.title, *section.heading_lines)
    rubric = statement.claim("rubric", "Rubric", section.line, parent=project)
    for part in section.walk():
        group = _GROUP.match(part.title) if part is not section else None
        bonus = "bonus" in folded(part.title)
        if bonus:
            rubric.set("stated.bonus", part.title, *part.heading_lines)
        elif group:
            number = rubric.count("stated.groups")
            value = {"title": group["title"], "points": values.number(group["points"])}
            rubric.set(f"stated.groups.{number}", value, *part.heading_lines)
        for block in part.blocks:
            if isinstance(block, Table) and _criteria(block):
                _rows(statement, rubric, block)
        if bonus:
            _bonus(statement, rubric, part)
        _checklists(statement, project, part)
        for entry in entries(part, statement.source):
            words = folded(entry.label)
            if words in ("description", "summary", "overview") and entry.value and "text" not in project.fields:
                project.set("text", entry.value, *entry.lines)
            elif _MINIMUM.search(entry.label) and entry.value:
                _minimum(rubric, entry.value, entry.lines)
        rest(statement, project, part, "notes")
        heading(statement, part)


def _rows(statement: Statement, rubric: Claim, table: Table) -> None:
    at = columns(table, criterion="criteri", weight="weight|points available|max")
    levels = _levels(table)
    for row in table_rows(statement, table):
        title = cell(row, at["criterion"]).strip("*_ ")
        if not title:
            rubric.set(f"notes.{rubric.count('notes')}", " | ".join(row.cells), row.line)
            continue
        _criterion(statement, rubric, table, row, title, at["criterion"], at["weight"], levels)


def _criterion(
    statement: Statement, rubric: Claim, table: Table, row: Row, title: str, first: int | None, weight: int | None,
    levels: dict[int, str],
) -> None:  # fmt: skip
    claim = statement.claim("criterion", title, row.line, parent=rubric)
    claim.set("title", title, row.line)
    for place, text in enumerate(row.cells):
        text = text.strip()
        if place == first or not text:
            continue
        if place == weight:
            found = _WEIGHT.fullmatch(text)
            claim.set("points" if found else "stated.points", values.number(found[1]) if found else text, row.line)
        elif place in levels:
            number = claim.count("levels")
            value = {"score": levels[place], "label": table.header.cells[place].strip("* "), "text": text}
            claim.set(f"levels.{number}", value, row.line)
        else:
            claim.set(f"notes.{claim.count('notes')}", f"{table.header.cells[place]}: {text}", row.line)


def _bonus(statement: Statement, rubric: Claim, section: Section) -> None:
    for item in (item for block in section.blocks if isinstance(block, Listing) for item in block.items):
        text = item_text(item)
        found = _BONUS.search(text)
        title = text[: found.start()].strip() if found else text
        claim = statement.claim("criterion", title or text, item.line, parent=rubric)
        claim.set("title", title or text, *item_lines(item))
        claim.set("bonus", True)
        if found:
            claim.set("points", values.number(found[1]), *item_lines(item))


def _checklists(statement: Statement, owner: Claim, section: Section) -> None:
    """Lists of boxes: one checklist each, called by the labelled line before it, else by the section."""
    for title, opener, items in _boxes(section):
        if any(statement.account.fate(item.line) is not None for item in items):
            continue
        checklist = statement.claim("checklist", title, items[0].line, parent=owner)
        checklist.set("audience", "submission")
        if opener is not None:
            checklist.set("title", title, opener.line)
        for place, item in enumerate(items):
            checklist.set(f"items.{place}", {"text": item_text(item), "done": item.checked}, *item_lines(item))


def _boxes(section: Section) -> Iterator[tuple[str, Paragraph | None, list[Item]]]:
    before: Paragraph | None = None
    for block in section.blocks:
        if isinstance(block, Listing) and all(item.checked is not None for item in block.items):
            parts = labelled_text(before.text) if before and before.line == before.end else None
            opens = parts is not None and not parts[2]
            yield (parts[0] if parts and opens else section.title), (before if opens else None), block.items
        before = block if isinstance(block, Paragraph) else None


def _general(statement: Statement, policy: Claim, section: Section) -> None:
    """What holds for every project: shares of the groups, the scale, the minimum, checklists, steps."""
    if _MINIMUM.search(section.title) and re.search(r"\d", section.title):
        _minimum(policy, section.title, section.heading_lines)
    scale: Claim | None = None
    for entry in entries(section, statement.source):
        score = _SCORE.match(entry.label)
        if score:
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            value = {"score": score["score"], "label": score["label"], "text": entry.value}
            scale.set(f"levels.{scale.count('levels')}", value, *entry.lines)
        elif share := _SHARE.match(entry.text):
            number = policy.count("stated.weights")
            policy.set(f"stated.weights.{number}", values.number(share["share"]), *entry.lines)
            policy.set(f"groups.{number}", {"title": share["title"], "text": share["text"]}, *entry.lines)
        elif _MINIMUM.search(entry.label) and entry.value:
            _minimum(policy, entry.value, entry.lines)
    _checklists(statement, policy, section)
    rest(statement, policy, section, "notes")


def _minimum(claim: Claim, text: str, lines: tuple[int, ...]) -> None:
    rule: dict[str, str] = {"text": text}
    if share := values.percent(text):
        rule |= {"measure": "overall_percent", "at_least": share}
    claim.set(f"rules.{claim.count('rules')}", rule, *lines)


register.register(DocumentKind("rubrics", "markdown", recognises, read))
