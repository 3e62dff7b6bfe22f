"""The type of a question and its right answers, from what was read of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from courses.curriculum.sources.readers.quiz.answers import (
    Answer,
    compared,
    is_number,
    named_with,
    pairs_of,
    plain,
    worded,
)
from courses.curriculum.sources.readers.quiz.figures import figure_of
from courses.curriculum.sources.readers.quiz.order import ASKED, is_order, order_of
from courses.curriculum.sources.readers.quiz.pieces import Piece

SELECT_ALL = re.compile(
    r"(?:select|choose|check|mark|pick|identify)\s+(?:\*\*)?(?:all|two|three|four|2|3|4)\b|all\s+that\s+apply|"
    r"multiple[ -]select"
    r"|multiple\s+(?:correct\s+)?answers|multi-select|multiple\s+response", re.IGNORECASE,
)  # fmt: skip
_TRUE_FALSE = re.compile(r"true\s*(?:or|/|\|)\s*false|\bt\s*/\s*f\b|wahr\s*(?:oder|/)\s*falsch", re.IGNORECASE)
CUT = re.compile(r"(?<!\s)\s++[\u2013\u2014-]++\s++|[.:;]\s++")
_MATCHING = re.compile(r"\bmatch\w*", re.IGNORECASE)
# Figures of several choices, and what is said of them.
FIGURES = re.compile(
    r"(?P<figures>\d{1,2}[.)]?(?:\s*(?:[,;>&+/\u2192\u2013-]|->|\band\b|\bthen\b)\s*(?:(?:and|then)\s+)?\d{1,2}[.)]?(?!\w))+)"
    r"(?:$|[\s.:)\u2013\u2014-]+(?P<why>\S.*)?$)", re.DOTALL | re.IGNORECASE,
)  # fmt: skip
# The figure of one choice, with what is said of it in parentheses.
_EXPLAINED = re.compile(r"(?P<figure>\d{1,2})[.)]?\s*\([^()]*\)\.?")
_DIVIDED = re.compile(r"\s*(?:->|=>|[,;>\n\u2192\u2794\u279c\u21d2])\s*")
_CHOICE_LINE = re.compile(r"^[\W_]*true[\W_]+(?:or\s+)?false[\W_]*$", re.IGNORECASE)


@dataclass(slots=True)
class Option:
    letter: str
    text: list[str]
    lines: list[int]
    ticked: bool | None = None
    marked: bool = False
    bold: bool = False


@dataclass(slots=True)
class Found:
    """What was read of a question before it is stated."""

    stem: list[tuple[int, str]] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    texts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    rows: list[Piece] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    after: list[tuple[int, str]] = field(default_factory=list)

    def text(self, name: str) -> tuple[str, list[int]]:
        entries = self.texts.get(name, [])
        return "\n".join(text for _, text in entries if text).strip(), [line for line, _ in entries]


def kind_of(whole: str, found: Found, answer: Answer, text: str) -> str | None:
    """The type of a question; None where nothing tells it."""
    options = found.options
    if options and {compared(option.text[0]) for option in options} <= {"true", "false"}:
        return "true_false"
    pairs = pairs_of(text) if _MATCHING.search(whole) else []
    if _MATCHING.search(whole) and (found.rows or len(pairs) > 1) and len(pairs) != 1:
        return "matching"
    if options:
        names = [option.letter for option in options]
        if not SELECT_ALL.search(whole) and is_order(whole, text, names, listed(found, answer, text)):
            return "ordering"
        ticked = sum(bool(option.ticked or option.marked) for option in options)
        rights = rights_of(found, answer, text)
        right = {compared(option.text[0]) for option in options if option.letter in rights}
        several = len(set(answer.letters)) > 1 and not named_with(text, _texts(found))
        if SELECT_ALL.search(whole) or several or ticked > 1 or len(right) > 1:
            return "multiple"
        if not text and not ticked and len(found.options) > 1 and not rights_of(found, answer, text):
            return None
        return "code_reading" if any("```" in line or "~~~" in line for _, line in found.stem) else "single"
    if in_words(whole, text):
        return "ordering"
    # "False. It proves origin." says of a statement that it is not true, and why.
    stated = bool(re.match(r"\W*(?:true|false)\b\W*[^\w\s]", text, re.IGNORECASE))
    if answer.truth is not None and (_TRUE_FALSE.search(whole) or not answer.rest or _choice(found) or stated):
        return "true_false"
    if _TRUE_FALSE.search(whole) and (not text or answer.letters[:1] in (("T",), ("F",))):
        return "true_false"
    if text and figure_of(plain(text)):
        return "numeric"
    return "short_text" if text else None


def in_words(whole: str, text: str) -> list[str]:
    """What an answer puts in order in words, where what asks for it names all of them; empty for any other."""
    parts = [plain(part) for part in _DIVIDED.split(text)] if ASKED.search(whole) else []
    known = compared(whole)
    told = all(len(part) > 1 and not is_number(part) and compared(part) in known for part in parts)
    return parts if len(parts) > 2 and len({*parts}) == len(parts) and told else []


def _texts(found: Found) -> dict[str, str]:
    return {option.letter: "\n".join(option.text) for option in found.options}


def listed(found: Found, answer: Answer, text: str) -> list[str]:
    """The letters or figures of the options that an answer lists, in its order; empty where it lists no several."""
    names = [option.letter for option in found.options]
    head = figures["figures"] if (figures := FIGURES.match(plain(text))) else text
    order = order_of(head, names, ["\n".join(option.text) for option in found.options])
    return order or ([*answer.letters] if len(answer.letters) > 1 and set(answer.letters) <= set(names) else [])


def said_first(found: Found, text: str) -> tuple[Option, str] | None:
    """The option whose words an answer begins with, and what it says behind them; None without one."""
    options = {compared("\n".join(option.text)): option for option in found.options}
    for cut in CUT.finditer(text):
        if option := options.get(compared(text[: cut.start()])):
            return option, text[cut.end() :].strip()
    return None


def is_truth_section(title: str) -> bool:
    """Whether a section only asks what is true and what is false."""
    return bool(_TRUE_FALSE.search(title)) and not re.search(r"choice|select|short|match", title, re.IGNORECASE)


def _choice(found: Found) -> bool:
    return any(_CHOICE_LINE.match(text) for _, text in found.stem)


def truth_of(found: Found, answer: Answer, text: str) -> bool | None:
    if answer.truth is not None:
        return answer.truth
    letters = set(rights_of(found, answer, text))
    if letters:
        return any(compared(option.text[0]) == "true" for option in found.options if option.letter in letters)
    if not found.options and answer.letters and answer.letters[0] in "TF":
        return answer.letters[0] == "T"
    return None


def rights_of(found: Found, answer: Answer, text: str) -> list[str]:
    """Letters of the right options: named, said in the option's own words, ticked, or marked in bold."""
    known = [option.letter for option in found.options]
    said = compared(text)
    same = [option.letter for option in found.options if said and compared("\n".join(option.text)) == said]
    if same:
        return same
    if several := worded(text, _texts(found)):
        return list(several)
    if alone := named_with(text, _texts(found)):
        return [alone]
    if answer.letters:
        return [letter for letter in answer.letters if letter in known]
    if is_number(said) and said in known:
        return [said]
    if (one := _EXPLAINED.fullmatch(plain(text))) and one["figure"] in known:
        return [one["figure"]]
    if (figures := FIGURES.match(plain(text))) and any(map(str.isdigit, known)):
        named = re.findall(r"\d+", figures["figures"])
        return named if set(named) <= set(known) else []
    if text:
        if first := said_first(found, text):
            return [first[0].letter]
        parts = [part for each in re.split(r"[,;\n]", said) if (part := each.strip())]
        named = [option.letter for option in found.options if compared("\n".join(option.text)) in parts]
        return named if len(named) == len(parts) else []
    chosen = [option.letter for option in found.options if option.ticked or option.marked]
    bold = [option.letter for option in found.options if option.bold]
    return chosen or (bold if len(bold) < len(found.options) else [])
