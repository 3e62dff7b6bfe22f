"""One question: its stem, options, answers and what is said of it, whatever the dialect."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.answers import (
    BLANK,
    answer_of,
    compared,
    pairs_of,
    plain,
)
from courses.curriculum.sources.readers.quiz.choices import MARKED, inner_options, late_options
from courses.curriculum.sources.readers.quiz.chunks import BOLD, Chunk
from courses.curriculum.sources.readers.quiz.figures import figure_of, margin_of
from courses.curriculum.sources.readers.quiz.kinds import Found, Option
from courses.curriculum.sources.readers.quiz.labels import field_of, label_of
from courses.curriculum.sources.readers.quiz.options import OPTION, beside, options_in
from courses.curriculum.sources.readers.quiz.pieces import Piece
from courses.curriculum.sources.readers.quiz.tags import (
    BEFORE,
    POINTS_BEHIND,
    asks_above,
    each_in,
    points_behind,
    points_in,
    tagged,
    unbold,
    untyped,
)
from courses.curriculum.sources.values import is_nothing, number

_FACTS = ("difficulty", "points", "topics", "hint", "references", "tolerance", "unit", "stated.time", "stated.type")


@dataclass(slots=True)
class Question:
    """A stated question with what its key may still say of it."""

    claim: Claim
    found: Found
    number: str
    lines: list[int]
    head: int
    section: Piece | None = None


def collected(chunk: Chunk) -> Found:
    """Sort the lines of a question into its parts."""
    found = Found()
    part, blank, before = "stem", False, ""
    for piece in chunk.pieces:
        match piece.kind:
            case "blank":
                blank = True
                continue
            case "html":
                part = _summary_part(piece, part)
                if "</details" in piece.raw.casefold() and not found.options:
                    # What was folded away stood before the choices.
                    part = "stem"
            case "heading":
                part = field_of(piece.text.rstrip(":")) or part
                if field_of(piece.text.rstrip(":")) is None:
                    _add(found, part, piece.line, piece.text)
            case "fence":
                _fence(found, part, piece, blank)
            case "row":
                _row(found, part, piece)
            case "rule" if part == "stem" and "|" in piece.raw and found.stem[-1:] == [(piece.line - 1, before)]:
                # Without it a table would not be shown as one.
                found.stem.append((piece.line, piece.raw.strip()))
            case "text":
                part = _text(found, part, piece, blank)
        blank, before = False, piece.text
    return found


def _summary_part(piece: Piece, part: str) -> str:
    words = folded(piece.summary)
    if not words:
        return part
    if "hint" in words:
        return "hint"
    return (
        "answer"
        if re.search(r"answer|solution|reveal|show|click", words)
        else "explanation"
        if "expla" in words
        else part
    )


def _fence(found: Found, part: str, piece: Piece, blank: bool) -> None:
    body = list(zip(piece.lines, [line for line in piece.text.split("\n") if line.strip()], strict=False))
    if part == "stem" and found.options:
        last = found.options[-1]
        if not "".join(last.text).strip() or piece.indent or not blank:
            last.text.append(piece.text)
            last.lines += piece.lines
            return
    if part == "answer" and found.text("answer")[0] and found.options:
        part = "explanation"
    if part == "stem":
        found.stem += [(piece.line, piece.text), *((line, "") for line, _ in body[1:])]
    else:
        found.texts.setdefault(part, []).extend([(piece.line, piece.text), *((line, "") for line, _ in body[1:])])


def _row(found: Found, part: str, piece: Piece) -> None:
    cells = piece.cells
    headed = bool(found.rows) and piece.line - found.rows[-1].line <= 2
    if part in ("stem", "options") and re.fullmatch(r"\W*[A-Ha-h]\W*", cells[0]) and len(cells) == 2 and not headed:
        found.options.append(Option(re.sub(r"\W", "", cells[0]).upper(), [cells[1]], [piece.line]))
    elif (
        part in ("stem", "options")
        and len(cells) == 2
        and folded(cells[0]) in ("option", "options", "letter", "choice")
    ):
        found.blanks.append(piece.line)
    elif part == "stem":
        found.rows.append(piece)
        found.stem.append((piece.line, piece.text))
    else:
        _add(found, part, piece.line, piece.text)


def _add(found: Found, part: str, line: int, text: str) -> None:
    if part in ("stem", "options"):
        found.stem.append((line, text))
    else:
        found.texts.setdefault(part, []).append((line, text))


def _text(found: Found, part: str, piece: Piece, blank: bool) -> str:
    label = label_of(piece.text)
    named = field_of(label[0]) if label else None
    if (
        label
        and named
        and (
            named not in ("stem", "references", "topics", "points", "stated.time", "stated.type")
            or part != "explanation"
        )
    ):
        return _labelled(found, named, label, piece)
    listed = len(found.stem) > 1 and all(text[:2] in ("- ", "* ", "+ ") for _, text in found.stem[-2:])
    if piece.quoted and part in ("stem", "options") and (found.options or listed) and not options_in(piece):
        # What is quoted below the choices says why one of them is right.
        part = "explanation"
    if part in ("stem", "options"):
        options = options_in(piece)
        if options and _next(found, options[0][0]):
            for letter, text in options:
                found.options.append(_option(letter, text, piece))
            return part
        if piece.tick and _letters(found, piece.text):
            _add(found, "answer", piece.line, piece.text)
            return "answer"
        if piece.tick is not None and piece.text:
            letter = chr(ord("A") + len(found.options)) if len(found.options) < 26 else "Z"
            marked = bool(MARKED.search(piece.text))
            words = MARKED.sub(" ", piece.text).strip() if marked else piece.text
            found.options.append(Option(letter, [words], [piece.line], piece.tick, marked))
            return part
        if found.options and (not blank or piece.indent > 1) and not piece.text.startswith("**"):
            found.options[-1].text.append(piece.text if not piece.marker else f"{piece.marker} {piece.text}")
            found.options[-1].lines.append(piece.line)
            return part
    if part == "answer" and piece.marker[:1] in ("-", "*", "+", "\u2022") and _names_option(found, piece.text):
        _add(found, part, piece.line, piece.text)
        return part
    if part == "answer" and not blank and _goes_on(found, piece):
        _add(found, part, piece.line, f"{piece.marker} {piece.text}".strip())
        return part
    if part == "answer" and _settled(found) and (blank or label is None or piece.text.startswith("**")):
        part = "explanation"
    if part in _FACTS and blank:
        part = "explanation" if found.text("answer")[0] else "stem"
    shown = f"{piece.marker} {piece.text}" if piece.marker else piece.text
    if piece.quoted:
        shown = re.sub(r"^\U0001f4a1\ufe0f?\s*", "", shown)
    if part == "answer" and not piece.marker and not found.text("answer")[0]:
        shown = piece.text
    elif piece.tick is not None and part not in ("stem", "options"):
        shown = f"- [{'x' if piece.tick else ' '}] {piece.text}"
    if part in ("stem", "options") and found.options:
        found.after.append((piece.line, shown))
    else:
        _add(found, part, piece.line, shown)
    return part


def _letters(found: Found, text: str) -> bool:
    """Whether what a tick stands before is the answer: letters of the options above, none of which has a box."""
    answer, known = answer_of(text), {option.letter for option in found.options if option.ticked is None}
    return bool(answer.letters) and not answer.rest and {*answer.letters} <= known


def _goes_on(found: Found, piece: Piece) -> bool:
    """Whether a line below an answer is one more pair, or one more choice of a list, as all lines above it are."""
    lines = found.text("answer")[0].split("\n")
    if pairs_of(piece.text) and all(pairs_of(line) for line in lines):
        return True
    numbers = [re.match(r"(\d+)[.)]\s", line) for line in lines]
    return all(numbers) and piece.marker[:-1] == str(len(lines) + 1)


def _names_option(found: Found, text: str) -> bool:
    """Whether a line of a list is the letter of an option, alone or with its words."""
    parts = OPTION.match(text) or OPTION.match(f"{text})")
    words = compared(parts["text"] if parts and parts.re.match(text) else "") if parts else ""
    known = {option.letter: compared("\n".join(option.text)) for option in found.options}
    return parts is not None and parts["letter"].upper() in known and words in ("", known[parts["letter"].upper()])


def _option(letter: str, text: str, piece: Piece) -> Option:
    marked = bool(MARKED.search(text))
    if marked:
        text = MARKED.sub(" ", text).strip()
    bold = bool(re.fullmatch(r"(\*\*|__).+\1", text)) or (piece.text.startswith("**") and text.endswith("**"))
    if bold:
        text = re.sub(r"^(?:\*\*|__)|(?:\*\*|__)$", "", text).strip()
    return Option(letter, [text], [piece.line], piece.tick, marked, bold)


def _settled(found: Found) -> bool:
    """Whether the answer is said, so that what follows it explains it."""
    text = found.text("answer")[0]
    if not text:
        return False
    answer = answer_of(text)
    alone = figure_of(plain(text)) is not None or bool(BOLD.fullmatch(text))
    return bool(found.options) or alone or answer.truth is not None or (bool(answer.letters) and not answer.rest)


def _labelled(found: Found, named: str, label: tuple[str, str, str], piece: Piece) -> str:
    value = label[2]
    if named == "blank":
        found.blanks.append(piece.line)
        if value and not BLANK.match(value):
            found.texts.setdefault("stated.your_answer", []).append((piece.line, value))
        return "stem" if not found.options else "options"
    if named == "answer" and BLANK.match(value) and value:
        found.blanks.append(piece.line)
        return "answer"
    if named == "stem":
        plain_label = folded(label[0]) not in ("question", "frage", "statement", "prompt", "stem")
        found.stem.append((piece.line, f"**{label[0]}:** {value}".strip() if plain_label else value))
        return "stem"
    if named == "options" and value and not found.options:
        told = beside(value)
        for letter, text in told[1] if told else ():
            found.options.append(_option(letter, text, piece))
        if told is None:
            found.stem.append((piece.line, value))
        return "options"
    if named == "options":
        found.blanks.append(piece.line)
        return "options"
    found.texts.setdefault(named, []).append((piece.line, value))
    return named


def _next(found: Found, letter: str) -> bool:
    """Whether an option may have this letter here: the first is A, others follow or repeat what was there."""
    if not found.options:
        return letter == "A"
    return 0 <= ord(letter) - ord(found.options[-1].letter) <= 2 or letter in {each.letter for each in found.options}


def stated(
    statement: Statement, quiz: Claim, chunk: Chunk, section: Piece | None, key: str,
    each: tuple[str, int] | None = None,
) -> Question:  # fmt: skip
    """State a question as far as its own lines say; ``finished`` adds what the *key* answers.

    :param each: the points that a text above says for each question, with its line.
    """
    assert chunk.head is not None
    found = collected(chunk)
    head = chunk.head.line
    late_options(found, f"{chunk.title} {chunk.label}", key)
    said = chunk.title.strip()
    words = BEFORE.sub("", said)
    # Behind "(5 points)" alone stands no title, unless nothing else asks.
    titled = untyped(found, words or ("" if found.stem else said), head)
    title, title_lines = _title(chunk, found, tagged(found, titled, head) if found.stem else titled)
    if found.stem:
        line, first = found.stem[0]
        found.stem[0] = line, untyped(found, first, line)
    title = inner_options(found, title, title_lines, key)
    points, points_asked = points_in(f"{chunk.label} {said}"), ""
    if found.stem and not points:
        line, last = found.stem[-1]
        points_asked, found.stem[-1] = points_behind(last), (line, POINTS_BEHIND.sub("", last))
        points = points_asked
    stem = "\n".join(text for _, text in found.stem if text).strip()
    stem_lines = [line for line, _ in found.stem]
    label = chunk.label or title or f"Question {head}"
    claim = statement.claim("question", label, head, parent=quiz)
    lines = [*title_lines, *stem_lines]
    if chunk.label:
        claim.set("stated.label", chunk.label, head)
    if chunk.number:
        claim.set("stated.number", chunk.number, head)
    if title:
        claim.set("title", re.sub(r"^\*\*(.*?)\*\*$", r"\1", title), *title_lines)
    if stem and title and asks_above(title, stem):
        claim.set("stem", f"{unbold(title)}\n\n{unbold(stem)}", *title_lines, *stem_lines)
    elif stem:
        claim.set("stem", unbold(stem), *stem_lines)
    elif title:
        claim.set("stem", unbold(title), *title_lines)
    if points:
        claim.set("points", points, *(stem_lines if points_asked else chunk.head.lines))
    elif section is not None and (of_each := each_in(section.text)):
        claim.set("points", of_each, *section.lines)
    elif each is not None and "bonus" not in f"{chunk.label} {said}".casefold():
        claim.set("points", each[0], each[1])
    if "bonus" in f"{chunk.label} {said}".casefold():
        claim.set("bonus", True, *chunk.head.lines)
    elif section is not None and "bonus" in section.text.casefold():
        claim.set("bonus", True, section.line)
    for place, option in enumerate(found.options):
        claim.set(f"options.{place}.id", option.letter.casefold(), *option.lines)
        claim.set(f"options.{place}.text", "\n".join(option.text).strip(), *option.lines)
        lines += option.lines
    _details(claim, found, chunk.head.line)
    for place, (line, text) in enumerate(found.after):
        claim.set(f"notes.{place}", text, line)
    for line in found.blanks:
        statement.account.structure(line, head)
    return Question(claim, found, chunk.number, lines, head, section)


def _title(chunk: Chunk, found: Found, title: str) -> tuple[str, list[int]]:
    """The title with its lines: of one that no heading is, the lines are taken along on which its sentence goes on."""
    assert chunk.head is not None
    lines = list(chunk.head.lines)
    while (
        title and chunk.head.kind == "text" and not re.search(r"[.?!:]\W{0,3}$", title)
        and found.stem and found.stem[0][0] == lines[-1] + 1 and found.stem[0][1][:1].islower()
    ):  # fmt: skip
        line, more = found.stem.pop(0)
        title, lines = f"{title} {more}", [*lines, line]
    return title, lines


def _details(claim: Claim, found: Found, head: int) -> None:
    """What labelled lines say, beside stem, options and answer."""
    for name in found.texts:
        value, lines = found.text(name)
        if name == "answer" and value:
            claim.set("stated.answer", value, *lines)
        elif not value or (is_nothing(value) and name != "answer"):
            for line in lines:
                claim.statement.account.structure(line, head)
        elif name == "topics":
            claim.set("topics.0", value, *lines)
        elif name == "points":
            amount = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*(?:points?|pts?|marks?))?", value, re.IGNORECASE)
            claim.set("points" if amount else "stated.points", number(amount[1]) if amount else value, *lines)
        elif name == "tolerance":
            for field, figure in zip(("tolerance", "tolerance_percent"), margin_of(value), strict=True):
                if figure:
                    claim.set(field, figure, *lines)
            if not any(margin_of(value)):
                claim.set("stated.tolerance", value, *lines)
        elif name != "answer":
            claim.set(name, value, *lines)
