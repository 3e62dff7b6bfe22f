"""Project plans, as several hands write them: every bullet and row is a fact of the project with its line."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.values import named_ids
from tests.courses.sources.support import (
    CORPUS,
    facts,
    faults_of_account,
    mutated,
    needs_corpus,
    read_corpus,
    read_text,
    rules,
)

LONG = """\
# Project Plan

> Where it comes from.

---

## 1. Project Overview
- **Project ID**: PROJ-901
- **Project Title:** A harbour
- **Target Role(s)**: Pilot, Harbour Master
- **Placement in Curriculum**: After MOD-901
- **Estimated Duration**: 20–30 hours over 4 weeks
- **Prerequisite Modules / Skills**: Modules 901-903, Project 01, knots
- **Related Assessments**: Quiz of MOD-901, walk-through
- **Weather**: calm

## Learning Objectives
- Build a quay

## Competency Alignment
| Competency | Proficiency Target | Evidence | Role Alignment |
|---|---|---|---|
| Mooring | Working | Demo, report | Pilot |

## 📖 Project Narrative
A port has no quay.

1. Build one.
2. Test it.

### Deliverables
- A quay
- A crane (optional)

### Stakeholders
The owners.

## Constraints & Assumptions
- Wood only

---

## Learner Experience
| Phase | Description | Estimated Time | Instructor Touchpoints | Output |
|---|---|---|---|---|
| **Plan** | Draw it | 6-8h | Review +
sign-off |
| Build | Put it up | two weeks | Weekly call | A quay |
| Test | - | 4 hours, alone | | |

## Assets & Reuse Strategy
- **Starter Assets**: Planks
- **Differentiators**: No steel
- Ropes

## Solutions & Validation
- **Solutions Path**: `solutions/harbour`
- **Access Controls**: Staff
- **Validation Profiles**: `wood-strict`, load test
- **Validation Requirements**: All checks pass
- **Automation Hooks**: See `Makefile`
- Divers look at it

## Risks & Mitigations
- **Storm**: Require a forecast before the build.
- **Risk**: Rot → Paint it
- Worms - use oak
- Fog

## References & Inspiration
- A book

## Sign-off
- **Author**: Harbour team
- **Reviewer(s)**: Harbour lead (pending)
- **Date Approved**: Pending
"""
TABLES = """\
# Project Plan: Lighthouse

## Overview

| Field | Value |
|---|---|
| Project ID | PROJ-902 |
| Project Title | Lighthouse |
| Duration | 40 hours |
| Prerequisites | None |
| Tech Stack | Lamps, lenses |

## Timeline

### Phase 1: Survey (10 hours)
- **Touchpoint**: Call
- Find a rock

### Milestone Schedule
- Week 1-2: Dig
- **Paint** (6h): White and red

### Guided Activities
- Visit a lighthouse

## Assessment & Rubric
### Rubric (100 points)
- **Light** (60 points): seen from afar
- Walk around it

### Details
| Criterion | Points | Note |
|---|---|---|
| Height | 40 | 30 m |
| Total | 100 | |

## Risks
| Risk | Likelihood | Impact | Mitigation | Owner |
|---|---|---|---|---|
| Storm | High | awful | Wait | Keeper |

## Deliverables
**Tower**: built
**Lamp** (LED): lit

### Stretch goals
1. A horn
   - loud

