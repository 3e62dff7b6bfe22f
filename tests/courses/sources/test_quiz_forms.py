"""Quizzes that are one table, and quizzes in YAML."""

from __future__ import annotations

import pytest

from courses.curriculum.lint import load
from courses.curriculum.lint.register import Setting, checks
from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

load()
TABLE = """\
# Ports Quiz

Passing score: 80%

| # | Question | Type | A | B | C | Answer | Explanation |
|---|---|---|---|---|---|---|---|
| 1 | What is a port? | Single | a number | a ship | a wine | A | RFC 793 |
| 2 | Which are routes? (select all) | | a way | a map | a path | A, C | |
| 3 | True or False: a port is a number. | | | | | True | |
| 4 | How many bits has it? | | | | | 16 | |
"""
LISTED = """\
# Ports Quiz

## Questions

| Points | Question | Choices | Correct Answer | Lecture |
|:--|---|---|---|---|
| 2 | What is a port? | A) a number<br>B) a ship<br>C) a wine | A | L1 |
| 2 | Which are routes? | A) a way; B) a map; C) a path | A, C | L2 |

## Next Steps

| Score | What next |
|---|---|
| 100% | Go on |
"""
YAML = """\
quiz:
  title: Ports Quiz
  module: MOD-604
  passing_score: 80
  time_limit_minutes: 20
  version: 1.2
  questions:
    - id: 1
      question: What is a port?
      type: multiple_choice
      options:
        - a number
        - a ship
      answer: a number
      explanation: RFC 793.
    - id: 2
      question: |
        Which of these are routes?
        Look twice.
      options:
        A: a way
        B: a map
        C: a path
      correct: [A, C]
      tags: [net]
    - text: A port is a number.
      type: true_false
      answer: true
      points: 2
    - prompt: Which is a VCS?
      choices:
        - text: git
          correct: true
        - text: grep
          correct: false
    - q: How many bits?
      answer: 16
    - question: Put the steps in order
      type: ordering
      options: [Build, Test, Ship]
      answer: [Test, Build, Ship]
      owner: Ada
"""


def read(text: str, name: str = "quiz.md") -> Statement:
    statement = read_text(text, name)
    assert (statement.kind, faults_of_account(statement)) == ("quiz", [])
    return statement


def found(statement: Statement) -> list[str]:
    return [finding.rule for finding in (*statement.findings, *checks.run([statement], Setting()))]


def said(question: Claim) -> tuple[str, object]:
    """Type and answer: letters of the right options, items in their order, truth, or a figure."""
    rights = [question.get(f"options.{at}.id") for at in range(8) if question.get(f"options.{at}.right")]
    items = [question.get(f"items.{at}")["text"] for at in range(question.count("items"))]
    return question.get("type"), items or "".join(rights) or question.get("answer")


def test_each_row_of_a_table_is_a_question() -> None:
    statement = read(TABLE)
    questions = list(statement.of_kind("question"))
    assert [said(each) for each in questions] == [
        ("single", "a"), ("multiple", "ac"), ("true_false", True), ("numeric", "16"),
    ]  # fmt: skip
    first = questions[0]
    assert (first.get("stem"), first.get("options.2.text"), first.get("explanation"), first.get("stated.type")) == (
        "What is a port?", "a wine", "RFC 793", "Single",
    )  # fmt: skip
    assert [each.line for each in questions] == [7, 8, 9, 10]
    assert found(statement) == []


def test_a_table_may_have_its_choices_in_one_column() -> None:
    statement = read(LISTED)
    first, second = statement.of_kind("question")
    assert [said(first), said(second)] == [("single", "a"), ("multiple", "ac")]
    assert (first.get("points"), second.get("options.1.text"), second.get("references")) == ("2", "a map", "L2")
    assert found(statement) == []


def test_a_table_of_a_key_or_of_a_question_asks_nothing() -> None:
    quiz = "# Quiz\n\n### Question 1\nWhat is it?\nA) one\nB) two\n\n### Question 2\nAnd it?\nA) one\nB) two\n\n"
    statement = read(f"{quiz}## Answer Key\n\n| Question | Answer |\n|---|---|\n| 1 | A |\n| 2 | B |\n")
    assert [said(each) for each in statement.of_kind("question")] == [("single", "a"), ("single", "b")]


def test_a_quiz_in_yaml_has_its_head_and_its_questions() -> None:
    statement = read(YAML, "quiz.yaml")
    [quiz] = statement.of_kind("quiz")
    head = {"title": "Ports Quiz", "stated.module_id": "MOD-604", "passing.percent": "80", "time_limit_minutes": "20"}
    assert {name: quiz.get(name) for name in head} == head
    questions = list(statement.of_kind("question"))
    assert [said(each) for each in questions] == [
        ("single", "a"), ("multiple", "ac"), ("true_false", True), ("single", "a"), ("numeric", "16"),
        ("ordering", ["Test", "Build", "Ship"]),
    ]  # fmt: skip
    assert questions[1].get("stem") == "Which of these are routes?\nLook twice."
    assert (questions[0].get("explanation"), questions[1].get("topics.0"), questions[2].get("points")) == (
        "RFC 793.", "net", "2",
    )  # fmt: skip
    assert (quiz.get("stated.version"), questions[5].get("stated.owner")) == ("1.2", "Ada")
    assert found(statement) == ["source.unknown_key", "source.unknown_key"]


@pytest.mark.parametrize("answer", ["2", "c ship", "[a number, a boat]"])
def test_an_answer_in_yaml_that_names_no_choice_is_found(answer: str) -> None:
    statement = read(
        f"title: Quiz\nquestions:\n- question: What is a port?\n  options: [a number, a ship]\n  answer: {answer}\n",
        "quiz.yaml",
    )
    assert said(next(statement.of_kind("question"))) in (("single", None), ("multiple", None))
    assert found(statement) == ["quiz.answer_not_an_option"]


def test_a_native_quiz_and_other_lists_of_questions_are_no_quiz_in_yaml() -> None:
    native = "kind: quiz\nid: quiz\nunder: MOD-901\ntitle: Ports\nquestions:\n- id: one\n  stem: What?\n  answer: x\n"
    assert read_text(native, "quiz.yaml").kind != "quiz"
    assert read_text("questions:\n- Who decides?\n- When?\n", "notes.yaml").kind == "other"
