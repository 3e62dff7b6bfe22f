"""Answers of a key without numbers: ``- B``, one below the other, in the order of the questions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.answers import answer_of, is_number, plain
from courses.curriculum.sources.readers.quiz.chunks import Chunk, is_key_title
from courses.curriculum.sources.readers.quiz.key import ANSWER, Entry
from courses.curriculum.sources.readers.quiz.kinds import SELECT_ALL
from courses.curriculum.sources.readers.quiz.labels import field_of, label_of
from courses.curriculum.sources.readers.quiz.line import is_plain
from courses.curriculum.sources.readers.quiz.pieces import Piece
from courses.curriculum.sources.readers.quiz.questions import collected


def entries_of(chunks: Iterable[Chunk], questions: int) -> list[Entry]:
    """The answers of all keys, where there are as many as *questions*; empty for any other number of them."""
    pieces = [piece for chunk in chunks if chunk.role == "key" for piece in chunk.pieces]
    shown = [piece for piece in pieces if piece.kind in ("text", "row")]
    found = _rows(shown) if shown and all(piece.kind == "row" for piece in shown) else _lines(shown)
    return found if len(found) == questions else []


def _lines(pieces: list[Piece]) -> list[Entry]:
    """A line for each answer, below it what explains it; empty where a line before the first is neither."""
    found: list[Entry] = []
    level = pieces[0].indent if pieces else 0
    for piece in pieces:
        label = label_of(piece.text)
        text = label[2] if label and field_of(label[0]) == "answer" else piece.text
        if piece.indent <= level and piece.kind == "text" and (answer := _answer(text)):
            found.append(Entry("", answer, [piece.line], bullet=bool(piece.marker), beside=True))
        elif not found:
            return []
        else:
            text = label[2] if label and field_of(label[0]) == "explanation" else piece.text
            found[-1].words.append((piece.line, f"{piece.marker} {text}".strip() if label is None else text))
    return _beside(found[0].answer, found[0].lines) or found if len(found) == 1 else found


def _beside(text: str, lines: list[int]) -> list[Entry]:
    """Answers that stand beside each other in a line: ``B, A, True``; empty where any part of it is none."""
    parts = [part.strip() for part in re.split(r"[,;|]", text)]
    if len(parts) < 2 or not all(is_plain(part) or is_number(part) for part in parts):
        return []
    return [Entry("", part, list(lines), beside=True) for part in parts]


def in_a_line(chunks: list[Chunk]) -> list[Entry]:
    """The answers of a line such as ``Answers: B, A, True`` at the end, which it is then taken out of.

    It is the key where there is no other answer, and it has one for each question;
    what asks to select all that apply may have as many itself.
    """
    asked = [chunk for chunk in chunks if chunk.role == "question"]
    last = asked[-1] if asked else Chunk("question", None)
    said = ((piece, label_of(piece.text)) for piece in last.pieces if piece.kind == "text")
    piece, named = next(((piece, label) for piece, label in said if label and is_key_title(label[0])), (None, None))
    if piece is None or named is None or any(map(_is_answered, asked[:-1])):
        return []
    entries = _beside(named[2].replace("**", "").strip(" ."), [piece.line])
    whole = " ".join([last.title, *(each.text for each in last.pieces)])
    if len(entries) != len(asked) or (SELECT_ALL.search(whole) and "key" not in folded(named[0])):
        return []
    last.pieces.remove(piece)
    return entries


def _is_answered(chunk: Chunk) -> bool:
    """Whether a question has an answer of its own: in words, or at one of its options."""
    found = collected(chunk)
    return bool(found.text("answer")[0]) or any(
        option.ticked or option.marked or option.bold for option in found.options
    )


def _answer(text: str) -> str:
    """What is an answer by itself, with what explains it: ``B``, ``A, C``, ``True - because``, ``42``; else empty."""
    words = plain(text)
    answer = answer_of(words)
    said = (bool(answer.letters) and max(answer.letters) <= "J") or answer.truth is not None
    apart = not answer.rest or not words[1:].lstrip()[:1].isalpha() or answer.truth is not None
    return words if (said and apart) or is_number(words) else ""


def _rows(pieces: list[Piece]) -> list[Entry]:
    """A row for each answer, where one column is called so."""
    heads = [folded(cell) for cell in pieces[0].cells]
    at = next((place for place, head in enumerate(heads) if ANSWER.match(head)), None)
    if at is None:
        return []
    found = []
    for piece in pieces[1:]:
        if at >= len(piece.cells) or not _answer(piece.cells[at]):
            return []
        words = [(piece.line, cell) for place, cell in enumerate(piece.cells) if place != at and cell]
        found.append(Entry("", plain(piece.cells[at]), [piece.line], words=words, beside=True))
    return found
