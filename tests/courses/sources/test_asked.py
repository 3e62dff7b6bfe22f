"""Prerequisites in words, as people write them: all of several, any of them, what only helps, and what is unclear."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.lint.entities import states_needs
from courses.curriculum.lint.references import (
    cycles,
    next_without_prerequisite,
    own_alternatives,
    path_order,
    unknown_ids,
)
from courses.curriculum.lint.register import Setting
from courses.curriculum.planning.plan import title_of
from courses.curriculum.sources import values
from courses.curriculum.sources.asked import RULE, asked
from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.planning.documents import DOCUMENTS, STREAMS
from tests.courses.planning.test_drafts import draft, reading
from tests.courses.sources.support import faults_of_account, read_text, rules


def told(text: str) -> str:
    """What is asked for: ``;`` divides, ``|`` alternatives, ``~`` marks words and ``(...)`` what is recommended."""
    found = asked(text, values.named_ids)
    said = []
    for each in found.asked:
        members = zip(each.targets, each.named, strict=True)
        one = "|".join(to if named else f"~{to}" for to, named in members)
        one = f"{each.at_least}:{one}" if each.at_least > 1 else one
        said.append(f"({one})" if each.soft else one)
    return "; ".join(said) + (" ?" if found.unclear else "")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("MOD-801", "MOD-801"),
        ("MOD-801, MOD-802 and MOD-803", "MOD-801; MOD-802; MOD-803"),
        ("both MOD-801 & MOD-802", "MOD-801; MOD-802"),
        ("MOD-801 through MOD-803", "MOD-801; MOD-802; MOD-803"),
        ("MOD-801 (Docker or Podman)", "MOD-801"),
        ("Docker basics (MOD-005), Python", "MOD-005; ~Python"),
        ("Python, Linux, and Docker", "~Python; ~Linux; ~Docker"),
        ("Python and MOD-801", "~Python; MOD-801"),
            ("MOD-801 and Docker or Podman", "MOD-801; ~Docker or Podman"),
            ("MOD-801 (Pipes) and Docker", "MOD-801; ~Docker"),
            ("MOD-801 Pipes and Queues", "MOD-801"),
            ("Engineers: MOD-801; Analysts: MOD-802", "(MOD-801); (MOD-802) ?"),
            ("All: MOD-800; Data Scientists: MOD-801", "MOD-800; (MOD-801) ?"),
            ("Containers: MOD-801; Queues: MOD-802", "MOD-801; MOD-802"),
            ("MOD-801 (engineers only), MOD-802", "(MOD-801); (MOD-802) ?"),
        # any of them
        ("MOD-801 or MOD-802 (either one)", "MOD-801|MOD-802"),
        ("either MOD-801 or MOD-802", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802 (one of them)", "MOD-801|MOD-802"),
        ("one of MOD-801, MOD-802 and MOD-803", "MOD-801|MOD-802|MOD-803"),
        ("any of: MOD-801, MOD-802", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802, or MOD-803", "MOD-801|MOD-802|MOD-803"),
        ("MOD-801 or 802", "MOD-801|MOD-802"),
        ("MOD-801 and/or MOD-802", "MOD-801|MOD-802"),
        ("at least two of MOD-801, MOD-802, MOD-803", "2:MOD-801|MOD-802|MOD-803"),
        ("MOD-801 or equivalent experience", "MOD-801|~equivalent experience"),
        ("MOD-801 (or equivalent), MOD-802 (or MOD-803)", "MOD-801|~something equivalent to MOD-801; MOD-802|MOD-803"),
        ("MOD-801, MOD-802 or equivalent",
         "MOD-801|~something equivalent to MOD-801; MOD-802|~something equivalent to MOD-802"),
        ("MOD-801 or MOD-802 or a comparable", "MOD-801|MOD-802|~something comparable to MOD-801 or MOD-802"),
        ("MOD-801 or Docker and Linux experience", "MOD-801|~Docker and Linux experience"),
        # some of them all, the others any
        ("MOD-804 and one of MOD-801, MOD-802", "MOD-804; MOD-801|MOD-802"),
        ("either MOD-801 or MOD-802, and MOD-803", "MOD-801|MOD-802; MOD-803"),
        ("MOD-801; MOD-802 or MOD-803", "MOD-801; MOD-802|MOD-803"),
        ("MOD-801 or MOD-802, and MOD-803", "MOD-801|MOD-802; MOD-803"),
        # what only helps
        ("MOD-801 (recommended, not required)", "(MOD-801)"),
        ("MOD-801 is not strictly required", "(MOD-801)"),
        ("MOD-801 - nice to have", "(MOD-801)"),
        ("MOD-801, MOD-802 (optional)", "MOD-801; (MOD-802)"),
        ("MOD-801 and MOD-802 (both suggested)", "(MOD-801); (MOD-802)"),
        ("MOD-801 or MOD-802 (helpful)", "(MOD-801|MOD-802)"),
        ("Recommended: MOD-801, MOD-802", "(MOD-801); (MOD-802)"),
        ("Required: MOD-801, recommended: MOD-802", "MOD-801; (MOD-802)"),
        ("Completion of MOD-801. Recommended: MOD-802", "MOD-801; (MOD-802)"),
        ("None; MOD-801 helpful", "(MOD-801)"),
        ("Linux (nice to have), Soft skills", "(~Linux (nice to have)); ~Soft skills"),
        # what is not certain locks nothing
        ("MOD-801/802", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 for engineers, MOD-802 for the data analysts", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 for Docker", "MOD-801"),
        ("MOD-801 / MOD-802", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 and MOD-802 or MOD-803", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("either MOD-801 and MOD-802 or MOD-803", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("Linux, MOD-801 or MOD-802, Docker", "~Linux; ~Docker; MOD-801|MOD-802"),
        ("MOD-801, MOD-802 recommended", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 (recommended) or MOD-802", "(MOD-801); (MOD-802) ?"),
        ("MOD-801-803 or MOD-804", "(MOD-801); (MOD-802); (MOD-803); (MOD-804) ?"),
        ("MOD-801 unless you know Docker", "(MOD-801) ?"),
        ("MOD-801 or higher", "(MOD-801) ?"),
        ("3 of MOD-801, MOD-802", "(MOD-801); (MOD-802) ?"),
        ("MOD-801, MOD-802 and MOD-803 (or MOD-804), MOD-805 or MOD-806 (or Docker)",
         "(MOD-801); (MOD-802); (MOD-803); (MOD-804); (MOD-805); (MOD-806) ?"),
        ("MOD-801-802 (or equivalent)", "(MOD-801); (MOD-802) ?"),
        # parentheses hold together what they hold
        ("(MOD-801 or MOD-802) and MOD-803", "MOD-801|MOD-802; MOD-803"),
        ("MOD-803 and [MOD-801 or MOD-802]", "MOD-803; MOD-801|MOD-802"),
        ("(MOD-801 or MOD-802), (MOD-803 or MOD-804)", "MOD-801|MOD-802; MOD-803|MOD-804"),
        ("(MOD-801 or MOD-802)", "MOD-801|MOD-802"),
        ("(MOD-801 or equivalent) and MOD-802", "MOD-801|~something equivalent to MOD-801; MOD-802"),
        ("Docker (MOD-801 or MOD-802)", "MOD-801|MOD-802"),
        ("Docker and (MOD-801 or MOD-802)", "~Docker; MOD-801|MOD-802"),
        ("MOD-801 or (MOD-802 or MOD-803)", "MOD-801|MOD-802|MOD-803"),
        ("one of (MOD-801, MOD-802) and MOD-803", "MOD-801|MOD-802; MOD-803"),
        ("two of {MOD-801, MOD-802, MOD-803}", "2:MOD-801|MOD-802|MOD-803"),
        ("(MOD-801 or MOD-802) recommended", "(MOD-801|MOD-802)"),
        ("(MOD-801 and MOD-802) or MOD-803", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("MOD-801 (MOD-802 or MOD-803)", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("MOD-801 (or MOD-802 and MOD-803)", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("three of (MOD-801, MOD-802)", "(MOD-801); (MOD-802) ?"),
        ("(MOD-801 or MOD-802) / MOD-803", "(MOD-801); (MOD-802); (MOD-803) ?"),
        # how many, before or behind
        ("two of the three: MOD-801, MOD-802, MOD-803", "2:MOD-801|MOD-802|MOD-803"),
        ("at least 2 modules from MOD-801, MOD-802, MOD-803", "2:MOD-801|MOD-802|MOD-803"),
        ("2 out of 3: MOD-801, MOD-802, MOD-803", "2:MOD-801|MOD-802|MOD-803"),
        ("a minimum of two of MOD-801, MOD-802, MOD-803", "2:MOD-801|MOD-802|MOD-803"),
        ("four of MOD-801-805", "4:MOD-801|MOD-802|MOD-803|MOD-804|MOD-805"),
        ("Choose one: MOD-801, MOD-802", "MOD-801|MOD-802"),
        ("one of the following modules: MOD-801, MOD-802", "MOD-801|MOD-802"),
        ("at least one module 801 or 802", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802, MOD-803 (any two)", "2:MOD-801|MOD-802|MOD-803"),
        ("MOD-801, MOD-802 and MOD-803 (2 of 3)", "2:MOD-801|MOD-802|MOD-803"),
        ("MOD-801, MOD-802, MOD-803 - at least two", "2:MOD-801|MOD-802|MOD-803"),
        ("MOD-801, MOD-802 or MOD-803, two of them", "2:MOD-801|MOD-802|MOD-803"),
        ("MOD-801, MOD-802; any one", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802: one is enough", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802 or both", "MOD-801|MOD-802"),
        ("MOD-801 or MOD-802, not both", "MOD-801|MOD-802"),
        ("MOD-804 and MOD-801, MOD-802 (any one)", "(MOD-804); (MOD-801); (MOD-802) ?"),
        ("half of MOD-801, MOD-802", "(MOD-801); (MOD-802) ?"),
        ("one of our modules like MOD-801, MOD-802", "(MOD-801); (MOD-802) ?"),
        # other words for or
        ("MOD-801, alternatively MOD-802", "MOD-801|MOD-802"),
        ("MOD-801 (alternatively MOD-802)", "MOD-801|MOD-802"),
        ("MOD-801; or MOD-802", "MOD-801|MOD-802"),
        ("MOD-801 or, failing that, MOD-802", "MOD-801|MOD-802"),
        ("MOD-801, MOD-802; or MOD-803", "(MOD-801); (MOD-802); (MOD-803) ?"),
        ("MOD-801 oder MOD-802", "(MOD-801); (MOD-802) ?"),
        ("or MOD-801", "(MOD-801) ?"),
        ("MOD-801 or", "(MOD-801) ?"),
        ("MOD-801 or none", "(MOD-801) ?"),
        ("MOD-801 or Lab 2", "(MOD-801) ?"),
        ("MOD-801 Pipes or Queues", "(MOD-801) ?"),
        ('MOD-801 "Pipes or Queues"', "MOD-801"),
        ("MOD-801 Docker basics or similar experience", "MOD-801|~similar experience"),
        ("MOD-801 or something equivalent", "MOD-801|~something equivalent to MOD-801"),
        ("Docker, Linux or MOD-801", "(~Docker); (MOD-801) ?"),
        ("MOD-801 or MOD-802 (preferably MOD-801)", "(MOD-801); (MOD-802) ?"),
        # a lab is not its module
        ("PROJ-801 or MOD-801/Lab-2", "PROJ-801|MOD-801/lab-2"),
        ("MOD-801/lab-2, MOD-802/quiz", "MOD-801/lab-2; MOD-802/quiz"),
        # ranges
        ("MOD-801..MOD-803", "MOD-801; MOD-802; MOD-803"),
        ("MOD-801, \u2026, MOD-803", "MOD-801; MOD-802; MOD-803"),
        ("one of MOD-801\u2013MOD-803", "MOD-801|MOD-802|MOD-803"),
        # what is not needed, or not by everybody
        ("not MOD-801", "(MOD-801) ?"),
        ("MOD-801 is not a prerequisite", "(MOD-801) ?"),
        ("doesn't need MOD-801", "(MOD-801) ?"),
        ("no need for MOD-801", "(MOD-801) ?"),
        ("MOD-801, not MOD-802", "(MOD-801); (MOD-802) ?"),
        ("neither MOD-801 nor MOD-802", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 is required; MOD-802 is not", "MOD-801; (MOD-802) ?"),
        ("MOD-801 (Docker, not Podman)", "MOD-801"),
        ("None; follows MOD-801 in time", "(MOD-801) ?"),
        ("before MOD-801", "(MOD-801) ?"),
        ("MOD-801 can be skipped", "(MOD-801) ?"),
        ("MOD-801 if you are new to Docker", "(MOD-801) ?"),
        ("MOD-801 (TBD)", "(MOD-801) ?"),
        ("MOD-801?", "(MOD-801) ?"),
        ("MOD-801+", "(MOD-801) ?"),
        ("MOD-801-level knowledge", "(MOD-801) ?"),
        ("MOD-801 must be done; MOD-802 should be done", "(MOD-801); (MOD-802) ?"),
        ("MOD-801 (hard), MOD-802 (soft)", "MOD-801; (MOD-802)"),
        ("we recommend MOD-801", "(MOD-801)"),
        ("MOD-801 helps", "(MOD-801)"),
    ],
)  # fmt: skip
def test_what_words_ask_for(text: str, means: str) -> None:
    assert told(text) == means


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("None", True), ("n/a", True), ("\u2014", True), ("--", True), ("nil", True), ("No prerequisites", True),
        ("No prior experience required", True), ("None (the first module)", True), ("None - start here", True),
        ("Nothing", True), ("TBD", True), ("None (MOD-801 helps)", False), ("Nonetheless Docker", False),
        ("No-SQL basics", False), ("Not required", True), ("not needed.", True),
    ],
)  # fmt: skip
def test_words_that_say_none(text: str, nothing: bool) -> None:
    assert values.is_nothing(text) is nothing


ROADMAP = """# Module Roadmap

