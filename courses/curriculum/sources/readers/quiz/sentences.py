"""Facts of a quiz that stand in sentences: *You have 25 minutes, and you pass with 80 % or more.*"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from courses.curriculum.bodies.base import number_text

_SENTENCE = re.compile(r"[^.!?]+(?:\.\d[^.!?]*)*")
# Between facts that stand beside each other: "8 questions | 16 minutes | 80% to pass".
APART = re.compile(r"(?<!\s)\s+[|\u2022\u00b7\u2014\u2013]\s+|;\s+")
_CONDITION = re.compile(r"\bif\b|\bbelow\b|\bless than\b|<", re.IGNORECASE)
# A condition, or more than a sentence.
_SEVERAL = re.compile(rf"{_CONDITION.pattern}|[.!?]\s", re.IGNORECASE)
_PASSING = re.compile(
    r"\bpass(?:ing)?\s*:|\b(?:pass at|pass with|pass from|to pass|you pass|passes|passed|(?:is|are) (?:required|needed)"
    r"|(?:required|needed) to|pass(?:ing)? (?:score|mark|grade|threshold))\b", re.IGNORECASE,
)  # fmt: skip
_SCORE = re.compile(r"(?<!\d)\d++(?:\s*+%|\s*+(?:/|out of|of)\s*+\d|\s++(?:correct|points?|questions?))", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?P<time>\d+)[ -]*min(?:ute)?s?\b|\b(?P<hours>\d+(?:\.\d+)?|an|one|two)[ -]hours?\b", re.IGNORECASE
)
_HOURS = {"an": "1", "one": "1", "two": "2"}
_LIMIT = re.compile(r"\b(?:have|limit\w*|within|allowed|takes?|given|time)\b", re.IGNORECASE)
_ATTEMPTS = re.compile(
    r"\b(?P<count>\d+|one|two|three|four|five|unlimited)\s+(?:attempts?|tries|retakes?)\b", re.IGNORECASE
)
_COUNT = re.compile(r"(?:total:?\s*)?(\d+)\s+(?:[a-z-]+\s+)?questions?\.?", re.IGNORECASE)
_LIMITS = (
    re.compile(r"(?P<hours>\d{1,2}):(?P<minutes>\d{2})(?::\d{2})?(?:\s*(?:h|hrs?|hours?))?"),
    re.compile(r"(?P<half>half an hour)", re.IGNORECASE),
    re.compile(
        r"(?P<hours>\d+(?:\.\d+)?|an|one|two)[ -]?(?:hours?|hrs?|h|stunden?)\b\.?"
        r"(?:,?\s*(?:and\s+)?(?P<minutes>\d{1,2})\s*(?:minutes?|mins?\.?|m|minuten)?)?", re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<minutes>\d++)\s*+(?:-\s*+)?(?:minutes?|mins?\.?|minuten)(?!\w)", re.IGNORECASE),
)  # fmt: skip


def score_of(figure: str, questions: int, unit: str = "") -> str:
    """A passing score without its unit, with one: a share up to 1, a count up to the number of *questions*, a percent.

    :param unit: *count* or *percent* where words beside the figure say it.
    """
    share = Decimal(figure)
    if share <= 1 and unit != "count":
        return f"{(100 * share).normalize():f}%"
    counted = unit == "count" or (share <= questions and unit != "percent" and share < 50)
    return f"{figure} questions" if counted else f"{figure}%"


def limit_of(text: str) -> str | None:
    """The minutes that a label allows: ``45 min``, ``1 h 30 min``, ``1:30``; None for a range, or anything else."""
    ranged = re.search(r"\d\s*(?:-|\u2013|to)\s*\d", text)
    found = next((found for limit in _LIMITS[:3] if (found := limit.match(text.strip()))), None) or _LIMITS[3].search(
        text
    )
    if ranged or found is None:
        return None
    said = found.groupdict()
    if said.get("half"):
        return "30"
    hours = (said.get("hours") or "0").casefold()
    return number_text(60 * Decimal(_HOURS.get(hours, hours)) + Decimal(said.get("minutes") or 0))


def facts_of_title(text: str) -> Iterator[tuple[str, str]]:
    """Facts out of parentheses behind a title, *questions* besides: ``Quiz (8 questions, 20 min, pass at 75 %)``."""
    inside = re.search(r"\(([^()]*)\)\s*$", text)
    for part in re.split(r"[,;|\u00b7]\s*", inside[1]) if inside else ():
        yield from _alone(part.strip())


def _alone(part: str) -> Iterator[tuple[str, str]]:
    """The fact that a few words between separators are."""
    if count := _COUNT.fullmatch(part):
        yield "questions", count[1]
    elif _PASSING.search(part) and _SCORE.search(part) and not _SEVERAL.search(part):
        yield "passing", part
    elif (time := _TIME.match(part)) and re.fullmatch(r"\.?|\s*(?:limit|allowed|max\.?)", part[time.end() :]):
        yield "time", _minutes(time)
    elif attempts := _ATTEMPTS.fullmatch(part):
        yield "attempts", attempts["count"]


def _minutes(found: re.Match[str]) -> str:
    if found["time"]:
        return f"{found['time']} minutes"
    hours = found["hours"].casefold()
    return f"{_HOURS.get(hours, hours)} hours"


def facts_in(text: str) -> Iterator[tuple[str, str]]:
    """Field (*passing*, *time*, *attempts*, *questions*) and words of each fact of a text; conditions state none."""
    beside = APART.split(text[:2000].strip("*_ "))
    for part in beside:
        yield from _alone(part.strip("*_ "))
    for found in _SENTENCE.finditer("" if len(beside) > 2 else text[:2000]):
        sentence = found[0].strip()
        if _CONDITION.search(sentence):
            continue
        if _PASSING.search(sentence) and _SCORE.search(sentence):
            yield "passing", sentence
        if (time := _TIME.search(sentence)) and _LIMIT.search(sentence):
            yield "time", _minutes(time)
        if attempts := _ATTEMPTS.search(sentence):
            yield "attempts", attempts["count"]
