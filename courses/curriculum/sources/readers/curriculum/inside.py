"""What a module or project holds: topics, objectives, exercises, deliverables, technologies, points, phases."""

from __future__ import annotations

import re

from courses.curriculum.sources import pointed, values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, Told, named, own_text
from courses.curriculum.sources.outline import Item, Listing, Section, Table
from courses.curriculum.sources.parts import folded, item_lines, item_text, texts_set
from courses.curriculum.sources.readers.curriculum.state import Document, linked, next_of, timed
from courses.curriculum.sources.readers.project_plan import work
from courses.curriculum.sources.thresholds import criteria_of

_ALL_OF = re.compile(
    r"\b(?:all|every|everything)\b.{0,300}\b(?:previous|prior|earlier|preceding|above)\b", re.IGNORECASE
)
_OPTIONAL = re.compile(r"\boptional\b|\bstretch\b|\bbonus\b", re.IGNORECASE)
_TOPICS = re.compile(r"(?:main |key )?(?:topics?|lessons?|subjects?)(?: (?:covered|titles?|names?))?")
_POINTS = re.compile(rf"({values.NUMBER})\s*(?:points?|pts?)?", re.IGNORECASE)


def topics(doc: Document, claim: Claim, told: Told) -> None:
    """A topic with its hours, and what it covers in bullets below it or behind its label."""
    entry = told.entry
    if entry.cells:
        _topic_row(doc, claim, entry)
        return
    inner = entry.item.items if entry.item else []
    own = tuple(range(entry.lines[0], min((item.line for item in inner), default=entry.lines[-1] + 1)))
    line = entry.item.text if entry.item else entry.text
    label = entry.label and f"{entry.label} ({entry.qualifier})" if entry.qualifier else entry.label
    title, hours = values.split_hours((label or line).replace("**", "").strip())
    said = own_text(entry) if entry.label else ""
    if not hours and said:
        behind = re.fullmatch(r"\(?([^()]*)\)?", said)
        if behind and values.only_hours(behind[1]):
            hours, said = behind[1], ""
    topic = doc.statement.claim("topic", title or line, entry.lines[0], parent=claim)
    topic.set("title", title.strip(" :") or line, *own)
    if hours:
        timed(topic, hours, *own)
    for point in values.listed(said):
        topic.set(next_of(topic, "points"), point, *own)
    texts_set(topic, "points", inner)
    for block in entry.item.blocks if entry.item else []:
        if not isinstance(block, Listing):
            text = item_text(Item(block.line, block.end, "", (), [block])).strip()
            topic.set(next_of(topic, "points"), text, *range(block.line, block.end + 1))


def is_topic_row(entry: Entry) -> bool:
    """Whether a row stands in a table with a column of topics."""
    return any(map(_TOPICS.fullmatch, entry.cells))


def _topic_row(doc: Document, claim: Claim, entry: Entry) -> None:
    title = entry.cell("topic|title|content|lesson|subject|area") or next(
        filter(None, entry.cells.values()), entry.text
    )
    if re.fullmatch(r"(?:sub ?)?total(?: hours)?|sum", folded(title)):
        claim.set(next_of(claim, "notes"), entry.text, *entry.lines)
        return
    topic = doc.statement.claim("topic", title, entry.lines[0], parent=claim)
    name, hours = values.split_hours(title.replace("**", ""))
    topic.set("title", name.strip(" :") or title, *entry.lines)
    if hours:
        timed(topic, hours, *entry.lines)
    for head, cell in entry.cells.items():
        if not cell or cell == title:
            continue
        if re.search(r"hour|time|duration", head) and "hours" not in topic.fields:
            timed(topic, cell, *entry.lines)
        elif re.search(r"point|detail|cover|subtopic|description|key", head):
            for point in values.listed(cell):
                topic.set(next_of(topic, "points"), point, *entry.lines)
        else:
            topic.set(next_of(topic, "notes"), f"{head}: {cell}", *entry.lines)


def headed_topic(doc: Document, claim: Claim, section: Section) -> None:
    """A topic with a heading; what is listed below it is what it covers."""
    title, hours = values.split_hours(section.title.replace("**", ""))
    topic = doc.statement.claim("topic", title, section.line, parent=claim)
    topic.set("title", title, *section.heading_lines)
    if hours:
        timed(topic, hours, *section.heading_lines)
    for told in doc.told(section):
        topic.set(next_of(topic, "points"), told.entry.text, *told.entry.lines)
    doc.keep(topic, section)


def objectives(doc: Document, claim: Claim, told: Told, area: tuple[str, tuple[int, ...]] | None = None) -> None:
    """One objective, or several where a bullet only names the group of those below it."""
    entry = told.entry
    group = (told.above, (told.above_line,)) if told.above_line else None
    inner = entry.item.items if entry.item else []
    if inner and not own_text(entry):
        group = named(entry), (entry.lines[0],)
        for item in inner:
            _objective(doc, claim, item_text(item), tuple(item_lines(item)), group, area)
        return
    _objective(doc, claim, entry.text, entry.lines, group, area)


def _objective(
    doc: Document, claim: Claim, text: str, lines: tuple[int, ...], group: tuple[str, tuple[int, ...]] | None,
    area: tuple[str, tuple[int, ...]] | None,
) -> None:  # fmt: skip
    """Of a group in an area (*ML Deployment* of *Technical Skills*) both are kept."""
    objective = doc.statement.claim("objective", text, lines[0], parent=claim)
    objective.set("text", text, *lines)
    if group is not None and area is not None:
        objective.set("stated.area", area[0], *area[1])
    found = group or area
    if found is not None:
        objective.set("group", found[0], *found[1])


