"""Several answers of a key in one line: ``1-A, 2-True``, ``Q1: A; Q2: B``, ``1) A 2) C``, ``1-3: A, B, C``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from courses.curriculum.sources.readers.quiz.answers import answer_of

LONGEST = 5000
"""Characters of a line that are read."""
_MARKS = re.compile(r"\*\*|__|`")
_TAGS = re.compile(r"</?(?:br|b|strong|p|span|code|em|i)\b[^<>]*>", re.IGNORECASE)
_START = re.compile(
    r"(?<![\w.])(?P<open>[(#]\s?)?(?:(?:question|frage|item|q)\s?[.#]?\s?)?(?P<number>\d{1,3})(?:st|nd|rd|th)?"
    r"(?P<sign>\s?(?:[.):=\u2013\u2014-]{1,3}>?|\u2192)\s*|\s++|(?=[A-JT]|true\b|false\b))(?=[^\s,;|])", re.IGNORECASE,
)  # fmt: skip
# What may stand before the first number: "Answers:", "Section A:".
_LEAD = re.compile(r"[^\W\d][^:]{0,60}:\s*")
_BETWEEN = " \t\n\r\f\v\u00a0,;|/\u2022\u00b7\u2013\u2014-"
_STRONG = re.compile(r"[,;|/\u2022\u00b7\u2013\u2014\t-]|\s\s")
_PLAIN = re.compile(
    r"(?:true|false|yes|no|t|[a-j](?:\s*(?:[,;&+/]|\band\b|\bund\b)\s*[a-j]\b)*)|(?-i:[A-J]{2,6}|[A-J](?: [A-J])+)",
    re.IGNORECASE,
)
# What is matched has such pairs for its answer: "1-B", "a -> 2".
_PAIR = re.compile(
    r"^(?:\d{1,2}\s*(?:[-=:\u2013]|\u2192)>?\s*[A-J]|[A-J]\s*(?:[-=:\u2013]|\u2192)>?\s*\d)\b", re.IGNORECASE
)
_MARKED = re.compile(r"\b(?:question|frage|q)\s?[.#]?\s?\d{1,3}\s?[:=)]", re.IGNORECASE)
_RANGE = re.compile(r"(?P<first>\d{1,3})\s?[\u2013-]\s?(?P<last>\d{1,3})\s?[.:)=]\s*(?P<rest>\S.*)")


def is_plain(answer: str) -> bool:
    """Whether an answer is letters, or *true* or *false*, and nothing besides."""
    return bool(_PLAIN.fullmatch(_bare(answer)))


def answers_in(text: str) -> list[tuple[str, str]]:
    """Number and answer of each entry of a key in one line; empty where any of the line is not understood.

    Numbers follow each other; between answers that are letters only some may be
    left out. What stands between two entries decides how much an answer may say:
    after a blank it is letters only, after a comma or the like it may be words.
    """
    words = _MARKS.sub("", _TAGS.sub("  ", text[:LONGEST])).strip()
    if ranged := _RANGE.fullmatch(words):
        return _ranged(int(ranged["first"]), int(ranged["last"]), ranged["rest"])
    found = _parts(words)
    if not found:
        return []
    answers = [part.answer for part in found]
    whole = all(map(is_plain, answers))
    # "Q7: model.tflite, Q8: 8": a mark at each number says that they are questions.
    marked = len(_MARKED.findall(words)) == len(found)
    if not whole and (len(found) == 1 or not all(part.apart for part in found) or not _worded(found, marked=marked)):
        return []
    return [(str(part.number), _bare(part.answer) if is_plain(part.answer) else part.answer) for part in found]


@dataclass(slots=True)
class _Part:
    """One entry; ``apart`` says that more than a blank stands before it."""

    number: int
    answer: str = ""
    apart: bool = True


def _parts(words: str) -> list[_Part]:
    starts = list(_START.finditer(words))
    if not starts or (starts[0].start() and not _LEAD.fullmatch(words[: starts[0].start()])):
        return []
    first = starts[0]
    found, sign, begin = [_Part(int(first["number"]))], first["sign"].strip(), first.end()
    for start in starts[1:]:
        number, last = int(start["number"]), found[-1].number
        if number <= last or start["sign"].strip() != sign:
            continue
        before = words[begin : start.start()]
        answer = before.rstrip(_BETWEEN).strip()
        between = before[len(before.rstrip(_BETWEEN)) :]
        if answer and between and (number == last + 1 or is_plain(answer)):
            found[-1].answer = answer
            found.append(_Part(number, apart=bool(_STRONG.search(between))))
            begin = start.end()
    found[-1].answer = words[begin:].strip(" ,;|/")
    return found


def _worded(found: list[_Part], *, marked: bool) -> bool:
    """Whether entries of which some are words are a key: nothing is left out, and letters or truths say that it is."""
    known = [answer_of(part.answer) for part in found]
    said = [answer.truth is not None or (answer.letters and max(answer.letters) <= "J") for answer in known]
    return (
        all(one.number + 1 == other.number for one, other in pairwise(found))
        and (marked or any(is_plain(part.answer) for part in found) or all(said))
        and not any(not part.answer or _PAIR.match(part.answer) for part in found)
    )


def _ranged(first: int, last: int, rest: str) -> list[tuple[str, str]]:
    """``1-3: A, B, C`` has an answer for each number, or is not understood."""
    parts = [part for part in re.split(r"[\s,;|/]+", rest) if part]
    if len(parts) == 1 and re.fullmatch(r"[A-J]+", rest):
        parts = list(rest)
    if len(parts) != last - first + 1 or not all(map(is_plain, parts)):
        return []
    return [(str(first + place), _bare(part)) for place, part in enumerate(parts)]


def _bare(answer: str) -> str:
    return re.sub(r"[()\[\]]", "", answer).strip(" .,;*_")
