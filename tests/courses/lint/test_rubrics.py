"""Points and weights of rubrics: criteria, groups, totals and the score to pass are held against each other."""

from __future__ import annotations

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint import conflicts, policies, rubrics
from tests.courses.sources.support import faults_of_account, read_text

RUBRICS = """\
# Project Rubrics

### Minimum Passing Score: 75% (3.75/5.00 average)

## Project 901: Harbour

**Total Points**: 100

### Function (60 points)

| Criterion | Weight | 5 Points | 3 Points | 1 Point |
|---|---|---|---|---|
| Ingest | 40% | a | b | c |
| Joins | 20% | a | b | c |

### Style (40 points)

| Criterion | Weight | 5 Points | 3 Points | 1 Point |
|---|---|---|---|---|
| README | 40% | a | b | c |

### Bonus Points (up to +10%)

- A flag (+5%)
"""
POINTS = RUBRICS.replace("40% |", "40 |").replace("20% |", "20 |")


def found(text: str) -> list[Finding]:
    statement = read_text(text)
    assert statement.kind in ("rubrics", "curriculum", "project_plan")
    assert faults_of_account(statement) == []
    return [
        *rubrics.rubric_points(statement), *rubrics.weights(statement), *policies.passing_points(statement),
    ]  # fmt: skip


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_rubrics_that_add_up_are_silent() -> None:
    assert found(RUBRICS) == []
    assert found(POINTS) == []
    assert found(changed(POINTS, ("**Total Points**: 100\n\n", ""))) == [], "nobody states a total"


