"""How difficult a thing is: a word is its level; stars and figures are kept beside it, and are none."""

from __future__ import annotations

import re
import unicodedata

from courses.curriculum.sources.claims import Claim, Fact, Statement

_STARS = re.compile(r"[\u2b50\u2605\U0001f31f]\ufe0f?")
_EMPTY_STARS = re.compile(r"[\u2606]\ufe0f?")
_FIGURE = re.compile(r"(?<![\w/.])\d{1,3}(?:[.,]\d)?\s?(?:/|(?:out )?of\s)\s?\d{1,3}(?![\w/])", re.IGNORECASE)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")


def parts_of(value: str) -> tuple[str, str, str]:
    """The word, the number of full stars and the figure (``3/5``) of a difficulty, each empty where it has none.

    Words without a letter or figure of ASCII make no id of a level; they are no word.
    """
    stars = len(_STARS.findall(value))
    text = _EMPTY_STARS.sub("", _STARS.sub("", value))
    figure = _FIGURE.search(text)
    word = _EMPTY.sub("", _FIGURE.sub("", text)).strip(" -\u2013\u2014:,;|/\u00b7")
    if word.startswith("(") and word.endswith(")"):
        word = word[1:-1].strip()
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return word if re.search(r"[A-Za-z]", plain) else "", str(stars or ""), figure[0] if figure else ""


def difficulty_read(claim: Claim, value: str, *lines: int) -> None:
    """State the level that *value* names, with stars and figures beside it; without a word there is no level."""
    word, stars, figure = parts_of(value)
    if word:
        claim.set("difficulty", word, *lines)
    if stars:
        claim.set("stated.stars", stars, *lines)
    if figure or not (word or stars):
        claim.set("stated.difficulty", figure or value, *lines)


def difficulties_settle(statement: Statement) -> None:
    """Part the difficulties of a document into words, stars and figures, and name those that have no word.

    The stars of an exercise index are its own scale, and stand in it as such.
    """
    bare: list[int] = []
    for claim in statement.claims:
        fact = claim.fields.get("difficulty")
        if fact is None:
            figure = claim.fields.get("stated.difficulty") if claim.kind == "lab" else None
            bare += figure.lines[:1] if figure and "stated.stars" not in claim.fields else ()
            continue
        word, stars, said = parts_of(str(fact.value))
        if not word:
            claim.rename("difficulty", "stated.stars" if stars else "stated.difficulty")
            bare += fact.lines[:1]
        if word != fact.value:
            _beside(claim, fact, word, stars, said)
    if bare:
        statement.report(
            "source.unnamed_difficulty", "warning", bare[0],
            "This difficulty is no word of Latin letters, so it names no level; it is kept as text.",
            "Write a word, with the stars beside it: Intermediate (\u2605\u2605\u2605).",
            related=[(statement.file, line) for line in dict.fromkeys(bare[1:])],
        )  # fmt: skip


def _beside(claim: Claim, fact: Fact, word: str, stars: str, figure: str) -> None:
    """State what stands beside the word of a difficulty, or instead of one."""
    for name, value in (("difficulty", word), ("stated.stars", stars), ("stated.difficulty", figure)):
        if value and name in claim.fields and claim.fields[name].lines == fact.lines:
            claim.fields[name] = Fact(value, fact.lines)
        elif value:
            claim.set(name, value, *fact.lines)