## Further notes
Sea.
"""


def only(statement: Statement, kind: str) -> Claim:
    [claim] = statement.of_kind(kind)
    return claim


def test_the_long_template_becomes_facts_of_the_project() -> None:
    statement = read_text(LONG)
    assert statement.kind == "project_plan"
    project = facts(only(statement, "project"))
    assert project["id"] == "PROJ-901"
    assert project["title"] == "A harbour"
    assert [project["roles.0"], project["roles.1"]] == ["Pilot", "Harbour Master"]
    assert project["placement"] == "After MOD-901"
    assert project["hours"] == {"low": "20", "high": "30"}
    assert project["stated.duration"] == "20–30 hours over 4 weeks"
    assert project["evidence.1"] == "walk-through"
    assert project["notes.0"] == "**Weather**: calm"
    assert project["deliverables.0"] == {"text": "A quay", "optional": False}
    assert project["deliverables.1"] == {"text": "A crane (optional)", "optional": True}
    assert project["constraints.0"] == "Wood only"
    assert project["starter.0"] == "Planks"
    assert project["differentiators.0"] == "No steel"
    assert project["profile"] == "wood-strict"
    assert project["validation.1"] == "load test"
    assert project["checked_note"] == "All checks pass"
    assert project["automation.0"] == "See `Makefile`"
    assert project["validation.2"] == "Divers look at it"
    assert project["references.0"] == "A book"
    assert facts(only(statement, "solution")) == {"location": "`solutions/harbour`", "access": "Staff"}
    assert facts(only(statement, "competency_target"))["level"] == "Working"
    assert faults_of_account(statement) == []
    assert rules(statement) == []


def test_the_narrative_is_one_text_with_its_list_and_without_what_has_its_own_place() -> None:
    statement = read_text(LONG)
    project = only(statement, "project")
    assert project.get("narrative") == (
        "A port has no quay.\n\n1. Build one.\n2. Test it.\n\n### Stakeholders\nThe owners."
    )
    assert project.place("narrative")[1] == LONG.split("\n").index("A port has no quay.") + 1


def test_modules_and_projects_that_are_named_in_words_are_needed_and_other_words_are_skills() -> None:
    edges = [facts(each) for each in read_text(LONG).of_kind("requirement")]
    assert [each.get("to") or each["skill"] for each in edges] == ["MOD-901", "MOD-902", "MOD-903", "PROJ-01", "knots"]


def test_phases_have_hours_touchpoints_and_a_row_that_was_broken_over_two_lines() -> None:
    statement = read_text(LONG)
    plan, build, test = statement.of_kind("phase")
    line = LONG.split("\n").index("sign-off |") + 1
    assert facts(plan) == {
        "title": "Plan", "text": "Draw it", "hours": {"low": "6", "high": "8"}, "touchpoint": "Review + sign-off",
    }  # fmt: skip
    assert plan.fields["touchpoint"].lines == (line - 1, line)
    assert facts(build)["stated.time"] == "two weeks"
    assert facts(build)["notes.0"] == "output: A quay"
    assert facts(test) == {"title": "Test", "hours": "4", "stated.time": "4 hours, alone"}


def test_risks_have_their_answer_however_it_is_set_off() -> None:
    risks = [facts(each) for each in read_text(LONG).of_kind("risk")]
    assert risks == [
        {"text": "Storm", "mitigation": "Require a forecast before the build."},
        {"text": "Rot", "mitigation": "Paint it"},
        {"text": "Worms", "mitigation": "use oak"},
        {"text": "Fog"},
    ]


def test_sign_off_is_an_approval_with_its_state() -> None:
    assert facts(only(read_text(LONG), "approval")) == {
        "what": "Sign-off", "author": "Harbour team", "stated.reviewers": "Harbour lead (pending)",
        "person": "Harbour lead", "state": "pending", "stated.date": "Pending",
    }  # fmt: skip


def test_tables_headed_phases_and_rubrics_are_read_too() -> None:
    statement = read_text(TABLES)
    project = facts(only(statement, "project"))
    assert (project["id"], project["title"], project["hours"]) == ("PROJ-902", "Lighthouse", "40")
    assert project["stated.prerequisites"] == "None"
    assert not list(statement.of_kind("requirement"))
    assert project["technologies.1"] == "lenses"
    survey, weeks, paint = (facts(each) for each in statement.of_kind("phase"))
    assert survey == {
        "title": "Phase 1: Survey (10 hours)", "hours": "10", "touchpoint": "Call",
        "points.0": "Find a rock",
    }  # fmt: skip
    assert weeks == {"title": "Week 1-2", "text": "Dig"}
    assert paint == {"title": "Paint", "hours": "6", "text": "White and red"}
    assert project["activities.0"] == "Visit a lighthouse"
    assert project["deliverables.0"] == {"text": "**Tower**: built", "optional": False}
    assert project["deliverables.1"] == {"text": "**Lamp** (LED): lit", "optional": False}
    assert project["deliverables.2"] == {"text": "A horn\n  - loud", "optional": True}
    assert project["evaluation.0"] == "Walk around it"
    light, height = statement.of_kind("criterion")
    assert [facts(light)["points"], facts(height)["points"]] == ["60", "40"]
    assert [rubric.get("stated.points") for rubric in statement.of_kind("rubric")] == ["100", "100"]
    assert facts(only(statement, "risk")) == {
        "text": "Storm", "likelihood": "high", "notes.0": "impact: awful", "mitigation": "Wait",
        "notes.1": "owner: Keeper",
    }  # fmt: skip
    assert rules(statement) == [("source.unknown_section", TABLES.split("\n").index("## Further notes") + 1)]
    assert faults_of_account(statement) == []


@pytest.mark.parametrize("text", [LONG, TABLES, LONG.replace("\n", "\r\n"), LONG.replace("- **", "* **")])
def test_each_word_of_a_mapped_line_is_a_fact_of_that_line(text: str) -> None:
    assert list(mutated(read_text(text))) == []


def test_a_plan_of_which_only_the_overview_is_left_is_still_read() -> None:
    statement = read_text(
        "## Overview\n**Project Title**: Buoy\n**Duration**: soon\n\n## Risks\n\n## Phases\n\n| a |\n|---|\n"
    )
    assert facts(only(statement, "project")) == {"title": "Buoy", "stated.duration": "soon"}
    assert [rule for rule, _ in rules(statement)] == ["hygiene.empty_section"] * 2
    assert faults_of_account(statement) == []


@pytest.mark.parametrize("text", ["# Overview\n- **Module ID**: MOD-901\n", "# Plan\n- **Project ID**: PROJ-901\n"])
def test_other_documents_are_no_plans(text: str) -> None:
    assert read_text(text).kind != "project_plan"


@pytest.mark.parametrize(("text", "found"), [
    ("MOD-101/103/104", ["MOD-101", "MOD-103", "MOD-104"]),
    ("Modules 001, 002 and 004", ["MOD-001", "MOD-002", "MOD-004"]),
    ("MOD-101 to MOD-103", ["MOD-101", "MOD-102", "MOD-103"]),
    ("Projects 01–02", ["PROJ-01", "PROJ-02"]),
    ("Modules 009-001", []), ("Modules 0001-9999", []), ("in 2024", []), ("all modules", []),
])  # fmt: skip
def test_ids_in_words_and_ranges(text: str, found: list[str]) -> None:
    assert named_ids(text) == found


def plans() -> list[str]:
    found = [*CORPUS.glob("curriculum/*/projects/*.md"), *CORPUS.glob("curriculum/other-roles/project-*.md")]
    return sorted(path.relative_to(CORPUS).as_posix() for path in found)


@needs_corpus
@pytest.mark.parametrize("path", plans())
def test_a_real_plan_is_read_whole(path: str) -> None:
    statement = read_corpus(path)
    assert statement.kind == "project_plan"
    assert faults_of_account(statement) == []
    assert list(mutated(statement, per_line=2)) == []
    counts = statement.account.counts()
    assert counts["prose"] <= 2, "only the note at the top is prose"
