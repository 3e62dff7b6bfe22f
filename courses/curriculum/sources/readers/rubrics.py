"""Rubrics: criteria with weights and levels by project, checklists, bonus points, the minimum score.

Recognised by a table of criteria with a weight and at least two levels. The
levels of a table are scores of a scale (5 to 1); the weight is what a criterion
gives at most. What holds for all projects is the policy's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.criteria import MINIMUM, Legend, criteria_read, is_criteria, legend_of, minimum_read
from courses.curriculum.sources.listed import Entry, breaks_apart, entries, is_free, opener, rest, told
from courses.curriculum.sources.outline import Item, Listing, Paragraph, Section, Table
from courses.curriculum.sources.parts import folded, heading, item_lines, item_text, rules
from courses.curriculum.sources.pointed import criterion_read, given_in, given_read, is_head, points_of
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.sections import paragraphs_of, preface_read
from courses.curriculum.sources.yaml import lines_of

_GROUP = re.compile(
    rf"^(?P<title>.+?)(?<!\s)\s*+(?<![(:\u2013\u2014-])[(:\u2013\u2014-]++\s*+(?P<points>{values.NUMBER})\s*+(?:points?|pts?|%)\s*+\)?$",
    re.I,
)
_BONUS = re.compile(rf"\(?\+\s*+({values.NUMBER})\s*+(?:%|points?|pts?)?\)?\s*+$", re.IGNORECASE)
_BONUS_CELL = re.compile(rf"\**\+?\s*({values.NUMBER})\s*(?:%|points?|pts?)?\**", re.IGNORECASE)
_BONUS_FIRST = re.compile(
    rf"^\+\s*({values.NUMBER})\s*(?:(?:%|points?|pts?)\s*(?:for|:|\u2013|-)?|for\b|:)\s*", re.IGNORECASE
)
_TOTAL = re.compile(r"(?:total|max|maximum|possible)? ?(?:points|score|marks)?(?: possible)?|total|points in all")
_FIGURE = re.compile(rf"\**(?P<points>{values.NUMBER})\s*(?:points?|pts?|marks?)?\.?\**", re.IGNORECASE)
_EXTRA = re.compile(r"\bbonus|\bextra (?:credit|points)\b")
Facts = dict[str, tuple[str, Sequence[int]]]
"""What is said of a project, with its lines."""
# "Grading Rubric for PROJ-101", "Project 2 Rubric": words that only say that it is one.
_AROUND = re.compile(
    r"^\W*(?:(?:grading|assessment|evaluation|scoring|marking|project)\s+)*(?:rubrics?|grading|evaluation)\b(?:\s+(?:for|of)\b)?"
    r"|(?:\s(?:grading|assessment|evaluation|scoring))?\srubrics?\W*$",
    re.IGNORECASE,
)
# "(100 pts, pass 70)" behind the title of a project.
_BEHIND = re.compile(rf"\s\({values.NUMBER}\s*(?:points?|pts?)\b[^()]*\)$", re.IGNORECASE)
_ID = re.compile(r"\bPROJ-\d{2,4}\b", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:grading|graded?|evaluat\w+|assess\w+|scoring|marking|marked)\b")
_PROJECT = re.compile(r"^(?:capstone )?project \w|\bproj \d")
_SCALE = re.compile(r"\b(?:scales?|levels?|ratings?)\b")
# "You pass with 75 points.", "70 % overall are needed to pass."
_PASSES = re.compile(
    r"\bpass(?:es|ed)? (?:with|at|from)\b|\bto pass\b|^pass(?:ing)?\b|\bneed\b|\b(?:is|are) (?:needed|required)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\bif\b|\bbelow\b|\bless than\b|\bfail", re.IGNORECASE)
_SHARE = re.compile(
    rf"^\**+(?P<title>[^*]+?)(?<!\s)\s*+\((?P<share>{values.NUMBER})\s*+%\)\**+\s*+[:\u2013-]*+\s*+(?P<text>.*)$", re.S
)
_SCORE = re.compile(r"^(?P<score>\d+)\s*[:=\u2013-]+\s*(?P<label>.+)$")


def recognises(document: SourceDocument) -> float:
    """By a table of criteria with levels, or criteria with points; the word in a title makes it surer."""
    root = document.outline
    sections = list(root.walk())
    title = folded(next((section.title for section in sections if section.level), ""))
    called, wide = "rubric" in title, bool(_CALLED.search(title))
    legend = legend_of(root)
    if any(is_criteria(block, legend) for section in sections for block in section.blocks):
        return 1.0 if called else 0.75 if root.find("rubric") else 0.7
    tabled = sum(is_criteria(block, legend, wide=True) for section in sections for block in section.blocks)
    given = sum(len(given_in(section, legend, strict=not called)) for section in sections) if called or wide else 0
    if called:
        return 0.7 if tabled or given > 1 or _pointed_in(document, sections) > 1 else 0
    pointed = [section for section in sections if wide and _PROJECT.search(folded(section.title))]
    return 0.6 if wide and (tabled or given > 1 or _pointed_in(document, pointed) > 1) else 0


def _pointed_in(document: SourceDocument, sections: list[Section]) -> int:
    return sum(bool(points_of(entry)) for section in sections for entry in entries(section, document.source))


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    legend = legend_of(root)
    top = root.sections[0] if len(root.sections) == 1 and root.sections[0].sections else root
    policy = statement.claim("policy", top.title or "Rubrics", max(1, top.line))
    breaks_apart(statement, root)
    for section in (root, top) if top is not root else (root,):
        for each in told(statement, section):
            if MINIMUM.search(each.entry.label) and each.entry.value:
                minimum_read(policy, each.entry.value, each.entry.lines)
    told_apart = any(_criteria_in(part, legend) for part in root.walk())

    def judges(part: Section) -> bool:
        listed = not told_apart or is_head(part.title)
        return _criteria_in(part, legend) or (listed and _pointed_in(document, [part]) > 1)

    judged = {id(section) for section in top.sections if any(map(judges, section.walk()))}
    front = _front(document) if len(judged) + judges(top) == 1 else {}
    if top.level and judges(top):
        # Criteria of one thing stand below the title, beside sections about it.
        extra = [section for section in top.sections if _EXTRA.search(folded(section.title))]
        _project(statement, replace(top, sections=extra), legend, front)
    _passing(statement, policy, root)
    if top is not root:
        _passing(statement, policy, top)
    preface_read(statement, policy, root, top)
    for section in top.sections:
        if id(section) in judged:
            _project(statement, section, legend, front)
        else:
            for part in section.walk():
                _general(statement, policy, part)
                heading(statement, part)
    rules(statement, root)


def _criteria_in(section: Section, legend: Legend) -> bool:
    return bool(given_in(section, legend)) or any(is_criteria(each, legend, wide=True) for each in section.blocks)


def _called(title: str) -> tuple[str, str]:
    """Id and title of the project that a heading names, without the words that only say that it is a rubric."""
    bare = _AROUND.sub("", title).strip(" :\u2013\u2014-")
    # A number alone is no id: programs number their projects anew.
    named = _ID.search(bare)
    if named is None:
        return "", _BEHIND.sub("", bare)
    words = f"{bare[: named.start()]} {_BEHIND.sub('', bare[named.end() :])}".strip(" :\u2013\u2014-")
    return named[0].upper(), words[1:-1] if re.fullmatch(r"\([^()]*\w\)", words) else re.sub(r"\s*\(\s*\)", "", words)


def _front(document: SourceDocument) -> Facts:
    """What front matter says of the one project that a document is about: its id, and its points."""
    data = document.data if document.front_lines else {}
    found: Facts = {}
    for name, value in data.items():
        lines = tuple(lines_of(data, name))
        words, value = folded(str(name).replace("_", " ")), str(value)
        if words in ("project", "project id", "id") and (key := _ID.search(value)):
            found.setdefault("key", (key[0].upper(), lines))
        elif words in ("total points", "points", "total", "max points") and (figure := _FIGURE.fullmatch(value)):
            found.setdefault("points", (figure["points"], lines))
    return found


def _project(statement: Statement, section: Section, legend: Legend, front: Facts) -> None:
    whole = _GROUP.match(section.title)
    key, title = _called(whole["title"] if whole else section.title)
    key, lines = (key, section.heading_lines) if key else (front.get("key", ("", ())))
    title = title or ("" if key else section.title)
    project = statement.claim("project", title or key, section.line, key=key)
    if key:
        project.set("id", key, *lines)
    if title:
        project.set("title", title, *section.heading_lines)
    rubric = statement.claim("rubric", "Rubric", section.line, parent=project)
    if "points" in front:
        _total(project, rubric, *front["points"])
    if whole:
        _total(project, rubric, whole["points"], section.heading_lines)
    elif behind := _BEHIND.search(section.title):
        _total(project, rubric, re.findall(values.NUMBER, behind[0])[0], section.heading_lines)
    for part in section.walk():
        given = given_in(part, legend)
        own = any(each.lines == part.heading_lines for each in given)
        group = _GROUP.match(part.title) if part is not section and not own else None
        bonus = bool(_EXTRA.search(folded(part.title)))
        if bonus:
            rubric.set("stated.bonus", part.title, *part.heading_lines)
        elif group:
            number = rubric.count("stated.groups")
            value = {"title": group["title"], "points": values.number(group["points"])}
            rubric.set(f"stated.groups.{number}", value, *part.heading_lines)
        before: Paragraph | None = None
        for block in part.blocks:
            if isinstance(block, Table) and is_criteria(block, legend, wide=True):
                criteria_read(statement, rubric, block, legend, wide=True)
                _group_above(rubric, before)
            before = block if isinstance(block, Paragraph) else None
        for criterion in given:
            given_read(statement, rubric, criterion)
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
            elif not bonus and (points := points_of(entry)) and is_free(statement, entry.lines):
                criterion_read(statement, rubric, entry, points)
        rest(statement, project, part, "notes")
        heading(statement, part)


def _group_above(rubric: Claim, before: Paragraph | None) -> None:
    """A group of criteria that a line above their table names, with its points."""
    if before is not None and (group := _GROUP.match(re.sub(r"\*\*|__", "", before.text))):
        value = {"title": group["title"], "points": values.number(group["points"])}
        rubric.set(f"stated.groups.{rubric.count('stated.groups')}", value, *range(before.line, before.end + 1))


def _passing(statement: Statement, policy: Claim, section: Section) -> None:
    """What running text says is needed to pass."""
    for paragraph in paragraphs_of(statement, section):
        said = re.split(r"(?<=[a-z%)])\.\s+", paragraph.text)
        for sentence in said if not section.level or MINIMUM.search(section.title) or len(said) < 4 else ():
            if re.search(r"\d", sentence) and _PASSES.search(sentence) and not _CONDITION.search(sentence):
                minimum_read(policy, sentence, paragraph.lines)


def _total(project: Claim, rubric: Claim, points: str, lines: Sequence[int]) -> None:
    """What a project counts, which its criteria have to add up to."""
    if "points" not in project.fields:
        project.set("points", values.number(points), *lines)
        rubric.set("stated.points", values.number(points), *lines)


def _bonus(statement: Statement, rubric: Claim, section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Paragraph) and len(_extras(block.text)) > 1:
            _extra(statement, rubric, block.text, range(block.line, block.end + 1))
    for item in (item for block in section.blocks if isinstance(block, Listing) for item in block.items):
        _extra(statement, rubric, item_text(item), item_lines(item))
    for entry in entries(section, statement.source):
        figure = _BONUS_CELL.fullmatch(entry.cell("points|bonus points|value|extra").strip()) if entry.cells else None
        if figure and is_free(statement, entry.lines):
            title = next(iter(entry.cells.values())).strip("* ")
            _extra(statement, rubric, f"{title} (+{figure[1]})", entry.lines)


def _extra(statement: Statement, rubric: Claim, text: str, lines: Sequence[int]) -> None:
    """A criterion beyond the points: ``A flag (+2%)``, ``+5 points for a flag``; several where each has its own."""
    for part in _extras(text):
        _one_extra(statement, rubric, part, lines)


def _extras(text: str) -> list[str]:
    """The parts of a line that names several bonuses, each with points; else the whole line."""
    parts = re.split(r"\s*[,;]\s*(?:and\s+)?", text.strip(" ."))
    return parts if all(_BONUS.search(part) or _BONUS_FIRST.match(part) for part in parts) else [text]


def _one_extra(statement: Statement, rubric: Claim, text: str, lines: Sequence[int]) -> None:
    found = _BONUS.search(text) or _BONUS_FIRST.match(text)
    title = f"{text[: found.start()]}{text[found.end() :]}".strip(" :") if found else text
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
    elif MINIMUM.search(section.title):
        _passing(statement, policy, section)
    scale: Claim | None = None
    levels = bool(_SCALE.search(folded(section.title)))
    for entry in entries(section, statement.source):
        score = _SCORE.match(entry.label)
        if tabled := _tabled_level(entry):
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            scale.set(f"levels.{scale.count('levels')}", tabled, *entry.lines)
        elif score:
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            value = {"score": score["score"], "label": score["label"], "text": entry.value}
            scale.set(f"levels.{scale.count('levels')}", value, *entry.lines)
        elif (share := _SHARE.match(entry.text)) and levels:
            scale = scale or statement.claim("scale", section.title, section.line, parent=policy)
            value = {"score": values.number(share["share"]), "label": share["title"], "text": share["text"]}
            scale.set(f"levels.{scale.count('levels')}", value, *entry.lines)
        elif share:
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