FAULTS = [
    (POINTS, [("| Joins | 20 |", "| Joins | 10 |")],
     [("sums.rubric_points", "error", 7, "criteria of 'Project 901: Harbour' add up to 90 points; 100 are stated"),
      ("sums.rubric_points", "error", 9, "criteria of 'Function' add up to 50 points; 60 are stated")]),
    (RUBRICS, [("| Joins | 20% |", "| Joins | 10% |")],
     [("sums.rubric_points", "warning", 9, "criteria of 'Function' add up to 50 %; 60 are stated"),
      ("sums.weights", "warning", 13, "weights of 'Project 901: Harbour' add up to 90 %; they are scaled to 100")]),
    (POINTS, [("(40 points)", "(30 points)")],
     [("sums.rubric_points", "error", 7, "groups of 'Project 901: Harbour' add up to 90 points; 100 are stated"),
      ("sums.rubric_points", "error", 16, "criteria of 'Style' add up to 40 points; 30 are stated")]),
    (RUBRICS, [("Points**: 100", "Points**: 200"), ("(60 points)", "(120 points)"), ("(40 points)", "(70 points)")],
     [("sums.rubric_points", "error", 7, "groups of 'Project 901: Harbour' add up to 190 points; 200 are stated"),
      ("sums.rubric_points", "warning", 16, "criteria of 'Style' add up to 40 % of 200; 70 are stated")]),
    (RUBRICS, [("(40 points)", "(45%)"), ("(60 points)", "(60%)")],
     [("sums.rubric_points", "warning", 9, "groups of 'Project 901: Harbour' add up to 105 %; 100 is the whole"),
      ("sums.rubric_points", "warning", 16, "criteria of 'Style' add up to 40 %; 45 are stated")]),
    (RUBRICS, [("3.75/5.00", "3.5/5.00")],
     [("sums.passing_points", "warning", 3, "3.5 of 5 points are 70.0 %, not 75 %")]),
    (RUBRICS, [("Minimum Passing Score: 75% (3.75/5.00 average)", "Minimum Passing Score: 75% (70/100 points)")],
     [("sums.passing_points", "warning", 3, "70 of 100 points are 70.0 %, not 75 %")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes", "named"), FAULTS, ids=range(len(FAULTS)))
def test_figures_that_differ_are_named_with_both(
    text: str, changes: list[tuple[str, str]], named: list[tuple[str, str, int, str]]
) -> None:
    given = found(changed(text, *changes))
    assert [(each.rule, each.severity, each.line) for each in given] == [each[:3] for each in named]
    assert [words for each, (*_, words) in zip(given, named, strict=True) if words not in each.message] == []


def test_a_total_in_the_heading_counts_as_one() -> None:
    text = changed(POINTS, ("**Total Points**: 100\n\n", ""), ("Harbour\n", "Harbour (90 points)\n"))
    assert {(each.rule, each.severity, each.line) for each in found(text)} == {("sums.rubric_points", "error", 5)}


def test_a_score_to_pass_may_be_rounded_at_its_last_digit() -> None:
    assert found(changed(RUBRICS, ("75% (3.75/5.00", "66% (3.3/5.00"))) == []
    assert found(changed(RUBRICS, ("75% (3.75/5.00", "66.7% (2/3"))) == []


CURRICULUM = """\
# Networks - Curriculum

**Total Duration:** 28 hours

## Prerequisites

- A shell

## Modules

### Module 901: Ports

**Duration:** 20 hours

## Projects

### Project 901: Harbour

**Duration:** 8 hours

**Grading (100 points):**

{0}
"""
LISTED = [
    "| Component | Points |\n|---|---|\n| Function | 60 |\n| Docs | 40 |",
    "- Function: 60 points\n- Docs (40 points)",
]


@pytest.mark.parametrize("listed", LISTED)
def test_what_stands_below_a_line_on_grading_are_criteria_of_the_project(listed: str) -> None:
    statement = read_text(CURRICULUM.format(listed))
    [project] = statement.of_kind("project")
    [rubric] = project.under("rubric")
    assert [(each.get("title"), each.get("points"), each.get("text")) for each in rubric.under("criterion")] == [
        ("Function", "60", None), ("Docs", "40", None),
    ]  # fmt: skip
    assert (project.get("points"), rubric.get("stated.points")) == ("100", "100")
    assert "evidence.0" not in project.fields
    assert found(CURRICULUM.format(listed)) == []
    [finding] = found(CURRICULUM.format(listed.replace("40", "35")))
    assert (finding.rule, finding.severity, finding.line) == ("sums.rubric_points", "error", 21)


def test_points_of_rubrics_lose_to_those_of_the_curriculum() -> None:
    listed = read_text(CURRICULUM.format(LISTED[0]), "curriculum.md")
    scored = read_text(POINTS.replace("Points**: 100", "Points**: 120"), "rubrics.md")
    [finding] = conflicts.fields([listed, scored])
    assert finding.rule == "conflicts.points", "and no title: Project 901: Harbour is Harbour"
    assert (finding.severity, finding.file, finding.line, finding.related) == (
        "warning", "rubrics.md", 7, (("curriculum.md", 21),),
    )  # fmt: skip


PLAN = "# Project Plan: Harbour\n\n## Overview\n\n- **Project ID**: PROJ-901\n- **Title**: Harbour\n\n## Phases\n\n"
PLAN += "- **Build**: Set the planks\n\n"
GRADED = [
    ("## Rubric\n\n| Criterion | Weight |\n|---|---|\n| Planks | 40% |\n| Nails | 60% |\n",
     ("sums.weights", "warning", 16)),
    ("## Rubric (100 points)\n\n- Planks (40 points)\n- Nails (60 points)\n- **Passing score:** 75% (75/100 points)\n",
     ("sums.rubric_points", "error", 12)),
    ("## Assessment\n\n**Grading (100 points):**\n\n| Part | Points |\n|---|---|\n| Planks | 40 |\n| Nails | 60 |\n",
     ("sums.rubric_points", "error", 14)),
    ("## Rubric\n\n| Criterion | Points |\n|---|---|\n| Planks | 40 |\n| Nails | 60 |\n| **Total** | **100** |\n",
     ("sums.rubric_points", "error", 18)),
]  # fmt: skip


@pytest.mark.parametrize(("graded", "named"), GRADED)
def test_the_criteria_of_a_project_plan_add_up(graded: str, named: tuple[str, str, int]) -> None:
    assert found(PLAN + graded) == []
    criteria = list(read_text(PLAN + graded).of_kind("criterion"))
    assert [(each.get("title"), each.get("points")) for each in criteria] == [("Planks", "40"), ("Nails", "60")]
    [finding] = found(PLAN + graded.replace("60", "50"))
    assert (finding.rule, finding.severity, finding.line) == named


def test_what_is_needed_to_pass_is_no_criterion_of_a_plan() -> None:
    [finding] = found(PLAN + GRADED[1][0].replace("(75/100", "(60/100"))
    assert (finding.rule, finding.line) == ("sums.passing_points", 16)
