"""Facts of a quiz that stand in sentences: *You have 25 minutes, and you pass with 80 % or more.*"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^.!?]+(?:\.\d[^.!?]*)*")
_CONDITION = re.compile(r"\bif\b|\bbelow\b|\bless than\b|<", re.IGNORECASE)
_PASSING = re.compile(
    r"\bpass(?:ing)?\s*:|\b(?:pass at|to pass|you pass|passes|passed|is required"
    r"|pass(?:ing)? (?:score|mark|grade|threshold))\b", re.IGNORECASE,
)  # fmt: skip
_SCORE = re.compile(r"(?<!\d)\d++(?:\s*+%|\s*+(?:/|out of|of)\s*+\d|\s++(?:correct|points?|questions?))", re.IGNORECASE)
_TIME = re.compile(r"\b(?P<time>\d+)[ -]*min(?:ute)?s?\b", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:have|limit\w*|within|allowed|takes?|given|time)\b", re.IGNORECASE)
_ATTEMPTS = re.compile(
    r"\b(?P<count>\d+|one|two|three|four|five|unlimited)\s+(?:attempts?|tries|retakes?)\b", re.IGNORECASE
)


def facts_of_title(text: str) -> Iterator[tuple[str, str]]:
    """The same out of parentheses behind a title, *questions* besides: ``Quiz (8 questions, 20 min, pass at 75 %)``."""
    inside = re.search(r"\(([^()]*)\)\s*$", text)
    for part in re.split(r"[,;|\u00b7]\s*", inside[1]) if inside else ():
        if count := re.fullmatch(r"(\d+)\s+questions?", part.strip(), re.IGNORECASE):
            yield "questions", count[1]
        elif _PASSING.search(part) and _SCORE.search(part):
            yield "passing", part.strip()
        elif time := re.fullmatch(r"(\d+)[ -]*min(?:ute)?s?\.?", part.strip(), re.IGNORECASE):
            yield "time", f"{time[1]} minutes"


def facts_in(text: str) -> Iterator[tuple[str, str]]:
    """Field (*passing*, *time*, *attempts*) and words of each fact that a text states; conditions state none."""
    for found in _SENTENCE.finditer(text[:2000]):
        sentence = found[0].strip()
        if _CONDITION.search(sentence):
            continue
        if _PASSING.search(sentence) and _SCORE.search(sentence):
            yield "passing", sentence
        if (time := _TIME.search(sentence)) and _LIMIT.search(sentence):
            yield "time", f"{time['time']} minutes"
        if attempts := _ATTEMPTS.search(sentence):
            yield "attempts", attempts["count"]
