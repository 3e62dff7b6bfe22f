"""What a quiz says around its questions: its head, how it is scored, what to do next."""

from __future__ import annotations

import re
from dataclasses import replace

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.outline import labelled_text
from courses.curriculum.sources.parts import folded, keep
from courses.curriculum.sources.readers.quiz import labels
from courses.curriculum.sources.readers.quiz.about import module_named
from courses.curriculum.sources.readers.quiz.chunks import Chunk
from courses.curriculum.sources.readers.quiz.pieces import Piece
from courses.curriculum.sources.readers.quiz.sentences import facts_in, facts_of_title, limit_of, score_of
from courses.curriculum.sources.readers.quiz.types import types_in, types_stated

_HEAD = {
    "time": "time limit|time|duration|time allowed|time allotted|allotted time|estimated time|time estimate|"
    "suggested time|"
    "recommended time|time required|zeit|dauer|time limit suggested|length",
    "questions": "total questions|questions|number of questions|question count|total number of questions|total "
    "question|"
    "fragen|anzahl fragen",
    "passing": "passing score|pass score|passing grade|passing|pass mark|passing threshold|minimum score|to pass|"
    "passing criteria|passing marks|minimum passing score|required score|pass threshold|passing requirement|"
    "bestehensgrenze|"
    "passing percentage|passing score required|minimum to pass|target score|pass",
    "points": "total points|points|total|maximum score|max score|total score|total marks|points possible|"
    "maximum points",
    "format": "format|question types|question type|types|type|types of questions|quiz format|question format|style",
    "attempts": "attempts|retakes|retake|retake policy|attempts allowed|max attempts|maximum attempts",
    "module": "module|modul|covers module|course module|for module|module id|related module",
    "difficulty": "difficulty|difficulty level|level",
    "coverage": "coverage|topics covered|topics|covers|scope|topic|lessons covered|content|covered topics|areas "
    "covered",
    "summary": "purpose|about|goal|description|objective|summary",
    "weight": "weight|weighting",
}  # fmt: skip
_HEAD_OF = {word: name for name, words in _HEAD.items() for word in words.split("|")}
_KNOWN = re.compile(
    r"\b(?:scor\w*|grad\w*|next|review\w*|result\w*|instruction\w*|overview|about|stud\w*|retak\w*|remediation|practice|"
    r"feedback|resource\w*|pass\w*|time|notes?|objectives?|recommend\w*|quiz|information|details|further|how|interpret\w*|"
    r"perform\w*|areas?|summary|questions?|reading|tips?|if|topics?|analysis|calculate|section|part|assessment|"
    r"introduction|prerequisites?|coverage|policy|support|help|congratulations|preparation|explanations?|reflection|"
    r"self|weak|learning|test|exam|before|after|guide\w*|rules?|format|structure|answer\w*|submission|evaluation|rubric|"
    r"certificate|completion|module|metadata|additional|reference\w*|check\w*|distribution|statistics|breakdown)\b"
)
# Where the next label of a line begins.
_BESIDE = re.compile(
    r"(?<!\s)\s+[|\u2022\u00b7]\s+|;\s+(?=[A-Z*_])|<br\s*/?>\s*|(?<!\s)(?:,\s*+|\s++)(?=(?:\*\*|__)[^*_]{2,30}:)"
)
# Between what a label says and more facts behind it: "Time: 20 min. Passing: 8 out of 10."
_MORE = re.compile(r"(?<=[^\d\s])\.\s+(?=[A-Z])|(?<=min)\.\s+|(?<!\s)\s+[|\u2022\u00b7]\s+")
_BANDS = re.compile(r"\b(?:scor\w*|grad(?:e|es|ing)|interpret\w*|performance|results?|rating)\b")
_SECTION_COUNT = re.compile(
    r"[(\[]\s*(\d+)\s+(?:\w+\s+)?(?:questions?|fragen|items?)(?:[,;]?[^)\]]*)[)\]]", re.IGNORECASE
)
_SECTION_RANGE = re.compile(
    r"(?:questions?|Q|fragen)\s*+\.?\s*+(\d++)\s*+(?:-|\u2013|\u2014|to|through|bis)\s*+Q?(\d+)", re.IGNORECASE
)
_ONE_QUESTION = re.compile(r"\(\s*+(?:question|Q)\s*+\.?\s*+(\d++)\s*+\)", re.IGNORECASE)
_COUNT = re.compile(r"\b(\d+)\s+(?:[a-z-]+\s+){0,2}?questions?\b", re.IGNORECASE)


