"""Handing in: by the learner, by the clock, and once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from assessments.clock import attempt_is_closed, overdue
from assessments.errors import AttemptClosed, ResponseConflict
from assessments.models import Attempt
from assessments.questions import grade_question
from assessments.selectors import attempt_for_grading
from assessments.services import (
    SentResponse,
    attempt_close,
    attempt_close_overdue,
    attempt_hand_in,
    response_save,
)
from assessments.signals import work_handed_in
from courses.models import Enrolment, Program
from tests.assessments.conftest import NOON, Start, person
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden

MINUTE = timedelta(minutes=1)


@pytest.fixture
def handed_in(db: None) -> Any:
    """The attempts that the signal named, each with whether a transaction was open."""
    heard: list[tuple[int, bool]] = []

    def hear(sender: object, attempt: Attempt, **kwargs: object) -> None:
        assert attempt.state == "handed_in"
        heard.append((attempt.pk, connection.in_atomic_block))

    work_handed_in.connect(hear)
    yield heard
    work_handed_in.disconnect(hear)


def test_a_hand_in_is_told_once_inside_its_transaction(start: Start, actor: Actor, handed_in: list[Any]) -> None:
    attempt = attempt_hand_in(actor=actor, attempt=start(), now=NOON + MINUTE)
    assert (attempt.state, attempt.handed_in_at, attempt.handed_in_by_id) == ("handed_in", NOON + MINUTE, actor.user_id)
    again = attempt_hand_in(actor=actor, attempt=attempt, now=NOON + 2 * MINUTE)
    assert again.handed_in_at == NOON + MINUTE
    assert handed_in == [(attempt.pk, True)]


def test_what_was_under_way_when_the_program_was_archived_is_handed_in(
    start: Start, actor: Actor, handed_in: list[Any]
) -> None:
    attempt = start()
    Program.objects.update(archived_at=NOON)
    assert attempt_hand_in(actor=actor, attempt=attempt, now=NOON + MINUTE).state == "handed_in"
    assert handed_in == [(attempt.pk, True)]


def test_a_receiver_that_fails_undoes_the_hand_in(start: Start, actor: Actor) -> None:
    attempt = start()

    def fail(**kwargs: object) -> None:
        raise RuntimeError("no room")

    work_handed_in.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            attempt_hand_in(actor=actor, attempt=attempt, sent=[SentResponse(3, True, 0)], now=NOON)
    finally:
        work_handed_in.disconnect(fail)
    attempt.refresh_from_db()
    assert attempt.state == "open"
    assert not attempt.questions.filter(response__version__gt=0).exists()


def test_answers_that_come_with_the_hand_in_are_saved_first(start: Start, actor: Actor) -> None:
    attempt = attempt_hand_in(actor=actor, attempt=start(), sent=[SentResponse(5, "etcd", 0)], now=NOON)
    assert attempt_for_grading(attempt.pk).questions[4].response == "etcd"


def test_a_hand_in_on_top_of_a_newer_answer_is_refused_whole(start: Start, actor: Actor) -> None:
    attempt = start()
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0), now=NOON)
    with pytest.raises(ResponseConflict):
        attempt_hand_in(actor=actor, attempt=attempt, sent=[SentResponse(5, "consul", 0)], now=NOON)
    attempt.refresh_from_db()
    assert attempt.state == "open"


def test_other_answers_after_the_hand_in_are_refused_not_dropped(start: Start, actor: Actor) -> None:
    attempt = attempt_hand_in(actor=actor, attempt=start(), sent=[SentResponse(5, "etcd", 0)], now=NOON)
    same = attempt_hand_in(actor=actor, attempt=attempt, sent=[SentResponse(5, "etcd", 0)], now=NOON)
    assert same == attempt
    with pytest.raises(AttemptClosed):
        attempt_hand_in(actor=actor, attempt=attempt, sent=[SentResponse(5, "consul", 1)], now=NOON)


def test_only_the_learner_hands_in(start: Start) -> None:
    for actor in (Actor.person(person("other@demo.test").pk), Actor.system()):
        with pytest.raises(Forbidden):
            attempt_hand_in(actor=actor, attempt=start(), now=NOON)


def test_after_the_limit_the_system_has_handed_in_what_was_saved(
    start: Start, actor: Actor, handed_in: list[Any]
) -> None:
    attempt = start()
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0), now=NOON)
    with pytest.raises(AttemptClosed):
        attempt_hand_in(actor=actor, attempt=attempt, sent=[SentResponse(3, True, 0)], now=NOON + 31 * MINUTE)
    attempt.refresh_from_db()
    assert (attempt.closed_by_system, attempt.handed_in_by, attempt.handed_in_at) == (True, None, NOON + 30 * MINUTE)
    assert [each.response for each in attempt_for_grading(attempt.pk).questions] == [None, None, None, None, "etcd"]
    assert handed_in == [(attempt.pk, True)]


def test_within_grace_the_learner_hands_in(start: Start, actor: Actor) -> None:
    attempt = attempt_hand_in(actor=actor, attempt=start(), now=NOON + timedelta(minutes=30, seconds=30))
    assert not attempt.closed_by_system


def test_the_sweeper_closes_what_is_over_and_nothing_else(start: Start, handed_in: list[Any]) -> None:
    limited, free = start(), start("plain")
    assert attempt_close_overdue(now=NOON + 30 * MINUTE) == 0
    assert attempt_close_overdue(now=NOON + 31 * MINUTE) == 1
    assert attempt_close_overdue(now=NOON + 31 * MINUTE) == 0
    limited.refresh_from_db()
    free.refresh_from_db()
    assert (limited.state, free.state) == ("handed_in", "open")
    assert handed_in == [(limited.pk, True)]


def test_leaving_ends_what_is_under_way_as_of_that_instant(start: Start, enrolment: Enrolment) -> None:
    attempt = start("plain")
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn", ended_at=NOON + 3 * MINUTE)
    assert attempt_close_overdue(now=NOON + 9 * MINUTE) == 1
    attempt.refresh_from_db()
    assert attempt.handed_in_at == NOON + 3 * MINUTE


def test_closing_what_still_runs_does_nothing(start: Start) -> None:
    attempt = start()
    assert not attempt_close(attempt_id=attempt.pk, now=NOON)
    attempt.refresh_from_db()
    assert attempt.state == "open"


def test_the_set_and_the_row_agree_on_what_is_over(start: Start) -> None:
    attempt = start()
    for seconds in (0, 1799, 1800, 1829, 1830, 1830.9, 1831, 1832):
        now = NOON + timedelta(seconds=seconds)
        in_set = Attempt.objects.filter(overdue(now), pk=attempt.pk).exists()
        assert in_set is attempt_is_closed(attempt, now) is (seconds >= 1831)


def test_a_grader_gets_everything_in_two_queries(start: Start, actor: Actor, django_assert_num_queries: Any) -> None:
    attempt = start()
    order = attempt.questions.get(position=1).order
    sent = [SentResponse(1, "abc"[order.index("correct")], 0), SentResponse(4, "1.5 GB", 0), SentResponse(3, False, 0)]
    attempt_hand_in(actor=actor, attempt=attempt, sent=sent, now=NOON + MINUTE)
    with django_assert_num_queries(2):
        work = attempt_for_grading(attempt.pk)
    assert (work.points, work.number, work.decimal_mark, work.handed_in_at) == (10, 1, ".", NOON + MINUTE)
    shares = [grade_question(each.type, each.body, each.response).share for each in work.questions]
    assert shares == [1, 0, 0, 1, 0]
    assert [each.points for each in work.questions] == [2, 3, 1, 1, 1]
    assert work.review(1, key=True).lines[order.index("correct")].right


def test_what_is_under_way_is_not_for_graders(start: Start) -> None:
    with pytest.raises(ValueError, match="under way"):
        attempt_for_grading(start().pk)
