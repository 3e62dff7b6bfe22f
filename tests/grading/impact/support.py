"""A small program that is imported from files, with people who answered its quiz."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from courses.models import Activity, Enrolment, Program, Release
from grading.models import Policy
from grading.services.grade import queue_drain
from tests.courses.planning.support import planned, ran
from tests.courses.projecting import write_tree
from tests.grading import build

CATALOG = """
kind: catalog
scales:
  - id: seniority
    title: Seniority
    purpose: seniority
    levels: [{id: junior, label: Junior}, {id: mid, label: Mid}]
"""
MODULE = "mod-1.yaml"
PROGRAM = "program.yaml"
POLICY = "policy.yaml"
TREE = {
    "catalog.yaml": CATALOG,
    "role.yaml": "{kind: role, id: small, title: Small, level: junior, order: 1, summary: Starts.}",
    PROGRAM: """
        kind: program
        id: small
        title: Small
        role: small
        summary: One module.
        completion: {all: [modules]}
        modules: [MOD-1]
        """,
    MODULE: """
        kind: module
        id: MOD-1
        title: One
        summary: The only one.
        hours: 4
        readings:
          - {id: read, title: Read this, body: Some text.}
        quizzes:
          - id: quiz
            title: Check yourself
            points: 10
            shuffle_options: false
            questions:
              - id: which
                stem: "Which one?"
                type: single
                options: [{id: right, text: This, right: true}, {id: wrong, text: That}]
              - {id: so, stem: "Is it so?", type: true_false, answer: true}
        """,
    POLICY: """
        kind: policy
        id: policy
        title: Rules
        components: [{id: quizzes, title: Quizzes, activities: quiz, weight: 1}]
        rules: [{id: half, text: Half, measure: overall_percent, at_least: 50}]
        default: {passing_percent: 100}
        """,
}
KEY = ("{id: right, text: This, right: true}, {id: wrong, text: That}",
       "{id: right, text: This}, {id: wrong, text: That, right: true}")  # fmt: skip
NOTHING = (0, 0, 0)


def applied(folder: Path) -> build.World:
    """The program as its files state it, applied."""
    write_tree(folder, TREE)
    code, _, err = ran("apply", folder)
    assert code == 0, err
    return world_now()


def world_now() -> build.World:
    program = Program.objects.get(slug="small")
    release = Release.objects.get(program=program, current=True)
    activities = {each.path: each for each in Activity.objects.current().filter(program=program)}
    return build.World(program, release, Policy.objects.get(program=program), activities=activities)


def answered(world: build.World, name: str, *answers: Any, enrolment: Enrolment | None = None) -> Enrolment:
    """Somebody who handed in an attempt with *answers*, graded."""
    enrolment = enrolment or build.enrol(world, name)
    build.hand_in(build.begin(enrolment, world, answers=list(answers)))
    queue_drain(queue="grading.quiz", worker="test")
    return enrolment


def effects(impact: dict[str, Any]) -> tuple[int, int, int]:
    """Grades changed, passes lost and gained."""
    return impact["grades_changed"], impact["passes_lost"], impact["passes_gained"]


def impact(folder: Path) -> tuple[int, int, int]:
    return effects(planned(folder)["impact"])
