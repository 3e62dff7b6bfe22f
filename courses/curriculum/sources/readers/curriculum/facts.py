"""What a module or project states: which labels and headings mean which field, and the field of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources import pointed, values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, Told, own_text
from courses.curriculum.sources.parts import folded, item_lines, item_text
from courses.curriculum.sources.readers.curriculum import goals, inside
from courses.curriculum.sources.readers.curriculum.state import Document, Heading, next_of, timed
from courses.curriculum.sources.sections import duration_read

# The first words of a label, folded, and what a unit states there.
_LABELS = {
    "duration|time|estimated time|estimated duration|hours|total hours|effort|length|time commitment|workload"
    "|estimated hours|total duration|total time|est time|est duration|est hours|approx time|approximate time": "hours",
    "difficulty|level|difficulty level": "difficulty",
    "prerequisites|prerequisite|requires|depends on|dependencies|required modules|prior knowledge": "needs",
    "recommended": "recommended",
    "technologies|tech stack|technology stack|technology|tools|stack|key technologies|tools and technologies"
    "|tools technologies|tech": "technologies",
    "description|overview|summary|focus|goal|purpose|about|objective": "summary",
    "points|total points|score|max points|maximum points": "points",
    "deliverable|deliverables|key deliverables|outputs|output": "deliverables",
    "topics|topics covered|key topics|content|contents|main topics|covers|subjects": "topics",
    "learning outcomes|learning objectives|objectives|outcomes|you will learn|skills gained|skills|key skills"
    "|goals": "objectives",
    "resources|materials|links|readings|reading": "resources",
    "exercises|labs|hands on|hands on exercises|hands on labs|practice|activities|lab": "labs",
    "success criteria|criteria|acceptance criteria|completion criteria": "criteria",
    "assessment|assessments|quiz|evaluation|assessment weight|grading": "assessment",
}  # fmt: skip
# Heads of a table of criteria.
_CRITERION = re.compile(r"(?:grading |assessment |evaluation )?(?:criteri(?:on|a)|aspect|category|dimension|area)")
_POINTS = re.compile(r"(?:max(?:imum)? )?(?:points?|pts|weight|score|marks?)(?: percent)?")
FIELD_OF = {word: name for words, name in _LABELS.items() for word in words.split("|")}
_LISTS = {"topics", "objectives", "deliverables", "labs", "criteria", "resources"}
_PARTS: list[tuple[str, str]] = [
    (r"technolog|tech stack|\btools?\b|\bstack\b", "technologies"),
    (r"prerequisite|requires|depend", "needs"),
    (r"assess|grading|weight|rubric|evaluat|points|scor", "assessment"),
    (r"criteria|definition of done", "criteria"),
    (r"deliverable|outputs?\b|you (?:ll|will) build|what to submit|artifacts?|features|requirements?", "deliverables"),
    (r"objective|outcome|goals?\b|you ll learn|you will|skills", "objectives"),
    (r"resource|material|reading|reference|links?\b", "resources"),
    (r"exercise|\blabs?\b|hands on|practice|practical|activit|assignment", "labs"),
    (r"phase|milestone|timeline|schedule|weekly", "phases"),
    (r"topic|content|syllabus|lecture|lessons?|covers?|covered|outline|subject", "topics"),
    (r"overview|description|summary|scenario|problem|background|introduction|about|context", "summary"),
]  # fmt: skip


def part_of(title: str) -> str:
    words = folded(title)
    return next((name for pattern, name in _PARTS if re.search(pattern, words)), "")


def unit_named(claim: Claim, found: Heading, lines: tuple[int, ...]) -> None:
    if found.label:
        claim.set("stated.label", found.label, *lines)
    if claim.key:
        claim.set("id", claim.key, *lines)
    if found.title:
        claim.set("title", found.title, *lines)


def fact_read(doc: Document, claim: Claim, told: Told, name: str) -> None:
    entry = told.entry
    if entry.label and name in _LISTS and FIELD_OF.get(told.words) == name and not entry.cells:
        for part in _several(entry, whole=name == "objectives"):
            fact_read(doc, claim, Told(part), name)
        if entry.item and entry.item.items and not own_text(entry):
            claim.statement.account.structure(entry.lines[0], entry.item.items[0].line)
        return
    if claim.kind == "project" and _is_criterion(entry) and (points := pointed.points_of(entry)):
        inside.criterion_told(doc, claim, told, points)
        return
    if claim.kind == "project" and folded(entry.label) == "total" and inside.total_told(claim, entry):
        return
    match name:
        case "hours":
            _hours(claim, entry)
        case "difficulty" if "difficulty" not in claim.fields:
            claim.set("difficulty", own_text(entry), *entry.lines)
        case "needs" | "recommended":
            goals.edges(doc, claim, entry, entry.value, "needs" if name == "needs" else "recommended")
        case "summary" if "summary" not in claim.fields:
            claim.set("summary", entry.value, *entry.lines)
        case "points" if "points" not in claim.fields:
            inside.points(claim, entry)
        case "technologies":
            inside.technologies(claim, entry)
        case "topics":
            inside.topics(doc, claim, told)
        case "objectives":
            inside.objectives(doc, claim, told)
        case "labs":
            inside.labs(doc, claim, told)
        case "deliverables":
            inside.deliverables(claim, told)
        case "criteria":
            inside.criteria(claim, told)
        case "resources":
            inside.resource(claim, entry.text, *entry.lines)
        case "assessment" if claim.kind == "project" and told.above and (points := pointed.points_of(entry)):
            inside.criterion_told(doc, claim, told, points)
        case "assessment":
            claim.set(next_of(claim, "evidence"), entry.text, *entry.lines)
        case _:
            claim.set(next_of(claim, "notes"), entry.text, *entry.lines)


def _is_criterion(entry: Entry) -> bool:
    """Whether a row stands in a table of criteria with their points."""
    heads = [folded(head) for head in entry.cells]
    return any(map(_CRITERION.fullmatch, heads)) and any(map(_POINTS.fullmatch, heads))


def _several(entry: Entry, *, whole: bool) -> Iterator[Entry]:
    """The entries of a list behind its label: in the line, in bullets below, or both."""
    inner = entry.item.items if entry.item else []
    own = tuple(range(entry.lines[0], min((item.line for item in inner), default=entry.lines[-1] + 1)))
    for text in [own_text(entry)] if whole else values.listed(own_text(entry)):
        if text:
            yield Entry("", text, text, own)
    for item in inner:
        yield Entry("", item_text(item), item_text(item), tuple(item_lines(item)), item=item)


def _hours(claim: Claim, entry: Entry) -> None:
    if "hours" in claim.fields or "stated.hours" in claim.fields or "stated.duration" in claim.fields:
        claim.set(next_of(claim, "notes"), entry.text, *entry.lines)
    elif values.NUMBER_ONLY.fullmatch(entry.value):
        timed(claim, entry.value, *entry.lines)
    else:
        duration_read(claim, entry)
