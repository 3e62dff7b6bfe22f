"""What a plan says of grades and passes, held against what then comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment
from grading.models import GradeEvent
from grading.services.completion import completion_set
from grading.services.progress import progress_refresh
from tests.courses.planning.support import edit, planned, ran
from tests.grading import build
from tests.grading.impact.support import (
    KEY,
    MODULE,
    NOTHING,
    POLICY,
    PROGRAM,
    answered,
    applied,
    effects,
    impact,
)
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def small(folder: Path) -> build.World:
    return applied(folder)


def test_another_key_changes_the_grades_of_both_ways_of_answering(small: build.World, folder: Path) -> None:
    answered(small, "right", "right", True)
    answered(small, "also-right", "right", True)
    answered(small, "wrong", "wrong", True)
    answered(small, "nothing", None, True)
    build.enrol(small, "idle")
    before = GradeEvent.objects.count()
    edit(folder, MODULE, KEY)
    plan = planned(folder)
    assert effects(plan["impact"]) == (3, 2, 1), (
        "the two who were right lose it, the other gains; nothing stays nothing"
    )
    assert {effects(row["impact"]) for row in plan["changed"]} == {(3, 2, 1)}
    assert plan["impact"]["learners"] == 4
    assert GradeEvent.objects.count() == before


def test_each_change_has_its_own_and_the_total_counts_each_person_once(small: build.World, folder: Path) -> None:
    answered(small, "right", "right", True)
    answered(small, "wrong", "wrong", False)
    edit(folder, MODULE, KEY, ("answer: true", "answer: false"))
    plan = planned(folder)
    each = {row["entity"]: effects(row["impact"]) for row in plan["changed"]}
    assert each == {"question:MOD-1/quiz/which": (2, 1, 1), "question:MOD-1/quiz/so": (2, 1, 1)}
    assert effects(plan["impact"]) == (2, 1, 1)


def test_words_change_no_grade(small: build.World, folder: Path) -> None:
    answered(small, "right", "right", True)
    edit(folder, MODULE, ("text: This", "text: This one"), ("title: Check yourself", "title: Check"))
    assert impact(folder) == NOTHING


def test_points_and_weights(small: build.World, folder: Path) -> None:
    answered(small, "half", "right", False)
    answered(small, "whole", "right", True)
    edit(folder, MODULE, ("points: 10", "points: 20"))
    assert impact(folder) == (2, 0, 0)
    edit(folder, MODULE, ("points: 20", "points: 10"), ('stem: "Which one?"', 'points: 3\n        stem: "Which one?"'))
    assert impact(folder) == (1, 0, 0), "who has everything has it out of more"


def test_a_question_that_comes_or_goes_leaves_what_was_graded(small: build.World, folder: Path) -> None:
    answered(small, "half", "right", False)
    edit(folder, MODULE, ('      - {id: so, stem: "Is it so?", type: true_false, answer: true}\n', ""))
    assert effects(planned(folder, "--retire")["impact"]) == NOTHING


def test_an_item_that_is_added_takes_completions_and_one_that_goes_gives_them(small: build.World, folder: Path) -> None:
    done = answered(small, "done", "right", True)
    build.enrol(small, "idle")
    reading = small.activities["MOD-1/read"]
    completion_set(actor=Actor.system(), enrolment=done, activity=reading, done=True)
    half = answered(small, "half", "right", True)
    Enrolment.objects.filter(pk=done.pk).update(state="active", ended_at=None, completed_release=None)
    edit(folder, MODULE, ("- {id: read, ", "- {id: more, title: More, body: Text.}\n  - {id: read, "))
    plan = planned(folder)
    assert effects(plan["impact"]) == (0, 1, 0)
    assert half.state == "active"
    edit(
        folder,
        MODULE,
        ("- {id: more, title: More, body: Text.}\n  - {id: read, title: Read this, body: Some text.}", "[]"),
    )
    edit(folder, MODULE, ("readings:\n  []\n", ""))
    plan = planned(folder, "--retire")
    assert effects(plan["impact"]) == (0, 0, 1), "the module asks for the quiz alone"


def test_a_completed_enrolment_counts_and_keeps_its_items(small: build.World, folder: Path) -> None:
    done = answered(small, "done", "right", True)
    Enrolment.objects.filter(pk=done.pk).update(
        state="completed", ended_at=timezone.now(), completed_release=small.release
    )
    edit(folder, MODULE, ("- {id: read, ", "- {id: more, title: More, body: Text.}\n  - {id: read, "))
    assert impact(folder) == NOTHING
    edit(folder, MODULE, KEY)
    assert impact(folder) == (1, 1, 0)
    Enrolment.objects.filter(pk=done.pk).update(state="withdrawn", completed_release=None)
    assert impact(folder) == NOTHING


def test_a_policy_is_for_new_enrolments(small: build.World, folder: Path) -> None:
    one = answered(small, "one", "right", False)
    edit(folder, POLICY, ("at_least: 50", "at_least: 90"), ("passing_percent: 100", "passing_percent: 10"))
    assert impact(folder) == NOTHING
    Enrolment.objects.filter(pk=one.pk).update(policy_revision=None)
    assert impact(folder) == (0, 1, 1), "who began without one is under the program's"


def test_the_rule_of_a_program_is_everybodys(small: build.World, folder: Path) -> None:
    answered(small, "one", "right", True)
    edit(folder, PROGRAM, ("{all: [modules]}", "{all: [policy]}"))
    assert impact(folder) == (0, 0, 1)


def test_queries_grow_with_neither_people_nor_questions(small: build.World, folder: Path) -> None:
    answered(small, "first", "right", True)
    edit(folder, MODULE, KEY)
    planned(folder)
    with CaptureQueriesContext(connection) as few:
        planned(folder)
    for number in range(6):
        again = answered(small, f"more-{number}", "right", number % 2 == 0)
        answered(small, "", "wrong", True, enrolment=again)
    edit(folder, MODULE, ("answer: true", "answer: false"), ("points: 10", "points: 20"))
    with CaptureQueriesContext(connection) as many:
        plan = planned(folder)
    assert plan["impact"]["grades_changed"] == 7
    assert len(many) == len(few)


def test_what_was_foreseen_comes(small: build.World, folder: Path) -> None:
    """Without anything to grade again: the figures are those of the progress after the apply."""
    done = answered(small, "done", "right", True)
    edit(folder, PROGRAM, ("{all: [modules]}", "{all: [policy]}"))
    assert ran("apply", folder)[0] == 0
    assert progress_refresh(enrolment_id=done.pk).complete
