"""Choices with letters: one in a line (``B) a pull``), or several beside each other."""

from __future__ import annotations

import re

from courses.curriculum.sources.readers.quiz.pieces import Piece

OPTION = re.compile(
    r"^(?P<bold>\*\*|__)?(?:(?:[Oo]ption|[Cc]hoice)\s(?=[A-Ja-j](?:\*\*|__)?\s?[.):]))?(?:\[(?=[A-Ja-j]\]\s))?"
    r"\(?(?P<letter>[A-Ja-j])\s*(?:[.):](?!\w)|[)\]]|\s[\u2013\u2014-](?=\s)|(?=(?:\*\*|__)\s?[.):\u2013\u2014-]\s))\)?"
    r"(?P<close>\*\*|__)?\s?[.):\u2013\u2014-]?"
    r"(?P<text>\s.*|)$"
)
_SEVERAL = re.compile(r"(?:^|(?<!\s)\s{2,}+|\s\|\s|\t)\(?([A-Ja-j])[.)]\s+")
_BESIDE = re.compile(r"(?:^|(?<=\s))(?P<open>\(?)(?P<letter>[A-Ja-j])(?P<close>[.):])\s+(?=\S)")


def options_in(piece: Piece) -> list[tuple[str, str]]:
    """Letters and texts of the options that a line holds: none, one, or several beside each other."""
    if piece.kind != "text":
        return []
    found = OPTION.match(piece.text)
    if found is None:
        return []
    if several := beside(piece.text, apart=True) or beside(piece.text, least=3):
        return several[1]
    return [(found["letter"].upper(), found["text"].strip())]


def beside(text: str, *, apart: bool = False, least: int = 2) -> tuple[str, list[tuple[str, str]]] | None:
    """Choices beside each other in a line, from A on and all marked alike, and what stands before them.

    :param apart: more than a blank stands between them.
    :param least: how many they have to be.
    """
    starts = list((_SEVERAL if apart else _BESIDE).finditer(text))
    if not apart:
        first = next((start for start in starts if start["letter"] in "Aa"), None)
        starts = [each for each in starts if first and each.start() >= first.start()
                  and (each["open"], each["close"], each["letter"].isupper())
                  == (first["open"], first["close"], first["letter"].isupper())]  # fmt: skip
    letters = [start[1 if apart else "letter"].upper() for start in starts]
    if len(letters) < least or letters != [chr(ord(letters[0]) + place) for place in range(len(letters))]:
        return None
    ends = [*(start.start() for start in starts[1:]), len(text)]
    parts = [text[start.end() : end].strip(" \t,;|/\u00b7") for start, end in zip(starts, ends, strict=True)]
    return text[: starts[0].start()].strip(), list(zip(letters, parts, strict=True))
