"""What stands beside a name in one line, or right below a heading: facts, not words of the name and not notes."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import facts, faults_of_account, read_text, rules

ROADMAP = """\
# Module Roadmap

## Module Overview

- **Module ID**: MOD-901
- **Module Title**: Ports

## Practical Components

{0}
"""


@pytest.mark.parametrize(
    ("line", "title", "more"),
    [
        ("1) **Lab A — Ports** · 6 hours · done when `nc` answers", "Lab A — Ports",
         {"hours": "6", "criteria.0": {"text": "`nc` answers"}}),
        ("- **Ports** | 4 h | is complete if the wait is < 10 min", "Ports",
         {"hours": "4", "criteria.0": {
             "text": "the wait is < 10 min", "measure": "the wait", "op": "<", "value": "10", "unit": "min"}}),
        ("- **Ports** · 2 hours · in pairs", "Ports", {"hours": "2", "notes.0": "in pairs"}),
        ("- Docker · Compose", "Docker · Compose", {}),
    ],
)  # fmt: skip
def test_facts_beside_the_title_of_a_lab(line: str, title: str, more: dict[str, object]) -> None:
    statement = read_text(ROADMAP.format(line))
    assert faults_of_account(statement) == []
    [lab] = statement.of_kind("lab")
    assert facts(lab) == {"title": title, **more}


CURRICULUM = """\
# Operator - Detailed Curriculum

## Prerequisites

- Basic shell

## Module Breakdown

### Module 901: Ports

**Duration:** 10 hours

## Project Breakdown

### Project 901: Harbour

**Duration:** 20 hours

| Criterion | Points |
|---|---|
| It floats | 50 |
| Docs | 40 |

Total: {0}
"""


@pytest.mark.parametrize("total", ["100", "100 points"])
def test_a_table_of_criteria_below_a_project_is_its_rubric(total: str) -> None:
    statement = read_text(CURRICULUM.format(total))
    assert faults_of_account(statement) == []
    [project], [rubric] = statement.of_kind("project"), statement.of_kind("rubric")
    criteria = [(each.get("title"), each.get("points")) for each in statement.of_kind("criterion")]
    assert criteria == [("It floats", "50"), ("Docs", "40")]
    assert (project.get("points"), rubric.get("stated.points")) == ("100", "100")


def test_a_total_without_criteria_stays_a_note() -> None:
    text = CURRICULUM.format("100 visitors a day").replace("| Criterion | Points |", "| Ship | Length |")
    statement = read_text(text)
    assert not list(statement.of_kind("rubric"))
    assert "points" not in next(iter(statement.of_kind("project"))).fields


QUIZ = """\
# MOD-901 Quiz

### Question 1

What is a port?

1. A number
2. A ship
3. A wine

### Question 2

What is a name?

1. A word
2. A ship

## Answer Key

1. {0}
2. 1
"""


@pytest.mark.parametrize("answer", ["1 (it is a number)", "1. (a number)", "1"])
def test_the_number_of_a_choice_may_be_explained_in_parentheses(answer: str) -> None:
    statement = read_text(QUIZ.format(answer), "quiz.md")
    question = next(iter(statement.of_kind("question")))
    assert (question.get("type"), question.get("options.0.right")) == ("single", True)
    assert "options.1.right" not in question.fields
    assert [rule for rule, _ in rules(statement) if rule.startswith("quiz.")] == []
