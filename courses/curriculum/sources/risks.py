"""Risks with what is done about them, however they are written.

In one line (``Risk: what -> answer``, ``**Risk** what **Mitigation** answer``), with the
answer below it or beside it, under a heading, in a row, or in a table of labels. An
answer that stands apart belongs to the risk before it; as many answers as risks that
still have none go to these in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import Entry, entries, labelled_facts, of_labelled, opener, parted, rest
from courses.curriculum.sources.outline import Item, Labelled, Paragraph, Section, Table, unmarked
from courses.curriculum.sources.parts import folded, heading, item_lines, item_text
from courses.curriculum.sources.risk_marks import GENERIC, level_of, levels_behind, name_of, pieces, several

Lines = tuple[int, ...]
_NUMBER = re.compile(
    r"^(?:\*\*r[-\s]?\d{1,2}[.:]?\*\*\s?[:\u2013\u2014-]?|r[-\s]?\d{1,2}\s?[:.)\u2013\u2014-](?=\s))\s{0,3}",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s{0,3}(?:\u2192|->|=>)\s{0,3}|\s{1,3}[\u2013\u2014-]\s{1,3}|\u2014|;\s{1,3}")
_STRONG = re.compile(r"\s{0,3}(?:\u2192|->|=>)\s{0,3}")
_BOLD = re.compile(r"\*\*([^*]+)\*\*[:.]?")
_HEADED = re.compile(r"^(?:risk|r)\s?#?\d{1,2}\s?[:.)\u2013\u2014-]?\s{0,3}", re.IGNORECASE)
_BESIDE = re.compile(r"dependenc|assumption|constraint|notes|issues|questions", re.IGNORECASE)
_COLUMNS = {
    "impact": r"impact|severity|consequences?|i", "likelihood": r"likelihood|probability|chance|l|p",
}  # fmt: skip
_ANSWERS = ("mitigat", "counter", "response", "answer", "treatment", "action", "control")
_NO_TEXT = re.compile(r"(?:column \d+|id|no|nr|number|ref|risk (?:id|no|level|rating|score|owner|category|type))")


@dataclass(slots=True)
class _Risk:
    """A risk as far as it was read, each of its texts with its lines."""

    text: str
    lines: Lines
    answers: list[tuple[str, Lines]] = field(default_factory=list)
    levels: dict[str, tuple[str, Lines]] = field(default_factory=dict)
    notes: list[tuple[str, Lines]] = field(default_factory=list)


def risks_read(statement: Statement, claim: Claim, section: Section) -> None:
    """A section of risks, with its parts."""
    found = Risks(statement, claim)
    for part in section.walk():
        found.section(part, headed=part is not section)
    found.close()
    for part in section.walk():
        rest(statement, claim, part, "notes")
        if part is not section:
            heading(statement, part)


class Risks:
    """Gathers the risks of one claim; :meth:`close` states them."""

    def __init__(self, statement: Statement, claim: Claim) -> None:
        self._statement = statement
        self._claim = claim
        self._mixed = False
        self._found: list[_Risk] = []
        self._apart: list[tuple[str, Lines]] = []

    @property
    def waits(self) -> bool:
        """Whether there is a risk that an answer which stands apart can belong to."""
        return bool(self._found)

    def section(self, section: Section, *, headed: bool) -> None:
        """What stands directly in a section; *headed*: its heading may be a risk, or say that these are answers."""
        texts = list(self._texts(section))
        marks = {name for text, _ in texts for name, _ in pieces(text)[:1]}
        named = headed and bool(
            _HEADED.match(section.title) or (marks and marks <= {"mitigation", "impact", "likelihood"})
        )
        if headed and name_of(section.title) == "mitigation":
            self._answers(texts)
            return
        if named and not GENERIC.fullmatch(folded(section.title)):
            self._begin(_HEADED.sub("", section.title) or section.title, section.heading_lines, answered=True)
            answered = any(name == "mitigation" for text, _ in texts for name, _ in pieces(text))
            for text, lines in texts:
                self._below(text, lines, answered=answered)
            return
        # Beside risks that are called so stands what the title names besides them: "Dependencies & Risks".
        self._mixed = "risk" in marks and bool(_BESIDE.search(section.title))
        self._blocks(section)

    def _texts(self, section: Section) -> Iterator[tuple[str, Lines]]:
        for block in section.blocks:
            for fact in labelled_facts(block) if isinstance(block, Paragraph) else (block,):
                if isinstance(fact, Paragraph):
                    yield fact.text, tuple(range(fact.line, fact.end + 1))
                elif isinstance(fact, Labelled):
                    yield (
                        _whole(fact.block) if fact.block else of_labelled(fact).text,
                        (*range(fact.line, fact.end + 1),),
                    )
                elif not isinstance(fact, Table):
                    for entry in entries(replace(section, blocks=[fact]), self._statement.source):
                        yield _whole(entry.item) if entry.item else entry.text, entry.lines

    def _blocks(self, section: Section) -> None:
        above = ""
        for block in section.blocks:
            for fact in labelled_facts(block) if isinstance(block, Paragraph) else (block,):
                if opened := opener(fact):
                    above = opened
                    self._statement.account.structure(fact.line, self._next(fact.line))
                elif isinstance(fact, Paragraph):
                    self._paragraph(fact)
                else:
                    if isinstance(fact, Table):
                        self._head(fact)
                    told = [of_labelled(fact)] if isinstance(fact, Labelled) else list(
                        entries(replace(section, blocks=[fact]), self._statement.source)
                    )  # fmt: skip
                    if name_of(above) == "mitigation":
                        self._answers((each.text, each.lines) for each in told)
                    else:
                        for each in told:
                            self.entry(each)

    def _next(self, line: int) -> int:
        """The next line that is not blank; the last one opens itself."""
        source = self._statement.source
        return next((each for each in range(line + 1, len(source.lines) + 1) if source.line(each).strip()), line)

    def _paragraph(self, paragraph: Paragraph) -> None:
        """A sentence without an answer is no risk."""
        if len(paragraph.rows) > 1 and all(_NUMBER.match(text) for _, text in paragraph.rows):
            for line, text in paragraph.rows:
                self._said(text, (line,))
            return
        text = paragraph.text
        lines = tuple(range(paragraph.line, paragraph.end + 1))
        if len(pieces(text)) > 1 or pieces(text)[0][0] or _ARROW.search(text):
            self._said(text, lines)

    def _head(self, table: Table) -> None:
        """A table of labels has the first of them where others have their heads."""
        cells = table.header.cells
        below = name_of(table.rows[0].cells[0]) if table.rows else ""
        if len(cells) == 2 and below and name_of(cells[0]) == "risk" and not name_of(cells[1]):
            self._begin(cells[1], (table.header.line,))

    def entry(self, entry: Entry) -> None:
        """One entry; under a label that only says that there are risks, each bullet is one."""
        if entry.cells and (len(entry.cells) > 2 or (len(entry.cells) == 2 and not name_of(entry.label))):
            self._row(entry)
            return
        blocks = [block for block in entry.item.blocks if block.line > entry.lines[0]] if entry.item else []
        own = entry.lines[: blocks[0].line - entry.lines[0]] if blocks else entry.lines
        nested = list(entry.item.items) if entry.item else []
        text = unmarked(entry.item.text) if entry.item else f"**{entry.label}**: {entry.value}" if entry.cells else ""
        text = text or entry.text
        plural = bool(re.search(r"\brisks\b", folded(entry.label)))
        said = pieces(text)
        if self._mixed and not said[0][0] and not _STRONG.search(text) and len(said) == 1:
            self._apart.append((text, entry.lines))
            return
        if nested and name_of(entry.label) == "mitigation" and not said[-1][1]:
            self._answers((item_text(item), tuple(item_lines(item))) for item in nested)
            self._open(own, nested[0].line)
            return
        if nested and GENERIC.fullmatch(folded(entry.label)) and not said[-1][1]:
            self._open(own, nested[0].line)
            for item in nested:
                self._item(item)
            return
        answered = any(name == "mitigation" for each in nested for name, _ in pieces(_whole(each)))
        self._said(text, own, answered=answered)
        for block in blocks:
            if isinstance(block, Paragraph):
                self._below(block.text, tuple(range(block.line, block.end + 1)), answered=True)
        marked = any(name for each in nested for name, _ in pieces(_whole(each))[:1])
        for item in nested:
            if plural and not marked:
                self._item(item)
            else:
                self._below(_whole(item), tuple(item_lines(item)), answered=answered)

    def _item(self, item: Item) -> None:
        text = item_text(item)
        self.entry(Entry("", text, text, tuple(item_lines(item)), item=item))

    def _open(self, own: Sequence[int], first: int) -> None:
        for line in own:
            self._statement.account.structure(line, first)

    def _said(self, text: str, lines: Lines, *, answered: bool = False) -> None:
        """A text of its own: it begins a risk, unless a word says that it is about the one before it."""
        text, levels = levels_behind(text)
        said, before = pieces(text), len(self._found)
        answered = answered or any(name == "mitigation" for name, _ in said)
        for name, part in said:
            if name in ("", "risk"):
                whole = part or text
                for one, answer in [(whole, "")] if answered else several(whole, called=name == "risk"):
                    self._begin(one, lines, answered=answered, answer=answer)
            elif not self._found:
                self._apart.append((text, lines))
                return
            else:
                self._about(name, part, lines)
        for risk in self._found[before : before + 1]:
            risk.levels |= {name: (level, lines) for name, level in levels.items()}

    def _below(self, text: str, lines: Lines, *, answered: bool) -> None:
        """What stands below a risk: words that nothing marks are the answer, where nothing else is."""
        if not self._found:  # What it stands below was no risk.
            self._apart.append((text, lines))
            return
        for name, part in pieces(text):
            if name and name != "risk":
                self._about(name, part, lines)
            elif not answered:
                self._found[-1].answers.append((part, lines))
            else:
                self._found[-1].notes.append((part, lines))

    def _about(self, name: str, text: str, lines: Lines) -> None:
        last = self._found[-1]
        if name == "mitigation":
            last.answers.append((text, lines))
        elif (level := level_of(text)) and name not in last.levels:
            last.levels[name] = level, lines
        else:
            last.notes.append((f"{name}: {text}", lines))

    def _answers(self, texts: Iterable[tuple[str, Lines]]) -> None:
        """Answers that stand apart: of the risks that have none, where it is plain of which."""
        every = list(texts)
        bare = [each for each in self._found if not each.answers]
        if len(bare) == len(every):
            for risk, answer in zip(bare, every, strict=True):
                risk.answers.append(answer)
        elif len(bare) == 1:
            bare[0].answers += every
        else:
            self._apart += every

    def _begin(self, text: str, lines: Lines, *, answered: bool = False, answer: str = "") -> None:
        text, levels = levels_behind(text)
        what, qualifier = text, ""
        if not answer:
            what, answer, qualifier = _parted(text, answered)
        risk = _Risk(what, lines, levels={name: (level, lines) for name, level in levels.items()})
        if answer:
            risk.answers.append((answer, lines))
        if qualifier:
            risk.notes.append((qualifier, lines))
        self._found.append(risk)

    def _row(self, entry: Entry) -> None:
        answer = next((head for word in _ANSWERS for head in entry.cells if word in head), "")
        what = _text_head(entry, answer)
        risk = _Risk(entry.cells.get(what) or entry.text, entry.lines)
        for head, cell in entry.cells.items():
            name = next((each for each, words in _COLUMNS.items() if re.fullmatch(words, head)), "")
            if not cell or head == what:
                continue
            if head == answer:
                risk.answers.append((cell, entry.lines))
            elif name and name not in risk.levels and (level := level_of(cell)):
                risk.levels[name] = level, entry.lines
            else:
                risk.notes.append((f"{head}: {cell}", entry.lines))
        self._found.append(risk)

    def close(self) -> None:
        """State what was found."""
        for each in self._found:
            risk = self._statement.claim("risk", each.text, each.lines[0], parent=self._claim)
            risk.set("text", each.text, *each.lines)
            if each.answers:
                where = dict.fromkeys(line for _, lines in each.answers for line in lines)
                risk.set("mitigation", "; ".join(text for text, _ in each.answers), *where)
            for name, (level, lines) in each.levels.items():
                risk.set(name, level, *lines)
            for text, lines in each.notes:
                risk.set(f"notes.{risk.count('notes')}", text, *lines)
        for text, lines in self._apart:
            self._claim.set(f"notes.{self._claim.count('notes')}", text, *lines)
        self._found, self._apart = [], []


def _parted(text: str, answered: bool) -> tuple[str, str, str]:
    """What may happen, what is done about it, and what stands in parentheses behind the first."""
    text = _NUMBER.sub("", text)
    label, qualifier, value = parted(text)
    if answered:
        what = f"{label}: {value}" if label and value else label or value
    elif label:
        strong = _STRONG.search(value)
        what = f"{label}: {value[: strong.start()]}" if strong else label
        return what, value[strong.end() :] if strong else value, qualifier
    elif found := _ARROW.search(text):
        return _plain(text[: found.start()]), text[found.end() :], qualifier
    else:
        what = text
    return _plain(what), "", qualifier


def _plain(text: str) -> str:
    bold = _BOLD.fullmatch(text.strip())
    return bold[1].strip(" :.") if bold else text.strip()


def _whole(item: Item) -> str:
    """What a bullet says, what is nested in it behind semicolons."""
    return " ".join(
        [unmarked(item.text), "; ".join(map(item_text, item.items))]
        if item.text.rstrip(" *_").endswith(":")
        else ["; ".join([unmarked(item.text), *map(item_text, item.items)])]
    )


def _text_head(entry: Entry, answer: str) -> str:
    """The column that says what may happen."""
    heads = [head for head in entry.cells if head != answer and not _NO_TEXT.fullmatch(head)]
    named = [head for head in heads if head == "risk"] + [head for head in heads if head.startswith("risk ")]
    words = "description|threat|hazard|issue|concern|event|problem|title|name"
    named += [head for word in words.split("|") for head in heads if word in head]
    texts = [head for head in (*named, *heads) if not re.fullmatch(r"[rR]?[-\s]?\d*", entry.cells[head])]
    return next(iter(texts or named or heads), "")
