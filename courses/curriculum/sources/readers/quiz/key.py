"""Answer keys at the end: tables, lists, several in a line, with or without what explains them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.answers import answer_of, pairs_of, plain
from courses.curriculum.sources.readers.quiz.chunks import BOLD_SECTION, Chunk
from courses.curriculum.sources.readers.quiz.labels import field_of, label_of
from courses.curriculum.sources.readers.quiz.line import answers_in, is_plain
from courses.curriculum.sources.readers.quiz.pieces import Piece

_NUMBERED = re.compile(
    r"^(?:\*\*|__)?\s*+(?:(?:bonus\s++)?(?:question|frage|q|item)\w*(?<!\d)\s*+\.?\s*+#?)?(?P<number>\d{1,3}(?:\.\d{1,2}(?=[.):\s]))?)\s*+"
    r"(?:[.):](?!\d)|->|\u2192|=|(?<=\s)[\u2013\u2014-]|(?=\*\*)|(?=\|))\s*(?P<rest>.*)$", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
ANSWER = re.compile(r"(?:correct |right )?(?:answer|key|option|letter)")
_CELL = re.compile(
    r"(?:\*\*)?\s*+(?:question|bonus|Q)*+\s*+\.?#?\s*+(?P<number>\d++(?:\.\d++)?)[.):]?\s*+(?:\*\*)?", re.IGNORECASE
)
# What may be an answer: a number with its sign, a letter by itself, a truth. "A" also begins sentences.
_ANSWERS = re.compile(r"(?i:\bQ?\d{1,3}\s?[.):=\u2013-]|\b(?:true|false)\b)|\b(?:A(?!\s+[a-z])|[B-HJ])\b(?!['\u2019])")
_BULLETS = ("-", "*", "+", "\u2022")


@dataclass(slots=True)
class Entry:
    """An answer of the key.

    :ivar lines: the answer's, not the words'.
    :ivar section: counts the key's own sections.
    :ivar beside: whether it stands in a line or table with others, so that text below explains none of them.
    """

    number: str
    answer: str
    lines: list[int]
    section: int = 0
    words: list[tuple[int, str]] = field(default_factory=list)
    bullet: bool = False
    label: str = ""
    beside: bool = False


def entries_of(chunk: Chunk, kept: list[Piece]) -> list[Entry]:
    """The answers that a key gives; pieces that are no answer and explain none go to *kept*."""
    entries: list[Entry] = []
    section, heads, explaining, asked = 0, None, False, ""
    across = _across(chunk.pieces)
    for place, piece in enumerate(chunk.pieces):
        if piece.kind in ("blank", "rule", "html"):
            continue
        if place in across:
            entries += [replace(entry, section=section) for entry in across[place]]
            continue
        if piece.kind == "row":
            heads = _row(piece, heads, entries, section, place == 0 or chunk.pieces[place - 1].kind != "row", kept)
            continue
        text = f"{piece.marker} {piece.text}" if piece.marker[:1].isdigit() else piece.text
        if entries and field_of(piece.text.strip("*_: ")) == "explanation":
            explaining = True
            continue
        if explaining and _explains(piece, text, entries):
            continue
        if piece.kind == "heading":
            # "Question 1" by itself: its answer stands below.
            text = f"{piece.text}:" if re.search(r"\d$", piece.text) else piece.text
            asked = piece.text
            if _NUMBERED.match(text) is None:
                section += 1
                continue
        if piece.kind == "text" and _matched(entries, asked, text):
            entries[-1].answer = text
            entries[-1].lines.append(piece.line)
            continue
        if piece.kind == "text" and len(parts := answers_in(text)) > 1:
            # "Section A: 1-A, 2-B": its numbers may begin again.
            section += bool(entries and BOLD_SECTION.match(folded(text)))
            bullet = piece.marker[:1] in _BULLETS
            entries += [Entry(number, answer, [piece.line], section, [], bullet, "", True) for number, answer in parts]
            continue
        if piece.kind == "fence" and (fenced := _fenced(piece, section)):
            entries += fenced
            continue
        if piece.kind != "fence" and _line(piece, text, entries, section):
            continue
        if not entries or entries[-1].beside:
            kept.append(piece)
        else:
            _more(piece, entries[-1], kept)
    return entries


def _matched(entries: list[Entry], asked: str, text: str) -> bool:
    """Whether the pairs below a heading such as *Question 4* are its answer, and no answers of several questions."""
    named = re.match(r"\W*(?:question|frage|q)", asked, re.IGNORECASE)
    return bool(named and entries and not entries[-1].answer and len(pairs_of(text)) > 1)


def _explains(piece: Piece, text: str, entries: list[Entry]) -> bool:
    """Whether a numbered line below *Explanations* explains the answer of that number, which takes it then."""
    numbered = _NUMBERED.match(text) if piece.kind == "text" else None
    entry = next((each for each in entries if numbered and each.number == numbered["number"]), None)
    if numbered is None or entry is None:
        return False
    entry.words.append((piece.line, numbered["rest"].strip()))
    return True


def _across(pieces: list[Piece]) -> dict[int, list[Entry]]:
    """Tables that have numbers in one row and the answers below them: the entries by the places of these rows."""
    rows = [place for place, piece in enumerate(pieces) if piece.kind == "row"]
    found: dict[int, list[Entry]] = {}
    for above, below in pairwise(rows):
        between = [piece.kind for piece in pieces[above + 1 : below]]
        numbers, answers = pieces[above].cells, pieces[below].cells
        if above in found or set(between) - {"rule"} or len(numbers) != len(answers):
            continue
        # The first column may say what the rows are.
        first = 0 if _number(numbers[0]) else 1
        said = list(zip(map(_number, numbers), answers, strict=True))[first:]
        plain_ones = [is_plain(answer.replace("**", "")) for _, answer in said]
        # Without a column for what the rows are, figures may as well be numbers of questions.
        enough = all(plain_ones) or (first and any(plain_ones))
        if len(said) > 1 and enough and all(number and answer for number, answer in said):
            lines = [pieces[above].line, pieces[below].line]
            found[above] = []
            found[below] = [Entry(number, answer.strip("*() "), list(lines), beside=True) for number, answer in said]
    return found


def _number(cell: str) -> str:
    found = _CELL.fullmatch(cell)
    return (found["number"].lstrip("0") or "0") if found else ""


def _fenced(piece: Piece, section: int) -> list[Entry]:
    """The answers of a fence, where each of its lines gives some; its own marks stand with the first and the last."""
    opened, *lines, closed = piece.lines
    texts = [text for text in piece.text.split("\n") if text.strip()][1:-1]
    parts = [answers_in(text) for text in texts]
    if not parts or not all(parts):
        return []
    found = [
        Entry(number, answer, [line], section, beside=True)
        for line, answers in zip(lines, parts, strict=True)
        for number, answer in answers
    ]
    found[0].lines.insert(0, opened)
    found[-1].lines.insert(0, closed)
    return found


def _line(piece: Piece, text: str, entries: list[Entry], section: int) -> bool:
    bullet = piece.marker[:1] in _BULLETS
    if bullet and entries and not entries[0].bullet:
        return False
    if _NUMBERED.match(text) is None and (parts := answers_in(text)):
        entries += [Entry(number, answer, [piece.line], section, [], bullet) for number, answer in parts]
        return True
    numbered = _NUMBERED.match(text)
    if numbered is None or (piece.marker[:1].isdigit() and piece.indent > 1):
        return False
    rest = re.sub(
        r"^(?:\*\*|__)?[\s.):=\u2013\u2014>-]*(?:(?:sample |model |correct |expected )?answers?\s*:\s*)?",
        "",
        numbered["rest"],
        flags=re.IGNORECASE,
    ).strip()
    answer = answer_of(rest)
    said = all(letter <= "J" for letter in answer.letters) and (answer.truth is not None or answer.letters)
    if piece.kind == "heading" and not said:
        entries.append(Entry(numbered["number"], "", [], section))
    else:
        rest = rest.replace("**", "").strip()
        answer_text = rest.strip("()[] ") if is_plain(rest) else rest
        entries.append(Entry(numbered["number"], answer_text, [piece.line], section, [], bullet))
        entries[-1].label = text[: numbered.end("number")] if re.match(r"[^\W\d]{2,}", text) else ""
    return True


def _more(piece: Piece, entry: Entry, kept: list[Piece]) -> None:
    """A line below an answer: the answer itself under a label, or what explains it."""
    label = label_of(piece.text) if piece.kind == "text" else None
    named = field_of(label[0]) if label else None
    if label and named == "answer" and not entry.answer:
        entry.answer = label[2]
        entry.lines.append(piece.line)
    elif (
        not entry.answer
        and piece.kind == "text"
        and (answer_of(piece.text).letters or answer_of(piece.text).truth is not None)
    ):
        entry.answer = plain(piece.text)
        entry.lines.append(piece.line)
    elif re.fullmatch(r"[*_](?![*_]).*[*_]", piece.text) and not piece.marker:
        kept.append(piece)
    else:
        text = label[2] if label and named == "explanation" else f"{piece.marker} {piece.text}".strip()
        entry.words += [(line, text if line == piece.line else "") for line in piece.lines]


def _row(
    piece: Piece, heads: list[str] | None, entries: list[Entry], section: int, first: bool, kept: list[Piece]
) -> list[str] | None:
    """A row of a key table: one answer, or several beside each other. The first row may be its head."""
    cells = piece.cells
    words = [folded(cell) for cell in cells]
    if (
        first
        and not any(re.fullmatch(r"\d+", cell) for cell in words[1:])
        and any(re.match(r"(?:correct |right )?(?:answer|key|option)", cell) for cell in words)
    ):
        return words
    if first and not re.search(r"\d", cells[0]):
        return words
    numbers: list[int] = []
    for at, cell in enumerate(cells):
        # What stands behind a number is its answer, which may be a figure as well.
        if _CELL.fullmatch(cell) and at - 1 not in numbers:
            numbers.append(at)
    at_answer = next((at for at, word in enumerate(heads or []) if ANSWER.match(word)), None)
    if not numbers:
        kept.append(piece)
        return heads
    answers = sum(bool(ANSWER.match(word)) for word in heads or [])
    if (len(numbers) == 1 or answers == 1) and at_answer is not None and numbers[0] != at_answer < len(cells):
        pairs = [(numbers[0], at_answer, [at for at in range(len(cells)) if at not in (numbers[0], at_answer)])]
    else:
        ends = [*numbers[1:], len(cells)]
        pairs = [(at, at + 1, list(range(at + 2, end))) for at, end in zip(numbers, ends, strict=True) if at + 1 < end]
    for number, answer, rest in pairs:
        entry = Entry(
            _number(cells[number]),
            cells[answer].replace("**", "").strip(),
            [piece.line],
            section,
            beside=True,
        )
        entry.words = [(piece.line, cells[at]) for at in rest if cells[at]]
        entries.append(entry)
    return heads if heads is not None else []


def in_order(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Of answers with one number the one that stands where it belongs; the others are strays."""
    best: dict[tuple[int, str], tuple[int, int]] = {}
    for at, entry in enumerate(entries):
        number = _whole(entry)
        around = int(at > 0 and _whole(entries[at - 1]) == number - 1)
        around += int(at + 1 < len(entries) and _whole(entries[at + 1]) == number + 1)
        score = 2 * around + int(at + 1 == number)
        name = (entry.section, entry.number)
        if name not in best or best[name][0] < score:
            best[name] = score, at
    chosen = {at for _, at in best.values()}
    return [each for at, each in enumerate(entries) if at in chosen], [
        each for at, each in enumerate(entries) if at not in chosen
    ]