## Module Overview

- **Module ID**: MOD-803
- **Module Title**: Caching
- **Target Role(s)**: Data Engineer
- **Duration**: 12 hours
{}

## Learning Objectives

- Cache a row.
"""
CURRICULUM = """# Data Engineer - Detailed Curriculum

## Module Breakdown

### Module 801: Pipes

**Duration:** 10 hours

### Module 803: Caching

**Duration:** 20 hours
**Prerequisites:** {}

## Project Breakdown

### Project 01: A Pipeline

**Duration:** 8 hours

## Career Outcomes

- Data Engineer
"""
PLAN = """role: Data Engineer
level: mid
program_name: Data Engineer Curriculum
program_structure:
  total_duration_hours: 30
  modules:
  - id: MOD-803
    title: Caching
{}
learning_outcomes:
  primary:
  - Move data
"""
INDEX = """# Exercise Index

## Module Overview

| Module | Code | Exercises | Total Hours | Primary Focus |
|--------|------|-----------|-------------|---------------|
| Pipes | mod-801 | 3 | 18-24 | Pipes |

## Complete Exercise Catalog

### mod-801: Pipes

#### Exercise 01: A pipe

**Difficulty**: Beginner
**Time**: 6-8 hours
**Prerequisites**: Python

#### Exercise 02: Two pipes

