"""Quizzes in YAML: a mapping with the head, and a list of questions with their choices and answers.

Each question is read as the lines that Markdown would have for it, with the lines of its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.sources.entries import folded_key, scalar
from courses.curriculum.sources.reader import SourceDocument
from courses.curriculum.sources.readers.quiz.answers import compared
from courses.curriculum.sources.readers.quiz.pieces import Piece
from courses.curriculum.sources.yaml import line_of, lines_of

_NUMBER = re.compile(r"(?:q|question)?[ _-]?0*(\d+)", re.IGNORECASE)
_LISTS = ("questions", "items")
_STEM = ("question", "stem", "prompt", "text", "statement", "q")
_OPTIONS = ("options", "choices", "answers", "alternatives")
_ANSWER = (
    "answer",
    "correct",
    "correct_answer",
    "correct_answers",
    "correct_option",
    "correct_options",
    "solution",
    "key",
)
_WORDS = ("text", "option", "label", "value", "answer")
_RIGHT = ("correct", "right", "is_correct", "is_right", "answer")
# Key -> the label that Markdown has for it.
_LABELS = {
    "explanation": "Explanation", "rationale": "Explanation", "feedback": "Explanation", "why": "Explanation",
    "points": "Points", "marks": "Points", "difficulty": "Difficulty", "level": "Difficulty", "hint": "Hint",
    "tolerance": "Tolerance", "unit": "Unit",
    "topic": "Topic", "topics": "Topic", "tags": "Topic", "reference": "Reference", "references": "Reference",
}  # fmt: skip
_ACCEPTED = ("accepted", "accepted_answers", "acceptable_answers")
_ORDERED = ("items", "order", "correct_order", "sequence")
_TYPES = ("type", "question_type", "format")


@dataclass(frozen=True, slots=True)
class Written:
    """One question: its mapping, the keys that were read, and its lines as pieces."""

    data: CommentedMap
    line: int
    taken: frozenset[Any]
    pieces: list[Piece]


def list_key(data: CommentedMap) -> Any:
    """The key of the list of questions; None without one."""
    for key, value in data.items():
        if folded_key(key) in _LISTS and isinstance(value, CommentedSeq) and any(map(_asks, value)):
            return key
    return None


def _asks(entry: Any) -> bool:
    names = {folded_key(key) for key in entry} if isinstance(entry, CommentedMap) else set()
    return bool(names & set(_STEM)) and bool(names & {*_OPTIONS, *_ANSWER})


def recognises(document: SourceDocument) -> float:
    """By a list of questions with choices or answers, in what is no native document."""
    return 0.9 if "kind" not in document.data and list_key(document.data) is not None else 0


def questions_of(data: CommentedMap, key: Any) -> list[Written]:
    """The entries of the list that are mappings."""
    entries = data[key]
    return [
        _question(entry, line_of(entries, place), place + 1)
        for place, entry in enumerate(entries) if isinstance(entry, CommentedMap)
    ]  # fmt: skip


def _question(data: CommentedMap, line: int, place: int) -> Written:
    names = {folded_key(key): key for key in reversed(data)}
    numbers = {
        n: found[1] for n in ("number", "id") if n in names and (found := _NUMBER.fullmatch(str(data[names[n]])))
    }
    number, taken = next(iter(numbers.values()), ""), {names[n] for n in numbers}
    pieces = [Piece("heading", (line,), f"Question {number or place}", "", 2)]
    stem = next((names[name] for name in _STEM if name in names), None)
    options = next((names[name] for name in _OPTIONS if name in names and _is_list(data[names[name]])), None)
    answer = next((names[name] for name in _ANSWER if name in names and names[name] != options), None)
    kind = next((names[name] for name in _TYPES if name in names), None)
    if stem is not None:
        taken.add(stem)
        pieces.append(Piece("text", tuple(lines_of(data, stem)), _said(data[stem])))
    letters: dict[str, str] = {}
    if options is not None:
        taken.add(options)
        for piece, letter, text in _options(data[options]):
            letters[compared(text)] = letter
            pieces.append(piece)
    if answer is not None:
        taken.add(answer)
        pieces.append(_labelled("Answer", data, answer, _answer(data[answer], letters)))
    else:
        pieces += _other_answers(data, names, taken)
    if kind is not None and isinstance(data[kind], str):
        taken.add(kind)
        pieces.append(_labelled("Type", data, kind, data[kind].replace("_", " ")))
    for name, label in _LABELS.items():
        if name in names and names[name] not in taken and not isinstance(data[names[name]], CommentedMap):
            taken.add(names[name])
            pieces.append(_labelled(label, data, names[name], _said(data[names[name]])))
    return Written(data, line, frozenset(taken), pieces)


def _other_answers(data: CommentedMap, names: dict[str, Any], taken: set[Any]) -> list[Piece]:
    """What answers where no key is called so: words that are accepted, an order, or pairs."""
    name = next((n for n in (*_ACCEPTED, *_ORDERED, "pairs") if n in names and _is_list(data[names[n]])), "")
    value = data[names[name]] if name else None
    if not isinstance(value, CommentedSeq):
        return []
    taken.add(names[name])
    if name == "pairs":
        sides = [[_said(each) for each in pair.values()] for pair in value if isinstance(pair, CommentedMap)]
        said = "; ".join(" -> ".join(each) for each in sides)
        return [Piece("text", tuple(lines_of(data, names[name])), f"**Answer:** {said}")]
    words = [_said(each) for each in value]
    if name in _ORDERED:
        letters = [chr(ord("A") + place % 26) for place in range(len(words))]
        listed = [
            Piece("text", tuple(lines_of(value, place)), f"{letters[place]}) {each}")
            for place, each in enumerate(words)
        ]
        return [*listed, _labelled("Answer", data, names[name], ", ".join(letters))]
    also = f" (also: {', '.join(words[1:])})" if words[1:] else ""
    return [_labelled("Answer", data, names[name], f"{words[0]}{also}")]


def _is_list(value: Any) -> bool:
    return isinstance(value, CommentedSeq | CommentedMap) and len(value) > 0


def _said(value: Any) -> str:
    if isinstance(value, CommentedSeq):
        return ", ".join(_said(entry) for entry in value)
    return str(value) if isinstance(value, bool) else str(scalar(value) if value is not None else "").strip()


def _labelled(label: str, data: CommentedMap, key: Any, value: str) -> Piece:
    return Piece("text", tuple(lines_of(data, key)), f"**{label}:** {value}")


def _options(value: CommentedSeq | CommentedMap) -> Iterator[tuple[Piece, str, str]]:
    """The choices with their letters and words: texts, texts by letters, or mappings that may say that one is right."""
    entries = value.items() if isinstance(value, CommentedMap) else enumerate(value)
    for place, (key, entry) in enumerate(entries):
        letter = chr(ord("A") + place % 26)
        if isinstance(value, CommentedMap) and len(str(key)) == 1:
            letter = str(key).upper()
        tick, text = None, ""
        if not isinstance(entry, CommentedMap):
            text = _said(entry)
        elif len(entry) == 1 and len(str(next(iter(entry)))) == 1:
            letter, text = str(next(iter(entry))).upper(), _said(next(iter(entry.values())))
        else:
            names = {folded_key(name): entry[name] for name in entry}
            text = next((_said(names[name]) for name in _WORDS if name in names), "")
            letter = next((str(names[name]).upper() for name in ("id", "letter", "key") if name in names), letter)
            tick = next((names[name] for name in _RIGHT if isinstance(names.get(name), bool)), None)
        shown = f"{letter}) {text}" if len(letter) == 1 else text
        yield Piece("text", tuple(lines_of(value, key)), shown, tick=tick), letter, text


def _answer(value: Any, letters: dict[str, str]) -> str:
    """The answer as letters where all of it repeats the words of options; else as it is."""
    said = [_said(entry) for entry in (value if isinstance(value, CommentedSeq) else [value])]
    entries = value if isinstance(value, CommentedSeq) else [value]
    places = [entry for entry in entries if isinstance(entry, int) and not isinstance(entry, bool)]
    if len(places) == len(entries) and 0 in places and max(places) < len(letters):
        # Only who counts from 0 has a choice 0.
        return ", ".join(list(letters.values())[place] for place in places)
    named = [letters.get(compared(each), "") for each in said]
    return ", ".join(named if all(named) else said)
