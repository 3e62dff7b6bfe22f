"""Module roadmaps are read whole, in both variants of their template."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import CORPUS, faults_of_account, mutated, needs_corpus, read_corpus

ROADMAPS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*roadmap.md"))


@needs_corpus
@pytest.mark.parametrize("path", ROADMAPS)
def test_no_line_of_a_real_roadmap_is_dropped(path: str) -> None:
    statement = read_corpus(path)
    assert statement.kind == "module_roadmap"
    assert faults_of_account(statement) == []


@needs_corpus
@pytest.mark.parametrize("path", [path for path in ROADMAPS if path.startswith(("seeds", "curriculum/other"))])
def test_every_word_of_a_mapped_line_is_read(path: str) -> None:
    assert list(mutated(read_corpus(path))) == []