**Difficulty**: Beginner
**Time**: 6-8 hours
**Prerequisites**: Python

#### Exercise 03: Three pipes

**Difficulty**: Beginner
**Time**: 6-8 hours
**Prerequisites**: {}
"""


def edges(statement: Statement) -> list[tuple[str, Any]]:
    assert faults_of_account(statement) == []
    return edges_among(statement.of_kind("requirement"))


def edges_among(requirements: Iterable[Claim]) -> list[tuple[str, Any]]:
    def target(claim: Claim) -> Any:
        members = [str(fact.value) for name, fact in claim.fields.items() if name.startswith("any_of.")]
        return members or claim.get("to") or claim.get("skill")

    return [(str(each.get("strength")), target(each)) for each in requirements]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- **Prerequisites**: MOD-801 or MOD-802", [("needs", ["MOD-801", "MOD-802"])]),
        ("- **Prerequisites** (recommended): MOD-801", [("recommended", "MOD-801")]),
        ("- **Recommended Prerequisites**: MOD-801", [("recommended", "MOD-801")]),
        ("- **Prerequisites**: One of\n  - MOD-801\n  - MOD-802", [("needs", ["MOD-801", "MOD-802"])]),
        (
            "- **Prerequisites**: MOD-801\n- **Recommended Prerequisites**: MOD-802",
            [("needs", "MOD-801"), ("recommended", "MOD-802")],
        ),
        ("- **Prerequisites**: None", []),
        ("- **Next Module(s)**: No modules", []),
    ],
)
def test_in_a_roadmap(line: str, expected: list[Any]) -> None:
    statement = read_text(ROADMAP.format(line))
    assert edges(statement) == expected
    assert rules(statement) == []


@pytest.mark.parametrize(
    ("said", "note", "expected"),
    [
        ("MOD-801[^1] or MOD-802", "[^1]: See the catalogue.", [("needs", ["MOD-801", "MOD-802"])]),
        ("MOD-801[^1], MOD-802", "[^1]: Recommended only.", [("recommended", "MOD-801"), ("needs", "MOD-802")]),
        ("MOD-801\u00b9", "\u00b9 Only if you are new to pipes.", [("recommended", "MOD-801")]),
        ("MOD-801\u2020, MOD-802", "\u2020 or MOD-804", [("needs", ["MOD-801", "MOD-804"]), ("needs", "MOD-802")]),
        ("MOD-801\\*", "\\* not for analysts", [("recommended", "MOD-801")]),
        ("MOD-801\u00b9 or MOD-802*", "", [("needs", ["MOD-801", "MOD-802"])]),
    ],
)
def test_a_footnote_says_how_much_its_id_is_needed(said: str, note: str, expected: list[Any]) -> None:
    statement = read_text(f"{ROADMAP.format(f'- **Prerequisites**: {said}')}\n{note}\n")
    assert edges(statement) == expected


@pytest.mark.parametrize("kind", ["Module", "Project"])
@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- MOD-801\n- MOD-802 or MOD-804\n- MOD-805 (optional)",
         [("needs", "MOD-801"), ("needs", ["MOD-802", "MOD-804"]), ("recommended", "MOD-805")]),
        ("### Required\n\n- MOD-801\n\n### Recommended\n\n- MOD-802",
         [("needs", "MOD-801"), ("recommended", "MOD-802")]),
        ("One of:\n\n- MOD-801\n- MOD-802", [("needs", ["MOD-801", "MOD-802"])]),
        ("- **Recommended**: Docker, MOD-801", [("recommended", "Docker"), ("recommended", "MOD-801")]),
        ("MOD-801 or MOD-802.\n\nRead this first.", [("needs", ["MOD-801", "MOD-802"])]),
        ("Two of the following modules:\n\n- MOD-801\n- MOD-802\n- MOD-804",
         [("needs", ["MOD-801", "MOD-802", "MOD-804"])]),
        ("- MOD-801\n- or MOD-802\n- MOD-804", [("needs", ["MOD-801", "MOD-802"]), ("needs", "MOD-804")]),
        ("- MOD-801 or\n- MOD-802", [("needs", ["MOD-801", "MOD-802"])]),
        ("None", []),
    ],
)  # fmt: skip
def test_in_a_section_of_a_roadmap_or_project_plan(kind: str, section: str, expected: list[Any]) -> None:
    text = ROADMAP.format("").replace("Module Roadmap", f"{kind} {'Roadmap' if kind == 'Module' else 'Plan'}")
    text = text.replace("Module", kind).replace("MOD-803", "MOD-803" if kind == "Module" else "PROJ-03")
    statement = read_text(f"{text}\n## Prerequisites\n\n{section}\n")
    assert edges(statement) == expected
    assert states_needs(next(each for each in statement.claims if each.key))


def test_in_a_section_what_the_overview_says_is_not_said_again() -> None:
    statement = read_text(ROADMAP.format("- **Prerequisites**: MOD-801") + "\n## Prerequisites\n\n- MOD-801\n- Linux\n")
    assert edges(statement) == [("needs", "MOD-801"), ("needs", "Linux")]


def test_what_is_unclear_is_told_with_its_place() -> None:
    statement = read_text(ROADMAP.format("- **Prerequisites**: MOD-801/802"))
    assert edges(statement) == [("recommended", "MOD-801"), ("recommended", "MOD-802")]
    assert rules(statement) == [(RULE, 9)]
    (finding,) = statement.findings
    assert finding.severity == "warning"
    assert "a slash may mean both" in finding.message
    assert "one of MOD-801" in finding.fix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Module 801 or MOD-802", [("needs", ["MOD-801", "MOD-802"])]),
        ("Module 801 (optional)", [("recommended", "MOD-801")]),
        ("Python, Module 801", [("needs", "MOD-801"), ("needs", "Python")]),
        ("All previous modules (recommended)", [("recommended", "MOD-801")]),
        ("None", []),
    ],
)
def test_in_a_curriculum_document(text: str, expected: list[Any]) -> None:
    statement = read_text(CURRICULUM.format(text))
    assert edges(statement) == expected
    assert rules(statement) == []


def test_in_a_section_of_a_curriculum_document() -> None:
    section = (
        "## Prerequisites\n\nOne of:\n\n- MOD-700\n- MOD-701\n\n### Skills\n\n- Either:\n  - MOD-702\n  - Linux\n\n"
    )
    statement = read_text(CURRICULUM.format("None").replace("## Module", f"{section}## Module", 1))
    assert edges(statement) == [("needs", ["MOD-700", "MOD-701"]), ("needs", ["MOD-702", "Linux"])]


def test_all_previous_with_an_exception_is_unclear() -> None:
    statement = read_text(CURRICULUM.format("All previous modules except Module 802"))
    assert {how for how, _ in edges(statement)} == {"recommended"}
    assert rules(statement) == [(RULE, 12)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("prerequisites: [MOD-801 or MOD-802, MOD-804]", [("needs", ["MOD-801", "MOD-802"]), ("needs", "MOD-804")]),
        ("prerequisites: [MOD-801 (recommended)]", [("recommended", "MOD-801")]),
        ("recommended_prerequisites: [MOD-801, Docker]", [("recommended", "MOD-801"), ("recommended", "Docker")]),
        ("prerequisites: {required: [MOD-801], optional: [MOD-802], any_of: [MOD-804, Docker]}",
         [("needs", "MOD-801"), ("recommended", "MOD-802"), ("needs", ["MOD-804", "Docker"])]),
        ("prerequisites: [{any_of: [MOD-801, MOD-802], reason: Pipes}]", [("needs", ["MOD-801", "MOD-802"])]),
        ("prerequisites: [{id: MOD-801, required: false}, {id: MOD-802, optional: true}, {id: MOD-804}]",
         [("recommended", "MOD-801"), ("recommended", "MOD-802"), ("needs", "MOD-804")]),
        ("prerequisites: [{id: MOD-801}, MOD-802 or MOD-804]",
         [("needs", "MOD-801"), ("needs", ["MOD-802", "MOD-804"])]),
        ("prerequisites: [{name: MOD-801 or MOD-802}]", [("needs", ["MOD-801", "MOD-802"])]),
        ("prerequisites: [MOD-801, {recommended: MOD-802}, {one_of: [MOD-804, MOD-805]}]",
         [("needs", "MOD-801"), ("recommended", "MOD-802"), ("needs", ["MOD-804", "MOD-805"])]),
        ("prerequisites: []", []),
        ("prerequisites: None", []),
    ],
)  # fmt: skip
def test_in_a_master_plan(keys: str, expected: list[Any]) -> None:
    statement = read_text(PLAN.format(f"    {keys}"), "plan.yaml")
    assert edges(statement) == expected
    assert rules(statement) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mod-802 or Exercise 02", [("needs", ["MOD-802", "MOD-801/801-02"])]),
        ("801-01 (recommended)", [("recommended", "MOD-801/801-01")]),
        ("Exercise 01 or 02", [("needs", ["MOD-801/801-01", "MOD-801/801-02"])]),
        ("Exercises 01, 02", [("needs", "MOD-801/801-01"), ("needs", "MOD-801/801-02")]),
        ("Exercise 01, Docker", [("needs", "MOD-801/801-01"), ("needs", "Docker")]),
    ],
)
def test_in_an_exercise_index(text: str, expected: list[Any]) -> None:
    statement = read_text(INDEX.format(text))
    assert edges(statement)[2:] == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("|-> mod-802", [("MOD-802", "needs", "MOD-801")]),
        ("|-> mod-802 -> mod-803", [("MOD-802", "needs", "MOD-801"), ("MOD-803", "needs", "MOD-802")]),
        ("|-> mod-802, mod-803", [("MOD-802", "needs", "MOD-801"), ("MOD-803", "needs", "MOD-801")]),
        ("mod-801 or mod-802 -> mod-803", [("MOD-803", "needs", ["MOD-801", "MOD-802"])]),
        ("mod-801 + mod-802 -> mod-803", [("MOD-803", "needs", "MOD-801"), ("MOD-803", "needs", "MOD-802")]),
        ("mod-803 (needs mod-801 or mod-802)", [("MOD-803", "needs", ["MOD-801", "MOD-802"])]),
        ("|-> mod-802 (Streams) -- mod-803", [("MOD-802", "needs", "MOD-801"), ("MOD-803", "needs", "MOD-802")]),
        ("|-> mod-802 (see mod-803)", [("MOD-802", "needs", "MOD-801")]),
        ("|-> mod-802 (optional)", [("MOD-802", "recommended", "MOD-801")]),
    ],
)
def test_in_a_tree_of_modules(row: str, expected: list[Any]) -> None:
    table = "".join(f"| M{number} | mod-{number} | 0 | 5 | x |\n" for number in (802, 803))
    text = INDEX.format("Python").replace("\n## Complete", f"{table}\n## Complete", 1)
    indent = "    " if row.startswith("|") else ""
    statement = read_text(f"{text}\n## Prerequisites Map\n\n```\nmod-801\n{indent}{row}\n```\n")
    assert faults_of_account(statement) == []
    made = [each for each in statement.of_kind("requirement") if each.parent and each.parent.kind == "module"]
    told = [(each.parent.key, *edge) for each in made if each.parent for edge in edges_among([each])]
    assert told == expected
    assert ("optional" in row or "see" in row) is (RULE in [rule for rule, _ in rules(statement)])


def test_alternatives_are_looked_up_and_lead_on() -> None:
    one = read_text(ROADMAP.format("- **Prerequisites**: MOD-801 or MOD-899").replace("MOD-803", "MOD-802"))
    other = read_text(ROADMAP.format("- **Next Module(s)**: MOD-802").replace("MOD-803", "MOD-801"))
    (unknown,) = unknown_ids([one, other], Setting())
    assert unknown.severity == "error"
    assert "MOD-899" in unknown.message
    assert list(next_without_prerequisite([one, other])) == []


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ("MOD-801 or MOD-802", ["MOD-801", "MOD-802"]),
        ("MOD-801 or MOD-804", []),
        ("two of MOD-801, MOD-802, MOD-804", ["MOD-801", "MOD-802"]),
        ("MOD-801 or MOD-899", []),
        ("MOD-801 or equivalent", []),
        ("MOD-801 or MOD-802 (optional)", []),
    ],
)
def test_alternatives_of_which_too_few_are_within_reach_are_a_cycle(asked_for: str, found: list[str]) -> None:
    others = [
        ROADMAP.replace("MOD-803", key).replace("Caching", key).format(f"- **Prerequisites**: {needed}")
        for key, needed in (("MOD-801", "MOD-803"), ("MOD-802", "MOD-803"), ("MOD-804", "None"))
    ]
    texts = [ROADMAP.format(f"- **Prerequisites**: {asked_for}"), *others]
    messages = [each.message.partition(":")[0] for each in cycles([read_text(text) for text in texts])]
    assert messages == [f"{key} needs MOD-803 needs {key}" for key in found]


def test_what_leads_to_a_module_that_says_none_is_told() -> None:
    first = read_text(ROADMAP.format("- **Next Module(s)**: MOD-804"))
    for said, found in (("None", 1), ("TBD", 0), ("Caching", 0), ("Streams or Caching", 0), ("Docker basics", 0)):
        after = read_text(
            ROADMAP.format(f"- **Prerequisites**: {said}")
            .replace("MOD-803", "MOD-804")
            .replace("Title**: Caching", "Title**: Leaks")
        )
        assert len(list(next_without_prerequisite([first, after]))) == found


def group(found: Any, module: str) -> list[dict[str, Any]]:
    """What locks a module."""
    paths = draft(found, module).children.get("requirements", ())
    bodies = [draft(found, f"requirement:{path}").body for path in paths]
    return [{key: body[key] for key in ("to", "any_of") if body[key]} for body in bodies if body["strength"] == "needs"]


def test_alternatives_become_one_edge_by_id_or_full_title(tmp_path: Path) -> None:
    for number, said in enumerate(("MOD-501 or MOD-503", "Pipes or Storage", "MOD-501 or Storage")):
        files = {"plan.yaml": DOCUMENTS["plan.yaml"].replace("prerequisites: [MOD-501, MOD-503]", f"requires: {said}")}
        found = reading(tmp_path / str(number), files)
        assert group(found, "module:MOD-502") == [{"any_of": ["MOD-501", "MOD-503"]}]
        edge = draft(found, "requirement:MOD-502/needs-mod-501-or-mod-503")
        assert (edge.authored, title_of(edge.body)) == (True, "MOD-501 or MOD-503")
        assert title_of({**edge.body, "at_least": 2}) == "2 of MOD-501, MOD-503"


def test_documents_agree_on_the_same_alternatives_in_any_order(tmp_path: Path) -> None:
    plan = DOCUMENTS["plan.yaml"].replace("[MOD-501, MOD-503]", "[MOD-503 or MOD-501]")
    streams = STREAMS.replace("**Prerequisites**: MOD-501", "**Prerequisites**: MOD-501 or MOD-503")
    assert streams != STREAMS
    found = reading(tmp_path / "a", {"plan.yaml": plan, "streams.md": streams})
    assert [each["any_of"] for each in group(found, "module:MOD-502")] == [["MOD-501", "MOD-503"]]
    assert "conflicts.prerequisites" not in [each.rule for each in found.findings]
    found = reading(tmp_path / "b", {"plan.yaml": plan, "streams.md": STREAMS})
    assert group(found, "module:MOD-502") == [], "they differ, and have nothing in common"


def test_a_document_that_says_none_differs_from_one_that_names_some(tmp_path: Path) -> None:
    streams = STREAMS.replace("**Prerequisites**: MOD-501", "**Prerequisites**: None")
    found = reading(tmp_path / "a", {"plan.yaml": DOCUMENTS["plan.yaml"], "streams.md": streams})
    assert group(found, "module:MOD-502") == []
    open_ = streams.replace("**Prerequisites**: None", "**Prerequisites**: TBD")
    found = reading(tmp_path / "b", {"plan.yaml": DOCUMENTS["plan.yaml"], "streams.md": open_})
    assert len(group(found, "module:MOD-502")) == 2, "what is open says nothing"


def test_a_document_with_alternatives_only_is_not_passed_over() -> None:
    """What ranks below it says more, and is not mixed in."""
    above = read_text(ROADMAP.format("- **Prerequisites**: MOD-801 or MOD-802"))
    below = read_text(CURRICULUM.format("Module 804"))
    back = read_text(
        ROADMAP.format("- **Prerequisites**: MOD-803").replace("MOD-803\n- **Module T", "MOD-804\n- **Module T")
    )
    assert [each.message for each in cycles([above, below, back])] == []
    assert len(list(cycles([below, back]))) == 1


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("MOD-801 or MOD-803", 1), ("MOD-801 or Caching", 1), ("Caching or Pipes", 1), ("MOD-801 or MOD-802", 0),
        ("MOD-803 or equivalent", 1), ("MOD-801", 0),
    ],
)  # fmt: skip
def test_an_alternative_to_itself_is_told(said: str, found: int) -> None:
    first = read_text(ROADMAP.format("").replace("MOD-803", "MOD-801").replace("Title**: Caching", "Title**: Pipes"))
    own = read_text(ROADMAP.format(f"- **Prerequisites**: {said}"))
    told_of = list(own_alternatives([first, own]))
    assert [each.severity for each in told_of] == ["warning"] * found
    assert all(each.message.startswith("MOD-803 is one of the alternatives that module:MOD-803") for each in told_of)
    assert [each.line for each in told_of] == [9] * found


@pytest.mark.parametrize(
    ("said", "steps", "wrong"),
    [
        ("MOD-801 or MOD-802", "MOD-803, MOD-801, MOD-802", True),
        ("MOD-801 or MOD-802", "MOD-801, MOD-803, MOD-802", False),
        ("MOD-801 or MOD-802", "MOD-803, MOD-801", False),
        ("two of MOD-801, MOD-802, MOD-804", "MOD-801, MOD-803, MOD-802, MOD-804", True),
        ("MOD-801 or equivalent", "MOD-803, MOD-801", False),
    ],
)
def test_a_path_takes_so_many_alternatives_first(said: str, steps: str, wrong: bool) -> None:
    module = read_text(ROADMAP.format(f"- **Prerequisites**: {said}"))
    others = [
        read_text(ROADMAP.format("").replace("MOD-803", key).replace("Title**: Caching", f"Title**: {key}"))
        for key in ("MOD-801", "MOD-802", "MOD-804")
    ]
    path = module.claim("path", "Fast", 9)
    for place, step in enumerate(steps.split(", ")):
        path.set(f"steps.{place}", {"to": step}, 9)
    assert [each.rule for each in path_order([module, *others])] == ["references.path_order"] * wrong
