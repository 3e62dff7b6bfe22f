"""Quizzes in dialects of more hands: every question has its type, its answer and what explains it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Claim
from tests.courses.sources.support import faults_of_account, read_text

FOLDER = Path(__file__).with_name("quizzes")

# (type, answer) of each question: letters of the right options, truth, a figure, or words.
EXPECTED = {
    "plain-numbers": [
        ("single", "b"), ("true_false", False), ("multiple", "abd"), ("numeric", "3"), ("code_reading", "b"),
        ("short_text", "Running a DAG for past dates"),
    ],
    "boxes": [("single", "b"), ("multiple", "ac"), ("true_false", False)],
    "parentheses": [("single", "a"), ("single", "b"), ("single", "b"), ("short_text", "user namespaces")],
    "bold-choices": [("single", "b"), ("single", "a"), ("single", "a")],
    "folded": [("single", "b"), ("multiple", "ac")],
    "explained-first": [
        ("single", "b"), ("single", "b"), ("true_false", True),
        ("matching", [{"left": "1", "right": "B"}, {"left": "2", "right": "A"}]),
    ],
    "key-in-a-line": [
        ("single", "a"), ("single", "b"), ("multiple", "abd"), ("code_reading", "a"), ("short_text", "risk register"),
    ],
    "marked-answers": [
        ("single", "a"), ("single", "b"), ("true_false", False), ("short_text", "change failure rate; lead time"),
        ("single", "a"),
    ],
}  # fmt: skip
EXPLAINED = {
    "plain-numbers": {1: "Sensors wait", 4: "one run and two retries"},
    "boxes": {1: "cosign signs; syft lists."},
    "parentheses": {1: "Falco watches syscalls.", 3: "isolation keeps evidence."},
    "folded": {1: "Point-in-time joins only see the past."},
    "explained-first": {1: "Safety brings facts.", 3: "It is work."},
    "key-in-a-line": {1: "ADR means architecture decision record.", 2: "Partitions happen."},
    "marked-answers": {1: "standards scale.", 2: "Quarterly keeps them alive.", 3: "they inform it."},
}


def answered(question: Claim) -> object:
    match question.get("type"):
        case "single" | "multiple" | "code_reading" | "ordering":
            places = range(sum(name.endswith(".id") for name in question.fields))
            return "".join(question.get(f"options.{at}.id") for at in places if question.get(f"options.{at}.right"))
        case "true_false" | "numeric":
            return question.get("answer")
        case "matching":
            return [question.get(f"pairs.{at}") for at in range(question.count("pairs"))]
    return question.get("accepted.0")


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_question_is_asked_with_its_answer(name: str, newline: str) -> None:
    statement = read_text((FOLDER / f"{name}.md").read_text("utf-8").replace("\n", newline))
    assert statement.kind == "quiz"
    assert [(each.get("type"), answered(each)) for each in statement.of_kind("question")] == EXPECTED[name]
    assert faults_of_account(statement) == []
    assert [finding for finding in statement.findings if finding.severity != "info"] == []


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_explains_an_answer_is_its_explanation(name: str) -> None:
    statement = read_text((FOLDER / f"{name}.md").read_text("utf-8"))
    said = {number: each.get("explanation") for number, each in enumerate(statement.of_kind("question"), 1)}
    assert {number: said[number] for number in EXPLAINED[name]} == EXPLAINED[name]
