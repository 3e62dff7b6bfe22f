"""Which module a quiz is about, by what its title says."""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim

_BEFORE = re.compile(
    r"^\W*+(?:[\w-]++\s++){0,2}(?:quiz|assessment|test|exam|check)\s*+[:\u2013\u2014-]\s*", re.IGNORECASE
)


def module_named(quiz: Claim, text: str, *lines: int) -> None:
    """The module that a heading names: by id, by number, and by its title behind the number."""
    found = re.search(r"\bMOD-\d{2,4}\b|\bmod-\d{2,4}\b", text)
    if found and "stated.module_id" not in quiz.fields:
        quiz.set("stated.module_id", found[0].upper(), *lines)
    numbered = re.search(
        r"\bmodul\w*(?<!\d)\s*+[-#]?\s*+(\d++)(?:\s++(?:\w++\s++){0,2}(?:quiz|assessment|test|exam))?\s*+[:\u2013\u2014-]*+\s*+(.*)$",
        text,
        re.IGNORECASE,
    )
    if numbered and "stated.module_number" not in quiz.fields:
        quiz.set("stated.module_number", numbered[1], *lines)
    title = numbered[2] if numbered else text if not found else text[found.end() :]
    if not re.search(r"\w", title):
        # "Networks - Quiz (Module 604)": the title stands before the number.
        named = numbered or found
        title = _BEFORE.sub("", text[: named.start()]) if named else ""
    title = re.sub(r"^[\s:(\u2013\u2014-]+|[\s:(\u2013\u2014-]+$", "", title)
    title = re.sub(
        r"(?:(?<!\s)\s++)?(?:[-:\u2013\u2014|(]\s*+)?(?:(?<!\w)\w++[ -](?:\w++[ -])?)?"
        r"(?:quiz|assessment|test|exam|knowledge check)\b.*$",
        "",
        title,
        flags=re.IGNORECASE,
    ).strip()
    if title and "stated.module_title" not in quiz.fields:
        quiz.set("stated.module_title", title, *lines)
