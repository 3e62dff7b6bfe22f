"""Habits of roadmaps that hide a fact: levels in two columns, hours behind a text, quizzes among the evidence."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

HEAD = "# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-911\n\n"


def section(title: str, text: str) -> Statement:
    statement = read_text(f"{HEAD}## {title}\n\n{text}")
    assert faults_of_account(statement) == []
    return statement


def module(statement: Statement) -> Claim:
    [found] = statement.of_kind("module")
    return found


LEVELS = [
    ("Current Level | Target Level", "Working | Advanced", ("Advanced", "current_level", "Working")),
    ("Proficiency Target | Note", "Working \u2192 Advanced | soon", ("Advanced", "level_before", "Working")),
    ("Level | Note", "Advanced | soon", ("Advanced", "note", "soon")),
]


@pytest.mark.parametrize(("heads", "cells", "expected"), LEVELS)
def test_the_level_is_what_is_aimed_at(heads: str, cells: str, expected: tuple[str, str, str]) -> None:
    table = f"| Competency | {heads} |\n|---|---|---|\n| Draining | {cells} |\n"
    [target] = section("Competency Alignment", table).of_kind("competency_target")
    level, name, value = expected
    assert (target.get("level"), target.get(f"stated.{name}")) == (level, value)


def test_roles_are_divided_by_slashes_and_commas() -> None:
    table = "| Competency | Level | Role |\n|---|---|---|\n| Draining | Working | SRE / Lead, Owner |\n"
    [target] = section("Competencies", table).of_kind("competency_target")
    assert [target.get(f"for_roles.{place}") for place in range(3)] == ["SRE", "Lead", "Owner"]


def test_numbers_of_rows_are_no_points_and_hours_behind_points_are_the_topic_s() -> None:
    table = "| # | Topic | Key Points | Hours |\n|---|---|---|---|\n| 1 | Brokers | queues | 3 |\n"
    [topic] = section("Content Outline", table).of_kind("topic")
    assert [topic.get(f"points.{place}") for place in range(topic.count("points"))] == ["queues"]
    [topic] = section("Content Outline", "- Brokers \u2013 queues, topics (2h)\n").of_kind("topic")
    assert (topic.get("hours"), topic.get("points.1")) == ("2", "topics")


ROWS = [
    ("| Lab 1 | Drain (4h) | empty |", "| Asset | Description | Completion Criteria |", ("Drain", "4")),
    ("| Lab 1 | Drain (4h) | 5 |", "| Asset | Description | Hours |", ("Drain (4h)", "5")),
]


@pytest.mark.parametrize(("row", "head", "expected"), ROWS)
def test_hours_stand_behind_what_a_row_is_about(row: str, head: str, expected: tuple[str, str]) -> None:
    [lab] = section("Practical Components", f"{head}\n|---|---|---|\n{row}\n").of_kind("lab")
    assert (lab.get("title"), lab.get("hours")) == expected


def test_hours_behind_a_description_and_facts_below_a_led_title() -> None:
    [lab] = section("Hands-On Activities", "- Clinic: drain two queues (8 h).\n").of_kind("lab")
    assert (lab.get("title"), lab.get("text"), lab.get("hours")) == ("Clinic", "drain two queues", "8")
    text = "**Lab 1 \u2013 Drain (5 h)**\nEmpty it.\n- Criteria: nothing waits\n\n"
    text += "**Lab 2 \u2013 Fill (2 h)**\n- Criteria: full\n"
    labs = list(section("Labs", text).of_kind("lab"))
    assert [(each.get("title"), each.get("criteria.0")) for each in labs] == [
        ("Drain", {"text": "nothing waits"}), ("Fill", {"text": "full"}),
    ]  # fmt: skip


def test_what_a_lab_delivers_is_delivered() -> None:
    [lab] = section("Labs", "### Lab 1: Drain\n\n- Deliverables: a log; a graph\n- Done when: empty\n").of_kind("lab")
    assert [lab.get(f"deliverables.{place}")["text"] for place in range(2)] == ["a log", "a graph"]
    assert lab.get("criteria.0") == {"text": "empty"}
    [quiz] = section("Labs", "### Quiz: Drains\n\n- Deliverables: answers\n").of_kind("quiz")
    assert quiz.get("notes.0") == "answers"


PASSED = [
    ("- Draining exam, pass mark 75% (40%)\n", "Draining exam", "75"),
    ("- **Quiz**: 12 questions, 80 % to pass\n", "Quiz", "80"),
    ("### Final Exam\n\n- 20 questions\n- Passing score: 15/20\n", "Final Exam", "75"),
    ("Knowledge check: 10 questions, at least 70 %.\n", "Knowledge check", "70"),
]


@pytest.mark.parametrize(("text", "title", "value"), PASSED)
def test_a_quiz_among_the_evidence_has_its_threshold(text: str, title: str, value: str) -> None:
    [quiz] = section("Assessments & Evidence", text).of_kind("quiz")
    assert quiz.get("title") == title
    assert (quiz.get("criteria.0")["op"], quiz.get("criteria.0")["value"]) == (">=", value)


def test_other_evidence_and_a_second_quiz_stay_evidence() -> None:
    statement = section(
        "Assessments & Evidence", "- Demo, at least 70 %\n- Quiz with 12 questions\n\nBring a laptop.\n"
    )
    assert list(statement.of_kind("quiz")) == []
    assert module(statement).count("evidence") == 2
    table = "| Asset | Description |\n|---|---|\n| Assessment | Drains quiz |\n"
    parts = [f"## Practical Components\n\n{table}\n", "## Assessments\n\n- Quiz, at least 70 %\n\n"]
    for text in ("".join(parts), "".join(reversed(parts))):
        statement = read_text(f"{HEAD}{text}")
        assert [each.get("title") for each in statement.of_kind("quiz")] == ["Drains quiz"]
        assert module(statement).get("evidence.0") == "Quiz, at least 70 %"


def test_so_many_points_of_so_many_are_a_share() -> None:
    table = "| Asset | Description | Completion Criteria |\n|---|---|---|\n| Assessment | Oral exam | \u2265 30/40 |\n"
    [quiz] = section("Practical Components", table).of_kind("quiz")
    assert quiz.get("criteria.0") == {
        "text": "\u2265 30/40",
        "measure": "score",
        "op": ">=",
        "value": "75",
        "unit": "%",
    }


def test_ticks_below_a_box_are_boxes_and_none_is_no_resource() -> None:
    [checklist] = section("Quality Checklist", "- [ ] Pilot\n  - [x] First\n  - [ ] Second\n- [x] Done\n").of_kind(
        "checklist"
    )
    items = [checklist.get(f"items.{place}") for place in range(4)]
    assert [(each["text"], each["done"]) for each in items] == [
        ("Pilot", False), ("First", True), ("Second", False), ("Done", True),
    ]  # fmt: skip
    claim = module(section("Resource Plan", "- **Supplemental Resources**: none\n- **Tooling**: kind\n"))
    assert (claim.count("resources.supplemental"), claim.get("tooling.0")) == (0, "kind")
