"""Which row of a roadmap announces which quiz document: by module and title, never by number alone."""

from __future__ import annotations

import pytest

from courses.curriculum.merge.quizzes import join_documents
from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import read_text

ROADMAP = """\
# Module Roadmap

## Module Overview

- **Module ID**: {0}
- **Module Title**: {1}
- **Target Role(s)**: Operator

## Practical Components

| Asset | Description | Completion Criteria |
|---|---|---|
| Lab 1 | Open a port | it answers |
"""
QUIZ = "# {0}\n\n### Question 1\n\nWhat is a port?\n\nA) A ship\nB) A number\n\n**Answer:** B\n"


def roadmap(*rows: str, key: str = "MOD-901", title: str = "Ports in Practice") -> Statement:
    return read_text(ROADMAP.format(key, title) + "".join(f"| {row} | done |\n" for row in rows), f"{key}.md")


def joined_with(quiz: str, *roadmaps: Statement) -> list[str]:
    """What the quiz called *quiz* is one with: the labels of the rows."""
    joined = join_documents([*roadmaps, read_text(QUIZ.format(quiz), "quiz.md")])
    found = [each for module in joined.of_kind("module") for each in module.under("quiz") if len(each.claims) > 1]
    assert len(found) + len(joined.loose) == 1
    assert all(each.claims[0].statement.kind == "quiz" for each in found), "the document ranks above"
    return [each.claims[-1].label for each in found]


@pytest.mark.parametrize(
    ("quiz", "row"),
    [
        ("Module 901: Ports in Practice - Quiz", "Assessment | Ports in Practice Quiz"),
        ("Module 901: Ports in Practice - Quiz", "Quiz | 20 closed questions"),
        ("Module 901: Ports in Practice - Quiz", "Module Quiz | Closed book"),
        ("Module 901 Quiz: Ports in Practice", "Assessment | Ports quiz"),
        ("Module 1: Ports in Practice Quiz", "Assessment | Ports in Practice Quiz"),
        ("MOD-901 Quiz", "Assessment | Ports in Practice Quiz"),
        ("Module MOD-901: Ports in Practice - Final Quiz", "Final Quiz | Ports in Practice final quiz"),
    ],
)
def test_a_quiz_is_the_one_that_its_module_announces(quiz: str, row: str) -> None:
    other = roadmap("Assessment | Names and Addresses Quiz", key="MOD-902", title="Names and Addresses")
    assert joined_with(quiz, roadmap(row), other) == [row.split(" | ")[0]]


@pytest.mark.parametrize(
    ("quiz", "rows"),
    [
        ("Module 901: Names and Addresses - Quiz", ["Assessment | Ports in Practice Quiz"]),
        ("Module 902: Ports in Practice - Quiz", ["Assessment | Ports in Practice Quiz"]),
        ("Module 901: Ports in Practice - Final Quiz", ["Assessment | Ports in Practice Quiz"]),
        ("Module 901: Ports in Practice - Quiz 2", ["Assessment | Ports in Practice Quiz 1"]),
        ("Module 901: Ports in Practice - Quiz", ["Quiz 1 | Ports Quiz", "Quiz 2 | Practice ports quiz"]),
        ("Module 901: Ports in Practice - Quiz", ["Assessment | Certification exam by hand"]),
        ("Module 901 Quiz", ["Assessment | Ports in Practice Quiz"]),
    ],
)
def test_a_quiz_of_another_module_title_or_kind_is_none_of_them(quiz: str, rows: list[str]) -> None:
    assert joined_with(quiz, roadmap(*rows)) == []


def test_a_module_that_two_documents_state_under_one_title_is_not_guessed() -> None:
    row = "Assessment | Ports in Practice Quiz"
    assert joined_with("Module 1: Ports in Practice - Quiz", roadmap(row), roadmap(row, key="MOD-801")) == []
