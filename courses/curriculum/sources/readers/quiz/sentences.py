"""Facts of a quiz that stand in sentences: *You have 25 minutes, and you pass with 80 % or more.*"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^.!?]+(?:\.\d[^.!?]*)*")
_CONDITION = re.compile(r"\bif\b|\bbelow\b|\bless than\b|<", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:to pass|you pass|passes|passed|pass(?:ing)? (?:score|mark|grade|threshold)|is required)\b", re.IGNORECASE
)
_SCORE = re.compile(r"\d\s*%|\d+\s*(?:/|out of|of)\s*\d+|\d+\s+(?:correct|points?|questions?)", re.IGNORECASE)
_TIME = re.compile(r"\b(?P<time>\d+)[ -]*min(?:ute)?s?\b", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:have|limit\w*|within|allowed|takes?|given|time)\b", re.IGNORECASE)
_ATTEMPTS = re.compile(
    r"\b(?P<count>\d+|one|two|three|four|five|unlimited)\s+(?:attempts?|tries|retakes?)\b", re.IGNORECASE
)


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
