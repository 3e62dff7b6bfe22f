"""Reviewers at once, in transactions that commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assessments.models import Review, Submission
from courses.models import Program
from grading.models import GradeEvent, GradingRun
from grading.services.cancelling import submission_cancel
from grading.services.review_drafts import ReviewConflict, review_begin, review_save
from grading.services.review_next import review_next
from grading.services.review_release import review_release
from tests.concurrency.test_attempts import at_once
from tests.grading import labs, projects
from tests.grading.projects import hand_in, sent
from waymark.core.actors import Actor
from waymark.core.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Program:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    monkeypatch.setattr("waymark.core.ring.ring", lambda queue: True)
    return projects.released(tmp_path / "tree")


def actors(program: Program, count: int) -> list[Actor]:
    return [Actor.person(projects.reviewer(program, f"reviewer{n}@demo.test").pk) for n in range(count)]


def test_no_two_people_get_the_same_next_review(program: Program) -> None:
    for number in range(4):
        hand_in(labs.enrolled(program, f"learner{number}@demo.test"))
    got = at_once(*[lambda actor=actor: review_next(actor=actor) for actor in actors(program, 4)])  # type: ignore[misc]
    assert len({review.submission_id for review in got}) == 4, got
    assert len({review.reviewer_id for review in got}) == 4


def test_a_double_click_on_begin_is_one_review(program: Program) -> None:
    submission = hand_in(labs.enrolled(program)).submission
    [actor] = actors(program, 1)
    got = at_once(*[lambda: review_begin(actor=actor, submission=submission) for _ in range(4)])
    assert {review.pk for review in got} == {Review.objects.get().pk}


def test_of_two_saves_of_one_version_one_is_told(program: Program) -> None:
    submission = hand_in(labs.enrolled(program)).submission
    [actor] = actors(program, 1)
    review = review_begin(actor=actor, submission=submission)
    points = ("10", "20", "30", "40")
    got = at_once(
        *[lambda each=each: review_save(actor=actor, review=review, sent=sent(1, works=each)) for each in points]  # type: ignore[misc]
    )
    assert sum(isinstance(each, ReviewConflict) for each in got) == 3, got
    review.refresh_from_db()
    assert review.version == 2


def test_a_release_and_its_double_click_are_one_score(program: Program) -> None:
    submission = hand_in(labs.enrolled(program)).submission
    [actor] = actors(program, 1)
    review = review_begin(actor=actor, submission=submission)
    whole = sent(1, works="60", tests="40")
    got = at_once(*[lambda: review_release(actor=actor, review=review, sent=whole) for _ in range(4)])
    assert all(isinstance(each, Review) for each in got), got
    assert GradeEvent.objects.filter(kind="score").count() == 1


def test_of_taking_back_and_beginning_one_wins(program: Program) -> None:
    for number in range(5):
        enrolment = labs.enrolled(program, f"learner{number}@demo.test")
        submission = hand_in(enrolment).submission
        [actor] = [Actor.person(projects.reviewer(program, f"staff{number}@demo.test").pk)]

        def take_back(submission: Submission = submission, learner: int = enrolment.learner_id) -> GradingRun:
            return submission_cancel(actor=Actor.person(learner), submission=submission)

        def begin(submission: Submission = submission, actor: Actor = actor) -> Review:
            return review_begin(actor=actor, submission=submission)

        got = at_once(take_back, begin)
        assert sum(isinstance(each, Refused) for each in got) == 1, got
        cancelled = GradingRun.objects.get(submission=submission).state == "cancelled"
        assert cancelled != submission.reviews.exists()
