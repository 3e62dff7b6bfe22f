"""Values inside text: hours, ranges, ids, shares, thresholds. Pure functions; numbers come as strings.

What a function cannot read it answers with None or an empty list, so that the
caller keeps the words: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from courses.curriculum.bodies.base import number_text

# A search begins where a run of digits does, so that it takes no longer than the text is long.
NUMBER = r"(?<!\d)\d+(?:,\d{3}){0,6}(?:\.\d+)?"
DASH = r"(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to)"
_RANGE = re.compile(rf"(?P<low>{NUMBER})\s*+(?:{DASH}\s*+(?P<high>{NUMBER})|(?P<open>\+))?")
_UNIT_OF_TIME = r"(?:hours?|hrs?|h)"
_HOURS = re.compile(
    rf"(?P<low>{NUMBER})\s{{0,3}}(?:(?:{_UNIT_OF_TIME}\s{{0,3}})?{DASH}\s{{0,3}}(?P<high>{NUMBER})\s{{0,3}}"
    rf"|(?P<open>\+)\s{{0,3}})?-?\s{{0,3}}{_UNIT_OF_TIME}\b",
    re.IGNORECASE,
)
# What is said for each week or day is no duration.
_RATE = re.compile(r"\s*(?:(?:per|a|each|every|/)\s*(?:week|wk|day|month|module|lab)|weekly|daily)\b", re.IGNORECASE)
_PART = re.compile(
    rf"~?(?P<amount>{NUMBER}(?:\s?{DASH}\s?{NUMBER})?)\s*+(?P<unit>{_UNIT_OF_TIME}\b)?\s*+(?:of\s+)?"
    r"(?P<kind>[a-z][a-z -]*?)\s*"
    rf"|(?P<first>[a-z][a-z -]*?)(?:\s+hours)?(?:\s*[:=(-]\s*|\s+)~?(?P<after>{NUMBER}(?:\s?{DASH}\s?{NUMBER})?)"
    rf"\s*(?P<behind>{_UNIT_OF_TIME})?\s*\)?",
    re.IGNORECASE,
)
# What is counted, and no kind of hours.
_COUNTED = re.compile(
    r"(?:about|around|approx|approximately|roughly|circa|ca|estimated|hours?|h|total|all|in|per|a|each|every|over"
    r"|weeks?|days?|months?|minutes?|min|sessions?|modules?|topics?|parts?"
    r"|units?|lessons?|chapters?|videos?|sections?|learners?|people|points?|times|to|weekly|daily|max|up)\b",
    re.IGNORECASE,
)
# One and a half hours as people write them: "1h 30m", "1,5 h", and minutes alone.
_MIXED = re.compile(
    rf"(?P<hours>(?<!\d)\d+)\s?{_UNIT_OF_TIME}\.?,?\s?(?:and\s)?(?P<minutes>\d{{1,2}})\s?m(?:in(?:ute)?s?)?\b",
    re.IGNORECASE,
)
_COMMA = re.compile(
    rf"(?<![\d.,])(\d{{1,3}}),(\d{{1,2}})(?=\s?(?:{DASH}\s?\d{{1,3}}(?:[.,]\d{{1,2}})?\s?)?{_UNIT_OF_TIME}\b)",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    rf"(?P<about>\D{{0,10}}?)(?P<low>\d{{1,4}})(?:\s?{DASH}\s?(?P<high>\d{{1,4}}))?\s?-?min(?:ute)?s?\.?", re.IGNORECASE
)
_ABOUT = re.compile(r"^(?:~|\u2248|about|around|approx(?:\.|imately)?|circa|ca\.)\s*", re.IGNORECASE)
_ID = re.compile(r"\b(MOD|PROJ)[-_\u2010\u2011 ]?(\d{2,4}[A-Za-z]?)\b", re.IGNORECASE)
_PERCENT = re.compile(rf"(?P<value>{NUMBER})\s*(?:%|percent\b|per cent\b)", re.IGNORECASE)
NUMBER_ONLY = re.compile(rf"\s*+{_RANGE.pattern}\s*+")
_OPEN = {"tbd", "tba", "todo", "to be decided", "to be determined", "to be defined", "?", "..."}
NOTHING = {
    "",
    "-",
    "--",
    "\u2013",
    "\u2014",
    "none",
    "n/a",
    "na",
    "not applicable",
    "not required",
    "not needed",
    "nil",
    "nothing",
    *_OPEN,
}
# None (the first module), None - start here
_NONE_FIRST = re.compile(r"(none|n/a|nil|nothing)\s*(?:\(|[,;:\u2013\u2014]\s|-\s)", re.IGNORECASE)
_NONE_OF = re.compile(
    r"(?:there are |has )?(?:no|none|nothing)(?: (?:formal|specific|special|other|further|prior|previous|strict))?"
    r"(?: (?:prerequisites?|prereqs?|requirements?|modules?|knowledge|experience|needed|required|necessary|assumed))+",
    re.IGNORECASE,
)

# After its first number a kind goes on over "and", commas and slashes: MOD-101/103, Modules 001, 002 and 004.
_NAMED = re.compile(
    r"(?:\b(?P<kind>(?:MOD|PROJ)[-_\u2010\u2011 ]?|modules?\s+|projects?\s+)|(?<=\d)(?:/|\s*(?:,|&|\band\b)\s*))"
    rf"(?P<low>\d{{2,4}})(?:(?P<letter>[A-Za-z])\b|\b(?:\s*{DASH}\s*(?:(?:MOD|PROJ)-)?(?P<high>\d{{2,4}})\b)?)",
    re.IGNORECASE,
)

HOUR_KINDS = {
    "lecture": "lecture", "lectures": "lecture", "lab": "lab", "labs": "lab", "project": "project",
    "projects": "project", "portfolio": "portfolio", "assessment": "assessment", "assessments": "assessment",
    "theory": "lecture", "practice": "lab", "practical": "lab", "exercise": "lab", "exercises": "lab",
    "lab work": "lab", "hands on": "lab", "hands-on": "lab", "project work": "project",
    "quiz": "assessment", "quizzes": "assessment", "exam": "assessment", "exams": "assessment",
}  # fmt: skip
KINDS_OF_HOURS = frozenset(HOUR_KINDS.values())


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a range; an open end is None. ``50+`` has no high end."""

    low: str
    high: str | None

    @property
    def plain(self) -> str | dict[str, str | None]:
        """As the native format writes it: one number, or low and high."""
        return self.low if self.low == self.high else {"low": self.low, "high": self.high}


