"""Difficulties in words, stars and figures: only a word is a level, and nothing else becomes one."""

from __future__ import annotations

import pytest

from courses.curriculum.drafts.values import level_of
from courses.curriculum.sources.claims import Claim
from tests.courses.sources.support import facts, faults_of_account, read_text, rules

PLAN = (
    "# Project Plan\n\n## Project Overview\n\n- **Project ID**: PROJ-901\n- **Title**: Harbour\n- **Difficulty**: {0}\n"
)
CURRICULUM = """\
# Operator - Curriculum

## Prerequisites

- Basic shell

## Module Breakdown

### Module 901: Ports

**Duration:** 10 hours
**Difficulty**: ⭐⭐⭐

### Module 902: Names

**Difficulty**: ★★☆☆☆ (Easy)

## Project Breakdown

### Project 901: Harbour

**Duration:** 20 hours · **Difficulty**: 3/5
"""
ROADMAP = """\
# Module Roadmap

## Module Overview

- **Module ID**: MOD-901
- **Module Title**: Ports

## Practical Components

- **Lab 1**: Open a port
  - Difficulty: ★★
"""


INDEX = """\
# Exercise Index

## Module 901: Ports

### Exercise 01: Open a port

**Difficulty**: {0}
**Time**: 2 hours

### Exercise 02: Close a port

**Difficulty**: Easy
**Time**: 2 hours
"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Advanced", {"difficulty": "Advanced"}),
        ("Advanced+", {"difficulty": "Advanced+"}),
        ("Medium (some shell)", {"difficulty": "Medium (some shell)"}),
        ("★★★☆☆ Intermediate", {"difficulty": "Intermediate", "stated.stars": "3"}),
        ("Intermediate (⭐⭐)", {"difficulty": "Intermediate", "stated.stars": "2"}),
        ("⭐⭐ (Intermediate)", {"difficulty": "Intermediate", "stated.stars": "2"}),
        ("Hard – 4/5", {"difficulty": "Hard", "stated.difficulty": "4/5"}),
    ],
)
def test_a_word_is_the_level_and_stars_and_figures_stand_beside_it(value: str, expected: dict[str, str]) -> None:
    statement = read_text(PLAN.format(value))
    assert faults_of_account(statement) == []
    assert rules(statement) == []
    assert _levels(statement.claims[0]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("★★★☆☆", {"stated.stars": "3"}),
        ("★★☆ (2/3)", {"stated.stars": "2", "stated.difficulty": "2/3"}),
        ("3/5", {"stated.difficulty": "3/5"}),
        ("3 out of 5", {"stated.difficulty": "3 out of 5"}),
        ("4", {"stated.difficulty": "4"}),
        ("сложно", {"stated.difficulty": "сложно"}),
    ],
)
def test_without_a_word_there_is_no_level_and_a_finding(value: str, expected: dict[str, str]) -> None:
    statement = read_text(PLAN.format(value))
    assert faults_of_account(statement) == []
    assert rules(statement) == [("source.unnamed_difficulty", 7)]
    assert _levels(statement.claims[0]) == expected


def test_all_of_a_curriculum_are_in_one_finding() -> None:
    statement = read_text(CURRICULUM)
    assert faults_of_account(statement) == []
    assert [_levels(claim) for claim in statement.claims if claim.kind in ("module", "project")] == [
        {"stated.stars": "3"}, {"difficulty": "Easy", "stated.stars": "2"}, {"stated.difficulty": "3/5"},
    ]  # fmt: skip
    [finding] = statement.findings
    assert (finding.rule, finding.line) == ("source.unnamed_difficulty", 12)
    assert [line for _, line in finding.related] == [22]


def test_a_lab_of_a_roadmap() -> None:
    statement = read_text(ROADMAP)
    assert faults_of_account(statement) == []
    assert rules(statement) == [("source.unnamed_difficulty", 11)]
    [lab] = statement.of_kind("lab")
    assert _levels(lab) == {"stated.stars": "2"}


@pytest.mark.parametrize(("value", "expected"), [("3/5", [("source.unnamed_difficulty", 7)]), ("★★", []), ("Easy", [])])
def test_stars_are_the_scale_of_an_index(value: str, expected: list[tuple[str, int]]) -> None:
    statement = read_text(INDEX.format(value))
    assert statement.kind == "exercise_index"
    assert rules(statement) == expected


@pytest.mark.parametrize(("words", "level"), [("★★★", None), ("", None), ("Very Hard", "very-hard")])
def test_no_level_is_made_of_signs(words: str, level: str | None) -> None:
    assert level_of(words) == level


def _levels(claim: Claim) -> dict[str, object]:
    names = ("difficulty", "stated.stars", "stated.difficulty")
    return {name: value for name, value in facts(claim).items() if name in names}
