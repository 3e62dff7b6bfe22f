"""The sections of a quiz: their headings and what they say, for those who answer."""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.readers.quiz.chunks import Chunk
from courses.curriculum.sources.readers.quiz.labels import field_of, label_of
from courses.curriculum.sources.readers.quiz.pieces import Piece

# How many questions a heading says that it has, which the quiz itself shows: "(5 questions)", "(Questions 1-5)".
_COUNTED = re.compile(
    r"\s*[(\[]\s*(?:\d++\s++(?:[\w-]++\s++)?(?:questions?|fragen|items?)|"
    r"(?:questions?|Q|fragen?)\s*\.?\s*\d++(?:\s*(?:-|\u2013|\u2014|to|through|bis)\s*Q?\d++)?)\s*[)\]]\s*\Z",
    re.IGNORECASE,
)


def section_of(chunk: Chunk) -> Piece | None:
    """The heading that a question stands under, besides the quiz's own."""
    return next((piece for piece in reversed(chunk.path) if piece.level > 1), None)


def sections_stated(statement: Statement, quiz: Claim, found: list[Chunk]) -> set[int]:
    """State where sections begin, each with its title and what it says before its first question.

    Questions behind all sections, or before them, are a section without a title. One that
    holds the whole quiz tells nothing apart and is none.

    :returns: the chunks (their identities) whose whole text is said by that.
    """
    starts: list[tuple[Piece | None, int, Chunk]] = []
    asked = [chunk for chunk in found if chunk.role == "question"]
    for number, chunk in enumerate(asked, 1):
        section = section_of(chunk)
        if not starts or starts[-1][0] is not section:
            starts.append((section, number, chunk))
    if len(starts) < 2:
        return set()
    opening = {id(chunk.head): chunk for chunk in found if chunk.role == "guide" and chunk.head is not None}
    said: set[int] = set()
    for at, (section, number, first) in enumerate(starts):
        value: dict[str, object] = {"first": number}
        if section:
            value["title"] = _COUNTED.sub("", section.text)
        lines = list(section.lines if section else first.head.lines if first.head else ())
        if section and (below := opening.get(id(section))) and (span := _text(below)):
            value["text"] = "\n".join(statement.source.line(line).rstrip() for line in span).strip("\n")
            lines += span
            said.add(id(below))
        quiz.set(f"parts.{at}", value, *lines)
    return said


def _text(chunk: Chunk) -> list[int]:
    """The lines of what a section says in running text, lists, tables or code; none where it labels facts."""
    filled = [piece for piece in chunk.pieces if piece.kind not in ("blank", "rule")]
    running = all(
        piece.kind in ("fence", "row") or (piece.kind == "text" and piece.tick is None and not _is_fact(piece))
        for piece in filled
    )
    if not filled or not running:
        return []
    return list(range(filled[0].lines[0], filled[-1].lines[-1] + 1))


def _is_fact(piece: Piece) -> bool:
    """Whether a line labels a fact; *Context: ...* is what its questions are about."""
    label = label_of(piece.text)
    return label is not None and label[2] != "" and field_of(label[0]) != "stem"
