"""A quiz cut into chunks: its head, its questions, its key, and what is said around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from typing import Literal

from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.kinds import is_truth_section
from courses.curriculum.sources.readers.quiz.labels import field_of, label_of, words_of
from courses.curriculum.sources.readers.quiz.line import answers_in
from courses.curriculum.sources.readers.quiz.options import options_in
from courses.curriculum.sources.readers.quiz.pieces import Piece

Role = Literal["guide", "question", "key"]

# Words keep their meaning with an ending behind them (Questions, Answers).
QUESTION_TITLE = re.compile(
    r"^\W*+(?P<label>(?:[^\W\d]++\s++){0,2}?(?:question|frage|problem|item|scenario|exercise|task|bonus|challenge)\w*(?<!\d)"
    r"\s*+(?:no\.?|nr\.?|#)?\s*+(?P<number>\d++(?:\.\d++)?)|(?:bonus\s++)?Q\s*+\.?\s*+(?P<short>\d++(?:\.\d++)?)"
    r"|(?P<plain>\d++\.\d++(?=[.):\s])|\d++(?=[.):])))"
    r"(?:\s*+(?:/|of)\s*+\d++)?\s*(?P<rest>(?:[.):\u2013\u2014-]|\s|$).*)$",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_BOLD = re.compile(
    r"^\*\*(?P<label>(?:[^\W\d*]++\s++)?(?:(?:question|frage|q)\w*(?<!\d)\s*+\.?\s*+#?)?"
    r"(?P<number>\d++(?:\.\d++)?))\s*+[.):\u2013-]?\s*+"
    r"(?:\*\*\s*[.):\u2013\u2014-]?\s*(?P<rest>.*)|(?P<inside>(?:[^*]|(?<=\s)\*(?!\*)).*?)\*\*\s*(?P<after>.*))$",
    re.IGNORECASE,
)
_INLINE_PLAIN = re.compile(
    r"^(?P<label>(?:question\w*(?<!\d)\s*+#?|q\s*+\.?\s*+)?(?P<number>\d++(?:\.\d++)?))\s*+[.):]\s++(?P<rest>\S.*)$",
    re.IGNORECASE,
)
BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_].*?)(?P=mark)")
# Words may follow, but "Key Takeaways" and "Solutions Architecture" are no keys.
_KEY_TITLE = re.compile(
    r"^(?:(?:section|part|abschnitt|teil) \w+ )?(?:\w+ )?"
    r"(?:(?:answer(?:s)? (?:key|sheet|guide|summary|list)|answers(?: and explanations?| explained)?"
    r"|answers? (?:and|with) \w+|solutions? key|correct answers|quiz (?:answers|key)|losungen|answer explanations"
    r"|answers? for \w+)(?: .*)?|(?:section|part) \w+ answers?"
    r"|(?:solutions?|key)(?: (?:and|with|for|to|of|part|section|quiz|module|\d).*)?)$"
)
_IN_KEY = re.compile(r"\d\W{1,4}[A-Ja-j]\b|^Q\d{1,3}\s[=\u2013\u2014-]\s")
_NO_QUESTION = re.compile(
    r"^(?:section|part|module|mod|chapter|unit|lesson|week|day|level|phase|teil|abschnitt|round|category|topic|domain)\w*\b"
)
BOLD_SECTION = re.compile(r"^(?:section|part|teil|abschnitt)\w* (?:\d{1,2}|[a-h]|i{1,3}|iv|v)\b")
_OUTSIDE = re.compile(
    r"^(?:scoring|score|grading|grade|next steps?|review|results?|instructions?|overview|about|study|retake|remediation"
    r"|additional|feedback|resources?|passing|time|notes?|learning objectives|recommend\w*|quiz (?:information|details|"
    r"overview|instructions|info)|if you|further|how to|interpret\w*|performance|areas|summary|congratulations)\b"
)

# Headings below which questions without choices may begin, where a key answers them.
_ASKING = re.compile(r"\b(?:questions?|answers?|blanks?|section|part|numeric\w*|calculat\w*|fragen)\b")


@dataclass(slots=True)
class Chunk:
    """Pieces that belong together. ``head`` is the piece that begins it, None for what stands above everything."""

    role: Role
    head: Piece | None
    pieces: list[Piece] = field(default_factory=list)
    label: str = ""
    number: str = ""
    title: str = ""
    path: tuple[Piece, ...] = ()
    sections: list[Piece] = field(default_factory=list)


_MARKS = re.compile(
    r"[\u2705\u2713\u2714\u2611]|\((?:correct|right)(?: answer)?\)|(?:<-|\u2190)\s*correct", re.IGNORECASE
)
# "3. It can go back. **(F)** It never does.", "5. What is it? *Expected:* a log".
_BEHIND = re.compile(
    r"(?P<asked>\S.{0,600}?[^\s*_])\s+(?:(?P<mark>\*\*|__|\*|_)?\((?P<truth>T|F|True|False)\)(?(mark)(?P=mark))"
    r"(?:\s+[\u2013\u2014:-]?\s*(?P<why>\S.*))?"
    r"|(?P<label>\*\*|__|\*|_)(?:expected|answer|expected answer|ans)\s?(?::(?P=label)|(?P=label):)\s+(?P<words>\S.*))",
    re.IGNORECASE,
)
# "GET has no body. — False", "The other format is ______. (YAML)".
_AT_END = re.compile(
    r"(?P<asked>\S.{0,600}?[^\s*_])\s+[\u2013\u2014-]\s+(?:\*\*)?(?P<truth>true|false|T|F)(?:\*\*)?\.?"
    r"|(?P<gap>\S.{0,600}?_{3,}.{0,300}?)\s+\((?:\*\*)?(?P<words>[^()*]{1,60})(?:\*\*)?\)",
    re.IGNORECASE,
)


def is_key_title(text: str) -> bool:
    return bool(_KEY_TITLE.match(words_of(text)))


def _asks(pieces: list[Piece]) -> bool:
    """Whether lines hold what a question has: options, or a labelled answer."""
    options = sum(len(options_in(piece)) or (piece.kind == "text" and piece.tick is not None) for piece in pieces)
    folds = any(field_of(piece.summary) == "answer" or "answer" in folded(piece.summary).split() for piece in pieces)
    labels = [label_of(piece.text) for piece in pieces if piece.kind == "text"]
    answered = any(found and field_of(found[0]) in ("answer", "blank") for found in labels)
    return options > 1 or answered or folds or one_bold(pieces)


def one_bold(pieces: list[Piece]) -> bool:
    """Whether lines hold choices without letters: one is bold, some are marked, or they are true and false."""
    listed = [piece.text for piece in pieces if piece.kind == "text" and piece.marker]
    bold = sum(bool(BOLD.fullmatch(text)) for text in listed)
    marked = sum(bool(_MARKS.search(text)) for text in listed)
    return len(listed) > 1 and (bold == 1 or 0 < marked < len(listed) or is_truth(listed))


def is_truth(texts: list[str]) -> bool:
    """Whether choices are *True* and *False*, in whatever order and with whatever marks."""
    return sorted(folded(_MARKS.sub("", text)) for text in texts) == ["false", "true"]


def inline_start(piece: Piece) -> tuple[str, str, str] | None:
    """Label, number and first words of a question that begins in a line of text and not with a heading."""
    if piece.kind != "text" or piece.tick is not None or piece.marker[:1] in ("-", "*", "+"):
        return None
    if found := _INLINE_BOLD.match(piece.text):
        rest = found["rest"] if found["inside"] is None else f"{found['inside']} {found['after']}"
        return found["label"], found["number"], rest.strip()
    text = f"{piece.marker} {piece.text}" if piece.marker else piece.text
    if found := _INLINE_PLAIN.match(text):
        return found["label"], found["number"], found["rest"].strip()
    return None


def chunks_of(pieces: list[Piece]) -> list[Chunk]:
    """The chunks of a quiz, in the order of the document."""
    pieces = [part for piece in pieces for part in _answered(piece)]
    _bold_sections(pieces)
    chunks = [Chunk("guide", None)]
    heads: list[Piece] = []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if piece.kind != "heading":
            chunks[-1].pieces.append(piece)
            place += 1
            continue
        end = next((at for at in range(place + 1, len(pieces)) if pieces[at].kind == "heading"), len(pieces))
        current = chunks[-1]
        deeper = current.head is not None and current.head.kind == "heading" and piece.level > current.head.level
        if (current.role == "key" and deeper) or (
            current.role == "question" and (_part_of_question(piece, deeper=deeper) or (deeper and not _titled(piece)))
        ):
            current.pieces.append(piece)
        else:
            while heads and heads[-1].level >= piece.level:
                heads.pop()
            chunks.append(_headed(piece, pieces[place + 1 : end], tuple(heads)))
            heads.append(piece)
        place += 1
    for chunk, below in pairwise(chunks):
        _section_unless_asked(chunk, below)
    known = _numbers_in([chunk for chunk in chunks if chunk.role == "key"])
    parts: list[Chunk] = []
    last = 0
    for chunk in chunks:
        opens = not last and chunk.head is not None and bool(_ASKING.search(folded(chunk.head.text)))
        made = _split(chunk, last + 1 if last or opens else 0, known)
        last = next((_whole(part.number) for part in reversed(made) if part.number), last)
        parts += made
    return parts


def _whole(number: str) -> int:
    """The number of a question that counts; 0 for one such as *2.1*."""
    return int(number) if number.isdigit() else 0


def _section_unless_asked(chunk: Chunk, below: Chunk) -> None:
    """Let a heading such as *Scenario 2* be a section where it asks nothing, and questions stand below it."""
    heads = [each.head for each in (chunk, below) if each.role == "question" and each.head]
    deeper = len(heads) == 2 and heads[1].kind == "heading" and heads[1].level > heads[0].level
    if deeper and not _asks(chunk.pieces):
        chunk.role, chunk.label, chunk.number, chunk.title = "guide", "", "", ""


def _numbers_in(keys: list[Chunk]) -> set[int] | None:
    """The numbers that the lines and rows of keys begin with; None without a key."""
    found: set[int] = set()
    for piece in (piece for key in keys for piece in key.pieces):
        text = f"{piece.marker} {piece.text}" if piece.marker else piece.text.strip("| ")
        numbers = [number for number, _ in answers_in(text)] if piece.kind == "text" else []
        first = re.match(r"\W*(?:question|frage|q)?\s?\.?#?(\d{1,3})\b", text, re.IGNORECASE)
        found.update(map(int, [*numbers, *([first[1]] if first else [])]))
    return found if keys else None


def _answered(piece: Piece) -> list[Piece]:
    """A question with its answer in the same line, and what explains it, as the lines that they could be."""
    starts = piece.kind == "text" and inline_start(piece)
    if starts and (end := _AT_END.fullmatch(piece.text)):
        answer = f"**Answer:** {end['truth'] or end['words']}"
        return [replace(piece, text=end["asked"] or end["gap"]), replace(piece, text=answer, marker="")]
    found = _BEHIND.fullmatch(piece.text) if starts else None
    if found is None:
        return [piece]
    answer = f"**Answer:** {found['truth'] or found['words']}"
    parts = [replace(piece, text=found["asked"]), replace(piece, text=answer, marker="")]
    return [*parts, replace(piece, text=f"**Explanation:** {found['why']}", marker="")] if found["why"] else parts


def _bold_sections(pieces: list[Piece]) -> None:
    """Let a line in bold by itself that names a section (*Section 2: Networks*) be the heading that it is meant as."""
    level, between = 1, True
    for place, piece in enumerate(pieces):
        if piece.kind == "heading":
            level, between = piece.level, not QUESTION_TITLE.match(piece.text)
            continue
        plain_text = piece.text.rstrip(": ") if piece.kind == "text" and not piece.marker else ""
        bold = BOLD.fullmatch(f"**{plain_text}**" if plain_text.isupper() else plain_text)
        alone = all(
            each.kind != "text" for each in (*pieces[max(0, place - 1) : place], *pieces[place + 1 : place + 2])
        )
        if bold and alone and BOLD_SECTION.match(folded(bold["text"])):
            piece.kind, piece.text = "heading", bold["text"].strip(": ")
            piece.level = min(6, level + 1) if between else level


def _titled(piece: Piece) -> bool:
    return bool(QUESTION_TITLE.match(piece.text)) or is_key_title(piece.text)


def _part_of_question(piece: Piece, *, deeper: bool) -> bool:
    """Whether a heading opens a part of the question above it; one like *True / False* may also open a section."""
    words = piece.text.rstrip(":")
    if field_of(words) in ("stem", "options") and not deeper:
        return False
    return (field_of(words) is not None and not is_key_title(words)) or folded(words) in (
        "answer",
        "correct answer",
        "solution",
    )


def _headed(piece: Piece, below: list[Piece], path: tuple[Piece, ...]) -> Chunk:
    words = folded(piece.text)
    if is_key_title(piece.text):
        return Chunk("key", piece, path=path)
    found = QUESTION_TITLE.match(piece.text)
    if found and not _NO_QUESTION.match(words) and (not found["plain"] or _asks(below)):
        number = found["number"] or found["short"] or found["plain"]
        title = re.sub(r"^[\s.):\u2013\u2014-]+", "", found["rest"])
        return Chunk("question", piece, label=found["label"].strip(), number=number, title=title, path=path)
    asks = _asks(below) and not _NO_QUESTION.match(words) and not _OUTSIDE.match(words) and piece.level > 1
    if asks and not any(inline_start(each) for each in below):
        return Chunk("question", piece, title=piece.text, path=path)
    return Chunk("guide", piece, path=path)


def _split(chunk: Chunk, due: int, known: set[int] | None) -> list[Chunk]:
    """Questions without headings out of what stands under one; a key that a line of text opens, likewise.

    :param due: the number of the question that a section may begin with whose answers are all in a key; 0 for none.
    :param known: the numbers that the key has; None without one.
    """
    if chunk.role == "key":
        return [chunk]
    parts: list[Chunk] = [chunk]
    pieces, chunk.pieces = chunk.pieces, []
    outside = chunk.head is not None and bool(_OUTSIDE.match(folded(chunk.head.text)))
    truths = chunk.head is not None and is_truth_section(chunk.head.text)
    due = 0 if outside or (known is None and due < 2) else due
    asked = _asked(pieces, due, known, truths=truths) if chunk.role == "guide" else set()
    level = min((pieces[at].indent for at in asked), default=0)
    for at, piece in enumerate(pieces):
        words = piece.summary if piece.kind == "html" else piece.text.lstrip("*_").rstrip("*_:")
        opens = piece.kind == "html" or re.fullmatch(r"(\*\*|__).*(\*\*|__):?", piece.text) or _stands_alone(pieces, at)
        if in_line := _in_line(piece, parts[-1]):
            parts.append(Chunk("key", piece, [replace(piece, text=in_line, marker="")], path=chunk.path))
        elif opens and words and is_key_title(words) and _entries_follow(pieces[at + 1 :]):
            parts.append(Chunk("key", piece, path=chunk.path))
        elif at in asked and piece.indent <= level + 1:
            label, number, title = inline_start(piece) or ("", "", "")
            parts.append(
                Chunk("question", piece, [], label, number, title, (*chunk.path, *([chunk.head] if chunk.head else [])))
            )
        else:
            parts[-1].pieces.append(piece)
    return parts


def _asked(pieces: list[Piece], due: int, known: set[int] | None, *, truths: bool) -> set[int]:
    """Where questions begin: lines with a number and what a question has below them.

    Between those, and behind them, one without options or an answer of its own
    stands where the number goes on: its answer is in a key.

    :param truths: they stand in a section that only asks what is true.
    :param known: the numbers that the key has; without one, lines whose numbers go on ask as well, and have no answer.
    """
    starts = [at for at, piece in enumerate(pieces) if inline_start(piece)]
    bold = [at for at in starts if _INLINE_BOLD.match(pieces[at].text)]
    outer = min((pieces[at].indent for at in starts), default=0)
    starts = bold or [at for at in starts if pieces[at].indent <= outer + 1]
    ends = dict(zip(starts, [*starts[1:], len(pieces)], strict=False))
    asked = {at for at in starts if _asks(pieces[at + 1 : ends[at]])}
    if starts and due and _number_at(pieces[starts[0]]) == due:
        following = [at for at, number in zip(starts, count(due), strict=False) if _number_at(pieces[at]) == number]
        keyed = [at for at in following if known is None or _number_at(pieces[at]) in known]
        asked |= set(starts if truths else starts[:1] if bold else ()) | set(keyed)
    for order, step in ((starts, 1), (starts[::-1], -1)):
        due = 0
        for at in order:
            number = _number_at(pieces[at])
            before = pieces[at - 1]
            apart = at == 0 or before.kind in ("blank", "rule", "heading") or before.indent > pieces[at].indent + 1
            if at in asked or (due and number == due and apart):
                asked.add(at)
                due = number + step
    return asked


def _number_at(piece: Piece) -> int:
    return _whole((inline_start(piece) or ("", "", ""))[1])


def _in_line(piece: Piece, chunk: Chunk) -> str:
    """What a line says that is a whole key behind a label (``Answers: 1-a, 2-b``); empty for any other.

    What is matched in a question has such pairs for its own answer.
    """
    label = label_of(piece.text) if piece.kind == "text" else None
    named = label is not None and is_key_title(label[0])
    if named and any("match" in text.casefold() for text in (chunk.title, *(each.text for each in chunk.pieces))):
        return ""
    return label[2] if label and named and len(answers_in(label[2])) > 1 else ""


def _stands_alone(pieces: list[Piece], at: int) -> bool:
    """Whether a line such as *Answers:*, not in bold, opens a key: below a rule, or above several answers in a line.

    One in capitals (*KEY*) does below an empty line or a rule.
    """
    piece = pieces[at]
    if piece.kind == "text" and not piece.marker and piece.text.isupper():
        return at > 0 and pieces[at - 1].kind in ("blank", "rule")
    if piece.kind != "text" or piece.marker or not piece.text.endswith(":"):
        return False
    before = next((each.kind for each in reversed(pieces[:at]) if each.kind != "blank"), "")
    after = next((each for each in pieces[at + 1 :] if each.kind != "blank"), None)
    matched = any("match" in each.text.casefold() for each in pieces[:at])
    return before == "rule" or (after is not None and len(answers_in(after.text)) > 1 and not matched)


def _entries_follow(pieces: list[Piece]) -> bool:
    """Whether at least two numbered answers stand below: a summary of answers, not the answer of one question."""
    numbered = [piece for piece in pieces if piece.kind == "row" or inline_start(piece) or _IN_KEY.search(piece.text)]
    return len(numbered) > 1 or any(piece.kind == "text" and len(answers_in(piece.text)) > 1 for piece in pieces)
