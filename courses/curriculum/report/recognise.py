"""Which document a file is: its form by its ending, or by its text where the ending says nothing or is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import courses.curriculum.sources.readers  # noqa: F401 - registers all kinds
from courses.curriculum.native.statements import is_native
from courses.curriculum.sources.reader import Form, SourceDocument
from courses.curriculum.sources.text import SourceText

_FORMS: dict[str, Form] = {".md": "markdown", ".markdown": "markdown", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}
_SIGNS: dict[Form, re.Pattern[str]] = {
    "markdown": re.compile(r"#{1,6}\s+\S|---\s*$"),
    "yaml": re.compile(r"[A-Za-z_][\w.-]*:(\s|$)|---\s*$"),
    "csv": re.compile(r"[^,;\t]*[,;\t]"),
}
# Enough for a head; a file whose form has to be guessed shows it early.
_LOOKED_AT = 60


def document_of(source: SourceText) -> SourceDocument:
    """The document that a file is; one of no known kind has the form of its ending."""
    named = _FORMS.get(PurePosixPath(source.file.lower()).suffix, "other")
    first = SourceDocument(source, named)
    for document in (first, *_others(source, named)):
        if is_known(document):
            return document
    return first


def is_known(document: SourceDocument) -> bool:
    return is_native(document) or document.kind is not None


def _others(source: SourceText, named: Form) -> Iterator[SourceDocument]:
    """The document in the other forms that its first lines look like."""
    head = source.lines[:_LOOKED_AT]
    for form, sign in _SIGNS.items():
        if form != named and any(sign.match(line) for line in head):
            yield SourceDocument(source, form)
