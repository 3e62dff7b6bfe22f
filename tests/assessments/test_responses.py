"""Saving answers: versions, conflicts, closed attempts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.errors import AttemptClosed, ResponseConflict
from assessments.models import Attempt, Response
from assessments.questions import InvalidResponse
from assessments.selectors import attempt_page
from assessments.services import SentResponse, attempt_hand_in, attempt_start, response_save, responses_save
from courses.models import Enrolment
from tests.assessments.conftest import NOON, Find, Start, enrolled, person
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Missing

SECOND = timedelta(seconds=1)


def stored(attempt: Attempt, number: int) -> Response:
    return Response.objects.get(attempt_question__attempt=attempt, attempt_question__position=number)


def letter_of(attempt: Attempt, number: int, option: str) -> str:
    """The letter under which the learner sees an option."""
    return "abcdef"[attempt.questions.get(position=number).order.index(option)]


def test_an_answer_is_kept_normalised_and_counted(start: Start, actor: Actor) -> None:
    attempt = start()
    letter = letter_of(attempt, 1, "correct")
    saved = response_save(actor=actor, attempt=attempt, sent=SentResponse(1, letter, 0), now=NOON + SECOND)
    assert (saved.value, saved.version, saved.answered, saved.saved_at) == (letter, 1, True, NOON + SECOND)
    assert (stored(attempt, 1).value, stored(attempt, 1).version) == ("correct", 1)


def test_an_answer_can_be_taken_back(start: Start, actor: Actor) -> None:
    attempt = start()
    response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0), now=NOON)
    saved = response_save(actor=actor, attempt=attempt, sent=SentResponse(3, None, 1), now=NOON)
    assert (saved.answered, saved.version) == (False, 2)
    assert stored(attempt, 3).value is None


def test_a_number_says_how_it_was_read(start: Start, actor: Actor) -> None:
    saved = response_save(actor=actor, attempt=start(), sent=SentResponse(4, "1,500 MB", 0), now=NOON)
    assert saved.remark == "Read as 1500 MB."


def test_an_older_version_overwrites_nothing_and_sees_both(start: Start, actor: Actor) -> None:
    attempt = start()
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0), now=NOON)
    with pytest.raises(ResponseConflict) as caught:
        response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "consul", 0), now=NOON)
    assert caught.value.status == 409
    assert caught.value.extra == {
        "number": 5, "saved": "etcd", "sent": "consul", "version": 1, "saved_at": NOON.isoformat(),
    }  # fmt: skip
    assert stored(attempt, 5).value == "etcd"
    chosen = SentResponse(5, "consul", caught.value.extra["version"])
    assert response_save(actor=actor, attempt=attempt, sent=chosen, now=NOON).version == 2


def test_repeating_a_save_whose_answer_was_lost_is_no_conflict(start: Start, actor: Actor) -> None:
    attempt = start()
    sent = SentResponse(5, "etcd", 0)
    first = response_save(actor=actor, attempt=attempt, sent=sent, now=NOON)
    again = response_save(actor=actor, attempt=attempt, sent=sent, now=NOON + SECOND)
    assert again == first


def test_several_answers_are_saved_together_or_not_at_all(start: Start, actor: Actor) -> None:
    attempt = start()
    sent = [SentResponse(3, True, 0), SentResponse(1, "z", 0)]
    with pytest.raises(InvalidResponse) as caught:
        responses_save(actor=actor, attempt=attempt, sent=sent, now=NOON)
    assert caught.value.where == "question 1"
    assert stored(attempt, 3).version == 0


def test_the_size_of_an_answer_is_bounded(start: Start, actor: Actor) -> None:
    attempt = start()
    with pytest.raises(InvalidResponse, match="at most 500"):
        response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "x" * 501, 0), now=NOON)


def test_there_is_no_sixth_question(start: Start, actor: Actor) -> None:
    with pytest.raises(Missing):
        response_save(actor=actor, attempt=start(), sent=SentResponse(6, True, 0), now=NOON)


def test_only_the_learner_answers(start: Start, enrolment: Enrolment) -> None:
    attempt = start()
    other = Actor.person(person("other@demo.test").pk)
    for actor in (other, Actor.system(), Actor.person(enrolment.learner_id, acting_as=other.user_id)):
        with pytest.raises(Forbidden):
            response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0), now=NOON)


def test_nothing_is_saved_after_the_hand_in(start: Start, actor: Actor) -> None:
    attempt = start()
    attempt_hand_in(actor=actor, attempt=attempt, now=NOON)
    with pytest.raises(AttemptClosed) as caught:
        response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0), now=NOON)
    assert (caught.value.status, caught.value.code) == (409, "attempt_closed")
    assert stored(attempt, 3).version == 0


def test_grace_is_inclusive_to_the_second(start: Start, actor: Actor) -> None:
    attempt = start()
    last = NOON + timedelta(minutes=30, seconds=30, microseconds=999_999)
    response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0), now=last)
    with pytest.raises(AttemptClosed):
        response_save(actor=actor, attempt=attempt, sent=SentResponse(3, False, 1), now=last + SECOND)
    assert stored(attempt, 3).value is True


def test_a_paused_learner_may_finish_what_is_under_way(start: Start, actor: Actor, enrolment: Enrolment) -> None:
    attempt = start()
    Enrolment.objects.filter(pk=enrolment.pk).update(state="paused")
    assert response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0), now=NOON).version == 1


def test_leaving_the_program_closes_what_is_under_way(start: Start, actor: Actor, enrolment: Enrolment) -> None:
    attempt = start("plain")
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn", ended_at=NOON)
    with pytest.raises(AttemptClosed):
        response_save(actor=actor, attempt=attempt, sent=SentResponse(1, True, 0), now=NOON)


def test_an_answer_without_a_save_cannot_exist(start: Start) -> None:
    attempt = start()
    with pytest.raises(IntegrityError, match="response_version_counts_saves"), transaction.atomic():
        Response.objects.filter(attempt_question__attempt=attempt).update(value="a")


def test_a_page_shows_what_is_saved_and_costs_one_query(start: Start, actor: Actor, quiz: Find) -> None:
    attempt = start("others")
    sent = [SentResponse(1, {"a": 2, "b": 1}, 0), SentResponse(3, {"b": "image"}, 0)]
    responses_save(actor=actor, attempt=attempt, sent=sent, now=NOON)
    attempt = Attempt.objects.select_related("enrolment__program").get(pk=attempt.pk)
    for index in range(5):
        other = enrolled(person(f"learner-{index}@demo.test"), attempt.enrolment.program)
        attempt_start(actor=Actor.person(other.learner_id), enrolment=other, activity=quiz("others"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = attempt_page(attempt, NOON)
    assert len(queries) == 1
    assert [question.control.value for question in page.questions] == [{"a": 2, "b": 1}, None, {"b": "image"}, None]
    assert [question.number for question in page.unanswered] == [2, 4]
    assert page.questions[0].remark == "Some items have no place yet."
    assert page.questions[2].control.stem == "A [A …] runs from an [B …]."
