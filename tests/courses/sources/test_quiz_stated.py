"""What a quiz states beside its questions: keys without numbers, types with their counts, front matter."""

from __future__ import annotations

import pytest

from courses.curriculum.lint import load
from courses.curriculum.lint.register import Setting, checks
from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

load()

QUESTIONS = """\
### Q1. What is a port?
A) a number
B) a ship

### Q2. What is a route?
A) a way
B) a map

### Q3. True/False: a port is a number.
"""
QUIZ = f"# Ports Quiz\n\n{QUESTIONS}"
# Keys in the order of the questions.
KEYS = [
    "## Answers\n\n- A\n- B\n- True\n",
    "## Answer Key\n\nA\nB\nT\n",
    "## Answer Key\n\n* A - a number\n* B\n* False: it is a ship\n",
    "## Answer Key\n\n**A**\n\n**B**\n\n**True**\n",
    "## Answer Key\n\n- Answer: A\n- Answer: B\n- Answer: True\n",
    "## Answer Key\n\nA, B, True\n",
    "## Answer Key\n\n| Answer | Why |\n|---|---|\n| A | a number |\n| B | a map |\n| True | so |\n",
    "**Answers: A, B, True**\n",
]
FRONT = """\
---
title: "Module 604: Ports Quiz"
module: MOD-604
passing_score: 80
time_limit: 25
attempts: 2
total_questions: 3
types:
  - multiple choice
  - true/false
level: beginner
---

"""


def read(text: str) -> Statement:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement)) == ("quiz", [])
    return statement


def quiz(statement: Statement) -> Claim:
    [claim] = statement.of_kind("quiz")
    return claim


def found(statement: Statement) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in (*statement.findings, *checks.run([statement], Setting()))]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_without_numbers_answers_as_many_questions_in_their_order(key: str) -> None:
    statement = read(f"{QUIZ}\n{key}")
    first, second, third = statement.of_kind("question")
    assert [first.get("options.0.right"), second.get("options.1.right")] == [True, True]
    assert third.get("answer") is ("False" not in key)
    assert found(statement) == []


def test_what_explains_an_answer_without_a_number_is_its_explanation() -> None:
    statement = read(f"{QUIZ}\n## Answer Key\n\n- A - RFC 793 says so\n- B\n  - a map shows it\n- True: so it is\n")
    said = [question.get("explanation") for question in statement.of_kind("question")]
    assert said == ["RFC 793 says so", "- a map shows it", "so it is"]


@pytest.mark.parametrize("key", ["- A\n- B\n", "- A\n- B\n- True\n- C\n", "- A\n- A number\n- True\n"])
def test_a_key_with_another_number_of_answers_answers_nothing(key: str) -> None:
    statement = read(f"{QUIZ}\n## Answer Key\n\n{key}")
    assert not any(question.get("stated.key.0") for question in statement.of_kind("question"))
    assert "quiz.key_unread" in [rule for rule, _ in found(statement)]


def test_answers_of_one_question_that_asks_for_all_are_no_key() -> None:
    last = "### Q3. Select all that apply.\nA) one\nB) two\nC) three\n\n**Answers: A, B, C**\n"
    questions = list(read(QUIZ.split("### Q3")[0] + last).of_kind("question"))
    assert [question.get("stated.answer") for question in questions] == [None, None, "A, B, C"]


