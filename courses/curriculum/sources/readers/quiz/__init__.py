"""Quizzes in whatever dialect: questions with or without headings, answers inline, behind a fold, or in a key.

Recognised by questions with options or labelled answers. Every question is a
claim of its own under the quiz; what the document says beside its parts (how many
questions, of which types, which module) is stated, and rules compare it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.entries import Entries
from courses.curriculum.sources.parts import folded, keep
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.quiz import finish, front, guide, key, questions, sections, unnumbered, written
from courses.curriculum.sources.readers.quiz.about import module_named
from courses.curriculum.sources.readers.quiz.chunks import Chunk, chunks_of, one_bold
from courses.curriculum.sources.readers.quiz.pieces import Piece, pieces_of
from courses.curriculum.sources.readers.quiz.tabled import untabled
from courses.curriculum.sources.readers.quiz.tags import each_said
from courses.curriculum.sources.yaml import line_of

_TITLES = ("quiz", "assessment", "test", "exam", "knowledge check", "self check", "questions")


def recognises(document: SourceDocument) -> float:
    """By two questions or more, or one below a title that calls it a quiz; a key makes it surer."""
    pieces, _ = untabled(pieces_of(document))
    chunks = chunks_of(pieces)
    keyed = any(chunk.role == "key" for chunk in chunks)
    asked = [chunk for chunk in chunks if chunk.role == "question" and _is_question(chunk, keyed=keyed)]
    title = next((folded(piece.text) for piece in pieces if piece.kind == "heading"), "")
    called = any(word in title.split() or f" {word}" in f" {title}" for word in _TITLES)
    if not asked:
        return 0
    if called:
        return 0.95
    return 0.75 if len(asked) > 1 and 2 * len(asked) >= sum(chunk.role == "guide" for chunk in chunks) else 0.3


def _is_question(chunk: Chunk, *, keyed: bool) -> bool:
    """Whether it has choices or an answer; by numbers alone only where a key has the answers."""
    found = questions.collected(chunk)
    if keyed and sum(piece.marker[:1].isdigit() for piece in chunk.pieces) > 1:
        return True
    return len(found.options) > 1 or bool(found.text("answer")[0]) or bool(found.blanks) or one_bold(chunk.pieces)


def read(document: SourceDocument, statement: Statement) -> None:
    pieces, opens = untabled(pieces_of(document))
    chunks = chunks_of(pieces)
    data = document.data if document.front_lines else CommentedMap()
    called = front.title_of(data)
    top = next((piece for piece in pieces if piece.kind == "heading"), None)
    if top is not None and ((called and top.level > 1) or any(each.head is top for each in _asked_in(chunks))):
        # The heading of a question, or of a section below a title that front matter has.
        top = None
    first = next((piece for piece in pieces if piece.kind != "blank"), None)
    line = top.line if top else first.line if first else 1
    # A document without headings begins with its title, unless it begins with a fact.
    opening = top is None and called is None and first is not None and first in chunks[0].pieces
    plain = opening and first is not None and first.kind == "text" and not first.marker
    named = top or (first if plain and first and guide.label_of(first.text) is None else None)
    quiz = statement.claim("quiz", named.text if named else called[0] if called else "Quiz", line)
    if named is not None and named is not top:
        quiz.set("title", named.text, named.line)
        chunks[0].pieces.remove(named)
    if top is not None:
        quiz.set("title", top.text, *top.lines)
        guide.title_read(quiz, top.text, *top.lines)
        if any(word in folded(top.text) for word in ("module", "modul", "mod")):
            module_named(quiz, top.text, top.line)
    said = sections.sections_stated(statement, quiz, chunks)
    _guides(statement, quiz, chunks, top, said)
    for key_of_front in data:
        front.key_read(quiz, data, key_of_front, len(_asked_in(chunks)))
    guide.points_joined(quiz, len(_asked_in(chunks)))
    _questions(statement, quiz, chunks, _keys(statement, quiz, chunks))
    _rest(statement, quiz, pieces)
    for line, row in opens:
        statement.account.structure(line, row)


def read_yaml(document: SourceDocument, statement: Statement) -> None:
    """A quiz in YAML: its head by keys, its questions as the lines that Markdown would have for them."""
    data = document.data
    listed = written.list_key(data)
    found = written.questions_of(data, listed)
    called = front.title_of(data)
    quiz = statement.claim("quiz", called[0] if called else "Quiz", called[1][0] if called else 1)
    for key_of_head in data:
        if key_of_head != listed:
            front.key_read(quiz, data, key_of_head, len(found))
    guide.points_joined(quiz, len(found))
    for each in found:
        head, *pieces = each.pieces
        chunk = Chunk("question", head, pieces, head.text, head.text.split()[-1])
        question = questions.stated(statement, quiz, chunk, None, "")
        finish.finished(question, [])
        entries = Entries(statement, each.data, each.line)
        entries.skip(each.taken)
        entries.rest(question.claim)
        for piece in pieces:
            for line in piece.lines[1:]:
                statement.account.structure(line, piece.line)
    left = Entries(statement, data, 1)
    left.skip(key for key in data if key == listed or statement.account.fate(line_of(data, key)) is not None)
    left.rest(quiz)


def _guides(statement: Statement, quiz: Claim, chunks: list[Chunk], top: Piece | None, said: set[int]) -> None:
    """What stands around the questions, but the text of the chunks *said*."""
    first = next((at for at, chunk in enumerate(chunks) if chunk.role == "question"), len(chunks))
    headings = {id(piece) for chunk in chunks if chunk.role == "question" for piece in chunk.path}
    for at, chunk in enumerate(chunks):
        if chunk.role != "guide":
            continue
        opened = chunk.head is not None and chunk.head is not top and id(chunk.head) in headings
        if opened and chunk.head is not None:
            guide.section_stated(quiz, chunk.head)
            if id(chunk) in said:
                continue
        elif (
            chunk.head is not None
            and chunk.head is not top
            and not any(guide.is_known(piece.text) for piece in (chunk.head, *chunk.path) if piece is not top)
        ):
            statement.report(
                "source.unknown_section", "info", chunk.head.line,
                f"The section {chunk.head.text!r} is not one that a quiz has; it is kept as text of {quiz.address}.",
                "Rename it if it is one of them (docs/import.md), else nothing needs doing.",
            )  # fmt: skip
            lines = [line for piece in chunk.pieces if piece.kind != "blank" for line in piece.lines]
            keep(statement, quiz, chunk.head.text, lines)
            continue
        guide.guide_read(statement, quiz, chunk, head=at < first)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's chunk with the section that it stands in, and the answers that the key has for it."""

    chunk: Chunk
    section: Piece | None
    entries: list[key.Entry]


