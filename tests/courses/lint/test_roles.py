"""Roles that are nearly another, and programs that are of another level than their role."""

from __future__ import annotations

import pytest

from courses.curriculum.lint import roles
from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import read_text

PLAN = """role: Data Engineer
level: {}
program_name: Data Curriculum
modules:
- {{id: MOD-501, title: Pipes}}
"""
MATRIX = """role: Data Engineer
level: {}
domains:
- name: Pipes
  skills:
  - {{name: Leaks, proficiency: {{working: {{description: Finds one}}}}}}
"""
CURRICULUM = """# Data Engineer Curriculum

**Difficulty Level:** {}

## Module Breakdown

### Module 501: Pipes

**Duration:** 10 hours

## Projects

### Project 01: A Pipeline

**Duration:** 8 hours

## Career Outcomes

- Data Engineer
"""


def roadmap(number: int, role: str) -> Statement:
    return read_text(
        f"# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-{number}\n- **Module Title**: Part {number}\n"
        f"- **Target Role(s)**: {role}\n- **Duration**: 5 hours\n",
        f"mod-{number}.md",
    )


def plan(level: str, role: str = "Data Engineer") -> Statement:
    return read_text(PLAN.format(level).replace("Data Engineer", role), "plan.yaml")


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("Data Enginer", "Data Engineer"), ("Dataa Engineer", None), ("DataEngineer", "Data Engineer"),
        ("Data Engineer", None), ("data-engineer", None), ("Data Scientist", None), ("Senior Data Engineer", None),
        ("ML Engineer", None),
    ],
)  # fmt: skip
def test_a_role_that_is_nearly_that_of_a_program_is_told_with_it(said: str, nearest: str | None) -> None:
    found = list(roles.unknown_roles([plan("mid"), roadmap(501, said)]))
    if nearest is None:
        assert found == []
    else:
        (finding,) = found
        assert (finding.rule, finding.severity, finding.file, finding.line) == (
            "references.unknown_role", "warning", "mod-501.md", 7,
        )  # fmt: skip
        assert f"The nearest is {nearest}." in finding.message


def test_without_a_program_it_is_held_against_what_others_name() -> None:
    others = [roadmap(number, "Data Engineer") for number in (501, 502)]
    (finding,) = roles.unknown_roles([*others, roadmap(503, "Data Enginer")])
    assert "Data Engineer" in finding.message
    assert list(roles.unknown_roles([others[0], roadmap(503, "Data Enginer")])) == [], "either may be the right one"
    assert list(roles.unknown_roles([*others, *(roadmap(at, "Data Enginer") for at in (503, 504))])) == []


@pytest.mark.parametrize(
    ("program", "role", "differ"),
    [("senior", "junior", True), ("junior", "Entry Level", False), ("mid-level", "mid", False), ("L9", "mid", False)],
)
def test_a_program_has_the_level_of_its_role(program: str, role: str, differ: bool) -> None:
    found = list(roles.levels([plan(program), read_text(MATRIX.format(role), "skills.yaml")]))
    assert bool(found) is differ
    for finding in found:
        assert (finding.rule, finding.severity, finding.file, finding.line) == (
            "conflicts.role_level", "warning", "plan.yaml", 2,
        )  # fmt: skip
        assert finding.related == (("skills.yaml", 2),)
        assert "'junior' in skills.yaml:2, which wins" in finding.message


def test_levels_are_called_as_the_scale_of_native_files_calls_them() -> None:
    matrix = read_text(MATRIX.format("L4"), "skills.yaml")
    scale = read_text("a: b\n", "scales.yaml")
    claim = scale.claim("scale", "Seniority", 1, key="seniority")
    for name, value in (("purpose", "seniority"), ("levels.0.id", "mid"), ("levels.0.aliases.0", "L4")):
        claim.set(name, value, 1)
    assert len(list(roles.levels([plan("mid"), matrix]))) == 1
    assert list(roles.levels([plan("mid"), matrix, scale])) == []


def test_a_difficulty_is_no_level_and_another_role_no_matter() -> None:
    beginner = read_text(CURRICULUM.format("Beginner to Intermediate"))
    assert list(roles.levels([beginner, plan("mid")])) == []
    (finding,) = roles.levels([read_text(CURRICULUM.format("Senior")), plan("mid")])
    assert (finding.file, finding.line) == ("plan.yaml", 2)
    assert "'Senior' in document.md:3, which wins" in finding.message, "a curriculum document ranks above a plan"
    assert list(roles.levels([plan("senior", "Analyst"), read_text(MATRIX.format("mid"), "skills.yaml")])) == []


def test_programs_that_both_say_level_are_told_elsewhere() -> None:
    assert list(roles.levels([plan("mid"), read_text(PLAN.format("senior"), "other.yaml")])) == []
