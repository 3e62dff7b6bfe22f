"""Rubrics with names of their own for levels, and criteria that are no rows of a table."""

from __future__ import annotations

import pytest

from courses.curriculum.lint.rubrics import without_points
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.criteria import level_scores
from tests.courses.sources.support import faults_of_account, mutated, read_text

TABLE = "| Area | Weight | {} |\n|---|---|---|---|---|\n| Parts | 40 | a | b | c |\n| Tests | 60 | d | e | f |\n"
DOCUMENTS = {
    "named, worst first": f"# Fleet Rubric\n\n{TABLE.format('Novice | Competent | Expert')}",
    "named, best first": f"# Grading\n\n## Fleet\n\n{TABLE.format('Exceeds | Meets | Below')}",
    "told by a list": (
        f"# Rubrics\n\n## Fleet\n\n{TABLE.format('Spark | Flame | Blaze')}\n## Scale\n\n"
        "- Spark = 1\n- Flame = 2\n- Blaze = 3\n"
    ),
    "told by a table": (
        "# Evaluation\n\n## Levels\n\n| Level | Score | Meaning |\n|---|---|---|\n| Spark | 1 | x |\n"
        f"| Flame | 2 | y |\n| Blaze | 3 | z |\n\n## Fleet\n\n{TABLE.format('Spark | Flame | Blaze')}"
    ),
    "bold lines": (
        "# Fleet Rubric\n\n## Fleet\n\n**Parts (40 points)**\n- Exceeds: c\n- Meets: b\n- Below: a\n\n"
        "**Tests (60 points):**\n\n- Expert - f\n- Competent - e\n- Novice - d\n"
    ),
    "bullets": (
        "# Fleet Rubric\n\n## Fleet\n\n1. **Parts** \u2013 40 pts\n   - Expert: c\n   - Competent: b\n   - Novice: a\n"
        "2. **Tests** \u2013 60 pts\n   - Expert: f\n   - Competent: e\n   - Novice: d\n"
    ),
    "headings": (
        "# Fleet Rubric\n\n## Fleet\n\n### Parts \u2014 40 points\n\n| Level | Description |\n|---|---|\n"
        "| Expert | c |\n| Competent | b |\n| Novice | a |\n\n"
        "### Tests (60 points)\n\n- **Expert**: f\n- **Competent**: e\n- **Novice**: d\n"
    ),
    "no head of the first column": (
        "# Fleet Rubric\n\n| | 3 - Blaze | 2 - Flame | 1 - Spark |\n|---|---|---|---|\n"
        "| Parts (weight 40) | c | b | a |\n| Tests (60 %) | f | e | d |\n"
    ),
}  # fmt: skip
PLAN = """\
# Project Plan: Fleet

## Overview

- **Project ID**: PROJ-101
- **Title**: Fleet

## Deliverables

- A fleet

## {}
"""
PLANS = {
    "bold lines": (
        "Rubric (100 points)\n\n**Architecture (30 points)**\n- Parts are apart\n- Trade-offs are named\n\n"
        "**Operations (70 points):**\n- Alerts fire\n\nMinimum: 70%\n"
    ),
    "headings": (
        "Evaluation\n\nMinimum: 70%\n\n### Architecture (30 points)\n\n- Parts are apart\n- Trade-offs are named\n\n"
        "### Operations (70 points)\n\n- Alerts fire\n"
    ),
    "bullets": (
        "Assessment Rubric\n\n1. **Architecture** (30%)\n   - Parts are apart\n   - Trade-offs are named\n"
        "2. **Operations** (70%)\n   - Alerts fire\n\nPass: 70%\n"
    ),
}  # fmt: skip


def read(text: str, kind: str = "rubrics") -> Statement:
    statement = read_text(text)
    assert (statement.kind, faults_of_account(statement)) == (kind, [])
    return statement


def levels(criterion: Claim) -> dict[str, str]:
    """Words of each level, by its score."""
    found = [criterion.get(f"levels.{place}") for place in range(criterion.count("levels"))]
    return {level["score"]: level["text"] for level in found}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_levels_have_their_scores_whatever_they_are_called(name: str) -> None:
    statement = read(DOCUMENTS[name])
    found = [(each.get("title"), each.get("points"), levels(each)) for each in statement.of_kind("criterion")]
    best = {"3": "a", "2": "b", "1": "c"} if name == "named, best first" else {"1": "a", "2": "b", "3": "c"}
    other = {"3": "d", "2": "e", "1": "f"} if name == "named, best first" else {"1": "d", "2": "e", "3": "f"}
    assert found == [("Parts", "40", best), ("Tests", "60", other)]
    assert len(list(statement.of_kind("project"))) == 1
    assert statement.account.counts()["prose"] == 0
    assert list(without_points(statement)) == []


def test_ranges_in_parentheses_give_their_upper_end() -> None:
    text = (
        "# Rubric\n\n## Fleet\n\n**Parts (40 points)**\n- Exceeds (36-40): c\n- Meets (20-35): b\n- Below (0-19): a\n"
    )
    statement = read(f"{text}\n**Tests (60 points)**\n- Done\n- Fast\n")
    parts, tests = statement.of_kind("criterion")
    assert levels(parts) == {"40": "c", "35": "b", "19": "a"}
    assert (tests.count("levels"), tests.get("checklist.0"), tests.get("checklist.1")) == (0, "Done", "Fast")
    assert [each for each in mutated(statement) if "changes nothing" in each] == []


