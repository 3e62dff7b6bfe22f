"""The contract of a document kind, and the register of all of them.

A reader says whether a document is of its kind, by content and never by name,
and states what it holds. It reads everything it can and never raises for what a
document says: whatever it cannot use is kept as prose of its entity with an info
finding, or reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.findings import Finding
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.outline import Section, outline
from courses.curriculum.sources.text import SourceText
from courses.curriculum.sources.yaml import YamlText, leaves, read_yaml, structure

_YAML_STRUCTURE = re.compile(r"\s*(?:#.*|---(?:\s.*)?|\.\.\.|-|%\S.*)$")
Form = Literal["markdown", "yaml", "csv", "other"]


@dataclass
class SourceDocument:
    """A file that was decoded, with its structure at hand. ``form`` is told by the file's ending."""

    source: SourceText
    form: Form

    @cached_property
    def outline(self) -> Section:
        """The sections of a Markdown document."""
        return outline(self.source)

    @cached_property
    def yaml(self) -> YamlText:
        """What a YAML document holds; see ``sources.yaml`` for the lines of its values."""
        return read_yaml(self.source.text) if self.form == "yaml" else YamlText()

    @property
    def data(self) -> CommentedMap:
        """The mapping of a YAML document: its first one, empty if it has none.

        A document with a fault keeps what stood above it, so that its kind is
        recognised; it is not read any further, and the fault is its finding.
        """
        return self.yaml.mapping

    @property
    def faults(self) -> list[Finding]:
        """Why the document is not read at all; empty for one that is."""
        return [
            Finding("source.bad_yaml", "error", self.source.file, fault.line, fault.message, fault.fix)
            for fault in self.yaml.faults
        ]


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
    kinds: dict[str, DocumentKind] = field(default_factory=dict)

    def register(self, kind: DocumentKind) -> DocumentKind:
        if kind.name in self.kinds:
            raise ValueError(f"document kind {kind.name} is registered twice")
        self.kinds[kind.name] = kind
        return kind

    def recognise(self, document: SourceDocument) -> DocumentKind | None:
        """The kind that is surest of the document; None if none is."""
        likely = [(kind.recognises(document), kind) for kind in self.kinds.values() if kind.form == document.form]
        best = max(likely, key=lambda found: found[0], default=(0.0, None))
        return best[1] if best[0] > 0.5 else None


register = KindRegister()


def read_document(document: SourceDocument) -> Statement:
    """What a document states. One of no known kind is ``other``, and all of it is in one finding."""
    kind = register.recognise(document)
    statement = Statement(document.source, kind.name if kind else "other")
    if document.source.repaired:
        lines = document.source.repaired
        statement.findings.append(
            Finding(
                "hygiene.mojibake", "warning", document.source.file, lines[0],
                f"The encoding was damaged on {len(lines)} lines and is repaired in what is read: "
                f"{', '.join(map(str, lines[:20]))}{', ...' if len(lines) > 20 else ''}.",
                "Save the file again as UTF-8.", tuple((document.source.file, line) for line in lines[1:]),
            )
        )  # fmt: skip
    filled = document.source.filled()
    if document.faults:
        statement.findings += document.faults
        statement.account.give("reported", filled, "source.bad_yaml")
        return statement
    if kind is None:
        if filled:
            statement.report(
                "source.other", "info", filled[0], "This is no curriculum document of a known kind.",
                "Leave it out, or see docs/import.md for the kinds and how they are recognised.", lines=filled,
            )  # fmt: skip
        return statement
    kind.read(document, statement)
    if document.form == "yaml":
        _structure_of_yaml(document, statement)
    return statement


def _structure_of_yaml(document: SourceDocument, statement: Statement) -> None:
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
            before = next((each for each in reversed(filled) if each < line), line)
            account.structure(line, last or before)
        last = line
