"""A curriculum document with numbered sections, facts in tables beside its units, and rules in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.readers.curriculum.state import heading_of
from tests.courses.sources.support import faults_of_account, read_text

TEXT = (Path(__file__).parent / "curricula" / "numbered.md").read_text("utf-8")


def the(statement: Statement, kind: str, key: str = "") -> Claim:
    [claim] = [each for each in statement.of_kind(kind) if not key or each.key == key]
    return claim


def needed(claim: Claim) -> list[str]:
    return [str(edge.get("to") or edge.get("skill")) for edge in claim.under("requirement")]


@pytest.fixture(scope="module")
def statement() -> Statement:
    return read_text(TEXT)


def test_numbers_of_sections_are_no_units(statement: Statement) -> None:
    assert statement.kind == "curriculum"
    assert faults_of_account(statement) == []
    assert [(each.key, each.get("title")) for each in statement.of_kind("module")] == [
        ("MOD-811", "Queues"), ("MOD-812", "Brokers"), ("MOD-813", "Limits"),
    ]  # fmt: skip
    assert the(statement, "project").get("title") == "Drain a Broker"
    program = the(statement, "program")
    assert program.get("summary") == "Teaches people to run queues."
    assert [each.get("text") for each in program.under("objective")] == ["Run a queue"]


def test_titles_behind_a_place_and_an_id() -> None:
    found = heading_of("3.1 Unit 1 - MOD-811: Queues (4 h)")
    assert (found.label, found.number, found.title, found.hours) == ("MOD-811", "811", "Queues", "4 h")


def test_a_table_says_what_the_section_of_a_unit_leaves_out(statement: Statement) -> None:
    queues, brokers, limits = statement.of_kind("module")
    assert (queues.get("hours"), queues.get("difficulty"), needed(queues)) == ("20", "Beginner", ["Linux"])
    assert (brokers.get("stated.in_table"), brokers.get("difficulty")) == ({"low": "25", "high": "30"}, "Advanced")
    assert needed(brokers) == ["MOD-811"]
    assert (limits.get("difficulty"), needed(limits)) == ("Expert", ["MOD-811"])
    assert limits.get("summary") == "Quotas and what they cost \u00b7 for two teams"
    [(rule, line)] = [(each.rule, each.line) for each in statement.findings]
    assert (rule, TEXT.split("\n")[line - 1][:9]) == ("source.stated_twice", "| MOD-813")


def test_labels_of_lists_are_no_text(statement: Statement) -> None:
    brokers = the(statement, "module", "MOD-812")
    assert [(each.get("title"), each.get("hours")) for each in brokers.under("topic")] == [
        ("Disks", "15"), ("Nets", {"low": "10", "high": "15"}),
    ]  # fmt: skip
    assert [each.get("text") for each in brokers.under("objective")] == ["Move a broker"]
    assert brokers.count("sections") == 0


def test_minimum_points_rules_in_a_sentence_and_grades_in_two_columns(statement: Statement) -> None:
    assert [(each.get("points"), each.get("minimum")) for each in statement.of_kind("criterion")] == [
        ("60", "40"), ("40", "25"),
    ]  # fmt: skip
    policy = the(statement, "policy")
    assert [policy.get(f"components.{place}")["title"] for place in range(policy.count("components"))] == [
        "Quizzes", "Projects",
    ]  # fmt: skip
    rules = [policy.get(f"rules.{place}") for place in range(policy.count("rules"))]
    assert [(each["measure"], each.get("of"), each["at_least"]) for each in rules] == [
        ("overall_percent", None, "75"), ("each_item_percent", "projects", "70"),
    ]  # fmt: skip
    assert policy.get("notes.0") == "Ask the desk for help."
    bands = [policy.get(f"scale.bands.{place}") for place in range(policy.count("scale.bands"))]
    assert [(each["label"], each["from_percent"], each["passing"]) for each in bands] == [
        ("Good", "85", True), ("Pass", "75", True), ("Fail", "0", False),
    ]  # fmt: skip


def test_labels_say_what_a_career_is_about(statement: Statement) -> None:
    outlook = the(statement, "outlook")
    assert [outlook.get(f"titles.{place}") for place in range(outlook.count("titles"))] == [
        "Queue Operator", "Broker Engineer",
    ]  # fmt: skip
    salary = outlook.get("salaries.0")
    assert [salary[name] for name in ("low", "high", "as_of", "region")] == ["90000", "110000", "2025", "US"]
    assert (outlook.get("certifications.0"), outlook.get("next_steps.0")) == ("CKA", "Read logs, then write them")


def test_points_in_two_columns_are_points() -> None:
    table = "| Grade | Min points | Max points |\n|---|---|---|\n| A | 90 | 100 |\n| F | 0 | 89 |\n"
    text = TEXT.replace("| Grade | From | To |", "| Old | From | To |") + f"\n## 7. Grading\n\n{table}"
    policy = the(read_text(text), "policy")
    bands = [policy.get(f"stated.bands.{place}") for place in range(policy.count("stated.bands"))]
    assert [each["points"]["low"] for each in bands if "points" in each] == ["90", "0"]