def number(text: str) -> str:
    """``1,200.50`` as ``1200.5``."""
    return number_text(Decimal(text.replace(",", "")))


def is_nothing(text: str) -> bool:
    """Whether a value says that there is none, or is still open: a dash, *None*, *No prerequisites*, *n/a*, *TBD*."""
    plain = text.strip().strip(".*_`").strip()
    if (first := _NONE_FIRST.match(plain)) and not named_ids(plain):
        plain = first[1]
    return plain.casefold() in NOTHING or _NONE_OF.fullmatch(plain) is not None


def is_open(text: str) -> bool:
    """Whether a value says that nobody knows yet: *TBD*."""
    return text.strip().strip(".*_`").strip().casefold() in _OPEN or not text.strip()


def _amount(found: re.Match[str]) -> Amount:
    low = number(found["low"])
    if found["open"]:
        return Amount(low, None)
    return Amount(low, number(found["high"]) if found["high"] else low)


def amount(text: str) -> Amount | None:
    """The first number or range of a text: ``6-8``, ``6 to 8``, ``50+``, ``15``."""
    found = _RANGE.search(text)
    return _amount(found) if found else None


def _of_minutes(minutes: Decimal) -> str:
    return number_text((minutes / 60).quantize(Decimal("0.01")))


def _in_hours(text: str) -> str:
    """A text with its times in hours, with a decimal point; minutes only where they are all that it says."""
    text = _COMMA.sub(r"\1.\2", text)
    text = _MIXED.sub(lambda found: f"{_of_minutes(60 * Decimal(found['hours']) + Decimal(found['minutes']))} h", text)
    if (found := _MINUTES.fullmatch(text.strip())) and (not found["about"].strip() or _ABOUT.match(found["about"])):
        ends = [_of_minutes(Decimal(each)) for each in (found["low"], found["high"]) if each]
        return f"{' - '.join(ends)} h"
    return text