def _questions(statement: Statement, quiz: Claim, chunks: list[Chunk], asked: list[_Asked]) -> None:
    above = list(takewhile(lambda chunk: chunk.role != "question", chunks))
    whole = each_said(piece for chunk in above for piece in chunk.pieces)
    of_section = {id(chunk.head): each_said(chunk.pieces) for chunk in chunks if chunk.role == "guide" and chunk.head}
    for each in asked:
        said = next((entry.answer for entry in each.entries if entry.answer), "")
        points = of_section.get(id(each.section)) or whole
        question = questions.stated(statement, quiz, each.chunk, each.section, said, points)
        for entry in each.entries:
            _key_stated(question, entry)
        finish.finished(question, [(entry.answer, entry.lines) for entry in each.entries if entry.answer])


def _keys(statement: Statement, quiz: Claim, chunks: list[Chunk]) -> list[_Asked]:
    """Join the answers of the keys with the questions by number; where numbers start again, within the section."""
    kept: list[Piece] = []
    entries: list[key.Entry] = []
    for chunk in (each for each in chunks if each.role == "key"):
        found = key.entries_of(chunk, kept)
        entries += found
        if found and found[0].lines and chunk.head is not None and chunk.head.kind == "text":
            statement.account.structure(chunk.head.line, found[0].lines[-1])
    asked = [_Asked(chunk, sections.section_of(chunk), []) for chunk in _asked_in(chunks)]
    if not entries and (in_turn := unnumbered.entries_of(chunks, len(asked)) or unnumbered.in_a_line(chunks)):
        for each, entry in zip(asked, in_turn, strict=True):
            each.entries.append(entry)
        return asked
    for piece in kept:
        # Whatever it is, it may give answers away: it is for staff, and no text of the quiz.
        text = "\n".join(statement.source.line(line).strip() for line in piece.lines)
        quiz.set(f"stated.answer_key.{quiz.count('stated.answer_key')}", text, *piece.lines)
    key.unread_reported(statement, quiz, kept)
    entries, strays = key.in_order(entries)
    numbers = [each.chunk.number for each in asked]
    parts = list(dict.fromkeys(_title(each.section) for each in asked))
    key_sections = sorted({entry.section for entry in entries})
    again = len(set(numbers)) < len(numbers) and len(key_sections) == len(parts) > 1
    taken: set[int] = set()
    for place, each in enumerate(asked):
        each.entries.extend(
            entry for entry in entries
            if _same_number(entry.number, each.chunk.number or str(place + 1))
            and (not again or key_sections.index(entry.section) == parts.index(_title(each.section)))
        )  # fmt: skip
        taken.update(map(id, each.entries))
    key.strays_reported(statement, quiz, strays, [entry for entry in entries if id(entry) not in taken])
    return asked


