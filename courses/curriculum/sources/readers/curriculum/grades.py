"""How a program is assessed: what counts how much, what is passed when, which grade is which share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from courses.curriculum.aliases import slug_of
from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.listed import Entry, Told, own_text
from courses.curriculum.sources.outline import Paragraph, Section, Table
from courses.curriculum.sources.parts import folded, heading
from courses.curriculum.sources.readers.curriculum.state import Document, next_of

_SCALE = re.compile(r"\bscale\b|\bbands?\b|letter grade|grade (?:boundar|range|distribution)|^grad(?:es|ing)$", re.I)
_PASS = re.compile(r"\bpass(?:ing|ed)?\b|\bminimum\b|completion (?:criteria|requirement)|graduat|certificat", re.I)
_SELF = re.compile(r"\bself\b|\bpeer\b|feedback|rubric|\bsupport\b", re.IGNORECASE)
_IS_RULE = re.compile(
    r"\b(?:pass|passing|minimum|min|at least|average|or (?:higher|more|better|above)|required to)\b", re.I
)
_OVERALL = re.compile(
    r"\b(?:overall|total|cumulative|combined|program|curriculum|course|final (?:grade|score))\b", re.I
)
_ITEMS = {"quiz": "quizzes", "project": "projects", "capstone": "projects", "lab": "labs", "exercise": "labs"}
_OUT_OF = re.compile(rf"(?P<got>{values.NUMBER})\s*(?:/|out of|of)\s*(?P<of>{values.NUMBER})(?!\s*%)", re.IGNORECASE)
_EACH = re.compile(
    rf"(?:(?:@|at|x|\u00d7|,|\()\s*+)?(?P<points>{values.NUMBER})\s*+(?:points?|pts?)\s*+(?:each|per\b|apiece)|"
    rf"(?:@|x|\u00d7)\s*+(?P<times>{values.NUMBER})", re.IGNORECASE,
)  # fmt: skip
_COUNT = re.compile(r"(?<![\d.,%])(?P<count>\d{1,3})\s+(?!points?\b|pts?\b|%)(?:[^\W\d_]|\u00d7|x\b)", re.IGNORECASE)
_POINTS = re.compile(rf"(?P<points>{values.NUMBER})\s*(?:points?|pts?)\b(?!\s*(?:each|per\b|apiece))", re.IGNORECASE)
_SHARE = re.compile(rf"({values.NUMBER})\s*+%\)?")
_ENDS = rf"(?P<low>{values.NUMBER})\s*+%?\s*+(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to)\s*+(?P<high>{values.NUMBER})"
_SPAN = re.compile(
    rf"(?P<below><\s*+=?|\u2264|below|under|less than|up to)\s*+(?P<most>{values.NUMBER})|{_ENDS}"
    rf"|(?P<above>>\s*+=?|\u2265|above|over|at least|from)\s*+(?P<least>{values.NUMBER})"
    rf"|(?P<from>{values.NUMBER})\s*+(?:%|points?|pts?)?\s*+(?:\+|(?:and|or) (?:above|higher|more|over|up))"
    rf"|(?P<to>{values.NUMBER})\s*+(?:%|points?|pts?)?\s*+(?:(?:and|or) (?:below|lower|less|under))", re.IGNORECASE,
)  # fmt: skip
_COLUMNS_OF_ENDS = (r"(?:from|min|low)", r"(?:to\b|max|high|up)")
_WEIGHT = re.compile(r"weight|share|contribution")
# "Percentage" may be of the grade; "Minimum %" is of something that is passed.
_PERCENT = re.compile(r"^(?!.*(?:pass|min|requir|threshold|target|score|range)).*(?:percent|%)")
_FIGURE = re.compile(rf"\W*+{values.NUMBER}\s*+%?+\W*+")
_PASS_FAIL = re.compile(r"\bpass\s*(?:/|or)\s*fail\b", re.IGNORECASE)
_BEHIND = re.compile(rf"^(?P<title>[^(]{{1,80}}?)\s*\((?P<share>{values.NUMBER})\s*%\)\W*(?P<rest>.*)$", re.DOTALL)
_ACTIVITY = re.compile(
    r"\b(?P<title>quiz(?:zes)?|labs?|exercises?|projects?|capstone|exams?|assignments?|participation|homework)\b"
    rf"[^%,;.]{{0,40}}?\b(?P<share>{values.NUMBER})\s*%", re.IGNORECASE,
)  # fmt: skip
_TO_PASS = re.compile(r"\W*(?:to|in order to) pass\b|\W*pass(?:ing)? (?:rule|requirement|criteri)", re.IGNORECASE)
_AND = re.compile(r"(?<!\s)\s*,?\s+(?:and|plus)\s+(?=at least\b|a minimum\b|no less\b|no \w+ (?:below|under)\b)", re.I)
_SENTENCE = re.compile(r"(?<=[a-z%)])[.;]\s+(?=[A-Z])")
_NEEDED = re.compile(
    r"\bto pass\b|\bpass(?:ing)? (?:the|this) (?:program\w*|curriculum|course|track)\b|\bpass(?:es)? with\b"
    r"|\bpassing (?:score|grade|mark|requires)\b|\bpass mark\b", re.IGNORECASE,
)  # fmt: skip
_FIGURES = re.compile(rf"{values.NUMBER}\s*(?:%|percent\b|/\s*\d|points?\b)", re.IGNORECASE)
_ELSE = re.compile(r"(?:or |and )?(?:otherwise|else|anything else|the rest)\W+(?P<grade>[A-Z]\w{0,2})\W*$", re.I)
_FAILS = re.compile(r"\bfail|\bnot pass|\binsufficient|\bunsatisfactory|\brepeat|\bno pass", re.IGNORECASE)
_LETTER = re.compile(
    r"^(?P<label>[^\s(:=\u2013]{1,3}|[^(:=]+?(?<!\s))\s*+(?:\((?P<inside>[^()]*)\)|[:=\u2013-]\s*(?P<after>.+))?$"
)


def assessment_read(doc: Document, section: Section) -> None:
    policy = doc.one("policy", section.title, section.line)
    for part in section.walk():
        for told in doc.told(part):
            _entry(policy, told, _mode(part.title if not told.above else told.above) or _mode(part.title))
        for paragraph in doc.paragraphs(part):
            _in_words(policy, paragraph)
        doc.keep(policy, part)
        heading(doc.statement, part)


def is_grading(section: Section) -> bool:
    """Whether a table of a section, whatever that is called, says how much quizzes, projects and the like count."""
    return any(isinstance(block, Table) and _is_grading(block) for block in section.blocks)


def _is_grading(table: Table) -> bool:
    heads = [head.casefold() for head in table.header.cells]
    shares = _share_head(heads[1:])
    at = heads.index(shares) if shares else 0
    rows = [row.cells for row in table.rows if len(row.cells) > at]
    named = [cells for cells in rows if any(word in cells[0].casefold() for word in (*_ITEMS, "exam", "assignment"))]
    return bool(at) and len(named) > 1 and all(_FIGURE.fullmatch(cells[at]) for cells in rows)


def _share_head(heads: Iterable[str]) -> str:
    """The head of the column of shares; empty without one."""
    given = list(heads)
    return next((head for pattern in (_WEIGHT, _PERCENT) for head in given if pattern.search(head)), "")


def _in_words(policy: Claim, paragraph: Paragraph) -> None:
    """``Quizzes count 30 %, labs 30 % and projects 40 %.`` is the whole grade; what is less may be anything.

    A sentence on what it takes to pass is a rule.
    """
    lines = tuple(range(paragraph.line, paragraph.end + 1))
    sentences = _SENTENCE.split(paragraph.text)
    rules = [each for each in sentences if _NEEDED.search(each) and _FIGURES.search(each)]
    for said in sentences if rules else ():
        if said in rules:
            rule_read(policy, Entry("", said, said, lines))
        else:
            policy.set(next_of(policy, "notes"), said, *lines)
    if rules:
        return
    found = list(_ACTIVITY.finditer(paragraph.text[:2000].replace("**", "")))
    shares = [values.number(each["share"]) for each in found]
    if len(found) < 2 or sum(map(Decimal, shares)) != 100 or _IS_RULE.search(paragraph.text):
        return
    for each, share in zip(found, shares, strict=True):
        title = each["title"].capitalize()
        _component_set(policy, {"title": title, "text": each[0]}, share, lines)


def _mode(title: str) -> str:
    if _SCALE.search(title):
        return "scale"
    if _PASS.search(title):
        return "rules"
    return "notes" if _SELF.search(title) else ""


def _entry(policy: Claim, told: Told, mode: str) -> None:
    entry = _ends_joined(told.entry)
    in_line = [] if entry.cells or entry.item else values.listed(entry.value)
    if (
        len(in_line) > 1
        and re.search(r"grade|scale|band", entry.label, re.IGNORECASE)
        and all(_SPAN.search(part) or (part is in_line[-1] and _ELSE.match(part)) for part in in_line)
    ):
        policy.set(next_of(policy, "stated.scales"), entry.text, *entry.lines)
        for part in (each.rstrip(".") for each in in_line):
            if least := _ELSE.match(part):
                value = {"label": least["grade"], "from_percent": "0", "passing": not _fails(least["grade"], part)}
                policy.set(next_of(policy, "scale.bands"), value, *entry.lines)
            else:
                band_read(policy, Entry("", part, part, entry.lines))
    elif mode == "scale" and not entry.cells and _TO_PASS.match(entry.label or entry.text):
        rule_read(policy, entry)
    elif _weighted(policy, entry, mode):
        return
    elif (mode == "scale" or entry.cell("grade|letter")) and _span(entry) is not None:
        band_read(policy, entry)
    elif mode == "notes":
        policy.set(next_of(policy, "notes"), entry.text, *entry.lines)
    elif mode == "rules" or _IS_RULE.search(_PASS_FAIL.sub("", f"{entry.label} {entry.value}")):
        rule_read(policy, entry)
    else:
        _component(policy, entry)


def _ends_joined(entry: Entry) -> Entry:
    """A row whose range stands in two columns (*From* and *To*), as one that has it in one."""
    heads = [next((head for head in entry.cells if re.match(words, head)), "") for words in _COLUMNS_OF_ENDS]
    low, high = (entry.cells.get(head, "").strip("* ") for head in heads)
    if not all(heads) or not all(map(_FIGURE.fullmatch, (low, high))):
        return entry
    others = {head: cell for head, cell in entry.cells.items() if head not in heads}
    said = " ".join((low, high, *heads))
    unit = "percent" if "%" in said or "percent" in said else "points" if "point" in said else ""
    span = f"{low.rstrip(' %')}-{high.rstrip(' %')}{'%' if unit == 'percent' else ''}"
    text = " | ".join([*others.values(), span])
    return replace(entry, cells={**others, f"range {unit}".strip(): span}, text=text, value=text)


def _weighted(policy: Claim, entry: Entry, mode: str) -> bool:
    """What has its share in a column of its own, or in parentheses behind its name.

    What is said of passing it beside that is a rule, for which the share says nothing.
    """
    cells, head = entry.cells, _share_head(entry.cells)
    if len(cells) > 1 and all(_FIGURE.fullmatch(cell) and "%" in cell for cell in cells.values()):
        # The parts are the heads of a table of one row.
        for title, cell in cells.items():
            share = values.number(re.sub(r"[^\d.,]", "", cell))
            _component_set(policy, {"title": title.capitalize(), "text": f"{title}: {cell}"}, share, entry.lines)
        return True
    if head and len(cells) > 1 and _FIGURE.fullmatch(cells[head]):
        title = entry.label or entry.cell("component|assessment|type|category|activity|item|name")
        title = title or next(iter(cells.values()))
        scale = any(re.search(r"\b(?:grade|letter)\b", each) for each in cells if each != head)
        if scale or (mode in ("scale", "rules") and not _WEIGHT.search(head)):
            return False
        rest = [cell for each, cell in cells.items() if each != head and cell != title]
        _component(policy, entry)
    else:
        found = _BEHIND.match(entry.text.replace("**", "").strip()) if not cells and mode != "rules" else None
        if found is None or not any(word in found["title"].casefold() for word in _ITEMS):
            return False
        title, rest = found["title"].strip(), [found["rest"]]
        _component_set(policy, {"title": title, "text": entry.text}, values.number(found["share"]), entry.lines)
    for text in rest:
        if values.percent(text) and _IS_RULE.search(text):
            rule_read(policy, Entry(title, text, f"{title}: {text}", entry.lines))
    return True


def _component_set(policy: Claim, value: dict[str, str], share: str, lines: tuple[int, ...]) -> None:
    """A part of the grade, with its share where it has one."""
    kind = next((kind for word, kind in _ITEMS.items() if word in value["title"].casefold()), "")
    if kind:
        value["activities"] = {"quizzes": "quiz", "projects": "project", "labs": "lab"}[kind]
    policy.set(next_of(policy, "components"), value, *lines)
    if share:
        policy.set(f"stated.weights.{_free(policy, slug_of(value['title']))}", share, *lines)


def _component(policy: Claim, entry: Entry) -> None:
    """A part of the grade, with its count, points and share as far as they are said; else a note."""
    text = entry.text.replace("**", "")
    label = entry.label or entry.cell("component|assessment|type|category|activity|item|name")
    title, share = _share(entry, label)
    each, count = _EACH.search(text), _COUNT.search(entry.value.replace("**", ""))
    points = _POINTS.search(entry.value)
    if folded(label).startswith(("total", "maximum", "max ")):
        if points and "stated.points" not in policy.fields:
            policy.set("stated.points", values.number(points["points"]), *entry.lines)
        policy.set(next_of(policy, "stated.totals"), entry.text, *entry.lines)
        return
    if not (share or each or points):
        policy.set(next_of(policy, "notes"), entry.text, *entry.lines)
        return
    value = {"title": title, "text": entry.text}
    if each:
        value["points_each"] = values.number(each["points"] or each["times"])
    elif points:
        value["points"] = values.number(points["points"])
    if count:
        value["count"] = count["count"]
    _component_set(policy, value, share, entry.lines)


def _free(policy: Claim, slug: str) -> str:
    """A name that no weight has yet."""
    number, name = 1, slug
    while f"stated.weights.{name}" in policy.fields:
        number += 1
        name = f"{slug}-{number}"
    return name


def _share(entry: Entry, label: str) -> tuple[str, str]:
    """What a part is called, and its share of the grade in percent."""
    cell = entry.cells.get(_share_head(entry.cells), "") if len(entry.cells) > 1 else ""
    if cell:
        found = re.fullmatch(rf"\**+\s*+({values.NUMBER})\s*+%?\s*+\**+", cell)
        return label or next(iter(entry.cells.values()), entry.text), values.number(found[1]) if found else ""
    said = entry.qualifier if "%" in entry.qualifier else own_text(entry)
    said = said.replace("**", "")
    found = _SHARE.search(said)
    before = said[: found.start()].rstrip().rstrip("(:=\u2013\u2014-") if found else ""
    if ":" in before or "%" in before:
        found = None
    title = label.strip("* ") or (before.strip(" (-\u2013\u2014") if found else "") or entry.text
    if found is None or (label and re.search(r"\w", before)):
        return title, ""
    if not label and not before.strip():
        title = said[found.end() :].strip(" :()-\u2013\u2014") or title
    return title, values.number(found[1])


def rule_read(policy: Claim, entry: Entry) -> None:
    """State what is passed; *75 % overall and at least 60 % in every project* are two rules."""
    parts = _AND.split(entry.text) if not entry.cells else []
    if len(parts) == 2 and all(map(values.percent, parts)):
        first, second = parts
        _one_rule(policy, Entry(entry.label, first, first, entry.lines))
        _one_rule(policy, Entry("", second, second, entry.lines))
    else:
        _one_rule(policy, entry)


def _one_rule(policy: Claim, entry: Entry) -> None:
    """At least so much of what. Percent decides over points beside it."""
    text = entry.text.replace("**", "")
    value = {"text": text}
    share, part = values.percent(text), _OUT_OF.search(text)
    points = part or re.search(rf"(?P<got>{values.NUMBER})\s*(?:points?|pts?)\b", text, re.IGNORECASE)
    of = next((name for word, name in _ITEMS.items() if re.search(rf"\b{word}", text, re.IGNORECASE)), "")
    average = re.search(r"\baverage\b|\bmean\b|\bavg\b", text, re.IGNORECASE)
    each = re.search(
        r"\beach\b|\bevery\b|\bper\b|\bindividual\b|\ball\b|\bany\b|\bno \w+ (?:below|under)\b", text, re.I
    )
    unit = "percent" if share else "points"
    if _OVERALL.search(entry.label or text) or not of:
        measure = f"overall_{unit}"
    elif average:
        measure = f"component_average_{unit}" if unit == "points" else "component_percent"
    elif each or entry.label:
        measure = f"each_item_{unit}"
    else:
        measure = f"component_{unit}" if unit == "percent" else ""
    if share or points:
        value |= {"measure": measure} if measure else {}
        value |= {"of": of} if of and not measure.startswith("overall") else {}
        value["at_least"] = share or values.number(points["got"] if points else "0")
    elif of and (count := re.search(r"\b(?:all|complete|finish|submit|pass)\D{0,20}(\d{1,3})\b", text, re.IGNORECASE)):
        value |= {"measure": "number_of_items", "of": of, "at_least": values.number(count[1])}
    if part:
        value |= {"points": values.number(part["got"]), "out_of": values.number(part["of"])}
    policy.set(next_of(policy, "rules"), value, *entry.lines)


def _span(entry: Entry) -> dict[str, str | None] | None:
    return next((found for text in (entry.text, *entry.cells.values()) if (found := span_of(text))), None)


def span_of(text: str) -> dict[str, str | None] | None:
    """``540-600``, ``< 70 %``, ``90+``, ``70 % and above`` as low and high; the open end is None."""
    found = _SPAN.search(text)
    if found is None:
        return None
    low, high = found["low"] or found["least"] or found["from"], found["high"] or found["to"]
    below = found["most"]
    value = {"low": values.number(low) if low else None, "high": values.number(high) if high else None}
    if below:
        value["high"] = values.number(below)
        if "=" not in found["below"] and found["below"] not in ("\u2264",) and "up" not in found["below"].casefold():
            value["below"] = "yes"
    return value


def band_read(policy: Claim, entry: Entry) -> None:
    """State a grade with its share and points. What else stands beside it stays as it is stated."""
    if entry.cells:
        named = entry.cell("grade|letter|level|band|rating") or next(iter(entry.cells.values()), "")
        cells = {head: cell for head, cell in entry.cells.items() if cell and cell != named}
    elif entry.label and not _SPAN.search(entry.label):
        named, cells = entry.label, {"": f"{entry.qualifier} {entry.value}".strip()}
    else:
        said = _SPAN.search(entry.text)
        named = entry.text[said.end() :].strip(" %:=()-\u2013*") if said else entry.text
        if said and not named:
            named = entry.text[: said.start()].strip(" (:=")
        cells = {"": entry.text}
    found = _LETTER.match(named.strip("* "))
    label = found["label"].strip() if found else named.strip("* ")
    title = (found["inside"] or found["after"] or "").strip() if found else ""
    if title and _SPAN.search(title):
        cells, title = {**cells, "behind": title}, ""
    stated: dict[str, object] = {"label": label, "text": entry.text}
    for head, cell in cells.items():
        for piece in re.split(r"[(,;]", cell):
            if (span := span_of(piece)) is not None:
                in_percent = "%" in piece or "percent" in head or "point" not in f"{head} {piece}"
                stated.setdefault("percent" if in_percent else "points", span)
    number = policy.count("stated.bands")
    percent = stated.get("percent")
    if isinstance(percent, dict):
        low = percent["low"] if percent["low"] is not None else "0"
        value = {"label": label, "from_percent": low, "passing": not _fails(label, entry.text)}
        policy.set(f"scale.bands.{number}", {**value, **({"title": title} if title else {})}, *entry.lines)
    policy.set(f"stated.bands.{number}", stated, *entry.lines)


def _fails(label: str, text: str) -> bool:
    return bool(_FAILS.search(text)) or label.casefold() in ("f", "u")
