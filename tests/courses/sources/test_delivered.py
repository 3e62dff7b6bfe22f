"""What project plans deliver, what it gives, when it passes and who signs it: as tables, bullets and lines."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

HEAD = "# Project Plan\n\n## Project Overview\n\n- **Project ID**: PROJ-911\n- **Project Title**: Drain\n"


def read(text: str) -> Statement:
    statement = read_text(f"{HEAD}{text}")
    assert faults_of_account(statement) == []
    return statement


def project(statement: Statement) -> Claim:
    [found] = statement.of_kind("project")
    return found


def of(statement: Statement, kind: str, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(claim.get(field) for field in fields) for claim in statement.of_kind(kind)]


POINTED = [
    "1. **Model** (60 pts) \u2013 of threats\n2. **Report** (40 pts)\n",
    "- Model: 60 points\n- Report: 40 points\n- Film (optional)\n",
    "- [ ] Model \u2014 of threats (60%)\n- [ ] Report (40%)\n",
    "| # | Deliverable | Form | Points |\n|---|---|---|---|\n| D1 | Model | text | 60 |\n| D2 | Report | PDF | 40 |\n",
]


@pytest.mark.parametrize("text", POINTED)
def test_deliverables_with_points_are_the_criteria_of_a_project_without_a_rubric(text: str) -> None:
    statement = read(f"\n## Deliverables\n\n{text}")
    assert of(statement, "criterion", "title", "points") == [("Model", "60"), ("Report", "40")]
    assert project(statement).count("deliverables") >= 2


def test_a_rubric_and_single_points_leave_deliverables_as_they_are() -> None:
    grading = "## Grading\n\n- Model: 60 points\n- Report: 40 points\n- **Total: 100 points**\n- Passing: 75 points\n"
    statement = read(f"\n## Deliverables\n\n- Model (10 pts)\n- Report (90 pts)\n\n{grading}")
    assert of(statement, "criterion", "points") == [("60",), ("40",)]
    [rubric] = statement.of_kind("rubric")
    assert rubric.get("stated.points") == "100"
    assert rubric.get("rules.0") == {"text": "75 points", "measure": "overall_percent", "at_least": "75"}
    assert list(read("\n## Deliverables\n\n- Model (10 pts)\n- Report\n").of_kind("rubric")) == []


def test_a_pass_mark_below_a_list_is_out_of_what_the_criteria_give() -> None:
    statement = read(
        "\n## Evaluation\n\n1. Model \u2013 30 points\n2. Report \u2013 20 points\n\nPass mark: 40 points.\n"
    )
    [rubric] = statement.of_kind("rubric")
    assert rubric.get("rules.0")["at_least"] == "80"


def test_a_column_of_minimum_points_is_the_minimum_of_each_criterion() -> None:
    table = (
        "| Criterion | Points | Minimum | Excellent | Poor |\n|---|---|---|---|---|\n| Model | 60 | 40 | all | none |\n"
    )
    assert of(read(f"\n## Rubric\n\n{table}"), "criterion", "points", "minimum") == [("60", "40")]


def test_what_stands_below_nice_to_have_is_optional() -> None:
    statement = read("\n## Deliverables\n\nMust have:\n\n- Model\n\nNice to have:\n\n- Film\n")
    found = [project(statement).get(f"deliverables.{place}") for place in range(2)]
    assert found == [{"text": "Model", "optional": False}, {"text": "Film", "optional": True}]


def test_parts_that_are_called_criteria_are_criteria_wherever_they_stand() -> None:
    parts = "### Phase 1 (4 h)\n\n- look\n\n### Acceptance Thresholds\n\n- Wait < 5 s\n"
    statement = read(
        f"\n## Learner Experience\n\n{parts}\n## Assessment\n\n- A panel\n\n### Exit Criteria\n\n- Green\n"
    )
    assert of(statement, "phase", "hours") == [("4",)]
    claim = project(statement)
    assert [claim.get(f"criteria.{place}")["text"] for place in range(2)] == ["Wait < 5 s", "Green"]
    assert claim.get("evaluation.0") == "A panel"


def test_a_row_of_totals_is_no_phase() -> None:
    table = (
        "| Phase | Description | Estimated Time |\n|---|---|---|\n| Build | it | 30 h |\n| **Total** | | **30 h** |\n"
    )
    assert of(read(f"\n## Learner Experience\n\n{table}"), "phase", "title", "hours") == [("Build", "30")]


DURATIONS = [
    ("2 sprints (30 h each)", "60"),
    ("8 weeks (9 h per week)", "72"),
    ("70 hours (8 weeks, 9 h/week)", "70"),
    ("6-8 weeks (5 h/week)", None),
    ("2 weeks (30 h)", "30"),
]


@pytest.mark.parametrize(("text", "hours"), DURATIONS)
def test_hours_of_each_week_are_as_many_times_as_there_are_weeks(text: str, hours: str | None) -> None:
    claim = project(read(f"- **Estimated Duration**: {text}\n"))
    assert claim.get("hours") == hours
    assert text in (claim.get("stated.duration"), "2 weeks (30 h)")


SIGNED = [
    ("Lead (approved 2025-10-20), Guard (pending)", [("Lead", "approved", "2025-10-20"), ("Guard", "pending", None)]),
    ("Lead, Guard (pending)", [("Lead, Guard", "pending", None)]),
    ("To be assigned", [("To be assigned", None, None)]),
]


@pytest.mark.parametrize(("text", "expected"), SIGNED)
def test_each_reviewer_with_a_state_has_an_approval(text: str, expected: list[tuple[str | None, ...]]) -> None:
    statement = read(f"\n## Sign-off\n\n- **Author**: Me\n- **Reviewer(s)**: {text}\n")
    assert of(statement, "approval", "person", "state", "on") == expected


def test_who_approved_on_a_day_has_approved() -> None:
    statement = read("\n## Approval\n\nApproved by: Lead on 2025-11-03\n")
    assert of(statement, "approval", "person", "state", "on") == [("Lead", "approved", "2025-11-03")]


def test_risks_in_lines_that_numbers_begin() -> None:
    text = "R1. Outage (P: low, I: high). Response: replay.\nR2. Drift (P: high, I: low). Response: checks.\n"
    statement = read(f"\n## Risk Register\n\n{text}")
    assert of(statement, "risk", "text", "mitigation", "impact") == [
        ("Outage", "replay.", "high"), ("Drift", "checks.", "low"),
    ]  # fmt: skip
