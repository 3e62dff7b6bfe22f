"""Quizzes that are one table: a row for each question, with columns for its choices and its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.chunks import is_key_title
from courses.curriculum.sources.readers.quiz.labels import field_of
from courses.curriculum.sources.readers.quiz.pieces import Piece, text_piece

_ASKS = re.compile(r"(?:the )?(?:question|questions|statement|prompt|stem|frage)(?: text)?")
_LETTER = re.compile(r"(?:(?:option|choice|answer) )?([a-j])")
_ANSWER = re.compile(r"(?:correct|right)(?: (?:answer|option|choice|letter)s?)?|answers?|key|solution")
_NUMBER = re.compile(r"(?:no|nr|number|q|id)?")
_BREAK = re.compile(r"\s*(?:<br\s*/?>|;)\s*", re.IGNORECASE)


def untabled(pieces: list[Piece]) -> tuple[list[Piece], list[tuple[int, int]]]:
    """The pieces with each row of such a table as the lines that it could be, all in the row's line.

    Also the lines of heads and rules of these tables, each with the row whose fate it shares.
    """
    found: list[Piece] = []
    opens: list[tuple[int, int]] = []
    at, title, level, number = 0, "", 1, 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "heading":
            title, level = piece.text, piece.level
        end = at
        while end < len(pieces) and (
            pieces[end].kind == "row" or (pieces[end].kind == "rule" and "|" in pieces[end].raw)
        ):
            end += 1
        rows = [each for each in pieces[at:end] if each.kind == "row"]
        if len(rows) > 1 and not is_key_title(title) and _is_quiz(rows):
            for row in rows[1:]:
                number += 1
                found += _question(rows[0], row, number, min(6, level + 1))
            lines = {each.line for each in rows[1:]}
            opens += [(each.line, rows[1].line) for each in pieces[at:end] if each.line not in lines]
            at = end
        else:
            found += pieces[at : max(end, at + 1)]
            at = max(end, at + 1)
    return found, opens


def _of_table(piece: Piece) -> bool:
    return piece.kind == "row" or (piece.kind == "rule" and "|" in piece.raw)


def _is_quiz(rows: list[Piece]) -> bool:
    """Whether a table asks: questions in words, with columns for their choices, or with answers."""
    heads = [folded(cell) for cell in rows[0].cells]
    asks = next((at for at, head in enumerate(heads) if _ASKS.fullmatch(head)), None)
    if asks is None:
        return False
    worded = all(asks < len(row.cells) and len(row.cells[asks].split()) > 1 for row in rows[1:])
    choices = sum(bool(_LETTER.fullmatch(head)) for head in heads) > 1 or any(
        field_of(head) == "options" for head in heads
    )
    answers = any(_ANSWER.fullmatch(head) for head in heads)
    return worded and (choices or (answers and len(rows) > 2))


def _is_choice(head: str) -> bool:
    return bool(_LETTER.fullmatch(head)) or field_of(head) == "options"


def _question(head: Piece, row: Piece, number: int, level: int) -> Iterator[Piece]:
    heads = [folded(cell) for cell in head.cells]
    cells = [cell for cell in zip(heads, head.cells, row.cells, strict=False) if cell[2]]
    asked = next((cell for name, _, cell in cells if _ASKS.fullmatch(name)), "")
    given = next((cell for name, _, cell in cells if _NUMBER.fullmatch(name) and re.search(r"\d", cell)), str(number))
    number_of = re.sub(r"\D", "", given)
    yield Piece("heading", row.lines, f"Question {number_of}", row.raw, level)
    yield Piece("text", row.lines, asked, row.raw)
    # A label with a value takes the lines below it, so that the choices come first.
    for name, shown, cell in sorted(cells, key=lambda each: not _is_choice(each[0])):
        letter = _LETTER.fullmatch(name)
        if letter and not (name == "a" and cell == given):
            yield Piece("text", row.lines, f"{letter[1].upper()}) {cell}", row.raw)
        elif field_of(name) == "options":
            yield from (text_piece(part, row.line, 0) for part in _BREAK.split(cell) if part)
        elif _ANSWER.fullmatch(name):
            yield Piece("text", row.lines, f"**Answer:** {cell}", row.raw)
        elif _ASKS.fullmatch(name) or (_NUMBER.fullmatch(name) and re.search(r"\d", cell)):
            continue
        else:
            label = shown.strip("* ") if field_of(name) else "Reference"
            yield Piece("text", row.lines, f"**{label}:** {cell if field_of(name) else f'{shown}: {cell}'}", row.raw)
