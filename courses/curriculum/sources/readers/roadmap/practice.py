"""What learners do in a module: labs, quizzes and projects as rows, entries or headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, Told, parted, told
from courses.curriculum.sources.outline import Item, Paragraph, Section, labelled_text
from courses.curriculum.sources.parts import folded, item_lines, item_text, keep
from courses.curriculum.sources.readers.roadmap.topics import MARK
from courses.curriculum.sources.sections import rest_of, totals_read
from courses.curriculum.sources.thresholds import criteria_of, score_of, threshold

_QUIZ = re.compile(
    r"\bquiz|\bexams?\b|\bknowledge check|^\W*(?:\w+ )?assessments?\s*\d*\W*$"
    r"|^\W*assessments?\s*\d*\s*[:\u2013\u2014-]",
    re.IGNORECASE,
)
# What groups activities and is none itself.
_GROUPS = re.compile(
    r"^(?:hands on |guided |practical |core |required |optional |stretch |recommended |mini )*"
    r"(?:labs?|exercises?|activities|workshops?|projects?|quiz|quizzes|assessments?|assignments?|practice|simulations?"
    r"|components?|drills)(?: (?:labs?|exercises?|activities|work))?$"
)
_FIELDS = {
    "criteria": r"complet|criteri|success|done|accept|pass|outcome|expected|evidence",
    "deliverables": r"deliver|output|hand in|submi",
    "checked_note": r"validat|check|verif|graded|grading|review|linked",
    "hours": r"hour|duration|time|effort",
    "text": r"descri|task|scenario|goal|objective|what|focus|summary|purpose|instruction|scope|activit",
    "difficulty": r"difficulty|level",
}
_NAMES = (
    r"^(?:lab|exercise|activity|workshop|project|quiz|assessment|assignment|component|drill|challenge|capstone|demo)"
    r"\s*(?:#?\d+\w?|[a-z])?$"
)
# Labels of what is said of the activity above them.
_FACT = re.compile(
    r"(?:(?:completion|success|acceptance|pass|passing) )?criteria|criterion|(?:done|complete|finished)(?: when)?"
    r"|descriptions?|goals?|scenario|tasks?|steps|instructions?|deliverables?|evidence|(?:linked )?validations?"
    r"|(?:automated )?checks?|checked by|(?:estimated )?(?:time|duration|effort|hours)|difficulty"
)
_NESTED = re.compile(r"(?P<mark>[*_]?)(?P<label>[^:]{1,40}):(?P=mark)\s*(?P<value>\S.*)", re.DOTALL)
_LED = re.compile(r"\*\*(?P<title>[^*]{2,120}[^*:])\*\*\s*(?P<behind>(?![:(\s]).*|)")
_LAB = re.compile(r"(?:lab|exercise|activity|workshop|drill)\s*#?\d", re.IGNORECASE)
_ASSET = "asset|activity|component|lab|exercise|title|name|assignment|workshop|project|quiz"
_NUMBERED = re.compile(r"(?:\w+ )?(?:id|code|number|no)")
_BOLD = re.compile(r"\*\*(?P<words>[^*]+)\*\*")
_APART = re.compile(r"(?<!\s)\s+[\u00b7\u2022|]\s+")
_DASHES = re.compile(r"(?<!\s)\s+[\u2013\u2014]\s+")
_DONE = re.compile(
    r"(?:(?:it |this )?is )?(?:done|complete|finished|accepted)\s+(?:when|if|once)\s+(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CRITERIA = re.compile(
    r"(?:(?<!\s)\s++)?(?:[(;]\s*+)?\*{0,2}(?<!\w)"
    r"(?:(?:(?:completion |success |acceptance )?criteri(?:a|on)|completion)\*{0,2}\s*+:\*{0,2}"
    r"|(?:done|completed?|finished|accepted)\s(?:when|once)\*{0,2}\s*+:?\*{0,2})\s*+(?P<text>.+?)\)?$",
    re.IGNORECASE | re.DOTALL,
)


def practice_read(statement: Statement, module: Claim, section: Section) -> None:
    """Each row, entry or heading is a lab or a quiz of the module, by what it is called."""
    for part in section.walk():
        activity = None
        opened: dict[int, Claim] = {}
        last: Claim | None = None
        led: list[Claim] = []
        group = part.title if part is not section else ""
        if group and not _GROUPS.match(folded(group)):
            title, hours = values.split_hours(values.unnumbered(part.title))
            activity = _activity(statement, module, _kind(title, ""), title, part.heading_lines, hours)
            group = ""
        else:
            led = list(_led(statement, module, part, group))
        if activity is None:
            totals_read(statement, module, part)
        for each in told(statement, part):
            while led and led[0].line < each.entry.lines[0]:
                last = led.pop(0)
            if each.entry.cells:
                _row(statement, module, each.entry, group)
            elif activity is not None:
                _inside(activity, each)
            elif last is not None and not each.above and _FACT.fullmatch(folded(each.entry.label)):
                _inside(last, each)
            elif each.above and _LAB.match(each.above):
                if each.above_line not in opened:
                    title, hours = values.split_hours(each.above)
                    lines = (each.above_line,)
                    opened[each.above_line] = _activity(statement, module, _kind(title, group), title, lines, hours)
                _inside(opened[each.above_line], replace(each, above=""))
            elif each.entry.item is not None or each.entry.label:
                last = _line(statement, module, each, each.above or group)
        if activity is not None:
            _text(statement, activity, part)
    rest_of(statement, module, section)


def _kind(title: str, group: str) -> str:
    return "quiz" if _QUIZ.search(title) or (_QUIZ.search(group) and not re.match(r"\W*lab\b", title, re.I)) else "lab"


def _activity(
    statement: Statement, module: Claim, kind: str, title: str, lines: tuple[int, ...], hours: str = ""
) -> Claim:
    """An activity by its label and title: ``Lab 1: Ports`` has both, others a title only."""
    found = re.match(
        r"^(?P<label>[^\W\d_]+(?: [^\W\d_]+)?\s*#?\d+(?:[-.]\d+)*\w?)\s*[:.\u2013\u2014-]+\s*(?P<title>\S.*)$", title
    )
    activity = statement.claim(kind, found["label"] if found else title, lines[0], parent=module)
    if found:
        activity.set("label", found["label"], *lines)
    activity.set("title", found["title"] if found else title, *lines)
    if hours:
        _set(activity, "hours", hours, lines)
    return activity


def _field(label: str) -> str:
    words = folded(label)
    return next((name for name, pattern in _FIELDS.items() if re.search(rf"\b(?:{pattern})", words)), "")


def _set(activity: Claim, name: str, text: str, lines: tuple[int, ...]) -> None:
    """State what a label or column says; a second time it is a note."""
    match name:
        case "criteria":
            for value in (each for part in values.listed(text) for each in criteria_of(part)):
                score = score_of(value["text"]) if activity.kind == "quiz" and "op" not in value else None
                activity.set(f"criteria.{activity.count('criteria')}", {**value, **(score or {})}, *lines)
        case "hours" if (found := values.duration(text).in_all) is not None and "hours" not in activity.fields:
            activity.set("hours", found.plain, *lines)
            if not values.only_hours(text):
                activity.set(f"notes.{activity.count('notes')}", text, *lines)
        case "hours" if values.NUMBER_ONLY.fullmatch(text) and "hours" not in activity.fields:
            amount = values.amount(text)
            if amount is not None:
                activity.set("hours", amount.plain, *lines)
        case "deliverables" if activity.kind == "lab":
            for delivered in re.split(r";\s+", text):
                what = {"text": delivered, "optional": False}
                activity.set(f"deliverables.{activity.count('deliverables')}", what, *lines)
        case "checked_note" | "text" | "difficulty" if name not in activity.fields:
            activity.set(name, text, *lines)
        case _:
            activity.set(f"notes.{activity.count('notes')}", text, *lines)


def _row(statement: Statement, module: Claim, entry: Entry, group: str) -> None:
    """A row: what it is called, what it is about, and what other columns say."""
    named = next((head for head in entry.cells if _NUMBERED.fullmatch(head)), "") or entry.head(_ASSET)
    if not entry.cells.get(named):
        named = next((head for head, cell in entry.cells.items() if cell), "")
    asset = entry.cells[named].strip("*")
    heads = [head for head in entry.cells if head != named]
    text = next(
        (
            h for h in heads
            if re.search(r"description|title|name|scenario|summary|what|focus|objective|task", h)
            and not re.search(r"cover|hand in|submit|deliver|map", h)
        ), "",
    )  # fmt: skip
    types = next((h for h in heads if re.search(r"\btype\b|kind|category|format", h)), "")
    kind = "quiz" if _QUIZ.search(entry.cells.get(types, "")) else _kind(asset, group)
    activity = statement.claim(kind, asset, entry.lines[0], parent=module)
    activity.set("label", asset, *entry.lines)
    if title := entry.cells.get(text):
        timed = any(_field(head) == "hours" and entry.cells[head] for head in heads)
        bare, hours = values.split_hours(title) if not timed else (title, "")
        activity.set("title", bare or title, *entry.lines)
        if hours and bare:
            _set(activity, "hours", hours, entry.lines)
    for head in heads:
        cell = entry.cells[head]
        if not cell or head == text:
            continue
        name = _field(head) if head != types else ""
        name = "" if name == "text" else name
        _set(activity, name, cell if name else f"{head}: {cell}", entry.lines)


def _led(statement: Statement, module: Claim, part: Section, group: str) -> Iterator[Claim]:
    """Paragraphs that a title in bold begins are an activity each, with facts and free text in the lines below it."""
    rows = [row for block in part.blocks if isinstance(block, Paragraph) for row in block.rows]
    marked = sum(bool(MARK.match(text)) for _, text in rows) > 1
    for block in part.blocks:
        if isinstance(block, Paragraph) and all(
            _LAB.match(text) or (marked and MARK.match(text)) for _, text in block.rows
        ):
            for line, text in block.rows:
                if MARK.match(text):
                    words = MARK.sub("", text, count=1)
                    yield _plain(statement, module, Entry("", words, words, (line,)), group)
                    continue
                title, hours = values.split_hours(text)
                if not labelled_text(text) and not parted(text)[0]:
                    yield _activity(statement, module, _kind(title, group), title, (line,), hours)
            continue
        found = _LED.fullmatch(block.rows[0][1]) if isinstance(block, Paragraph) and len(block.rows) > 1 else None
        if found is None or not isinstance(block, Paragraph):
            continue
        title, hours = values.split_hours(found["title"])
        behind = found["behind"].strip("\u2013\u2014- ")
        own = (block.line,)
        activity = _activity(statement, module, _kind(title, group), title, own, hours)
        if behind:
            _set(activity, "hours", behind, own)
        for line, text in block.rows[1:]:
            label, _, value = parted(text)
            name = _field(label) if label and _FACT.fullmatch(folded(label)) else "text"
            _set(activity, name, value if label and name != "text" else text, (line,))
        yield activity


def _line(statement: Statement, module: Claim, each: Told, group: str) -> Claim:
    """An entry, with facts in bullets below it or criteria behind its title."""
    entry = each.entry
    inner = entry.item.items if entry.item else []
    facts = [(item, parts) for item in inner if (parts := _labelled(item)) and _field(parts[0])]
    own = entry.lines[: inner[0].line - entry.lines[0]] if inner else entry.lines
    if not facts and not entry.label:
        return _plain(statement, module, entry, group)
    label, hours = values.split_hours(entry.label)
    words = (entry.own if entry.item and entry.item.blocks else entry.value) if label else ""
    title = words if re.match(_NAMES, folded(label)) and words else ""
    if not label:
        label, hours = values.split_hours(entry.item.text.strip("*: ") if entry.item else entry.value)
        label = label.strip("*: ")
    kind = _kind(label, group)
    hours = hours or (entry.qualifier if values.hours(entry.qualifier) else "")
    if title:
        activity = statement.claim(kind, label, own[0], parent=module)
        activity.set("label", label, *own)
        rest = _CRITERIA.search(title) if len(title) < 2000 else None
        title = title[: rest.start()].rstrip(" \u2013\u2014-") if rest and rest.start() else title
        bare, said = values.split_hours(title)
        activity.set("title", bare or title, *own)
        for each_hours in filter(None, (hours, said if bare else "")):
            _set(activity, "hours", each_hours, own)
    else:
        activity = _activity(statement, module, kind, label, own, hours)
        rest = _CRITERIA.search(words) if len(words) < 2000 else None
        if before := (words[: rest.start()] if rest else words):
            bare, said = values.split_hours(before) if not hours else (before, "")
            _set(activity, "text", bare or before, own)
            if said and bare:
                _set(activity, "hours", said, own)
    if rest:
        _set(activity, "criteria", rest["text"], own)
    for item in inner:
        parts = _labelled(item)
        name = _field(parts[0]) if parts else ""
        _set(activity, name, parts[1] if parts and name else item_text(item), tuple(item_lines(item)))
    _text_of(statement, activity, entry)
    return activity


def _plain(statement: Statement, module: Claim, entry: Entry, group: str) -> Claim:
    """A bullet without labels is a title, with what is nested in it; criteria may stand at its end."""
    text = item_text(entry.item) if entry.item else entry.value
    text, *beside = _beside(text)
    rest = _CRITERIA.search(text) if len(text) < 2000 else None
    title, hours = values.split_hours(text[: rest.start()] if rest and rest.start() else text)
    title = found["words"] if (found := _BOLD.fullmatch(title)) else title
    activity = _activity(statement, module, _kind(title, group), title, entry.lines, hours)
    if rest and rest.start():
        _set(activity, "criteria", rest["text"], entry.lines)
    for part in beside:
        done = _DONE.fullmatch(part)
        name = "criteria" if done or threshold(part) else "hours" if values.only_hours(part) else ""
        _set(activity, name, done["text"] if done else part, entry.lines)
    return activity


def _beside(text: str) -> list[str]:
    """A title and the facts that stand beside it in one line (*Lab A · 6 hours · done when it answers*)."""
    for divider in (_APART, _DASHES) if len(text) < 2000 else ():
        parts = divider.split(text)
        if any(part.count("**") % 2 for part in parts):
            continue
        if any(values.only_hours(part) or _DONE.fullmatch(part) for part in parts[1:]):
            return parts
    return [text]


def _labelled(item: Item) -> tuple[str, str] | None:
    """Label and value of a nested bullet, bold or not."""
    if parts := labelled_text(item.text):
        return parts[0], "; ".join(filter(None, [parts[2], *(item_text(each) for each in item.items)]))
    found = _NESTED.fullmatch(item.text)
    return (found["label"], found["value"]) if found else None


def _inside(activity: Claim, each: Told) -> None:
    """What stands below the heading of an activity."""
    entry = each.entry
    name = _field(entry.label or each.above)
    _set(activity, name, entry.value if name else entry.text, entry.lines)


def _text(statement: Statement, activity: Claim, part: Section) -> None:
    """Free text below the heading of an activity is what it is about."""
    for block in part.blocks:
        lines = [at for at in range(block.line, block.end + 1) if statement.source.line(at).strip()]
        if lines and all(statement.account.fate(at) is None and at not in statement.account.opens for at in lines):
            if "text" in activity.fields:
                keep(statement, activity, part.title, lines)
            else:
                activity.set("text", "\n".join(statement.source.line(at) for at in lines), *lines, prose=True)


def _text_of(statement: Statement, activity: Claim, entry: Entry) -> None:
    left = [at for at in entry.lines if statement.account.fate(at) is None and statement.source.line(at).strip()]
    if left:
        keep(statement, activity, activity.label, left)
