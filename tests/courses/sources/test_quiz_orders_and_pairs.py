"""Quizzes that ask for an order or for pairs, however the answer lists them."""

from __future__ import annotations

import pytest

from courses.curriculum.lint import load
from courses.curriculum.lint.register import Setting, checks
from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

load()

STEPS = "1. Watch\n2. Canary\n3. Shift"
LETTERS = "A. Watch\nB. Canary\nC. Shift"
BULLETS = "- Watch\n- Canary\n- Shift"
RIGHT = ["Canary", "Watch", "Shift"]
# What is asked, the choices, the answer; an order in words.
ORDERS = [
    ("Put these steps in the right order.", STEPS, "2, 1, 3"),
    ("Arrange the steps of a rollout:", STEPS, "2 \u2192 1 \u2192 3"),
    ("What is the correct sequence?", STEPS, "2-1-3"),
    ("Order the steps.", STEPS, "2 1 3"),
    ("Order the steps.", STEPS, "213"),
    ("Order the steps.", STEPS, "2, 1, 3 - a canary comes first"),
    ("Sort by time:", STEPS, "Canary, Watch, Shift"),
    ("Sort by time:", STEPS, "\n1. Canary\n2. Watch\n3. Shift"),
    ("Order the steps.", BULLETS, "Canary > Watch > Shift"),
    ("Rank by time (first to last).", LETTERS, "B > A > C"),
    ("Order the steps.", LETTERS, "B, A, then C"),
    ("How does a rollout go on?", STEPS, "2, 1, 3"),
    ("How does a rollout go on?", LETTERS, "B -> A -> C"),
]
KEYED = """\
# Rollout Quiz

1. Put the steps of a rollout in order:
   1. Watch
   2. Canary
   3. Shift
2. Which is a tool?
   a) git
   b) a tree
3. Sequence the boot of a pod.
   1. Pull
   2. Schedule
4. Which of them are tools?
   1. git
   2. grep
   3. a tree

## Answer Key

1. 2, 1, 3
2. a
3. 2, 1
4. 1, 2
"""
TABLE = "| Tool | Job |\n|---|---|\n| Loki | A. Logs |\n| Mimir | B. Metrics |"
LABELLED = "| | Tool | | Job |\n|---|---|---|---|\n| 1 | Loki | A | Logs |\n| 2 | Mimir | B | Metrics |"
LISTS = "1. Loki\n2. Mimir\n\nA. Logs\nB. Metrics"
PLAIN = "- Loki\n- Mimir\n\nA. Logs\nB. Metrics"
LINES = "Tools: 1. Loki 2. Mimir\nJobs: a. Logs b. Metrics"
WORDS = "| Tool | Job |\n|---|---|\n| Mimir | Logs |\n| Loki | Metrics |"
PAIRS = [
    (TABLE, "Loki\u2013A, Mimir\u2013B"),
    (TABLE, "Loki \u2192 A; Mimir \u2192 B"),
    (TABLE, "Loki: A, Mimir: B"),
    (TABLE, "Loki-A, Mimir-B"),
    (TABLE, "\n- Loki = A\n- Mimir = B"),
    (LABELLED, "1-A, 2-B"),
    (LISTS, "1-A, 2-B"),
    (LISTS, "1A, 2B"),
    (LISTS, "1 \u2192 A\n2 \u2192 B"),
    (LISTS, "A-1, B-2"),
    (PLAIN, "Loki -> A, Mimir -> B"),
    (LINES, "1: a, 2: b"),
    (WORDS, "\n- Loki \u2192 Logs\n- Mimir \u2192 Metrics"),
    (WORDS, "\n| Loki | Logs |\n| Mimir | Metrics |"),
]


def read(text: str) -> Statement:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement)) == ("quiz", [])
    return statement


def asked(question: str, choices: str, answer: str) -> Statement:
    return read(f"# Rollout Quiz\n\n### Question 1\n\n{question}\n\n{choices}\n\n**Answer:** {answer}\n")


def ordered(question: Claim) -> list[str]:
    return [question.get(f"items.{place}")["text"] for place in range(question.count("items"))]


def found(statement: Statement) -> list[str]:
    return [finding.rule for finding in checks.run([statement], Setting()) if finding.rule.startswith("quiz.")]


