"""Grades, pass rules, projects and risks of master plans, in the forms that YAML allows."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, read_text

HEAD = (
    "role: Operator\nlevel: mid\nprogram_name: Operators\n"
    "program_structure:\n  modules:\n  - {id: MOD-911, title: Drains}\n"
)


def read(text: str) -> Statement:
    statement = read_text(f"{HEAD}{text}", "master-plan.yaml")
    assert statement.kind == "master_plan"
    assert faults_of_account(statement) == []
    return statement


SCALES = [
    'grading_scale:\n  A: 90-100\n  B: 70-89\n  F: "<70"\n',
    "grades:\n  A: 90\n  B: 70\n  F: 0-69\n",
    "grade_scale:\n- {grade: A, min: 90, max: 100}\n- {grade: B, min: 70}\n- {grade: F, max: 69}\n",
    'assessment_strategy:\n  grading_scale:\n  - "A: 90-100"\n  - "B: 70-89"\n  - "F: below 70"\n',
]


@pytest.mark.parametrize("text", SCALES)
def test_grades_are_the_bands_of_a_policy(text: str) -> None:
    [policy] = read(text).of_kind("policy")
    bands = [policy.get(f"scale.bands.{place}") for place in range(3)]
    assert [(each["label"], each["from_percent"], each["passing"]) for each in bands] == [
        ("A", "90", True), ("B", "70", True), ("F", "0", False),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["grades:\n  A: best\n  B: 70\n", "grades:\n- 90\n", "grading_scale: letters\n"])
def test_a_scale_without_shares_is_kept_as_it_is_with_an_info(text: str) -> None:
    statement = read(text)
    assert list(statement.of_kind("policy")) == []
    assert [finding.rule for finding in statement.findings] == ["source.unknown_key"]


def test_what_is_passed_is_a_rule_for_each_and_stays_where_it_is_written() -> None:
    text = "assessment:\n  passing_criteria:\n    overall: 75%\n    each_project: {score: 60 %}\n  mode: open\n"
    statement = read(text)
    [policy] = statement.of_kind("policy")
    rules = [policy.get(f"rules.{place}") for place in range(2)]
    assert [(each["measure"], each["at_least"]) for each in rules] == [
        ("overall_percent", "75"), ("each_item_percent", "60"),
    ]  # fmt: skip
    assert next(statement.of_kind("program")).get("assessment.mode") == "open"
    [policy] = read("pass_criteria:\n- at least 70 % overall\n").of_kind("policy")
    assert policy.get("rules.0")["at_least"] == "70"


def test_one_project_by_itself_and_projects_of_the_structure_are_projects() -> None:
    text = "  projects:\n  - {code: PROJ-911, name: Drain, points: 100, after: [MOD-911]}\n"
    statement = read(f"{text}project_portfolio:\n  capstone: {{id: PROJ-912, title: Flood}}\n")
    assert [(each.key, each.get("title"), each.get("points")) for each in statement.of_kind("project")] == [
        ("PROJ-911", "Drain", "100"), ("PROJ-912", "Flood", None),
    ]  # fmt: skip
    assert [each.get("to") for each in statement.of_kind("requirement")] == ["MOD-911"]


def test_a_risk_with_its_answer_behind_a_colon() -> None:
    statement = read("risk_register:\n- Licence change: fork it\n- risk: Drift\n  mitigation: check\n")
    assert [(each.get("text"), each.get("mitigation")) for each in statement.of_kind("risk")] == [
        ("Licence change", "fork it"), ("Drift", "check"),
    ]  # fmt: skip
