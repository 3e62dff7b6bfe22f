"""The contract of a document kind, and the register of all of them.

A reader says whether a document is of its kind, by content and never by name,
and states what it holds. It reads everything it can and never raises for what a
document says: whatever it cannot use is kept as prose of its entity with an info
finding, or reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.findings import Finding
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.difficulty import difficulties_settle
from courses.curriculum.sources.former import FormerIds
from courses.curriculum.sources.gates import GATED, Gates
from courses.curriculum.sources.outline import (
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_LINE,
    Section,
    outline,
    too_deep,
    too_long,
    too_wide,
)
from courses.curriculum.sources.text import SourceText, repairs
from courses.curriculum.sources.yaml import YamlText, leaves, read_yaml, structure

_YAML_STRUCTURE = re.compile(r"\s*(?:#.*|---(?:\s.*)?|\.\.\.|-|%\S.*)$")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_WRAPPERS = ("curriculum", "master_plan", "program", "plan", "skills_matrix", "matrix", "quiz")
Form = Literal["markdown", "yaml", "csv", "other"]


@dataclass
class SourceDocument:
    """A file that was decoded, with its structure at hand. ``form`` is told by the file's ending."""

    source: SourceText
    form: Form

    @cached_property
    def kind(self) -> DocumentKind | None:
        """The kind that it is recognised as, None without one and for Markdown with a line that is too long."""
        return None if self.form == "markdown" and too_long(self.source) else register.recognise(self)

    @cached_property
    def outline(self) -> Section:
        """The sections of a Markdown document; its front matter is none of them."""
        if too_wide(self.source) or too_long(self.source):
            return Section(0, "", 0, len(self.source.lines))
        return outline(SourceText(self.source.file, ("",) * self.front_lines + self.source.lines[self.front_lines :]))

    @cached_property
    def front_lines(self) -> int:
        """How many lines the front matter of a Markdown document takes, with the lines of dashes; 0 without one."""
        if self.form != "markdown" or not self.source.lines or self.source.lines[0].rstrip() != "---":
            return 0
        found = _FRONT.match(self.source.text)
        return len(found[0].rstrip("\n").split("\n")) if found else 0

    @cached_property
    def yaml(self) -> YamlText:
        """What a YAML document holds, or the front matter of a Markdown document.

        Its last line ends like all others, so a block of text that stands last keeps its end.
        See ``sources.yaml`` for the lines of its values.
        """
        before, lines = 0, self.source.lines
        if self.form != "yaml":
            before, lines = 1, lines[1 : max(1, self.front_lines - 1)]
        found = read_yaml("".join(f"{line}\n" for line in lines), before)
        if found.refused is not None and found.refused.line > before + len(lines):
            # What is missing at the end is missing in the last line.
            found.refused = replace(found.refused, line=max(1, before + len(lines)))
        return found

    @property
    def data(self) -> CommentedMap:
        """The mapping of a YAML document (or of front matter): its first one, empty if it has none.

        A document with a fault keeps what stood above it, so that its kind is
        recognised; it is not read any further, and the fault is its finding.
        One that stands whole below the name of its kind is what stands there.
        """
        data = self.yaml.mapping
        name, inner = next(iter(data.items())) if len(data) == 1 else ("", None)
        if str(name).casefold() in _WRAPPERS and isinstance(inner, CommentedMap):
            return inner
        return data

    @property
    def faults(self) -> list[Finding]:
        """Why the document is not read at all; empty for one that is."""

        def fault(rule: str, line: int, message: str, fix: str) -> Finding:
            return Finding(rule, "error", self.source.file, line, message, fix)

        if self.form == "markdown":
            if wide := too_wide(self.source):
                message = f"The line has {wide[1]} columns; the limit is {MAX_COLUMNS}."
                return [fault("source.too_wide", wide[0], message, "Split the table.")]
            if long := too_long(self.source):
                message = f"The line has {long[1]} characters; the limit is {MAX_LINE}."
                return [fault("source.long_line", long[0], message, "Break it into several lines.")]
            if deep := too_deep(self.outline):
                message = f"Lists are nested {deep[1]} levels deep here; the limit is {MAX_DEPTH}."
                return [fault("source.too_deep", deep[0], message, "Flatten them.")]
        return [fault(each.rule, each.line, each.message, each.fix) for each in self.yaml.faults]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document.

    :param name: as the reports call it (``module_roadmap``).
    :param form: the form its files have.
    :param recognises: how sure it is that a document is one of its kind, 0 to 1; above 0.5 is a yes.
    :param read: states what the document holds, into the statement it is given.
    """

    name: str
    form: Form
    recognises: Callable[[SourceDocument], float]
    read: Callable[[SourceDocument, Statement], None]


@dataclass(slots=True)
class KindRegister:
    readers: dict[tuple[str, Form], DocumentKind] = field(default_factory=dict)

    @property
    def kinds(self) -> set[str]:
        """The names of all kinds."""
        return {name for name, _ in self.readers}

    def register(self, kind: DocumentKind) -> DocumentKind:
        """Add a kind; one that people write in two forms has a reader for each."""
        if (kind.name, kind.form) in self.readers:
            raise ValueError(f"document kind {kind.name} is registered twice")
        self.readers[kind.name, kind.form] = kind
        return kind

    def recognise(self, document: SourceDocument) -> DocumentKind | None:
        """The kind that is surest of the document; None if none is."""
        likely = [(kind.recognises(document), kind) for kind in self.readers.values() if kind.form == document.form]
        best = max(likely, key=lambda found: found[0], default=(0.0, None))
        return best[1] if best[0] > 0.5 else None


register = KindRegister()


def read_document(document: SourceDocument) -> Statement:
    """What a document states. One of no known kind is ``other``, and all of it is in one finding."""
    kind = document.kind
    statement = Statement(document.source, kind.name if kind else "other")
    statement.findings += repairs(document.source)
    filled = document.source.filled()
    if faults := document.faults:
        statement.findings += faults
        statement.account.give("reported", filled, faults[0].rule)
        return statement
    if kind is None:
        if filled:
            statement.report(
                "source.other", "info", filled[0], "This is no curriculum document of a known kind.",
                "Leave it out, or see docs/import.md for the kinds and how they are recognised.", lines=filled,
            )  # fmt: skip
        return statement
    former, gates, readable = FormerIds(), Gates(), document
    if document.form == "yaml":
        former.take_keys(document.data)
    else:
        lines = former.take_lines(document.source.lines)
        lines = gates.take_lines(lines) if kind.name in GATED else lines
        for line in (line for found in gates.found for line in found):
            # What it says is stated below; no reader keeps its line as text.
            statement.account.structure(line, 0)
        if lines != document.source.lines:
            readable = SourceDocument(replace(document.source, lines=lines), document.form)
    kind.read(readable, statement)
    former.state(statement)
    gates.state(statement)
    difficulties_settle(statement)
    if document.form == "yaml":
        account_yaml(document, statement)
        _report_beside(statement)
    elif document.front_lines:
        _front_matter(document, statement)
    return statement


def _front_matter(document: SourceDocument, statement: Statement) -> None:
    """Report what no reader took of the front matter; its lines of dashes belong to what they stand around."""
    account = statement.account
    inner = [line for line in document.source.filled() if 1 < line < document.front_lines]
    left = [line for line in inner if account.fate(line) is None]
    if left or not inner:
        some = "is" if left == inner else "is, but for the facts of a head,"
        message = f"The front matter {some} not read: this kind of document says all in its text."
        fix = "Remove it, or write the document in the native format (docs/authoring.md)."
        statement.report(
            "source.front_matter", "info", (left or [1])[0] if left != inner else 1, message, fix, lines=left
        )
    for line in (1, document.front_lines):
        account.structure(line, (left or inner or [1])[0])


def _report_beside(statement: Statement) -> None:
    """Report what stands beside the one mapping that a YAML document is."""
    if left := statement.account.unaccounted():
        statement.report(
            "source.second_document", "warning", left[0],
            f"A {statement.kind.replace('_', ' ')} is one mapping; {len(left)} lines beside it are not read.",
            "Put them into a file of their own, or remove them.", lines=left,
        )  # fmt: skip


def account_yaml(document: SourceDocument, statement: Statement) -> None:
    """Keys that only open what stands below them, comments, lone dashes and document marks share the fate of that."""
    account = statement.account
    for data in document.yaml.documents:
        for line, opens in structure(data):
            account.structure(line, opens)
    inside = {line for data in document.yaml.documents for *_, lines in leaves(data) for line in lines[1:]}
    filled = document.source.filled()
    last = 0
    for line in reversed(filled):
        if line not in inside and _YAML_STRUCTURE.match(document.source.line(line)):
            account.structure(line, last or next((each for each in reversed(filled) if each < line), line))
        last = line