def label_of(text: str) -> tuple[str, str, str] | None:
    """A label in bold, whatever it says (``**27-30 correct (90 %):** Excellent``), or a plain one."""
    return labelled_text(text) or labels.label_of(text)


def fact_of(label: str) -> str:
    """The fact of a quiz's head that a label says, folded; empty for any other."""
    return _HEAD_OF.get(label, "")


def section_stated(quiz: Claim, piece: Piece) -> None:
    """A section of questions, with how many it says it has."""
    number = quiz.count("stated.sections")
    value: dict[str, str] = {"title": piece.text}
    if found := _SECTION_COUNT.search(piece.text):
        value["questions"] = found[1]
    if found := _SECTION_RANGE.search(piece.text):
        value |= {"first": found[1], "last": found[2]}
    elif found := _ONE_QUESTION.search(piece.text):
        value |= {"first": found[1], "last": found[1]}
    quiz.set(f"stated.sections.{number}", value, *piece.lines)


def guide_read(statement: Statement, quiz: Claim, chunk: Chunk, *, head: bool) -> None:
    """State what labelled lines, lists and tables say; running text is prose.

    :param head: whether the chunk stands before the questions, where labels say what the quiz is.
    """
    title = chunk.head.text if chunk.head else ""
    group = title
    rows: list[Piece] = []
    text: list[Piece] = []
    adjacent = False
    for at, piece in enumerate([*chunk.pieces, Piece("rule", (0,))]):
        if piece.kind == "row":
            rows.append(piece)
            continue
        if rows and piece.line not in _rule_lines(chunk, rows):
            _table(statement, quiz, title, rows, head=head)
            rows = []
        plain_text = (
            piece.kind == "text"
            and not piece.marker
            and piece.tick is None
            and (label_of(piece.text) is None or _opens_text(chunk.pieces, at))
        )
        if plain_text and adjacent and text == []:
            if head:
                _sentences(quiz, piece.text, piece.line)
            _note(quiz, {"group": group, "text": piece.text}, piece.line)
            continue
        if plain_text or piece.kind == "fence":
            text.append(piece)
            adjacent = False
            continue
        if text and piece.kind != "blank":
            _prose(statement, quiz, title, text, head=head)
            text = []
        if piece.kind == "text":
            beside = _BESIDE.split(piece.text)
            parts = beside if head and all(label_of(part) for part in beside) else [piece.text]
            for part in parts:
                opened = _labelled(quiz, replace(piece, text=part), group, head=head)
                group = opened if opened is not None else group
                adjacent = opened is None
        else:
            adjacent = False
    for piece in chunk.pieces:
        if piece.kind == "text" and statement.account.fate(piece.line) is None:
            _structure(statement, chunk, piece)


def _opens_text(pieces: list[Piece], at: int) -> bool:
    """Whether a label without a value (*Read this first:*) belongs to the text or code below it."""
    label = label_of(pieces[at].text)
    below = next((piece for piece in pieces[at + 1 :] if piece.kind != "blank"), None)
    return label is not None and not label[2] and below is not None and below.kind == "fence"


def title_read(quiz: Claim, text: str, *lines: int) -> None:
    """Facts of the head that stand in parentheses behind the title."""
    for name, words in facts_of_title(text):
        head_fact(quiz, name, words, *lines)


def _sentences(quiz: Claim, text: str, *lines: int) -> None:
    """Facts of the head that a text states in sentences, where no label does."""
    for name, words in facts_in(text):
        stated = {"time": "time_limit_minutes"}.get(name, f"stated.{name}")
        if stated not in quiz.fields:
            head_fact(quiz, name, words, *lines)


def _rule_lines(chunk: Chunk, rows: list[Piece]) -> set[int]:
    return {
        piece.line
        for piece in chunk.pieces
        if piece.kind == "rule" and "|" in piece.raw and rows[0].line <= piece.line <= rows[-1].line + 1
    }


def _structure(statement: Statement, chunk: Chunk, piece: Piece) -> None:
    """A label without a value, that opens what follows it."""
    after = next(
        (each.line for each in chunk.pieces if each.line > piece.line and statement.account.fate(each.line)), None
    )
    if after is not None:
        statement.account.structure(piece.line, after)


def _note(quiz: Claim, value: object, *lines: int) -> None:
    quiz.set(f"notes.{quiz.count('notes')}", value, *lines)


