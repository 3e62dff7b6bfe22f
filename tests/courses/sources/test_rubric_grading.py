"""Rubrics that are headed as what they do: *How we grade*, with levels in percent, points in rows, and pass marks."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import facts, faults_of_account, read_text, rules

POINTED = """\
# How we grade: MLOps projects

Each submission gets up to 100 points. You pass with 75 of 100 points. If you fail, you may try again.

## PROJ-601: Training pipeline

| Category | Max points | What we look for |
|---|---|---|
| Orchestration | 60 | Runs on schedule |
| Lineage | 40 | Names its data |
| **Total** | **100** | |
"""
PERCENT = """\
# Security Engineer: Project Grading Guide

## Overview

### Rating scale

- **Excellent (100%)**: beyond what was asked
- **Poor (30%)**: gaps

### Weights

- **Function (40%)**: does it work
- **Quality (60%)**: is it good

### Passing threshold

Learners need 70% overall.

## Project 1: Policy Engine (100 points)

**Function** (40 points)

| Criterion | Points | Excellent (100%) | Poor (30%) |
|---|---|---|---|
| Policies | 40 | All enforced | None |

### 1. Quality (60 points)

- **Excellent (50-60)**: clear
- **Poor (0-20)**: none
"""
ONE = """\
# Capstone Evaluation Rubric

| Criterion | Weight | Excellent (4) | Missing (1) |
|:--|:-:|:--|:--|
| Ingestion | 100% | Replayable | Absent |

## Bonus

- Streaming ingestion: +5 points

## Deductions

- Late: -5 points
"""


def of(statement: Statement, kind: str) -> list[dict[str, object]]:
    return [facts(claim) for claim in statement.of_kind(kind)]


@pytest.mark.parametrize("text", [POINTED, PERCENT, ONE])
def test_they_are_rubrics(text: str) -> None:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement), rules(statement)) == ("rubrics", [], [])


def test_points_in_rows_are_criteria_and_a_sentence_says_what_passes() -> None:
    statement = read_text(POINTED)
    assert of(statement, "criterion") == [
        {"title": "Orchestration", "points": "60", "text": "Runs on schedule"},
        {"title": "Lineage", "points": "40", "text": "Names its data"},
    ]
    (policy,) = of(statement, "policy")
    assert policy["rules.0"] == {
        "text": "You pass with 75 of 100 points", "measure": "overall_percent", "at_least": "75",
    }  # fmt: skip
    assert "rules.1" not in policy


def test_levels_in_percent_are_a_scale_and_no_weights() -> None:
    statement = read_text(PERCENT)
    (policy,) = of(statement, "policy")
    assert [value for name, value in policy.items() if name.startswith("stated.weights")] == ["40", "60"]
    assert policy["rules.0"] == {
        "text": "Learners need 70% overall.", "measure": "overall_percent", "at_least": "70",
    }  # fmt: skip
    (scale,) = of(statement, "scale")
    assert scale["levels.1"] == {"score": "30", "label": "Poor", "text": "gaps"}


def test_a_project_is_called_without_its_points_and_a_line_names_a_group() -> None:
    statement = read_text(PERCENT)
    (project,) = of(statement, "project")
    assert (project["title"], project["points"]) == ("Project 1: Policy Engine", "100")
    (rubric,) = of(statement, "rubric")
    assert rubric["stated.groups.0"] == {"title": "Function", "points": "40"}
    first, second = of(statement, "criterion")
    assert first["levels.0"] == {"score": "100", "label": "Excellent (100%)", "text": "All enforced"}
    assert (second["title"], second["points"]) == ("Quality", "60")


def test_bonus_below_the_criteria_of_one_thing_belongs_to_it() -> None:
    _, bonus = of(read_text(ONE), "criterion")
    assert bonus == {"title": "Streaming ingestion", "bonus": True, "points": "5"}


def test_a_page_about_grading_without_projects_is_none() -> None:
    assert (
        read_text("# How we grade\n\n## Habits\n\n- **Reading** (5 points): a lot\n- **Play** (5 pts): too\n").kind
        != "rubrics"
    )


def test_bonus_in_a_table_counts_beyond_the_points_and_what_is_taken_off_does_not() -> None:
    text = (
        "# Project Rubrics\n\n## Project 1: Pipeline\n\n### Documentation \u2014 50 points\n\n"
        "| Criterion | Weight | Full (5) | None (1) |\n|---|---|---|---|\n| README | 50 pts | Full | None |\n\n"
        "### Bonus Points\n\n| Bonus | Points |\n|---|---|\n| **Lineage** | +5 |\n| Ideas | many |\n\n"
        "### Deductions\n\n- Late: -5 points per day\n"
    )
    statement = read_text(text)
    assert faults_of_account(statement) == []
    found = of(statement, "criterion")
    assert [(each["title"], each["points"], each.get("bonus")) for each in found] == [
        ("README", "50", None), ("Lineage", "5", True),
    ]  # fmt: skip
    (rubric,) = of(statement, "rubric")
    assert rubric["stated.groups.0"] == {"title": "Documentation", "points": "50"}
