"""What stands beside the words of a question: its points, how hard it is, its type."""

from __future__ import annotations

import re
from collections.abc import Iterable

from courses.curriculum.sources.readers.quiz.kinds import Found
from courses.curriculum.sources.readers.quiz.pieces import Piece
from courses.curriculum.sources.readers.quiz.types import types_in
from courses.curriculum.sources.values import number

_UNIT = r"(?:points?|pts?\.?|marks?)"
_POINTS = re.compile(
    rf"[(\[](?:[^()\[\]\d]{{1,40}}[,;|])?\s*(?:worth\s+)?(\d+(?:\.\d+)?)\s*(?:bonus\s+)?{_UNIT}\s*(?:[,;|\u2013\u2014-][^()\[\]]*)?[)\]]",
    re.IGNORECASE,
)
# "Which is right? *(2 points)*"
POINTS_BEHIND = re.compile(
    rf"(?<!\s)\s+[*_]{{0,2}}[(\[]\s*(?:worth\s+)?(\d+(?:\.\d+)?)\s*{_UNIT}\s*[)\]][*_]{{0,2}}$", re.IGNORECASE
)
_EACH = re.compile(
    rf"\b(?P<first>\d+(?:\.\d+)?)\s*{_UNIT}\s+(?:each|per question)\b"
    rf"|\d\s*(?:questions?\s*)?[x\u00d7@]\s*(?P<times>\d+(?:\.\d+)?)\s*{_UNIT}"
    r"|\beach(?: question)?\s+(?:is worth|counts(?: for)?|carries|gives|=)\s+"
    rf"(?P<worth>\d+(?:\.\d+)?)\s*{_UNIT}?(?![\d%])",
    re.IGNORECASE,
)
_DIFFICULTIES = "easy|medium|hard|beginner|basic|intermediate|advanced|expert|foundational|moderate|challenging"
# "[Easy]", "(Medium, 2 points)", "(Multiple Choice)" before or behind a title.
_TAG = re.compile(
    r"^\s*[(\[](?P<first>[^()\[\]]{2,60})[)\]][\s:.\u2013\u2014-]*|(?<!\s)\s*+[(\[](?P<last>[^()\[\]]{2,60})[)\]]\s*$"
)
_FENCED = re.compile(r"^\s*(`{3,}|~{3,}).*?^\s*\1\s*?$", re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^[ \t]*+(?:[-*+]\s|\||\d{1,2}[.)]\s).*$", re.MULTILINE)
_TYPE = re.compile(r"numeric\w*|scenario(?:[ -]based)?|calculation")
# "(2 points) - Who ...", "(Bonus): Who ...": what stands between the number of a question and its words.
BEFORE = re.compile(
    r"^[(\[](?:[^()\[\]]*\b(?:points?|pts?\.?|marks?)|bonus)\s*[)\]]\s*[.:\u2013\u2014-]*\s*", re.IGNORECASE
)
# "(True/False): UDP keeps order.", "**True or False?** UDP keeps order."
_TRUTH = re.compile(
    r"^(?P<mark>\*\*|__|\*|_)?(?P<open>[(\[])?\s?(?P<type>true\s?(?:/|or)\s?false|t\s?/\s?f)\s?[)\]]?(?P<inside>[:?.])?"
    r"(?:\*\*|__|\*|_)?\s?(?P<outside>[:?.\u2013\u2014-])?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TRUTH_BEHIND = re.compile(r"\s{1,3}[(\[](?P<type>true\s?(?:/|or)\s?false|t\s?/\s?f)[)\]]$", re.IGNORECASE)


def points_in(text: str) -> str:
    """The points in brackets of a heading; empty without any."""
    found = _POINTS.search(text)
    return number(found[1]) if found else ""


def points_behind(text: str) -> str:
    """The points in brackets at the end of a line; empty without any."""
    found = POINTS_BEHIND.search(text)
    return number(found[1]) if found else ""


def each_in(text: str) -> str:
    """The points that a text says for each question; empty where it says none."""
    found = _EACH.search(text)
    return number(next(each for each in found.groups() if each)) if found else ""


def each_said(pieces: Iterable[Piece]) -> tuple[str, int] | None:
    """The points that lines say for each question, with the line that says it."""
    said = ((each_in(piece.text), piece.line) for piece in pieces if piece.kind == "text")
    return next((each for each in said if each[0]), None)


def tagged(found: Found, title: str, line: int) -> str:
    """A title without what stands in brackets before or behind it: points, how hard the question is, its type."""
    while tag := _TAG.search(title):
        parts = [part.strip() for part in re.split(r"[,;|/]", tag["first"] or tag["last"])]
        fields = [_field_of(part) for part in parts]
        if not all(fields):
            break
        for name, part in zip(fields, parts, strict=True):
            if name != "points":
                found.texts.setdefault(name, []).append((line, part))
        title = title[: tag.start()] + title[tag.end() :]
    return title


def _field_of(part: str) -> str:
    words = re.sub(r"^(?:difficulty|level|type):?\s+", "", part.strip().casefold())
    if re.fullmatch(_DIFFICULTIES, words):
        return "difficulty"
    if re.fullmatch(rf"\d+(?:\.\d+)?\s*{_UNIT}", words):
        return "points"
    return "stated.type" if types_in(words) or _TYPE.fullmatch(words) else ""


def untyped(found: Found, text: str, line: int) -> str:
    """A text without the words around it that only say that it is true or false; these are what the type is told by."""
    if behind := _TRUTH_BEHIND.search(text):
        found.texts.setdefault("stated.type", []).append((line, behind["type"]))
        return text[: behind.start()]
    tag = _TRUTH.match(unbold(text))
    if tag is None or not (tag["mark"] or tag["open"] or tag["inside"] or tag["outside"]):
        return text
    found.texts.setdefault("stated.type", []).append((line, tag["type"]))
    return tag["rest"]


def unbold(text: str) -> str:
    """A text without the marks around it, where all of it is bold."""
    whole = re.fullmatch(r"\*\*([^*]+)\*\*", text)
    return whole[1].strip() if whole else text


def asks_above(title: str, stem: str) -> bool:
    """Whether a title is the sentence that asks, and what stands below it only shows what it is about.

    Learners see no title: it has to be a part of the stem then.
    """
    bare = _SHOWN.sub("", _FENCED.sub("", stem))
    sentence = re.search(r"[?:.\u2026][*_`\s)\]]*$", title)
    return not bare.strip() or (sentence is not None and "?" not in bare)