def hours(text: str) -> Amount | None:
    """The first amount of hours: ``40 hours``, ``6-8 hours``, ``4h``, ``1h 30m``, ``1,5 h``; ``90 min`` by itself."""
    found = _HOURS.search(_in_hours(text))
    return _amount(found) if found else None


def hour_parts(text: str) -> dict[str, Amount] | None:
    """Hours by kind from ``12 lecture, 20 lab`` or ``Lecture: 12h / Lab: 20h``, kinds that modules do not have too.

    Such a kind needs its unit, or a kind beside it that modules have. None where a
    part is no hours of a kind, or there is none.
    """
    parts: dict[str, Amount] = {}
    known = bare = False
    for piece in re.split(r"[,;+/|&\u00b7]|\band\b", _in_hours(text)):
        if not piece.strip():
            continue
        found = _PART.fullmatch(piece.strip()) if len(piece) < 60 else None
        if found is None:
            return None
        said = (found["kind"] or found["first"]).strip().casefold()
        kind = HOUR_KINDS.get(said, said)
        unit = found["unit"] or found["behind"]
        if kind in parts or (said not in HOUR_KINDS and _COUNTED.match(said)):
            return None
        known = known or said in HOUR_KINDS
        bare = bare or (said not in HOUR_KINDS and not unit)
        value = amount(found["amount"] or found["after"])
        assert value is not None
        parts[kind] = value
    return parts if known or (len(parts) > 1 and not bare) else None


@dataclass(frozen=True, slots=True)
class Duration:
    """What a text says of a duration.

    :ivar parts: hours by kind; empty without any.
    :ivar whole: whether that is all it says.
    """

    total: Amount | None
    parts: dict[str, Amount]
    whole: bool

    @property
    def in_all(self) -> Amount | None:
        """The total that is said, else the sum of the parts."""
        if self.total is not None or not self.parts:
            return self.total
        lows, highs = zip(*((each.low, each.high or each.low) for each in self.parts.values()), strict=True)
        return Amount(number_text(sum(map(Decimal, lows), Decimal())), number_text(sum(map(Decimal, highs), Decimal())))


# "3 weeks x 8 h", with what that comes to or without.
_TIMES = re.compile(
    r"(?P<count>\d{1,3})\s?(?:weeks?|days?|sessions?|evenings?)\s?(?:x|\u00d7|\*|\u00e0|@|of|at)\s?"
    r"(?P<each>\d{1,3}(?:\.\d{1,2})?)\s?(?:h|hrs?|hours?)\b(?: each)?(?:\s?=\s?(?P<all>\d{1,4}(?:\.\d{1,2})?)"
    r"\s?(?:h|hrs?|hours?)\b)?",
    re.IGNORECASE,
)


# "2 sprints (30 h each)", "8 weeks (9 h per week)": one of a range of weeks is not multiplied.
_EACH = re.compile(
    r"(?<![-\u2013\d])(?<![-\u2013] )(?P<count>\d{1,3})\s?(?:weeks?|days?|sprints?|sessions?|evenings?|months?)\s?"
    r"[(,]\s?~?(?P<each>\d{1,3}(?:\.\d{1,2})?)\s?(?:h|hrs?|hours?)\s?"
    r"(?:each|(?:per|a|/)\s?(?:week|day|sprint|session|evening|month)|weekly|daily)\)?",
    re.IGNORECASE,
)