def _asked_in(chunks: list[Chunk]) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.role == "question"]


def _title(section: Piece | None) -> str:
    return section.text if section else ""


def _same_number(one: str, other: str) -> bool:
    return one.lstrip("0") == other.lstrip("0")


def _key_stated(question: questions.Question, entry: key.Entry) -> None:
    claim = question.claim
    number = claim.count("stated.key")
    if entry.answer:
        claim.set(f"stated.key.{number}", entry.answer, question.head, *entry.lines)
        if entry.label:
            claim.set(f"stated.key_label.{number}", entry.label, question.head, *entry.lines)
    text = "\n".join(text for _, text in entry.words if text)
    if text:
        name = "stated.key_explanation" if "explanation" in claim.fields else "explanation"
        if name not in claim.fields:
            lines = dict.fromkeys([question.head, *entry.lines, *(line for line, _ in entry.words)])
            claim.set(name, text, *lines)


def _rest(statement: Statement, quiz: Claim, pieces: list[Piece]) -> None:
    """What is left: text is prose of the quiz; structure shares the fate of what it opens, else of what it closes."""
    account = statement.account
    shown = [piece for piece in pieces if piece.kind != "blank"]
    for at, piece in enumerate(shown):
        free = [line for line in piece.lines if account.fate(line) is None and line not in account.opens]
        below = next((each for each in shown[at + 1 : at + 3] if each.kind == "row"), None)
        if free and piece.kind == "row" and below is not None and account.fate(below.line) is not None:
            # The head of a table shares the fate of its first row.
            account.structure(piece.line, below.line)
        elif free and piece.kind in ("text", "fence", "row"):
            keep(statement, quiz, "", free)
    numbers = [line for piece in shown for line in piece.lines]
    for at, piece in enumerate(shown):
        if piece.kind == "heading":
            below = shown[at + 1] if at + 1 < len(shown) else None
            if all(account.fate(line) is None for line in piece.lines) and (
                below is None or (below.kind == "heading" and below.level <= piece.level)
            ):
                statement.report(
                    "hygiene.empty_section", "info", piece.line, f"The section {piece.text!r} is empty.",
                    "Fill it or remove it.", lines=piece.lines,
                )  # fmt: skip
    after, behind = 0, {}
    for line in reversed(numbers):
        behind[line] = after
        after = line if account.fate(line) else after
    before = 0
    for line in numbers:
        if account.fate(line) is not None:
            before = line
        elif other := behind[line] or before:
            account.structure(line, other)
        else:
            statement.report("source.other", "info", line, "Nothing is said here.", "Fill the document.")
            before = line


register.register(DocumentKind("quiz", "markdown", recognises, read))
register.register(DocumentKind("quiz", "yaml", written.recognises, read_yaml))
