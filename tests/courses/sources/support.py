"""Reading documents in tests, and the mutation of mapped lines.

A mapped line is one whose words are data: changing one of them changes what was
read from that line, and nothing else. ``mutated`` tries it.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

import courses.curriculum.sources.readers  # noqa: F401 - registers all kinds
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.reader import Form, SourceDocument, read_document
from courses.curriculum.sources.text import source_text

CORPUS = Path(os.environ.get("WAYMARK_CORPUS", Path(__file__).resolve().parents[4] / "shared" / "corpus"))
needs_corpus = pytest.mark.usefixtures("waymark_corpus")
FORMS: dict[str, Form] = {".md": "markdown", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}
_TOKEN = re.compile(r"\d+|[^\W\d_]{3,}")
# Numbers of list entries and of sections (``4.1``) are order, which means nothing; labels, and the words in
# parentheses behind them, are the template's.
_SKIPPED = re.compile(
    r"^\s*\d+[.)]\s|^#+\s*\d{1,2}(?:\.\d{1,2})+\s|^\s*(?:[-*+]\s+)?\*\*[^*]+(?::\*\*|\*\*\s*(?:\([^()]*\)\s*)?:)"
)


def read_text(text: str, name: str = "document.md") -> Statement:
    """What a document of our own states."""
    return read_document(SourceDocument(source_text(name, text.encode()), FORMS[Path(name).suffix]))


def read_corpus(path: str) -> Statement:
    """What a document of the corpus states."""
    return read_document(SourceDocument(source_text(path, (CORPUS / path).read_bytes()), FORMS[Path(path).suffix]))


def facts(claim: Claim) -> dict[str, object]:
    return {name: fact.value for name, fact in claim.fields.items()}


def rules(statement: Statement) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in statement.findings]


def faults_of_account(statement: Statement) -> list[str]:
    """Lines that nobody accounts for, and counts that do not add up."""
    counts = statement.account.counts()
    left = [f"{statement.file}:{line}: {statement.source.line(line)}" for line in statement.account.unaccounted()]
    if counts["mapped"] + counts["prose"] + counts["reported"] + counts["unaccounted"] != counts["lines"]:
        left.append(f"{statement.file}: counts do not add up: {counts}")
    return left


TOGETHER = 12
"""How many lines are changed at a time, far from each other; where anything is wrong, one by one."""


def mutated(
    statement: Statement, per_line: int | None = None, seed: int = 1, only: Collection[int] | None = None
) -> Iterator[str]:
    """What is wrong when words and figures of mapped lines change, a sentence a fault.

    :param per_line: how many of each line's words are tried; all by default.
    :param only: which lines are tried; all by default.
    """
    before = _facts(statement)
    for batch in _batches(list(_changes(statement, per_line, random.Random(seed), only))):
        found = list(_faults(statement, before, batch))
        yield from (fault for each in batch for fault in _faults(statement, before, [each])) if found else ()


Change = tuple[int, int, str, str]
"""Line, column, the word that is there, the word that comes there."""


def _changes(
    statement: Statement, per_line: int | None, chance: random.Random, only: Collection[int] | None
) -> Iterator[Change]:
    source = statement.source
    for line in source.filled():
        if not statement.account.names(line) or (only is not None and line not in only):
            continue
        skipped = {place for found in _SKIPPED.finditer(source.line(line)) for place in range(*found.span())}
        tokens = [token for token in _TOKEN.finditer(source.line(line)) if token.start() not in skipped]
        for token in tokens if per_line is None else chance.sample(tokens, min(per_line, len(tokens))):
            old = token[0]
            yield line, token.start(), old, str(int(old) + 1).zfill(len(old)) if old.isdigit() else f"{old}qx"


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    """At most :data:`TOGETHER` of them, spread over the document, a line only once."""
    step = -(-len(changes) // TOGETHER)
    for start in range(step):
        later: list[Change] = []
        lines: set[int] = set()
        batch = []
        for each in changes[start::step]:
            (later if each[0] in lines else batch).append(each)
            lines.add(each[0])
        yield batch
        yield from ([each] for each in later)


def _faults(
    statement: Statement, before: Counter[tuple[str, str, str, tuple[int, ...]]], changes: list[Change]
) -> Iterator[str]:
    lines = list(statement.source.lines)
    for line, column, old, new in changes:
        lines[line - 1] = lines[line - 1][:column] + new + lines[line - 1][column + len(old) :]
    after = _facts(read_text("\n".join(lines), f"x{Path(statement.file).suffix}"))
    difference = (before - after) + (after - before)
    changed = {line for line, *_ in changes}
    for line, _, old, new in changes:
        if not any(line in places for *_, places in difference):
            yield f"{statement.file}:{line}: {old!r} -> {new!r} changes nothing of {statement.account.names(line)}"
    where = ", ".join(f"{line}: {old!r} -> {new!r}" for line, _, old, new in changes)
    for kind, field, value, places in difference:
        if changed.isdisjoint(places):
            yield f"{statement.file}:{where} changes {kind}.{field} of lines {places}: {value}"


def _facts(statement: Statement) -> Counter[tuple[str, str, str, tuple[int, ...]]]:
    return Counter(
        (claim.kind, re.sub(r"\.\d+\b", ".N", name), json.dumps(fact.value, sort_keys=True), fact.lines)
        for claim in statement.claims
        for name, fact in claim.fields.items()
    )
