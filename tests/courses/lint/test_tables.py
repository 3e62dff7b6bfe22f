"""Rows of tables with more in them than their head has room for."""

from __future__ import annotations

import pytest

from courses.curriculum.lint import hygiene
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.text import SourceText
from tests.courses.sources.support import read_text

HEAD = "| a | b |\n|---|:-:|\n"


def lines(text: str) -> list[int]:
    """Where rows have too much."""
    found = hygiene.surplus_cells(read_text(f"# Module Roadmap\n\n{text}"))
    return [line for each in found for line in (each.line, *(line for _, line in each.related))]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"{HEAD}| 1 | 2 | 3 |\n| 1 | 2 |\n| 1 | 2 | 3", [5, 7]),
        (f"{HEAD}| 1 |\n| 1 | 2 |\n|  |  |\n", []),
        (f"{HEAD}| 1 | `x \\| y` |\n", []),
        (f"{HEAD}| 1 | `x | y` |\n", [5]),
        ("a | b\n--|--\n1 | 2\n1 | 2 | 3\n", [6]),
        (f"{HEAD}| 1 | 2 |\n\nwords | with | bars | here\n", []),
        (f"```\n{HEAD}| 1 | 2 | 3 |\n```\n", []),
        ("A title\n---\n1 | 2 | 3\n", []),
        (f"{HEAD}| 1 | 2 |\n\n| x |\n|---|\n| 1 | 2 |\n", [9]),
    ],
)
def test_what_is_behind_the_last_column_is_told(text: str, where: list[int]) -> None:
    assert lines(text) == where


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [" ", "-", "|", "| ", ":-", "- ", "\\|"])
def test_looking_takes_time_by_the_size_only(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    found = list(hygiene.surplus_cells(document(f"{line}x\n-{line}\n")))
    assert len(found) <= 1


def document(text: str) -> Statement:
    return Statement(SourceText("a.md", tuple(text.splitlines())), "module_roadmap")
