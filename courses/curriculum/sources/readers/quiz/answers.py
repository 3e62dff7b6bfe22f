"""What stands as an answer: letters, words or a figure, alone or with what is said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from courses.curriculum.sources.readers.quiz.pieces import lettered

# "Both A and C", "The correct answer is B": words before letters that say nothing else.
_BEFORE = (
    r"(?:(?:both|only)\s+|(?:the\s+)?(?:(?:correct|right|best)\s+)?(?:options?|choices?|answers?)(?:\s+(?:is|are))?:?\s+"
    r"(?:both\s+)?)?"
)
# "B is correct", "A and C only", "B because ...": words behind them.
_BEHIND = r"\s+(?:only|alone|because|since)\b|\s+(?:is|are)\s+(?:the\s+)?(?:correct|right|best|true)\b"
# A list that goes on with what is no letter by itself is not understood: "A, C and nothing else", "A, B or C".
_GOES_ON = re.compile(r"\s*(?:[,;&+/]|\band\b|\bor\b)\s*(?:(?:and|or)\s+)?\(?[A-J]\)?(?=$|[\s,;.)])(?!['\u2019])")
_NO_MORE = re.compile(r"^\s*(?:only|alone)\b(?=\s*(?:$|[^\w\s]|(?:because|since|as|for)\b))", re.IGNORECASE)
_NO_REASON = re.compile(
    r"^(?:(?:is|are)\s+(?:the\s+)?(?:correct|right|best|true)(?:\s+(?:options?|answers?|choices?))?)\b[\s.:,]*",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    rf"^{_BEFORE}(?P<letters>\(?[A-Za-z]\)?(?:\s*(?:,|;|&|\+|/|\band\b|\bund\b)\s*(?:and\s+)?"
    rf"\(?[A-Za-z]\b\)?)*)(?=$|\s*[).:,\u2013\u2014=]|\s+-|\s*\(|\s*`|{_BEHIND})(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_GLUED = re.compile(r"^(?P<letters>[A-H]{2,6})(?=$|\s*[).:\u2013\u2014-])(?P<rest>.*)$", re.DOTALL)
_SPACED = re.compile(r"^(?P<letters>[A-J](?: [A-J]){1,5})(?P<rest>)\.?$")
_RANGE = re.compile(
    r"^(?P<first>[A-H])\s?(?:[\u2013\u2014-]|to|through|thru)\s?(?P<last>[B-J])(?=$|\s*[.,;:(]|\s+[\u2013\u2014-])(?P<rest>.*)$",
    re.DOTALL,
)
_QUOTES = "\"'\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb"
# A letter, or several, in quotation marks or brackets.
_ENCLOSED = re.compile(rf"^[{_QUOTES}\[]+(?P<letters>[A-Ja-j](?:\s?[,;&]\s?[A-Ja-j]){{0,5}})[{_QUOTES}\]]+")
_TRUTH = re.compile(r"^(?P<truth>true|false|t|f|yes|no|wahr|falsch|richtig)\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)?$")
_PAIRS = re.compile(
    r"(?<![\w.])(\d{1,2}|[A-Za-z])\s*(?:->|=>|\u2192|=|:|-|\u2013|\))\s*\(?([A-Za-z]|\d{1,2})\)?(?![\w])"
)
_GLUED_PAIRS = re.compile(r"(?<![\w.])(\d{1,2})([A-Ja-j])(?!\w)")
_LINES = re.compile(r"\s*[;\n]\s*")
_COMMAS = re.compile(r"\s*,\s*")
_ROW = re.compile(r"(?m)^\|(?P<left>[^|\n]+)\|(?P<right>[^|\n]+)\|\s*$")
# The surest first: a hyphen without blanks may be part of a word.
_SIGNS = (
    r"\s*(?:->|=>|[\u2192\u2794\u279c\u21d2])\s*",
    r"\s+[\u2013\u2014=-]\s+",
    r":\s+",
    r"\s*[\u2013\u2014=]\s*",
    r":|-(?=[A-Za-z]$|\d+$)",
)
_LONGEST = 2000
_BESIDE = re.compile(r"(?<!\s)[^\S\n]*+(?:[,;&\n]|\band\b)\s*+(?:and\s++)?(?=(?:[-*]\s)?\(?[A-Ja-j][).:]\s)")
_WITH_WORDS = re.compile(r"^[-*]?\s*\(?(?P<letter>[A-Ja-j])[).:]\s+(?P<words>\S.*)$", re.DOTALL)
_WITH_LETTER = re.compile(r"^\(?(?P<letter>[A-Ja-j])\)?\s*[.):,=\u2013\u2014-]*\s+(?P<words>\S.*)$", re.DOTALL)
_WITH_LETTER_BEHIND = re.compile(
    r"^(?P<words>\S.*?)(?<!\s)(?:\s*+\((?:option |answer |choice )?|,?\s++(?:option|answer|choice)\s)"
    r"(?P<letter>[A-Ja-j])\)?\.?$",
    re.DOTALL | re.IGNORECASE,
)
# Letters on lines of their own are letters beside each other.
_LISTED = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+(?=\(?[A-Ja-j][).]?(?:\n|$))")
_TAGS = re.compile(r"</?(?:b|strong|i|em|u|mark|code|kbd|span)>", re.IGNORECASE)
BLANK = re.compile(r"^[\s_.\u2026-]*$")


@dataclass(frozen=True, slots=True)
class Answer:
    """``letters`` are upper case and in the order of the text; ``rest`` is what follows them."""

    letters: tuple[str, ...] = ()
    truth: bool | None = None
    rest: str = ""


def plain(text: str) -> str:
    """A text without the marks of emphasis and code around it, and without ticks."""
    text = lettered(re.sub(r"[\u2705\u2713\u2714\u2611]\ufe0f?", "", _TAGS.sub("", text)).strip())
    return re.sub(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", "", text).strip()


def compared(text: str) -> str:
    """A text for comparing options: case, emphasis, code marks, blanks and a last full stop mean nothing."""
    return re.sub(r"\s+", " ", plain(text).replace("`", "")).strip().rstrip(".").casefold()


def is_number(text: str) -> bool:
    return bool(_NUMBER.match(text.strip()))


def worded(text: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """The letters of an answer that repeats the words of several options: ``A) One, C) Three``; empty for any other."""
    # Long runs of blanks would be tried from each of them.
    words = re.sub(r"[^\S\n]+", " ", plain(text))
    found = [_WITH_WORDS.match(part.strip()) for part in _BESIDE.split(words)]
    letters = tuple(part["letter"].upper() for part in found if part)
    same = all(part and compared(part["words"]) == compared(options.get(part["letter"].upper(), "")) for part in found)
    return letters if same and len(letters) > 1 else ()


def named_with(text: str, options: Mapping[str, str]) -> str:
    """The letter that stands before the words of its own option (``B - pull``, ``pull (B)``); empty without one."""
    words = plain(text)
    for found in (_WITH_LETTER.match(words), _WITH_LETTER_BEHIND.match(words)):
        if found and compared(found["words"]) == compared(options.get(found["letter"].upper(), "")) != "":
            return str(found["letter"].upper())
    return ""


def answer_of(text: str) -> Answer:
    """Read an answer that may be letters: ``B``, ``b) Text``, ``A, C and D``, ``ABD``, ``True - because``."""
    words = _ENCLOSED.sub("\\g<letters>)", _LISTED.sub(", ", plain(text)))
    if found := _TRUTH.match(words):
        short = len(found["truth"]) == 1
        if not short:
            truth = found["truth"].casefold() in ("true", "yes", "wahr", "richtig")
            return Answer((), truth, _rest(found["rest"]))
        if not found["rest"].strip():
            return Answer((found["truth"].upper(),), found["truth"].casefold() == "t", "")
    if (found := _RANGE.match(words)) and found["first"] < found["last"]:
        letters = map(chr, range(ord(found["first"]), ord(found["last"]) + 1))
        return Answer(tuple(letters), None, _rest(found["rest"]))
    for pattern in (_GLUED, _SPACED, _LETTERS):
        if (found := pattern.match(words)) and _GOES_ON.match(found["rest"]) is None:
            said = re.sub(r"\b(?:and|und)\b", "", found["letters"], flags=re.IGNORECASE)
            return Answer(tuple(letter.upper() for letter in re.findall(r"[A-Za-z]", said)), None, _rest(found["rest"]))
    return Answer()


def _rest(text: str) -> str:
    """What is said of letters. *Only* right behind them is of them; behind a sign it begins what is said."""
    return _NO_REASON.sub("", re.sub(r"^[\s).:,=\u2013\u2014-]+", "", _NO_MORE.sub("", text))).strip()


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The two sides of each pair that an answer names; empty where any part of it is no pair."""
    words = _ROW.sub("\\g<left>\u2192\\g<right>", plain(text)[:_LONGEST])
    if (found := _PAIRS.findall(words)) and len(found) == _count(words):
        return found
    if len(glued := _GLUED_PAIRS.findall(words)) > 1:
        return glued
    for between in (_LINES, _COMMAS):
        parts = [part.strip(" .") for part in between.split(re.sub(r"(?m)^\s*[-*+]\s+", "", words)) if part.strip(" .")]
        if between is _COMMAS and len(parts) == 1:
            break
        for sign in _SIGNS:
            sides = [re.split(sign, part, maxsplit=1) for part in parts]
            if len(sides) > 1 and all(len(side) == 2 and all(each.strip() for each in side) for side in sides):
                return [(left.strip(), right.strip()) for left, right in sides]
    return found


def _count(words: str) -> int:
    return len([part for part in re.split(r"[,;\n]", words) if part.strip(" .-*")])
