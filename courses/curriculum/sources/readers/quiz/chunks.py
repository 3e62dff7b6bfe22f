"""A quiz cut into chunks: its head, its questions, its key, and what is said around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from courses.curriculum.sources.parts import folded
from courses.curriculum.sources.readers.quiz.kinds import is_truth_section
from courses.curriculum.sources.readers.quiz.line import answers_in
from courses.curriculum.sources.readers.quiz.options import options_in
from courses.curriculum.sources.readers.quiz.pieces import Piece

Role = Literal["guide", "question", "key"]

# Words keep their meaning with an ending behind them (Questions, Answers).
QUESTION_TITLE = re.compile(
    r"^\W*+(?P<label>(?:[^\W\d]++\s++){0,2}?(?:question|frage|problem|item|scenario|exercise|task|bonus|challenge)\w*(?<!\d)"
    r"\s*+(?:no\.?|nr\.?|#)?\s*+(?P<number>\d++)|(?:bonus\s++)?Q\s*+\.?\s*+(?P<short>\d++)|(?P<plain>\d++)(?=[.):]))"
    r"(?:\s*+(?:/|of)\s*+\d++)?\s*(?P<rest>(?:[.):\u2013\u2014-]|\s|$).*)$",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_BOLD = re.compile(
    r"^\*\*(?P<label>(?:[^\W\d*]++\s++)?(?:(?:question|frage|q)\w*(?<!\d)\s*+\.?\s*+#?)?(?P<number>\d++))\s*+[.):\u2013-]?\s*+"
    r"(?:\*\*\s*[.):\u2013\u2014-]?\s*(?P<rest>.*)|(?P<inside>(?:[^*]|(?<=\s)\*(?!\*)).*?)\*\*\s*(?P<after>.*))$",
    re.IGNORECASE,
)
_INLINE_PLAIN = re.compile(
    r"^(?P<label>(?:question\w*(?<!\d)\s*+#?|q\s*+\.?\s*+)?(?P<number>\d++))\s*+[.):]\s++(?P<rest>\S.*)$", re.IGNORECASE
)
BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_].*?)(?P=mark)")
LABEL = re.compile(
    r"^(?:(?:[\u2705\u2714\u2713\u27a1\u2192\u2794\u279c\U0001f449\U0001f4a1\U0001f511\U0001f4dd]\ufe0f?|[-=]>)\s*)?"
    r"(?:\*\*|__|\*|_)?"
    r"(?P<label>[A-Za-z][A-Za-z /'&-]{1,30}?(?:\(s\))?)\s*+"
    r"(?:(?:\*\*|__|\*|_)\s*+(?P<qualifier>\([^()]*+\))?\s*+:|(?P<qualifier2>\([^()]*+\))?\s*+:(?:\*\*|__|\*|_)?)(?P<value>.*)$"
)
FIELDS = {
    "answer": "answer|answers|correct answer|correct answers|correct answer s|answer s|right answer|correct|"
    "correct option|correct options|correct choice|solution|expected|expected answer|sample answer|model answer|key|"
    "answer key|ans|correct ans|expected output|suggested answer|acceptable answers|accepted answers|example answer|"
    "antwort|"
    "correct order|correct matches|correct matching|ideal answer|answer explanation",
    "blank": "your answer|your answers|your answer s|student answer|response|your response",
    "explanation": "explanation|explanations|rationale|why|reason|reasoning|feedback|justification|because|"
    "why this is correct|discussion|key points|key concepts|grading criteria|erklarung|detailed explanation|"
    "common mistakes|why others are wrong|why not the others|learning point|takeaway|why it matters|"
    "incorrect answers|incorrect options|why other options are wrong",
    "difficulty": "difficulty|difficulty level|level|schwierigkeit",
    "points": "points|point|marks|score|value|worth|points possible",
    "hint": "hint|hints|tip",
    "tolerance": "tolerance|margin|margin of error|accepted tolerance",
    "unit": "unit|units",
    "stated.type": "type|question type|format",
    "topics": "topic|topics|tag|tags|concept|concepts|domain|skill|skills|objective|learning objective|category|tests",
    "references": "reference|references|source|see|see also|lecture|reading|related|review|lesson|further reading",
    "stated.time": "time|time limit|estimated time",
    "stem": "question|scenario|context|situation|given|background|statement|prompt|problem|task|code|case|setup|frage|"
    "true or false|true false|fill in the blank|select all that apply|instructions|consider",
    "options": "options|choices|answer choices|answer options|choose one|select one",
}  # fmt: skip
_FIELD_OF = {word: name for name, words in FIELDS.items() for word in words.split("|")}
# Words may follow, but "Key Takeaways" and "Solutions Architecture" are no keys.
_KEY_TITLE = re.compile(
    r"^(?:\w+ )?(?:(?:answer(?:s)? (?:key|sheet|guide|summary|list)|answers(?: and explanations?| explained)?"
    r"|answers? (?:and|with) \w+|solutions? key|correct answers|quiz (?:answers|key)|losungen|answer explanations"
    r"|answers? for \w+)(?: .*)?|(?:solutions?|key)(?: (?:and|with|for|to|of|part|section|quiz|module|\d).*)?)$"
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
# "**Why?** because", "**Explanation**" by itself: labels in bold without a colon.
_BOLD_LABEL = re.compile(
    r"^(?:\U0001f4a1\ufe0f?\s*)?(?:\*\*|__)(?P<label>[A-Za-z][A-Za-z ]{1,30})[?.!]?(?:\*\*|__)\s*(?P<value>.*)$"
)
# "3. It can go back. **(F)** It never does.", "5. What is it? *Expected:* a log".
_BEHIND = re.compile(
    r"(?P<asked>\S.{0,600}?[^\s*_])\s+(?:(?P<mark>\*\*|__|\*|_)?\((?P<truth>T|F|True|False)\)(?(mark)(?P=mark))"
    r"(?:\s+[\u2013\u2014:-]?\s*(?P<why>\S.*))?"
    r"|(?P<label>\*\*|__|\*|_)(?:expected|answer|expected answer|ans)\s?(?::(?P=label)|(?P=label):)\s+(?P<words>\S.*))",
    re.IGNORECASE,
)


def field_of(label: str) -> str | None:
    """Which part of a question a label begins."""
    return _FIELD_OF.get(folded(label))


def label_of(text: str) -> tuple[str, str, str] | None:
    """Label, qualifier and value of a line as quizzes write them, in bold or plain."""
    # A label is short; a line without a colon near its beginning is not searched for one.
    found = LABEL.match(text) if ":" in text[:200] else None
    if found is None:
        bold = _BOLD_LABEL.match(text)
        named = field_of(bold["label"]) if bold else None
        if bold and (named in ("explanation", "hint") or (named == "answer" and not bold["value"])):
            return bold["label"], "", bold["value"].strip()
        return None
    value = found["value"].strip()
    if value.startswith(("//", "=", ":")):
        return None
    whole = re.match(r"^(\*\*|__|\*|_)", text)
    if whole and value.endswith(whole[1]) and text.count(whole[1]) == 2:
        value = value[: -len(whole[1])].strip()
    return found["label"].strip(), (found["qualifier"] or found["qualifier2"] or "").strip("()"), value


def is_key_title(text: str) -> bool:
    return bool(_KEY_TITLE.match(folded(text)))


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
    keyed = any(chunk.role == "key" for chunk in chunks)
    parts: list[Chunk] = []
    last = ""
    for chunk in chunks:
        made = _split(chunk, int(last) + 1 if last and keyed else 0)
        last = next((part.number for part in reversed(made) if part.number), last)
        parts += made
    return parts


def _answered(piece: Piece) -> list[Piece]:
    """A question with its answer in the same line, and what explains it, as the lines that they could be."""
    found = _BEHIND.fullmatch(piece.text) if piece.kind == "text" and inline_start(piece) else None
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
        bold = BOLD.fullmatch(piece.text.rstrip(": ")) if piece.kind == "text" and not piece.marker else None
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


def _split(chunk: Chunk, due: int) -> list[Chunk]:
    """Questions without headings out of what stands under one; a key that a line of text opens, likewise.

    :param due: the number of the question that a section may begin with whose answers are all in a key; 0 for none.
    """
    if chunk.role == "key":
        return [chunk]
    parts: list[Chunk] = [chunk]
    pieces, chunk.pieces = chunk.pieces, []
    outside = chunk.head is not None and bool(_OUTSIDE.match(folded(chunk.head.text)))
    truths = chunk.head is not None and is_truth_section(chunk.head.text)
    asked = _asked(pieces, 0 if outside else due, truths=truths) if chunk.role == "guide" else set()
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


def _asked(pieces: list[Piece], due: int, *, truths: bool) -> set[int]:
    """Where questions begin: lines with a number and what a question has below them.

    Between those, and behind them, one without options or an answer of its own
    stands where the number goes on: its answer is in a key.

    :param truths: they stand in a section that only asks what is true.
    """
    starts = [at for at, piece in enumerate(pieces) if inline_start(piece)]
    bold = [at for at in starts if _INLINE_BOLD.match(pieces[at].text)]
    outer = min((pieces[at].indent for at in starts), default=0)
    starts = bold or [at for at in starts if pieces[at].indent <= outer + 1]
    ends = dict(zip(starts, [*starts[1:], len(pieces)], strict=False))
    asked = {at for at in starts if _asks(pieces[at + 1 : ends[at]])}
    if (bold or truths) and starts and int((inline_start(pieces[starts[0]]) or ("", "0", ""))[1]) == due:
        asked |= set(starts if truths else starts[:1])
    for order, step in ((starts, 1), (starts[::-1], -1)):
        due = 0
        for at in order:
            number = int((inline_start(pieces[at]) or ("", "0", ""))[1])
            before = pieces[at - 1]
            apart = at == 0 or before.kind in ("blank", "rule", "heading") or before.indent > pieces[at].indent + 1
            if at in asked or (due and number == due and apart):
                asked.add(at)
                due = number + step
    return asked


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