def duration(text: str) -> Duration:
    """``6-8 hours``, ``12 lecture, 28 lab``, ``40 hours (12 lecture, 28 lab)``, ``40h: 12h lecture / 28h lab``."""
    if alone := hour_parts(text):
        return Duration(None, alone, True)
    if times := _TIMES.search(text):
        total = times["all"] or number_text(Decimal(times["count"]) * Decimal(times["each"]))
        return replace(duration(f"{text[: times.start()]}{total} h{text[times.end() :]}"), whole=False)
    text = _in_hours(text)
    found = _HOURS.search(text)
    if (each := _EACH.search(text)) and (found is None or found.start() >= each.start("each")):
        total = number_text(Decimal(each["count"]) * Decimal(each["each"]))
        return Duration(Amount(total, total), {}, False)
    if found is None or _RATE.match(text, found.end()):
        return Duration(None, {}, False)
    total = _amount(found)
    inside = re.search(r"\(([^()]*)\)", text)
    if inside and (parts := hour_parts(inside[1])):
        return Duration(total, parts, only_hours(text.replace(inside[0], "")))
    behind = re.sub(r"^\s*(?:total|overall)?[\s:=,;\u2013\u2014-]*", "", text[found.end() :], flags=re.IGNORECASE)
    if parts := hour_parts(behind):
        return Duration(total, parts, only_hours(text[: found.end()]))
    return Duration(total, {}, only_hours(text))


def ids(text: str) -> list[str]:
    """The ids of modules and projects that a text names, in order, each once; ``mod 210a`` is ``MOD-210A``."""
    return list(dict.fromkeys(f"{kind.upper()}-{digits.upper()}" for kind, digits in _ID.findall(text)))


def named_ids(text: str) -> list[str]:
    """As :func:`ids`, with those in words and as ranges: ``Modules 001-003``, ``Project 01``, ``MOD-101 to 104``."""
    found: list[str] = []
    kind = ""
    for match in _NAMED.finditer(text):
        kind = ("MOD" if match["kind"][0] in "mM" else "PROJ") if match["kind"] else kind
        low, high = match["low"], match["high"] or match["low"]
        if kind and match["letter"]:
            found.append(f"{kind}-{low}{match['letter'].upper()}")
            continue
        if not kind or not int(low) <= int(high) <= int(low) + 50:
            continue
        found += [f"{kind}-{each:0{len(low)}d}" for each in range(int(low), int(high) + 1)]
    return list(dict.fromkeys(found))


def only_hours(text: str) -> bool:
    """Whether an amount of hours is all that a text says."""
    words = re.sub(r"\s{1,3}total$", "", _ABOUT.sub("", _in_hours(text).strip()).rstrip("."), flags=re.IGNORECASE)
    return _HOURS.fullmatch(words) is not None


_SECTION_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}[.:)]?\s+(?=\S)")


def unnumbered(title: str) -> str:
    """A heading without the number of its section: ``4.1 Brokers`` as *Brokers*."""
    return _SECTION_NUMBER.sub("", title)


_HOURS_AT_END = re.compile(
    r"(?:[(\[](?P<inside>[^()\[\]]{1,80})[)\]]|[:,|\u2013\u2014-]\s*(?P<after>~?\d[^()\[\]]{0,40}))$"
)


def split_hours(text: str) -> tuple[str, str]:
    """``Ports (2 hours)`` as *Ports* and *2 hours*; the text whole where no hours end it."""
    text = text.strip()
    found = _HOURS_AT_END.search(text, max(0, len(text) - 90), len(text) - text.endswith("."))
    inside = (found["inside"] or found["after"]) if found else None
    if found is None or inside is None or hours(inside) is None:
        return text, ""
    return text[: found.start()].strip(), inside.strip()


def percent(text: str) -> str | None:
    """The first share of a text, in percent."""
    found = _PERCENT.search(text)
    return number(found["value"]) if found else None


def listed(text: str) -> list[str]:
    """The parts of an enumeration in one line: split at commas and semicolons outside parentheses and code."""
    parts, depth, code, start = [], 0, False, 0
    for place, character in enumerate(text):
        if character == "`":
            code = not code
        elif code:
            continue
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth = max(0, depth - 1)
        elif character in ",;" and depth == 0 and not _inside_number(text, place):
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    cleaned = (re.sub(r"^(?:and|or)\s+", "", part.strip()) for part in parts)
    return [part for part in cleaned if part]


def _inside_number(text: str, place: int) -> bool:
    """Whether a comma groups digits (``1,200``)."""
    return bool(re.match(r"\d,\d{3}\b", text[place - 1 : place + 4])) if place else False


ALL_PREVIOUS = re.compile(r"\ball\b.{0,30}\b(?:previous|prior|preceding|earlier|above|other)\b", re.IGNORECASE)
