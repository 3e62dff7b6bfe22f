"""What a question is and what answers it, once its key is known as well."""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.readers.quiz import kinds
from courses.curriculum.sources.readers.quiz.answers import (
    Answer,
    answer_of,
    compared,
    pairs_of,
    plain,
    worded,
)
from courses.curriculum.sources.readers.quiz.figures import figure_of
from courses.curriculum.sources.readers.quiz.kinds import Found
from courses.curriculum.sources.readers.quiz.questions import Question
from courses.curriculum.sources.readers.quiz.sides import named, side_of
from courses.curriculum.sources.values import listed

_CODE = re.compile(r"`([^`\n]+)`")
_ALSO = re.compile(
    r"(?P<first>[^()]*[^()\s])\s+\((?:also|or|accept also|also accepted?):?\s+(?P<rest>[^()]+)\)", re.IGNORECASE
)


def finished(question: Question, keys: list[tuple[str, list[int]]]) -> None:
    """State type and right answers from the question's own answer, else from the key.

    The lines of each right answer are those that say it: the answer's, the
    option's, and for a key the heading whose number it names.
    """
    claim, found = question.claim, question.found
    text, own = found.text("answer")
    own = [line for line in own if line]
    if not text and keys:
        text, own = keys[0][0], [question.head, *keys[0][1]]
    answer = answer_of(text) if text else Answer()
    whole = " ".join([claim.get("title") or "", claim.get("stem") or "", found.text("stated.type")[0]])
    lines = [*question.lines, *found.text("stated.type")[1]]
    if question.section is not None and kinds.is_truth_section(question.section.text):
        whole += f" {question.section.text}"
        lines += question.section.lines
    kind = kinds.kind_of(whole, found, answer, text)
    if kind is None:
        return
    # What the question says of itself decides; only where it does not, the key does.
    if found.text("answer")[0] or not keys or kinds.kind_of(whole, found, Answer(), "") is None:
        lines += own
    claim.set("type", kind, *dict.fromkeys(lines))
    if text and (reason := _reason(found, answer, text, kind)):
        if "explanation" not in claim.fields:
            claim.set("explanation", reason, *own)
        elif found.text("answer")[0]:
            claim.set("stated.answer_note", reason, *own)
    if kind in ("single", "multiple", "code_reading", "ordering"):
        rights = kinds.listed(found, answer, text) if kind == "ordering" else kinds.rights_of(found, answer, text)
        truths = any(compared(option.text[0]) in ("true", "false") for option in found.options)
        beside = [line for option in found.options for line in option.lines] if truths else []
        for place, option in enumerate(found.options):
            if option.letter in rights:
                claim.set(f"options.{place}.right", True, *dict.fromkeys([*option.lines, *own, *beside]))
        for place, words in enumerate(kinds.in_words(whole, text) if kind == "ordering" and not found.options else ()):
            claim.set(f"items.{place}", {"id": str(place + 1), "text": words}, *own)
        if kind == "ordering" and rights:
            claim.set("stated.order", rights, *own)
            _items(claim, found, rights, own)
    elif kind == "true_false":
        truth = kinds.truth_of(found, answer, text)
        if truth is not None:
            marked = [line for option in found.options for line in option.lines]
            claim.set("answer", truth, *dict.fromkeys([*own, *marked]))
    elif kind == "matching":
        _pairs(claim, found, pairs_of(text), own)
    elif kind == "numeric":
        figure = figure_of(plain(text))
        assert figure is not None, "what is no figure is no numeric answer"
        said = {
            "answer": figure.value,
            "unit": figure.unit,
            "tolerance": figure.margin,
            "tolerance_percent": figure.share,
        }
        for name, value in said.items():
            if value and name not in claim.fields:
                claim.set(name, value, *own)
    elif text and len(text) <= 200 and "\n" not in text:
        for place, accepted in enumerate(_accepted(text)):
            claim.set(f"accepted.{place}", accepted, *own)


def _accepted(text: str) -> list[str]:
    """What is accepted: the words without marks of emphasis, which code has none of, and what is so *(also: this)*."""
    codes = iter(_CODE.findall(text))
    words = re.sub("\x00", lambda _: next(codes, ""), plain(_CODE.sub("\x00", text)).strip("`")).strip()
    also = _ALSO.fullmatch(words)
    return [words] if also is None else [also["first"], *listed(also["rest"])]


def _items(claim: Claim, found: Found, rights: list[str], own: list[int]) -> None:
    """What is put in order, in the right one, where the answer names all of it once."""
    options = {option.letter: option for option in found.options}
    if sorted(rights) != sorted(options):
        return
    for place, letter in enumerate(rights):
        text = "\n".join(options[letter].text).strip()
        claim.set(f"items.{place}", {"id": letter.casefold(), "text": text}, *options[letter].lines, *own)


def _pairs(claim: Claim, found: Found, pairs: list[tuple[str, str]], own: list[int]) -> None:
    """What is matched, in its words where the question says what every number and letter stands for."""
    sides = named(found)
    known = [(side_of(sides, left), side_of(sides, right)) for left, right in pairs]
    for place, (pair, found_sides) in enumerate(zip(pairs, known, strict=True)):
        left, right = (
            side if side is not None and all(all(each) for each in known) else (said, [])
            for side, said in zip(found_sides, pair, strict=True)
        )
        value = {"left": left[0], "right": right[0]}
        claim.set(f"pairs.{place}", value, *dict.fromkeys([*own, *left[1], *right[1]]))


def _reason(found: Found, answer: Answer, text: str, kind: str) -> str:
    """What the words behind an answer explain; those of an option only say it once more."""
    known = {option.letter: "\n".join(option.text) for option in found.options}
    if kind == "numeric" and (figure := figure_of(plain(text))):
        return figure.why
    if kind not in ("single", "multiple", "code_reading", "true_false") or worded(text, known):
        return ""
    if not answer.letters and answer.truth is None and (first := kinds.said_first(found, text)):
        return first[1]
    options = [compared("\n".join(option.text)) for option in found.options]
    for cut in kinds.CUT.finditer(answer.rest):
        if compared(answer.rest[: cut.start()].strip("()")) in options:
            return answer.rest[cut.end() :].strip()
    said = compared(answer.rest.strip("()")).split()
    fresh = all(2 * sum(word in option.split() for word in said) < len(said) for option in options)
    return answer.rest if said and fresh else ""