def _labelled(quiz: Claim, piece: Piece, group: str, *, head: bool) -> str | None:
    """State a labelled line or an entry of a list. A label without a value opens a group: its name."""
    label = label_of(piece.text)
    name = _HEAD_OF.get(folded(label[0])) if label else None
    if label and not label[2] and not piece.marker:
        return label[0]
    if label and not label[2] and name in ("coverage", "format", "passing"):
        return label[0]
    if label and name and head and label[2] and not group_is_list(group):
        # "*Total: 8 questions, 16 points*"
        name = "questions" if name == "points" and re.match(r"\d+\s+questions?\b", label[2]) else name
        first, *others = _MORE.split(label[2])
        more = [each for other in others for each in facts_in(other)]
        head_fact(quiz, name, first if more else label[2], piece.line)
        for other in others if more else ():
            _sentences(quiz, other, piece.line)
        return None
    inside = _HEAD_OF.get(folded(group))
    if inside == "coverage" and head and piece.marker:
        number = quiz.count("stated.topics")
        found = _SECTION_COUNT.search(piece.text)
        value = {"title": piece.text, **({"questions": found[1]} if found else {})}
        quiz.set(f"stated.topics.{number}", value, piece.line)
        return None
    if _BANDS.search(folded(group)) and (label or piece.marker) and _band(quiz, piece, group):
        return None
    value = {"group": group} if group else {}
    if label:
        value |= {"label": label[0], **({"qualifier": label[1]} if label[1] else {})}
        if head and name is None:
            _sentences(quiz, label[2], piece.line)
    value["text"] = label[2] if label else piece.text
    if head and not label:
        _sentences(quiz, piece.text, piece.line)
    if piece.tick is not None:
        value["done"] = piece.tick  # type: ignore[assignment]
    _note(quiz, value, piece.line)
    if head and (
        found := re.search(r"each question (?:is worth|counts for|carries)\s+(\d+)", piece.text, re.IGNORECASE)
    ):
        quiz.set("stated.points_each", found[1], piece.line)
    return None


def group_is_list(group: str) -> bool:
    return _HEAD_OF.get(folded(group)) == "coverage"


def head_fact(quiz: Claim, name: str, value: str, *lines: int) -> None:
    """A fact of the quiz's head; its wording stays beside it where it says more than the figure."""
    count = re.fullmatch(r"(\d+)(?:\s+(?:questions?|points?|minutes?|mins?\.?|fragen|minuten))?", value, re.IGNORECASE)
    match name:
        case "time":
            if limit := limit_of(value):
                quiz.set("time_limit_minutes", limit, *lines)
            if not re.fullmatch(r"\d+\s*minutes", value):
                quiz.set("stated.time", value, *lines)
        case "questions":
            found = count or re.search(r"(\d+)", value)
            if found:
                quiz.set("stated.questions", found[1], *lines)
            if not count or not value.isdigit():
                quiz.set("stated.questions_text", value, *lines)
            types_stated(quiz, value, *lines)
        case "passing":
            if percent := values.percent(value):
                quiz.set("passing.percent", percent, *lines)
            of = re.search(
                r"(?<!\d)(\d++)(?:\s++(?:correct|questions?|points?|answers?))*\s*+(?:/|out of|of)\s*+(\d+)", value
            )
            alone = re.search(r"(?<!\d)(\d++)\s++(?:correct|questions?|points?)", value)
            if of:
                quiz.set("passing.count", of[1], *lines)
                quiz.set("passing.of", of[2], *lines)
            elif alone:
                quiz.set("passing.count", alone[1], *lines)
            quiz.set("stated.passing", value, *lines)
        case "points":
            if count:
                quiz.set("points", count[1], *lines)
            if not value.isdigit():
                quiz.set("stated.points", value, *lines)
        case "format":
            quiz.set("stated.format", value, *lines)
            types_stated(quiz, value, *lines)
        case "module":
            module_named(quiz, value, *lines)
            quiz.set("stated.module", value, *lines)
        case "difficulty" | "summary":
            quiz.set(name, value, *lines)
        case _:
            quiz.set(f"stated.{name}", value, *lines)