@pytest.mark.parametrize(
    ("labels", "scores"),
    [
        (["Excellent", "Good", "Fair", "Poor"], "4321"),
        (["Beginner", "Intermediate", "Advanced"], "123"),
        (["Novice", "Competent", "Proficient"], "123"),
        (["Complete", "Partial", "Missing"], "321"),
        (["Gold", "Silver", "Bronze"], "321"),
        (["Red", "Amber", "Green"], "123"),
        (["Trailblazer", "Proficient", "Novice"], "321"),
        (["Spark", "Flame", "Blaze"], ""),
        (["Meets", "Approaches"], ""),
    ],
)
def test_names_say_which_level_is_the_best(labels: list[str], scores: str) -> None:
    assert level_scores(labels) == list(scores)


def test_a_table_of_anything_is_no_rubric_without_its_title() -> None:
    table = "| Skill | Beginner | Advanced |\n|---|---|---|\n| Git | a | b |\n"
    assert read_text(f"# Skills of a team\n\n{table}").kind == "other"
    assert read_text(f"# Skills rubric\n\n{table}").kind == "rubrics"


def test_criteria_with_levels_in_points_give_their_best_and_others_are_found() -> None:
    statement = read("# Rubric\n\n## Fleet\n\n| Area | 0 | 2 | 4 |\n|---|---|---|---|\n| Parts | a | b | c |\n")
    assert [each.get("points") for each in statement.of_kind("criterion")] == ["4"]
    named = "# Rubric\n\n## Fleet\n\n| Area | Expert | Novice |\n|---|---|---|\n| Parts | a | b |\n| Tests | c | d |\n"
    [finding] = without_points(read(named))
    assert (finding.rule, finding.line, [line for _, line in finding.related]) == ("sums.criterion_points", 7, [8])


def test_lines_with_points_are_criteria_where_a_rubric_has_no_others() -> None:
    text = "# Fleet Rubric\n\n- **Parts** (40 points): apart\n- **Tests** (60 points): all\n\nPass: 70 of 100 points\n"
    statement = read(text)
    found = [(each.get("title"), each.get("points")) for each in statement.of_kind("criterion")]
    assert found == [("Parts", "40"), ("Tests", "60")]
    [rubric] = statement.of_kind("rubric")
    assert rubric.get("rules.0")["at_least"] == "70"


@pytest.mark.parametrize(
    ("title", "key", "named"),
    [
        ("Grading Rubric: PROJ-101 Fleet", "PROJ-101", "Fleet"),
        ("Rubric for PROJ-101: Fleet", "PROJ-101", "Fleet"),
        ("PROJ-101 Rubric", "PROJ-101", None),
        ("Project 101: Fleet Rubric", None, "Project 101: Fleet"),
        ("Rubric", None, "Rubric"),
        ("Fleet (PROJ-101) Rubric", "PROJ-101", "Fleet"),
    ],
)
def test_the_heading_of_a_rubric_names_the_project(title: str, key: str | None, named: str | None) -> None:
    [project] = read(f"# {title}\n\n{TABLE.format('Expert | Competent | Novice')}").of_kind("project")
    assert (project.get("id"), project.get("title")) == (key, named)


def test_points_behind_the_title_of_a_project_are_its_total_and_bonus_needs_no_unit() -> None:
    table = TABLE.format("Expert | Competent | Novice")
    statement = read(f"# Rubrics\n\n## PROJ-101 Fleet (100 pts, pass 70)\n\n{table}\nBonus: +5 for a runbook\n")
    [project] = statement.of_kind("project")
    assert project.get("points") == "100"
    bonus = [each for each in statement.of_kind("criterion") if each.get("bonus")]
    assert [(each.get("title"), each.get("points")) for each in bonus] == [("a runbook", "5")]


def test_front_matter_of_a_rubric_names_the_project_and_its_points() -> None:
    front = "---\nproject: PROJ-101\ntotal_points: 100\n---\n\n"
    [project] = read(f"{front}# Rubric\n\n{TABLE.format('Expert | Competent | Novice')}").of_kind("project")
    assert (project.key, project.get("id"), project.get("points")) == ("PROJ-101", "PROJ-101", "100")
    two = f"{front}# Rubrics\n\n## A\n\n{TABLE.format('4 | 3 | 1')}\n## B\n\n{TABLE.format('4 | 3 | 1')}"
    assert [project.key for project in read(two).of_kind("project")] == ["", ""]


@pytest.mark.parametrize("name", PLANS)
def test_criteria_of_a_project_plan_have_their_bullets(name: str) -> None:
    statement = read(PLAN.format(PLANS[name]), "project_plan")
    asked = [
        (each.get("title"), each.get("points"), [each.get(f"checklist.{at}") for at in range(each.count("checklist"))])
        for each in statement.of_kind("criterion")
    ]
    assert asked == [
        ("Architecture", "30", ["Parts are apart", "Trade-offs are named"]), ("Operations", "70", ["Alerts fire"]),
    ]  # fmt: skip
    [rubric] = statement.of_kind("rubric")
    assert rubric.get("rules.0")["at_least"] == "70"
    assert statement.account.counts()["prose"] == 0


def test_the_total_of_a_project_rubric_stands_in_its_heading() -> None:
    [rubric] = read(PLAN.format(PLANS["bold lines"]), "project_plan").of_kind("rubric")
    assert rubric.get("stated.points") == "100"
