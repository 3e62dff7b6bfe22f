"""Whose work is checked next, and what is said of how long it takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import Submission
from courses.models import Enrolment, Program
from grading.heartbeat import BEAT
from grading.models import GradingRun
from grading.selectors.results import RunView, run_view
from grading.selectors.waiting import workers_of
from grading.services.runs import IN_TURN, OLDEST_FIRST, run_claim, run_store
from tests.flows.labs import checked
from tests.grading import labs
from waymark.core.models import WorkerHeartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
CHECKS = GradingRun.Queue.CHECKS


@pytest.fixture
def program(tmp_path: Path, rung: list[str]) -> Program:
    return labs.released(tmp_path / "tree")


def handed_in(enrolment: Enrolment, count: int = 1) -> list[Submission]:
    """Some more of different works by one person."""
    first = Submission.objects.filter(enrolment=enrolment).count()
    texts = [f"def count(text): return {first + number}".encode() for number in range(count)]
    return [labs.hand_in(enrolment, text).submission for text in texts]


def taken() -> Submission:
    """The work that a single worker checks next, checked."""
    claim = run_claim(queue=CHECKS, worker="only")
    assert claim is not None
    submission = Submission.objects.get(pk=claim.submission_id)
    assert run_store(claim=claim, score=checked(submission, right=True))
    return submission


def worker(name: str = "one", **fields: Any) -> None:
    now = timezone.now()
    values = {"queues": CHECKS, "sandbox": "bubblewrap cgroup", "seen_at": now, "started_at": now, **fields}
    WorkerHeartbeat.objects.create(name=name, **values)


def lasted(submission: Submission, seconds: float) -> None:
    """As if its checks had taken that long."""
    run = GradingRun.objects.get(submission=submission)
    ended = timezone.now()
    queued = ended - timedelta(seconds=seconds + 1)
    GradingRun.objects.filter(pk=run.pk).update(
        queued_at=queued, claimed_at=ended - timedelta(seconds=seconds), stored_at=ended
    )


def seen(submission: Submission) -> RunView:
    return run_view(submission)[0]


# -- in turn -----------------------------------------------------------------------
def test_the_many_of_one_person_do_not_delay_the_one_of_another(program: Program) -> None:
    many, one = labs.enrolled(program, "many@demo.test"), labs.enrolled(program, "one@demo.test")
    first, second, third = handed_in(many, 3)
    claim = run_claim(queue=CHECKS, worker="only")
    assert claim is not None
    assert claim.submission_id == first.pk
    [other] = handed_in(one)
    assert seen(other).ahead == 0, "whose second is not before somebody's first"
    assert (seen(second).ahead, seen(third).ahead) == (1, 2)
    assert run_store(claim=claim, score=checked(first, right=True))
    assert seen(other).ahead == 0
    assert [taken() for _ in range(3)] == [other, second, third]


def test_two_with_many_are_taken_by_turns_and_their_places_say_so(program: Program) -> None:
    one, two = labs.enrolled(program, "one@demo.test"), labs.enrolled(program, "two@demo.test")
    mine, theirs = handed_in(one, 3), handed_in(two, 3)
    expected = [work for pair in zip(mine, theirs, strict=True) for work in pair]
    assert [seen(work).ahead for work in expected] == list(range(6))
    assert [taken() for _ in range(6)] == expected


def test_quizzes_are_taken_oldest_first_by_the_index_alone() -> None:
    assert all("served" in statement for statement in IN_TURN)
    assert not any("served" in statement for statement in OLDEST_FIRST)


# -- how long -----------------------------------------------------------------------
def test_nothing_is_said_of_time_before_anything_was_measured_or_while_nobody_is_there(program: Program) -> None:
    enrolment = labs.enrolled(program)
    first, second = handed_in(enrolment, 2)
    worker()
    assert (seen(first).seconds, seen(first).expected) == (None, "")
    taken()
    lasted(first, 90)
    assert seen(second).seconds == pytest.approx(90, abs=2)
    WorkerHeartbeat.objects.all().delete()
    assert seen(second).seconds is None


def test_time_is_that_of_what_is_before_and_of_itself_over_the_workers(program: Program) -> None:
    one, two = labs.enrolled(program, "one@demo.test"), labs.enrolled(program, "two@demo.test")
    [done] = handed_in(one)
    taken()
    lasted(done, 100)
    handed_in(two)
    claim = run_claim(queue=CHECKS, worker="w")
    assert claim is not None
    GradingRun.objects.filter(pk=claim.run_id).update(claimed_at=timezone.now() - timedelta(seconds=40))
    mine, later = handed_in(one, 2)
    worker()
    assert seen(mine).seconds == pytest.approx(60 + 100, abs=2)
    assert seen(later).seconds == pytest.approx(60 + 100 + 100, abs=2)
    assert seen(later).expected == "Its result is expected in about 5 minutes."
    worker("two", processes=3)
    assert seen(later).seconds == pytest.approx(160 / 4 + 100, abs=2)
    GradingRun.objects.filter(submission=later).update(not_before=timezone.now() + timedelta(seconds=30))
    assert seen(later).seconds is None, "what rests is tried again at a stated time"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2, "in less than a minute"), (60, "in less than a minute"), (61, "in about 2 minutes"), (600, "in about 10 min")],
)
def test_time_is_told_in_whole_minutes(seconds: float, words: str) -> None:
    assert words in RunView("queued", (), "", 0, False, 1, seconds).expected


def test_the_page_and_the_api_say_it(program: Program) -> None:
    enrolment = labs.enrolled(program)
    [done] = handed_in(enrolment)
    taken()
    lasted(done, 150)
    [waiting] = handed_in(enrolment)
    worker()
    client = Client()
    client.force_login(enrolment.learner)
    assert "Its result is expected in about 3 minutes." in client.get(waiting.get_absolute_url()).content.decode()
    run = client.get(f"/api/v1/submissions/{waiting.uuid}/").json()["run"]
    assert run["ahead"] == 0
    assert 148 < run["expected_seconds"] < 153


# -- who is there ---------------------------------------------------------------------
def test_workers_without_a_sandbox_long_unseen_or_of_other_queues_check_nothing(db: None) -> None:
    worker("idle", queues="grading.quiz")
    worker("bare", sandbox="")
    worker("broken", sandbox="missing: bwrap is not there")
    worker("gone", seen_at=timezone.now() - timedelta(minutes=2))
    assert workers_of(CHECKS) == 0
    worker("two", queues="default,grading.checks", processes=2)
    assert workers_of(CHECKS) == 2
    assert workers_of(GradingRun.Queue.QUIZ) == 1


def test_a_beat_tells_how_many_messages_a_worker_takes_at_once(db: None) -> None:
    values = {"name": "w", "queues": CHECKS, "sandbox": "bubblewrap cgroup", "first": True}
    for processes in (1, 4):
        with connection.cursor() as cursor:
            cursor.execute(BEAT, {**values, "processes": processes})
    assert workers_of(CHECKS) == 4