def labs(doc: Document, claim: Claim, told: Told) -> None:
    entry = told.entry
    if claim.kind == "project":
        claim.set(next_of(claim, "activities"), entry.text, *entry.lines)
        return
    if entry.cells:
        _lab_row(doc, claim, entry)
        return
    inner = entry.item.items if entry.item else []
    own = tuple(range(entry.lines[0], min((item.line for item in inner), default=entry.lines[-1] + 1)))
    line = (entry.item.text if entry.item else entry.text).replace("**", "")
    title, hours = values.split_hours(line)
    lab = doc.statement.claim("lab", title, entry.lines[0], parent=claim)
    lab.set("title", title, *own)
    if hours:
        timed(lab, hours, *own)
    texts_set(lab, "notes", inner)
    if inner or entry.item is None:
        return
    rest = [block for block in entry.item.blocks if not isinstance(block, Listing)]
    for block in rest:
        text = item_text(Item(block.line, block.end, "", (), [block])).strip()
        lab.set(next_of(lab, "notes"), text, *range(block.line, block.end + 1))


def _lab_row(doc: Document, claim: Claim, entry: Entry) -> None:
    title = entry.cell("lab|exercise|title|name|activit") or next(filter(None, entry.cells.values()), entry.text)
    lab = doc.statement.claim("lab", title, entry.lines[0], parent=claim)
    lab.set("title", title, *entry.lines)
    for head, cell in entry.cells.items():
        if re.search(r"hour|time|duration", head) and cell and "hours" not in lab.fields:
            timed(lab, cell, *entry.lines)
        elif cell and cell != title:
            lab.set(next_of(lab, "notes"), f"{head}: {cell}", *entry.lines)


def deliverables(claim: Claim, told: Told) -> None:
    entry = told.entry
    optional = bool(_OPTIONAL.search(told.above) or _OPTIONAL.search(entry.text))
    claim.set(next_of(claim, "deliverables"), {"text": entry.text, "optional": optional}, *entry.lines)


def criteria(claim: Claim, told: Told) -> None:
    entry = told.entry
    for value in criteria_of(entry.text):
        claim.set(next_of(claim, "criteria"), value, *entry.lines)


def technologies(claim: Claim, entry: Entry) -> None:
    """The parts of an enumeration; *all technologies from previous projects* is none by itself."""
    text = entry.value if not entry.item or not entry.item.items else entry.text
    if entry.label and entry.item is not None:
        claim.set(next_of(claim, "stated.technologies"), entry.text, *entry.lines)
    for part in (piece for each in values.listed(text) for piece in re.split(r"(?<!\s)\s+\+\s+", each)):
        name = "notes" if _ALL_OF.search(part) else "technologies"
        claim.set(next_of(claim, name), part.strip(" -"), *entry.lines)


def resource(claim: Claim, text: str, *lines: int) -> None:
    claim.set(next_of(claim, "resources"), linked(text), *lines)


def points(claim: Claim, entry: Entry) -> None:
    found = _POINTS.fullmatch(entry.value.strip("* "))
    claim.set("points" if found else "stated.points", values.number(found[1]) if found else entry.value, *entry.lines)


def points_read(doc: Document, claim: Claim, section: Section) -> None:
    """Criteria with points or shares; what they make together is what the project counts."""
    work.rubric_read(doc.statement, claim, section)
    for rubric in claim.under("rubric"):
        fact = rubric.fields.get("stated.points")
        if fact is not None and "points" not in claim.fields:
            claim.set("points", fact.value, *fact.lines)


def criterion_told(doc: Document, claim: Claim, told: Told, points: str) -> None:
    """A criterion below a line that only opens a list or table of them: ``**Grading (100 points):**``."""
    rubric = next(iter(claim.under("rubric")), None)
    if rubric is None:
        line = told.above_line if told.above else told.entry.lines[0]
        rubric = doc.statement.claim("rubric", told.above or "Rubric", line, parent=claim)
        if total := pointed.POINTS.search(told.above):
            rubric.set("stated.points", values.number(total[1]), told.above_line)
    pointed.criterion_read(doc.statement, rubric, told.entry, points)
    fact = rubric.fields.get("stated.points")
    if fact is not None and "points" not in claim.fields:
        claim.set("points", fact.value, *fact.lines)


def total_told(claim: Claim, entry: Entry) -> bool:
    """Whether a total stands with the criteria of a project; it is what they, and the project, count."""
    rubric = next(iter(claim.under("rubric")), None)
    found = _POINTS.fullmatch(entry.value.strip("* "))
    if rubric is None or found is None or "stated.points" in rubric.fields:
        return False
    rubric.set("stated.points", values.number(found[1]), *entry.lines)
    if "points" not in claim.fields:
        claim.set("points", values.number(found[1]), *entry.lines)
    return True


def phases_read(doc: Document, claim: Claim, section: Section) -> None:
    """Rows and labelled entries that are phases of the work."""
    for block in section.blocks:
        if isinstance(block, Table | Listing):
            work.phases_read(doc.statement, claim, Section(section.level, section.title, section.line, section.end,
                                                           blocks=[block]))  # fmt: skip