@pytest.mark.parametrize(("question", "choices", "answer"), ORDERS)
def test_an_order_is_read_however_it_is_listed(question: str, choices: str, answer: str) -> None:
    statement = asked(question, choices, answer)
    [claim] = statement.of_kind("question")
    assert (claim.get("type"), claim.get("stem"), ordered(claim)) == ("ordering", question, RIGHT)
    assert found(statement) == []


def test_what_stands_behind_an_order_by_numbers_explains_it() -> None:
    [claim] = asked("Order the steps.", STEPS, "2, 1, 3 - a canary comes first").of_kind("question")
    assert claim.get("explanation") == "a canary comes first"


@pytest.mark.parametrize("answer", ["3, 1", "2, 1, 4", "1, 1, 2", "Canary, Watch, Roll back"])
def test_an_answer_that_is_no_order_of_all_steps_is_found(answer: str) -> None:
    statement = asked("Order the steps.", STEPS, answer)
    [claim] = statement.of_kind("question")
    assert ordered(claim) == []
    assert found(statement) == ["quiz.answer_not_an_option"]


@pytest.mark.parametrize(
    ("answer", "kind", "rights"), [("2", "single", "2"), ("1, 3", "multiple", "13"), ("1 and 3", "multiple", "13")]
)
def test_numbers_of_choices_are_no_order_where_none_is_asked_for(answer: str, kind: str, rights: str) -> None:
    statement = asked("Which of them are safe?", STEPS, answer)
    [claim] = statement.of_kind("question")
    chosen = "".join(str(place + 1) for place in range(3) if claim.get(f"options.{place}.right"))
    assert (claim.get("type"), chosen, found(statement)) == (kind, rights, [])


def test_numbers_of_which_one_is_no_choice_are_found() -> None:
    statement = asked("Which of them are safe?", STEPS, "1, 4")
    assert found(statement) == ["quiz.answer_not_an_option"]


def test_a_key_answers_numbered_choices_by_their_numbers() -> None:
    statement = read(KEYED)
    first, second, third, fourth = statement.of_kind("question")
    assert [each.get("type") for each in (first, second, third, fourth)] == [
        "ordering", "single", "ordering", "multiple",
    ]  # fmt: skip
    assert (ordered(first), ordered(third)) == (RIGHT, ["Schedule", "Pull"])
    assert second.get("options.1.text") == "a tree"
    assert [fourth.get(f"options.{place}.right") for place in range(3)] == [True, True, None]
    assert found(statement) == []


def test_orders_at_a_question_and_in_the_key_are_compared_as_orders() -> None:
    text = f"# Quiz\n\n### Question 1\n\nOrder the steps.\n\n{STEPS}\n\nAnswer: 2, 1, 3\n\n## Answer Key\n\n1. "
    assert found(read(f"{text}2 \u2192 1 \u2192 3\n")) == []
    assert found(read(f"{text}1 \u2192 2 \u2192 3\n")) == ["quiz.key_conflict"]


@pytest.mark.parametrize(("sides", "answer"), PAIRS)
def test_pairs_are_read_however_they_are_written(sides: str, answer: str) -> None:
    statement = asked("Match the tool with its job.", sides, answer)
    [claim] = statement.of_kind("question")
    pairs = [set(claim.get(f"pairs.{place}").values()) for place in range(claim.count("pairs"))]
    assert (claim.get("type"), pairs) == ("matching", [{"Loki", "Logs"}, {"Mimir", "Metrics"}])
    assert found(statement) == []


def test_an_answer_that_does_not_say_what_goes_with_what_is_found() -> None:
    statement = asked("Match the tool with its job.", TABLE, "Each with its own")
    assert found(statement) == ["quiz.answer_not_an_option"]


def test_pairs_at_a_question_and_in_the_key_are_compared_as_pairs() -> None:
    text = f"# Quiz\n\n### Question 1: Match\n\n{LISTS}\n\nAnswer: 1-A, 2-B\n\n## Answer Key\n\n### Question 1\n\n"
    assert found(read(f"{text}2-B, 1-A\n")) == []
    assert found(read(f"{text}2-A, 1-B\n")) == ["quiz.key_conflict"]