def _band(quiz: Claim, piece: Piece, group: str) -> bool:
    """A band of the scale: how many or what share, and what that means."""
    whole = re.match(r"^(?:\*\*)?(?P<score>[^*:\d]*+\d[^*:]*+)(?::\*\*|\*\*\s*+:|:)\s*+(?P<text>.*)$", piece.text)
    if (
        whole is None
        or folded(whole["score"]).startswith(("question", "section"))
        or (
            "%" not in whole["score"]
            and not re.search(
                r"\d\s*(?:-|\u2013|/|\+|or)|correct|below|under|less|[<>\u2265\u2264]", whole["score"], re.I
            )
        )
    ):
        return False
    _bands_set(quiz, group, whole["score"].strip(), whole["text"].strip(), piece.line)
    return True


def _bands_set(quiz: Claim, group: str, score: str, text: str, *lines: int) -> None:
    number = quiz.count("bands")
    value: dict[str, object] = {"group": group, "score": score, "text": text}
    share = re.search(
        r"((?:[<>\u2264\u2265]\s*+)?(?<!\d)\d+(?:\.\d+)?(?:\s*+(?:-|\u2013|to)\s*+\d+(?:\.\d+)?)?)\s*+%", score
    )
    if share and (low := values.amount(share[1])):
        value["percent"] = low.plain
    quiz.set(f"bands.{number}", value, *lines)


def _table(statement: Statement, quiz: Claim, title: str, rows: list[Piece], *, head: bool) -> None:
    """Every row but the first is one fact, by the heads of the columns."""
    heads, *body = rows
    if not body:
        _note(quiz, {"group": title, "cells": list(heads.cells)}, *heads.lines)
        return
    names = [folded(each) or str(place) for place, each in enumerate(heads.cells)]
    statement.account.structure(heads.line, body[0].line)
    two = len(names) == 2
    if head and two and (name := _HEAD_OF.get(folded(heads.cells[0]))) and heads.cells[1]:
        head_fact(quiz, name, heads.cells[1], heads.line)
    for row in body:
        cells = dict(zip(names, row.cells, strict=False))
        extra = row.cells[len(names) :]
        if extra:
            cells["more"] = " | ".join(extra)
        first = re.sub(r"[*_:]", "", row.cells[0]) if row.cells else ""
        if not any(row.cells):
            statement.account.structure(row.line, heads.line)
        elif head and two and (name := _HEAD_OF.get(folded(first))) and len(row.cells) > 1 and row.cells[1]:
            head_fact(quiz, name, row.cells[1], row.line)
            if name == "module":
                continue
        elif _BANDS.search(folded(title)) and any(
            word in " ".join(names) for word in ("score", "percent", "grade", "range", "correct")
        ):
            quiz.set(f"bands.{quiz.count('bands')}", {"group": title, **cells}, row.line)
        else:
            _note(quiz, {"group": title, "cells": cells}, row.line)


def _prose(statement: Statement, quiz: Claim, title: str, pieces: list[Piece], *, head: bool) -> None:
    lines = [line for piece in pieces for line in piece.lines]
    text = " ".join(piece.text for piece in pieces)
    if head:
        _sentences(quiz, text, *lines)
    count = _COUNT.search(text)
    if head and (count or types_in(text)) and "summary" not in quiz.fields:
        quiz.set("summary", text, *lines)
        if count and "stated.questions" not in quiz.fields:
            quiz.set("stated.questions", count[1], *lines)
        types_stated(quiz, text, *lines)
    else:
        keep(statement, quiz, title, lines)


def points_joined(quiz: Claim, questions: int) -> None:
    """A passing score without a unit gets one; one in points is out of the points of the quiz, where nothing says so.

    :param questions: how many there are.
    """
    passing, points = quiz.fields.get("stated.passing"), quiz.fields.get("points")
    if passing is None:
        return
    if bare := re.fullmatch(r"\W*(\d+(?:\.\d+)?)[^\w%]*", str(passing.value)):
        score = score_of(bare[1], questions)
        field = "passing.percent" if score.endswith("%") else "passing.count"
        if field not in quiz.fields:
            quiz.set(field, score.removesuffix("%").removesuffix(" questions"), *passing.lines)
    counted = re.search(r"\d\s+(?:points?|pts)\b", str(passing.value), re.IGNORECASE)
    if points and counted and "passing.count" in quiz.fields and "passing.of" not in quiz.fields:
        quiz.set("passing.of", points.value, *dict.fromkeys([*passing.lines, *points.lines]))


def is_known(title: str) -> bool:
    """Whether a section is one that quizzes have around their questions."""
    return bool(_KNOWN.search(folded(title)))
