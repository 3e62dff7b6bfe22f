"""Facts of a quiz under the keys of YAML: its front matter, or a quiz that is YAML as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.entries import scalar
from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.about import module_named
from courses.curriculum.sources.readers.quiz.guide import fact_of, head_fact, title_read
from courses.curriculum.sources.readers.quiz.sentences import score_of
from courses.curriculum.sources.yaml import lines_of

_TITLES = ("title", "name", "quiz", "quiz title")
_UNIT = re.compile(r"^(?P<name>.*?)\W*(?P<unit>minutes?|mins?|percent|pct|hours?|count)$")
_DURATION = re.compile(r"PT(?:(?P<hours>\d{1,2})H)?(?:(?P<minutes>\d{1,3})M)?")


def title_of(data: CommentedMap) -> tuple[str, range] | None:
    """The title that a mapping states, with its lines."""
    for key, value in data.items():
        if folded(str(key)) in _TITLES and isinstance(value, str) and value.strip():
            return value.strip(), lines_of(data, key)
    return None


def key_read(quiz: Claim, data: CommentedMap, key: Any, questions: int) -> bool:
    """State the fact that a key says; False for one that is none of a quiz's head.

    A passing score without a unit is a count where it is no more than the number of *questions*, else a percent.
    """
    value, lines = data[key], tuple(lines_of(data, key))
    words = folded(str(key).replace("_", " "))
    if words in _TITLES and isinstance(value, str):
        return _titled(quiz, value.strip(), lines)
    unit = _UNIT.match(words)
    name = fact_of(words) or (fact_of(unit["name"].strip()) if unit else "")
    if isinstance(value, CommentedSeq):
        if not all(isinstance(entry, str | int | float) for entry in value):
            return False
        value = ", ".join(str(scalar(entry)) for entry in value)
    if not name or isinstance(value, CommentedMap | bool) or value is None or not str(value).strip():
        return False
    said = str(scalar(value)).strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", said):
        said = _with_unit(name, said, unit["unit"] if unit and not fact_of(words) else words, questions)
    elif (iso := _DURATION.fullmatch(said)) and name == "time":
        said = f"{60 * int(iso['hours'] or 0) + int(iso['minutes'] or 0)} minutes"
    if not _again(quiz, name, said, lines):
        head_fact(quiz, name, said, *lines)
    return True


def _again(quiz: Claim, name: str, said: str, lines: Collection[int]) -> bool:
    """Whether the text states the fact already, so that this says it once more, by the figure where it has one."""
    figures = {"passing": ("passing.percent", values.percent(said)), "time": ("time_limit_minutes", _minutes(said))}
    field, figure = figures.get(name, ("", None))
    if field not in quiz.fields or not figure:
        field, figure = next((each for each in (f"stated.{name}", name) if each in quiz.fields), ""), said
    if field:
        quiz.set(field, figure, *lines)
    return bool(field)


def _minutes(said: str) -> str | None:
    found = re.fullmatch(r"(\d+)\s*min(?:ute)?s?\.?", said, re.IGNORECASE)
    return found[1] if found else None


def _titled(quiz: Claim, title: str, lines: Collection[int]) -> bool:
    quiz.set("title", title, *lines)
    title_read(quiz, title, *lines)
    if re.search(r"\bmod(?:ule?)?\b", folded(title)):
        module_named(quiz, title, *lines)
    return True


def _with_unit(name: str, figure: str, words: str, questions: int) -> str:
    if name == "module":
        return f"Module {figure}"
    if name == "time":
        return f"{figure} hours" if "hour" in words else f"{figure} minutes"
    if name != "passing":
        return figure
    of = "count" if "count" in words else "percent" if re.search("perc|pct", words) else ""
    return score_of(figure, questions, of)