def _whole(entry: Entry) -> int:
    return int(entry.number.partition(".")[0])


def _first(entry: Entry) -> int:
    return min([*entry.lines, *(line for line, _ in entry.words)])


def unread_reported(statement: Statement, quiz: Claim, kept: list[Piece]) -> None:
    """Name the lines of a key that may be answers and are not understood; a sentence without any is a note."""
    unread = [piece for piece in kept if any(piece.cells) or (piece.kind != "row" and not _is_note(piece))]
    if not unread:
        return
    first, *others = unread
    shown = statement.source.line(first.line).strip()
    more = f", and {len(others)} more below it" if others else ""
    statement.report(
        "quiz.key_unread", "warning", first.line,
        f"{shown[:60]!r} in the key of {quiz.address} is not understood{more}: it answers no question, and only "
        "staff see it.",
        "Write the number of the question and its answer: `1. B` on a line of its own, or `1-B, 2-True, 3-A,C`.",
        related=[(statement.file, piece.line) for piece in others],
    )  # fmt: skip


def _is_note(piece: Piece) -> bool:
    return piece.kind == "text" and not piece.marker and _ANSWERS.search(piece.text) is None


def strays_reported(statement: Statement, quiz: Claim, strays: list[Entry], lost: list[Entry]) -> None:
    """Name answers that no question takes."""
    for entry in strays:
        if not (entry.lines or entry.words):
            continue
        statement.report(
            "quiz.key_twice", "warning", _first(entry), f"The key of {quiz.address} answers question "
            f"{entry.number} twice.",
            "Number its answers as the questions are.", lines=[*entry.lines, *(line for line, _ in entry.words)],
        )  # fmt: skip
    for entry in lost:
        if not (entry.lines or entry.words):
            continue
        statement.report(
            "quiz.key_without_question", "warning", _first(entry),
            f"The key answers a question {entry.number} that {quiz.address} does not have.",
            "Remove the answer, or number the questions as the key does.",
            lines=[*entry.lines, *(line for line, _ in entry.words)],
        )  # fmt: skip
