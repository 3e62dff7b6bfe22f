"""Lists of people (rosters, cohorts, staff): recognised, so that nobody takes them for a curriculum, and left alone.

They are read by the import of people only, never from a curriculum tree.
"""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register

_MAIL = re.compile(r"e-?mail(?:[ _-]address)?", re.IGNORECASE)


def recognises(document: SourceDocument) -> float:
    """By a column for addresses in the head."""
    filled = document.source.filled()
    if not filled:
        return 0
    head = re.split(r"[,;\t]", document.source.line(filled[0]))
    return 1.0 if len(head) > 1 and any(_MAIL.fullmatch(name.strip(' "')) for name in head) else 0


def read(document: SourceDocument, statement: Statement) -> None:
    filled = document.source.filled()
    statement.report(
        "source.people", "info", filled[0], "This is a list of people; a curriculum import reads none.",
        "Give it to the import of people.", lines=filled,
    )  # fmt: skip


register.register(DocumentKind("people", "csv", recognises, read))
