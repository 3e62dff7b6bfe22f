"""Rubrics: criteria with weights and levels by project, checklists, bonus points, the minimum score.

Recognised by a table of criteria with a weight and at least two levels. The
levels of a table are scores of a scale (5 to 1); the weight is what a criterion
gives at most. What holds for all projects is the policy's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.criteria import MINIMUM, criteria_read, is_criteria, minimum_read
from courses.curriculum.sources.listed import Entry, breaks_apart, entries, opener, rest, told
from courses.curriculum.sources.outline import Item, Listing, Paragraph, Section, Table
from courses.curriculum.sources.parts import folded, heading, item_lines, item_text, rules
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.sections import paragraphs_of, preface_read

_GROUP = re.compile(
    rf"^(?P<title>.+?)(?<!\s)\s*+(?<![(:\u2013-])[(:\u2013-]++\s*+(?P<points>{values.NUMBER})\s*+(?:points?|pts?|%)\s*+\)?$",
    re.I,
)
_BONUS = re.compile(rf"\(?\+\s*+({values.NUMBER})\s*+(?:%|points?|pts?)?\)?\s*+$", re.IGNORECASE)
_BONUS_FIRST = re.compile(rf"^\+\s*({values.NUMBER})\s*(?:%|points?|pts?)\s*(?:for|:|\u2013|-)?\s*", re.IGNORECASE)
_TOTAL = re.compile(r"(?:total|max|maximum|possible)? ?(?:points|score|marks)?(?: possible)?|total|points in all")
_FIGURE = re.compile(rf"\**(?P<points>{values.NUMBER})\s*(?:points?|pts?|marks?)?\.?\**", re.IGNORECASE)
_EXTRA = re.compile(r"\bbonus|\bextra (?:credit|points)\b")
# "18-20: handles late data": what a criterion gives for what.
_GIVES = re.compile(
    rf"^\**(?P<label>(?:\d+\s*{values.DASH}\s*)?(?P<score>\d+)(?:\s*(?:points?|pts?))?)\**\s*[:=]\**\s*(?P<text>\S.*)$",
    re.I | re.S,
)
_SHARE = re.compile(
    rf"^\**+(?P<title>[^*]+?)(?<!\s)\s*+\((?P<share>{values.NUMBER})\s*+%\)\**+\s*+[:\u2013-]*+\s*+(?P<text>.*)$", re.S
)
_SCORE = re.compile(r"^(?P<score>\d+)\s*[:=\u2013-]+\s*(?P<label>.+)$")


def recognises(document: SourceDocument) -> float:
    """By a table of criteria with levels; the word in a title makes it surer."""
    sections = list(document.outline.walk())
    found = any(is_criteria(block) for section in sections for block in section.blocks)
    called = "rubric" in folded(next((section.title for section in sections if section.level), ""))
    if not found:
        return 0.7 if called and sum(len(_given(section)) for section in sections) > 1 else 0
    return 1.0 if called else 0.75 if document.outline.find("rubric") else 0.7


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    top = root.sections[0] if len(root.sections) == 1 and root.sections[0].sections else root
    policy = statement.claim("policy", top.title or "Rubrics", max(1, top.line))
    breaks_apart(statement, root)
    for section in (root, top) if top is not root else (root,):
        for each in told(statement, section):
            if MINIMUM.search(each.entry.label) and each.entry.value:
                minimum_read(policy, each.entry.value, each.entry.lines)
    preface_read(statement, policy, root, top)
    for section in top.sections:
        if any(_given(part) or any(map(is_criteria, part.blocks)) for part in section.walk()):
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
    if total := _GROUP.match(section.title):
        _total(project, rubric, total["points"], section.heading_lines)
    for part in section.walk():
        group = _GROUP.match(part.title) if part is not section else None
        bonus = bool(_EXTRA.search(folded(part.title)))
        if bonus:
            rubric.set("stated.bonus", part.title, *part.heading_lines)
        elif group:
            number = rubric.count("stated.groups")
            value = {"title": group["title"], "points": values.number(group["points"])}
            rubric.set(f"stated.groups.{number}", value, *part.heading_lines)
        for block in part.blocks:
            if isinstance(block, Table) and is_criteria(block):
                criteria_read(statement, rubric, block)
        for item in _given(part):
            _given_read(statement, rubric, item)
        if bonus:
            _bonus(statement, rubric, part)
        _checklists(statement, project, part)
        if MINIMUM.search(part.title):
            for paragraph in paragraphs_of(statement, part):
                minimum_read(rubric, paragraph.text, paragraph.lines)
        for each in told(statement, part):
            entry, words = each.entry, folded(each.entry.label)
            if words in ("description", "summary", "overview") and entry.value and "text" not in project.fields:
                project.set("text", entry.value, *entry.lines)
            elif MINIMUM.search(entry.label) and entry.value:
                minimum_read(rubric, entry.value, entry.lines)
            elif _TOTAL.fullmatch(words) and (total := _FIGURE.fullmatch(entry.value)):
                _total(project, rubric, total["points"], entry.lines)
            elif _EXTRA.match(words) and entry.value:
                _extra(statement, rubric, entry.value, entry.lines)
        rest(statement, project, part, "notes")
        heading(statement, part)


def _total(project: Claim, rubric: Claim, points: str, lines: Sequence[int]) -> None:
    """What a project counts, which its criteria have to add up to."""
    if "points" not in project.fields:
        project.set("points", values.number(points), *lines)
        rubric.set("stated.points", values.number(points), *lines)


def _given(section: Section) -> list[Item]:
    """Bullets that are criteria: points in parentheses, and below them what gives how many."""
    items = [item for block in section.blocks if isinstance(block, Listing) for item in block.items]
    return [
        item for item in items
        if _GROUP.match(item.text.strip("*: ")) and len(item.items) > 1
        and all(_GIVES.match(each.text) for each in item.items)
    ]  # fmt: skip


def _given_read(statement: Statement, rubric: Claim, item: Item) -> None:
    group = _GROUP.match(item.text.strip("*: "))
    assert group is not None
    claim = statement.claim("criterion", group["title"], item.line, parent=rubric)
    claim.set("title", group["title"], item.line)
    claim.set("points", values.number(group["points"]), item.line)
    for place, each in enumerate(item.items):
        if level := _GIVES.match(each.text):
            value = {"score": level["score"], "label": level["label"], "text": level["text"]}
            claim.set(f"levels.{place}", value, *item_lines(each))
    for line in item_lines(item):
        if statement.account.fate(line) is None and statement.source.line(line).strip():
            claim.set(f"notes.{claim.count('notes')}", statement.source.line(line).strip(), line)


def _bonus(statement: Statement, rubric: Claim, section: Section) -> None:
    for item in (item for block in section.blocks if isinstance(block, Listing) for item in block.items):
        _extra(statement, rubric, item_text(item), item_lines(item))


def _extra(statement: Statement, rubric: Claim, text: str, lines: Sequence[int]) -> None:
    """A criterion beyond the points: ``A flag (+2%)``, ``+5 points for a flag``."""
    found = _BONUS.search(text) or _BONUS_FIRST.match(text)
    title = f"{text[: found.start()]}{text[found.end() :]}".strip() if found else text
    claim = statement.claim("criterion", title or text, lines[0], parent=rubric)
    claim.set("title", title or text, *lines)
    claim.set("bonus", True)
    if found:
        claim.set("points", values.number(found[1]), *lines)


def _checklists(statement: Statement, owner: Claim, section: Section) -> None:
    """Lists of boxes: one checklist each, called by the labelled line before it, else by the section."""
    for title, opened, items in _boxes(section):
        if any(statement.account.fate(item.line) is not None for item in items):
            continue
        checklist = statement.claim("checklist", title, items[0].line, parent=owner)
        checklist.set("audience", "submission")
        if opened is not None:
            checklist.set("title", title, opened.line)
        for place, item in enumerate(items):
            checklist.set(f"items.{place}", {"text": item_text(item), "done": item.checked}, *item_lines(item))


def _boxes(section: Section) -> Iterator[tuple[str, Paragraph | None, list[Item]]]:
    before: Paragraph | None = None
    for block in section.blocks:
        if isinstance(block, Listing) and all(item.checked is not None for item in block.items):
            bold = before is not None and before.line == before.end and before.text.startswith(("**", "__"))
            title = opener(before) if bold else ""
            yield title or section.title, (before if title else None), block.items
        before = block if isinstance(block, Paragraph) else None


def _general(statement: Statement, policy: Claim, section: Section) -> None:
    """What holds for every project: shares of the groups, the scale, the minimum, checklists, steps."""
    if MINIMUM.search(section.title) and re.search(r"\d", section.title):
        minimum_read(policy, section.title, section.heading_lines)
    scale: Claim | None = None
    for entry in entries(section, statement.source):
        score = _SCORE.match(entry.label)
        if tabled := _tabled_level(entry):
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            scale.set(f"levels.{scale.count('levels')}", tabled, *entry.lines)
        elif score:
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            value = {"score": score["score"], "label": score["label"], "text": entry.value}
            scale.set(f"levels.{scale.count('levels')}", value, *entry.lines)
        elif share := _SHARE.match(entry.text):
            number = policy.count("stated.weights")
            policy.set(f"stated.weights.{number}", values.number(share["share"]), *entry.lines)
            policy.set(f"groups.{number}", {"title": share["title"], "text": share["text"]}, *entry.lines)
        elif MINIMUM.search(entry.label) and entry.value:
            minimum_read(policy, entry.value, entry.lines)
    _checklists(statement, policy, section)
    rest(statement, policy, section, "notes")


def _tabled_level(entry: Entry) -> dict[str, str] | None:
    """A row of a scale: the score, what it is called and what it means."""
    score = entry.cell("score|points|level").strip("* ") if len(entry.cells) > 1 else ""
    if not re.fullmatch(r"\d+", score):
        return None
    label, *others = [cell for cell in entry.cells.values() if cell and cell.strip("* ") != score] or [""]
    return {"score": score, "label": label.strip("* "), "text": "; ".join(others)}


register.register(DocumentKind("rubrics", "markdown", recognises, read))
