"""Pass rules of native policies that nobody can meet: lint says so, by what the tree holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.report.run import lint
from tests.courses.planning.documents import PIPES
from tests.courses.projecting import write_tree

ROLE = "{kind: role, id: north, title: North, level: unstated, order: 1, summary: Short.}"
PROGRAM = "{kind: program, id: north, title: North, role: north, summary: Short., modules: [MOD-901]}"
MODULE = """
kind: module
id: MOD-901
title: Ports
summary: Short.
quizzes:
  - id: quiz
    title: Quiz
    points: 10
    questions:
      - {id: one, type: true_false, stem: A port is a number., answer: true, points: 4}
      - {id: two, type: true_false, stem: A port is a name., answer: false, points: 1, bonus: true}
"""
PROJECT = "{{kind: project, id: PROJ-90{0}, title: Harbour {0}, summary: Short., points: 100}}"
POLICY = """
kind: policy
title: Passing
overall: sum_of_points
components:
  - {id: quizzes, title: Quizzes, activities: quiz, weight: 1}
  - {id: projects, title: Projects, activities: project, weight: 1}
  - {id: labs, title: Labs, activities: lab, weight: 1}
"""


def found(root: Path, rules: str, **more: str) -> list[tuple[str, str, int]]:
    policy = f"{POLICY}{more.pop('setting', '')}rules:\n{rules}"
    files = {"role.yaml": ROLE, "program.yaml": PROGRAM, "m.yaml": MODULE, "policy.yaml": policy, **more}
    files |= {f"p{number}.yaml": PROJECT.format(number) for number in (1, 2)}
    report = lint([str(write_tree(root / "tree", files))])
    return [
        (each.finding.severity, each.finding.message.partition("it asks for ")[2], each.finding.line)
        for each in report.said
        if each.finding.rule == "policies.unreachable"
    ]


def rule(measure: str, least: str, of: str = "") -> str:
    return f"  - {{id: r, text: A rule, measure: {measure}, at_least: {least}{f', of: {of}' if of else ''}}}\n"


@pytest.mark.parametrize(
    ("made", "most"),
    [
        (rule("overall_points", "213"), "213, and 212.5 is all there is."),
        (rule("overall_points", "212"), ""),
        (rule("overall_percent", "102"), "102, and 101.19 is all there is."),
        (rule("component_percent", "101", "projects"), "101, and 100 is all there is."),
        (rule("component_average_points", "12.5", "quizzes"), ""),
        (rule("component_average_points", "12.6", "quizzes"), "12.6, and 12.5 is all there is."),
        (rule("each_item_points", "101", "projects"), "101, and 100 is all there is."),
        (rule("item_percent", "126", "MOD-901/quiz"), "126, and 125 is all there is."),
        (rule("number_of_items", "3", "projects"), "3, and 2 is all there is."),
        (rule("number_of_items", "2", "projects"), ""),
        (rule("number_of_items", "1", "labs"), ""),
    ],
)
def test_what_everything_gives_is_the_most(tmp_path: Path, made: str, most: str) -> None:
    [*said] = found(tmp_path, made)
    assert said == ([("error", most, 9)] if most else []), "nothing is said of what is not there yet"


def test_a_cap_takes_the_bonus_away(tmp_path: Path) -> None:
    made = rule("overall_percent", "101")
    assert found(tmp_path, made) == []
    assert found(tmp_path, made, setting="cap_percent: 100\n") == [("error", "101, and 100 is all there is.", 10)]


def test_of_a_draw_the_smallest_full_marks_count(tmp_path: Path) -> None:
    drawn = MODULE.replace("questions:", "draws: [{pool: p, count: 1}]\n    questions:").replace(
        "answer: true, points: 4}", "answer: true, points: 4, pool: p}\n"
        "      - {id: more, type: true_false, stem: So are two., answer: true, points: 4, pool: p}"
    )  # fmt: skip
    made = rule("item_percent", "125", "MOD-901/quiz")
    assert found(tmp_path, made, **{"m.yaml": drawn}) == []


def test_a_program_that_is_not_all_here_is_not_judged(tmp_path: Path) -> None:
    made = rule("overall_points", "500")
    assert found(tmp_path, made)
    elsewhere = PROGRAM.replace("MOD-901]", 'MOD-901, "south:MOD-1"]')
    assert found(tmp_path, made, **{"program.yaml": elsewhere}) == []
    assert found(tmp_path, made, **{"pipes.md": PIPES}) == [], "documents beside it may hold the rest"
