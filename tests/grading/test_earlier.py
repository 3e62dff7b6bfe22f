"""Leaving and enrolling again gives no fresh attempts: earlier ones count against the limit, not towards the grade."""

from __future__ import annotations

import pytest

from assessments.services.starting import attempt_start
from courses.models import Enrolment, Extension
from courses.services.enrolment import enrolment_withdraw
from grading.attempts import attempt_rules
from grading.models import Grade, GradingRun
from grading.policy.compile import rules_for
from grading.services.progress import extra_attempts
from grading.structure import structure_of
from grading.tasks import grade_quizzes
from tests.grading import build
from waymark.core.actors import Actor
from waymark.core.errors import Refused
from waymark.dashboard.selectors.quiz import quiz_card

pytestmark = pytest.mark.django_db
QUIZ = "MOD-1/quiz"


@pytest.fixture
def world(db: None) -> build.World:
    return build.make_world(limit=2)


def again(world: build.World, *, attempts: int) -> Enrolment:
    """The same learner's second enrolment, after so many graded attempts in the first."""
    first = build.enrol(world)
    for _ in range(attempts):
        build.hand_in(build.begin(first, world))
        grade_quizzes()
    enrolment_withdraw(actor=Actor.person(first.learner_id), enrolment=first)
    return build.enrol(world, learner=first.learner)


def start(enrolment: Enrolment, world: build.World, path: str = QUIZ) -> object:
    return attempt_start(actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=world.activities[path])


def moved(enrolment: Enrolment, world: build.World) -> dict[int, int]:
    return extra_attempts(enrolment.pk, rules_for(structure_of(world.program.pk), enrolment.policy_revision_id))


def test_earlier_attempts_count_against_the_limit_and_not_towards_the_grade(world: build.World) -> None:
    enrolment = again(world, attempts=1)
    quiz = world.activities[QUIZ]
    assert attempt_rules(enrolment, quiz).earlier == 1
    assert not Grade.objects.filter(enrolment=enrolment).exists()
    card = quiz_card(enrolment, quiz.pk)
    assert (card.limit, card.left, card.earlier, card.refusal) == (2, 1, 1, None)
    build.hand_in(build.begin(enrolment, world))
    with pytest.raises(Refused) as used:
        start(enrolment, world)
    assert used.value.code == "attempts_used_up"
    assert attempt_rules(enrolment, world.activities["MOD-2/quiz"]).earlier == 0


def test_what_can_still_change_knows_of_them(world: build.World) -> None:
    enrolment = again(world, attempts=2)
    assert moved(enrolment, world)[world.activities[QUIZ].pk] == -2
    assert quiz_card(enrolment, world.activities[QUIZ].pk).left == 0
    Extension.objects.create(enrolment=enrolment, activity=None, extra_attempts=1, granted_by=enrolment.learner)
    found = moved(enrolment, world)
    assert (found[world.activities[QUIZ].pk], found[world.activities["MOD-2/quiz"].pk]) == (-1, 1)
    start(enrolment, world)


def test_other_people_other_programs_and_work_that_was_never_graded_do_not_count(world: build.World) -> None:
    enrolment = again(world, attempts=2)
    GradingRun.objects.filter(enrolment__learner=enrolment.learner).update(state="failed", outcome="infrastructure")
    other = build.enrol(world, "other")
    elsewhere = build.make_world(slug="elsewhere", limit=2)
    abroad = build.enrol(elsewhere, learner=enrolment.learner)
    quiz = world.activities[QUIZ]
    assert attempt_rules(other, quiz).earlier == 0
    assert attempt_rules(abroad, elsewhere.activities[QUIZ]).earlier == 0
    assert attempt_rules(enrolment, quiz).earlier == 0, "a failure of ours uses no attempt"
    assert moved(enrolment, world)[quiz.pk] == 0


def test_what_comes_later_changes_nothing_of_an_enrolment_that_has_ended(world: build.World) -> None:
    enrolment = again(world, attempts=1)
    first = Enrolment.objects.exclude(pk=enrolment.pk).get(learner=enrolment.learner)
    build.hand_in(build.begin(enrolment, world))
    quiz = world.activities[QUIZ]
    assert (attempt_rules(first, quiz).earlier, attempt_rules(enrolment, quiz).earlier) == (0, 1)
    assert moved(first, world)[quiz.pk] == 0
