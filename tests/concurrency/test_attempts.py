"""Attempts under real concurrency: transactions that commit, in threads of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from assessments.errors import AttemptClosed, ResponseConflict
from assessments.models import Attempt, Response
from assessments.services import (
    SentResponse,
    attempt_close_overdue,
    attempt_hand_in,
    attempt_start,
    response_save,
)
from assessments.signals import work_handed_in
from courses.models import Activity, Enrolment, Program
from tests.assessments.conftest import enrolled, person
from tests.assessments.tree import released
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of *calls* (or the errors they raised), begun together on connections of their own."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def enrolment(transactional_db: None, tmp_path: Path) -> Enrolment:
    released(tmp_path)
    return enrolled(person("learner@demo.test"), Program.objects.get(slug="junior"))


@pytest.fixture
def actor(enrolment: Enrolment) -> Actor:
    return Actor.person(enrolment.learner_id)


@pytest.fixture
def begin(enrolment: Enrolment, actor: Actor) -> Callable[[], Attempt]:
    quiz = Activity.objects.get(path="MOD-001/quiz")
    return lambda: attempt_start(actor=actor, enrolment=enrolment, activity=quiz)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    attempts: list[int] = []

    def hear(attempt: Attempt, **kwargs: object) -> None:
        attempts.append(attempt.pk)

    work_handed_in.connect(hear)
    yield attempts
    work_handed_in.disconnect(hear)


def test_two_starts_at_once_are_one_attempt(begin: Callable[[], Attempt], actor: Actor) -> None:
    for number in range(1, ROUNDS + 1):
        first, second = at_once(begin, begin)
        assert first == second
        assert first.number == number
        assert first.questions.count() == 5
        attempt_hand_in(actor=actor, attempt=first)
    assert Attempt.objects.count() == ROUNDS


def test_two_hand_ins_at_once_are_one(begin: Callable[[], Attempt], actor: Actor, heard: list[int]) -> None:
    for _ in range(ROUNDS):
        attempt = begin()
        hand_in = lambda attempt=attempt: attempt_hand_in(actor=actor, attempt=attempt)  # noqa: E731
        first, second = at_once(hand_in, hand_in)
        assert first.handed_in_at == second.handed_in_at
    assert sorted(heard) == sorted(set(heard))
    assert len(heard) == ROUNDS


def test_of_two_saves_at_once_one_wins_and_the_other_is_told(begin: Callable[[], Attempt], actor: Actor) -> None:
    attempt = begin()
    for version in range(ROUNDS):
        results = at_once(
            *(
                lambda text=text, version=version: response_save(
                    actor=actor, attempt=attempt, sent=SentResponse(5, f"{text} {version}", version)
                )
                for text in ("etcd", "consul")
            )
        )
        lost = [result for result in results if isinstance(result, ResponseConflict)]
        won = [result for result in results if not isinstance(result, Exception)]
        assert (len(lost), len(won)) == (1, 1)
        assert lost[0].extra["saved"] == won[0].value
    assert Response.objects.get(attempt_question__attempt=attempt, attempt_question__position=5).version == ROUNDS


def test_no_save_slips_behind_a_hand_in(begin: Callable[[], Attempt], actor: Actor) -> None:
    """What the receiver saw at the hand-in is what stands afterwards."""
    for _ in range(ROUNDS):
        attempt = begin()
        seen: list[Any] = []

        def look(attempt: Attempt, seen: list[Any] = seen, **kwargs: object) -> None:
            seen.append(value_of(attempt))

        work_handed_in.connect(look, weak=False, dispatch_uid="look")
        try:
            saved, _handed_in = at_once(
                lambda attempt=attempt: response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0)),
                lambda attempt=attempt: attempt_hand_in(actor=actor, attempt=attempt),
            )
        finally:
            work_handed_in.disconnect(dispatch_uid="look")
        assert seen == [value_of(attempt)]
        assert isinstance(saved, AttemptClosed) is (seen == [None])


def value_of(attempt: Attempt) -> Any:
    return Response.objects.get(attempt_question__attempt=attempt, attempt_question__position=5).value


def test_the_sweeper_and_the_learner_close_an_attempt_once(
    begin: Callable[[], Attempt], actor: Actor, heard: list[int]
) -> None:
    attempts = []
    for _ in range(ROUNDS):
        attempt = begin()
        late = timezone.now() + timedelta(hours=1)
        sweep = lambda late=late: attempt_close_overdue(now=late)  # noqa: E731
        late_click = lambda attempt=attempt, late=late: attempt_hand_in(actor=actor, attempt=attempt, now=late)  # noqa: E731
        swept, again, clicked = at_once(sweep, sweep, late_click)
        assert isinstance(clicked, AttemptClosed)
        assert swept + again <= 1
        attempt.refresh_from_db()
        assert attempt.closed_by_system
        attempts.append(attempt.pk)
    assert sorted(heard) == sorted(attempts)
