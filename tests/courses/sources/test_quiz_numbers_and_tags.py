"""What stands around questions: numbers in parts, scenarios, points and types in brackets, facts beside each other."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim
from tests.courses.sources.support import facts, faults_of_account, mutated, read_text, rules

SCENARIOS = """\
# Tenancy Exam

## Scenario 1: The slow cluster

**Context:** pods take ten minutes to start.

### Question 1.1

What is the cause?

A) Image pulls
B) DNS

**Answer:** A

### Question 1.2

What helps?

A) Labels
B) A cache

## Scenario 2: The leak

### Question 2.1

Reads are logged. (True/False)

## Answer Key

1.1. A
1.2. B
2.1. True
"""


def test_a_scenario_is_the_section_of_its_questions() -> None:
    statement = read_text(SCENARIOS)
    assert (rules(statement), faults_of_account(statement)) == ([], [])
    asked = list(statement.of_kind("question"))
    assert [each.get("stated.number") for each in asked] == ["1.1", "1.2", "2.1"]
    assert [each.get("stated.key.0") for each in asked] == ["A", "B", "True"]
    (quiz,) = statement.of_kind("quiz")
    assert quiz.get("parts.0")["title"] == "Scenario 1: The slow cluster"
    assert (quiz.get("parts.1")["first"], quiz.get("parts.1")["title"]) == (3, "Scenario 2: The leak")
    assert list(mutated(statement)) == []


KEYED = """\
# Registry Quiz

## Short Answer Questions

1. What is promoted?
2. How many approve?

## Multiple Choice

3. What is logged?
   a. Weights
   b. Metadata

## More Questions

4. Who signs?
5. When?

## Preparation

1. Read the notes

## Answer Key

| No. | Answer |
|---|---|
| 1 | A model |
| 2 | 2 |
| 3 | b |
| 4 | The owner |
| 5 | Before release |
"""


def test_questions_without_choices_go_on_with_the_numbers_that_the_key_has() -> None:
    statement = read_text(KEYED)
    assert [rule for rule, _ in rules(statement) if rule.startswith("quiz")] == []
    asked = list(statement.of_kind("question"))
    assert [each.get("stated.key.0") for each in asked] == ["A model", "2", "b", "The owner", "Before release"]
    assert [each.get("type") for each in asked] == ["short_text", "numeric", "single", "short_text", "short_text"]


def test_without_a_key_only_numbers_that_go_on_ask_and_lack_an_answer() -> None:
    statement = read_text(KEYED.partition("## Answer Key")[0])
    asked = list(statement.of_kind("question"))
    assert [each.get("stated.number") for each in asked] == ["3", "4", "5"]
    assert [each.get("type") for each in asked] == [None, None, None]


TAGGED = """\
# State Quiz

Each question is worth 5 points.

## Part A (2 questions x 3 points)

### 1. [Easy] Backends (Multiple Choice)

Where does state live?

A) In Git
B) In a backend

**Answer:** B

### 2. Drift (Hard, 4 pts)

What is it?

**Answer:** A difference

## Part B

### 3. Moves

Which block moves? *(2 points)*

**Answer:** `moved`

### 4. Locks (in a table)

Who locks?

**Answer:** The backend
"""


def test_brackets_beside_a_title_say_points_difficulty_and_type() -> None:
    asked = [facts(each) for each in read_text(TAGGED).of_kind("question")]
    assert [each["title"] for each in asked] == ["Backends", "Drift", "Moves", "Locks (in a table)"]
    assert [each["points"] for each in asked] == ["3", "4", "2", "5"]
    assert [each.get("difficulty") for each in asked] == ["Easy", "Hard", None, None]
    assert asked[0]["stated.type"] == "Multiple Choice"
    assert asked[2]["stem"] == "Which block moves?"


def quiz_with(head: str) -> Claim:
    asked = "### Question 1\nWhich?\n\nA) One\nB) Two\n\n**Answer:** A\n"
    statement = read_text(f"# Module 401: Networks Quiz\n\n{head}\n\n## Questions\n\n{asked}")
    assert faults_of_account(statement) == []
    (quiz,) = statement.of_kind("quiz")
    return quiz


@pytest.mark.parametrize(
    ("head", "minutes", "percent", "count"),
    [
        ("*Estimated time: 15 minutes. You need at least 7 of 9 to pass.*", "15", None, "7"),
        ("Time: 20 min. Passing: 8 out of 10.", "20", None, "8"),
        ("*Total: 8 questions \u00b7 16 minutes \u00b7 pass with 6 correct answers*", "16", None, "6"),
        ("60% to pass \u00b7 12 minutes \u00b7 5 questions", "12", "60", None),
        ("Passing: 75%; Time: 20 minutes; Questions: 10", "20", "75", None),
        ("**Time limit:** 20 minutes, **Passing score:** 75%", "20", "75", None),
        ("**Time limit**: 20 minutes<br>**Passing score**: 75%", "20", "75", None),
        ("You have one hour. 80 % are needed to pass.", "60", "80", None),
        ("**Time Limit:** 1 h 30 min\n**Passing Score:** 0.8", "90", "80", None),
        ("**Duration:** 00:45\n**Minimum score:** 70", "45", "70", None),
        ("**Time Limit:** half an hour\n**Pass mark:** 1", "30", "100", None),
        ("**Time Limit:** 30-40 minutes\n**Passing Score**: 12 points out of 15", None, None, "12"),
        ("Give it time. If you score below 50%, you do not pass.", None, None, None),
    ],
)
def test_facts_of_the_head_stand_beside_each_other(
    head: str, minutes: str | None, percent: str | None, count: str | None
) -> None:
    quiz = quiz_with(head)
    found = (quiz.get("time_limit_minutes"), quiz.get("passing.percent"), quiz.get("passing.count"))
    assert found == (minutes, percent, count)
