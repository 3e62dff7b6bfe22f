"""The types of questions that a quiz says it has, and of each how many: *10 multiple choice, 5 true/false*."""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.values import number

_TYPES = {
    "single": r"multiple[ -]choice|single[ -](?:choice|answer|select)|mcqs?",
    "multiple": r"multiple[ -]select|multi[ -]select|select[ -]all|multiple[ -](?:answer|response)s?|all that apply",
    "true_false": r"true\s*(?:/|or|and)\s*false|t/f",
    "short_text": r"short[ -]answers?|open[ -]ended|free[ -]text|essay",
    "matching": r"\bmatching\b",
    "fill_in": r"fill[ -]in",
    "ordering": r"\bordering\b",
    "code_reading": r"code[ -](?:analysis|reading|snippets?|review|completion|output)",
}
_BEFORE = r"(?<![\d.-])(?P<before>\d{1,3})\s*(?:x|\u00d7)?\s*"
_BEHIND = r"(?:\s+questions?)?\s*(?:[:=\u2013\u2014-]|\()\s*(?P<behind>\d{1,3})(?![\d%.]|\s*(?:points?|pts|%|min))"


def types_in(text: str) -> list[str]:
    """The types of questions that a text names."""
    return [name for name, words in _TYPES.items() if re.search(words, text, re.IGNORECASE)]


def types_stated(quiz: Claim, text: str, *lines: int) -> None:
    """State each type that a text names, with how many of it there are where it says so."""
    for kind in types_in(text):
        quiz.set(f"stated.types.{quiz.count('stated.types')}", kind, *lines)
    for kind, words in _TYPES.items():
        found = re.search(f"{_BEFORE}(?:{words})|(?:{words}){_BEHIND}", text, re.IGNORECASE)
        if found and (count := found["before"] or found["behind"]):
            value = {"type": kind, "count": number(count)}
            quiz.set(f"stated.type_counts.{quiz.count('stated.type_counts')}", value, *lines)