def test_answers_of_one_question_are_no_key_where_others_have_answers_of_their_own() -> None:
    first = QUIZ.replace("A) a number", "A) a number \u2705").split("### Q3")[0]
    last = "### Q3. Which are ports?\nA) one\nB) two\nC) three\n\n**Answers: A, B, C**\n"
    questions = list(read(first + last).of_kind("question"))
    assert [question.get("stated.answer") for question in questions] == [None, None, "A, B, C"]


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ("**Questions:** 3 (2 multiple choice, 1 true/false)", 0),
        ("**Questions:** 3 (1 multiple choice, 2 true/false)", 2),
        ("**Format:** Multiple choice (2), True/False (1)", 0),
        ("**Format:** Multiple choice: 3, True/False: 1", 1),
        ("This quiz has 2 multiple-choice questions and 2 true/false questions.", 1),
        ("**Format:** Multiple choice (60%), true/false (40%)", 0),
        ("**Format:** Multiple choice (2 points each), true/false", 0),
        ("**Format:** 3 short answer", 1),
    ],
)
def test_stated_counts_of_types_are_held_against_the_questions(said: str, faults: int) -> None:
    statement = read(f"{QUIZ.replace('# Ports Quiz', f'# Ports Quiz{chr(10)}{chr(10)}{said}')}\n{KEYS[0]}")
    rules = [rule for rule, line in found(statement) if line == 3 and rule != "quiz.question_count"]
    assert rules == ["quiz.question_types"] * faults


def test_code_and_several_answers_count_as_multiple_choice() -> None:
    code = "### Q1. What does it print?\n\n```python\nprint(1)\n```\n\nA) 1\nB) 2\n\n**Answer:** A\n"
    both = "### Q2. Select all that apply.\nA) one\nB) two\nC) three\n\n**Answer:** A, B\n"
    for said, rules in (
        ("2 multiple choice", 0),
        ("1 multiple choice, 1 multiple select", 0),
        ("1 multiple choice", 1),
    ):
        statement = read(f"# Ports Quiz\n\n**Format:** {said}\n\n{code}\n{both}")
        assert len([rule for rule, line in found(statement) if line == 3]) == rules, said


def test_front_matter_states_the_head_of_a_quiz() -> None:
    statement = read(f"{FRONT}{QUESTIONS}\n{KEYS[0]}")
    claim = quiz(statement)
    said = {
        "title": "Module 604: Ports Quiz", "stated.module_id": "MOD-604", "stated.module_number": "604",
        "passing.percent": "80", "time_limit_minutes": "25", "stated.attempts": "2", "stated.questions": "3",
        "stated.types.0": "single", "stated.types.1": "true_false", "difficulty": "beginner",
    }  # fmt: skip
    assert {name: claim.get(name) for name in said} == said
    assert found(statement) == []
    assert len(list(statement.of_kind("question"))) == 3


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("passing_score: 0.75", "passing.percent", "75"),
        ("passing_score: 2", "passing.count", "2"),
        ("passing_score: 70%", "passing.percent", "70"),
        ("pass_mark_percent: 2", "passing.percent", "2"),
        ("passing_count: 2", "passing.count", "2"),
        ("time_limit_minutes: 40", "time_limit_minutes", "40"),
        ("duration: PT1H30M", "time_limit_minutes", "90"),
        ("duration_hours: 2", "time_limit_minutes", "120"),
        ("module: 604", "stated.module_number", "604"),
        ("topics: [ports, routes]", "stated.coverage", "ports, routes"),
    ],
)
def test_figures_of_front_matter_have_their_units(line: str, field: str, value: str) -> None:
    statement = read(f"---\n{line}\n---\n\n{QUIZ}\n{KEYS[0]}")
    assert (quiz(statement).get(field), found(statement)) == (value, [])


def test_front_matter_that_differs_from_the_text_is_found() -> None:
    front = "---\ntitle: Ports Quiz\npassing_score: 70\ntime_limit: 25\nauthor: Ada\n---\n\n"
    head = "# Ports Quiz\n\n**Passing score:** 80 % (3/3)\n**Time:** 25 minutes\n"
    statement = read(f"{front}{QUIZ.replace('# Ports Quiz', head)}\n{KEYS[0]}")
    assert (quiz(statement).get("passing.percent"), quiz(statement).get("time_limit_minutes")) == ("80", "25")
    said = [(finding.rule, finding.severity, finding.line) for finding in statement.findings]
    assert said == [
        ("source.stated_twice", "info", 2), ("source.stated_twice", "warning", 3), ("source.stated_twice", "info", 4),
        ("source.front_matter", "info", 5),
    ]  # fmt: skip
