"""Beginning an attempt."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.clock import overdue
from assessments.models import Attempt, AttemptQuestion, Question, Quiz, Response
from assessments.policy import AttemptRules, attempt_rules
from assessments.questions import option_order
from assessments.selectors.pins import pinned_in
from assessments.services.closing import attempt_close
from assessments.services.drawing import Drawable, questions_draw, section_at
from assessments.services.refusals import refused_by_count, refused_by_gate, refused_by_time
from courses.models import Activity, Enrolment, Extension, Release, Revision
from courses.services.enrolment import enrolment_lock
from courses.standing import work_refusal
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden, Missing, Refused

SEED_BITS = 62


def attempt_start(*, actor: Actor, enrolment: Enrolment, activity: Activity, now: datetime | None = None) -> Attempt:
    """Begin an attempt at a quiz, or return the one that is under way.

    Two starts at once are one attempt: the enrolment is locked first, and the
    database allows one open attempt per enrolment and quiz.

    :raises Missing: the activity is no quiz of the enrolment's program.
    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``enrolment_...`` (paused, withdrawn, ...), ``retired``,
        ``locked``, ``attempts_used_up``, ``attempt_too_soon``, ``past_due``,
        ``cohort_ended``, ``quiz_without_questions``.
    """
    now = now or timezone.now()
    if not actor.is_person(enrolment.learner_id):
        raise Forbidden(_("Only the learner can start an attempt."))
    for attempt_id in Attempt.objects.filter(overdue(now), enrolment=enrolment, quiz=activity.pk).values_list(
        "pk", flat=True
    ):
        # Its own transaction: it stays closed even if a new start is refused.
        attempt_close(attempt_id=attempt_id, now=now)
    return _start(enrolment.pk, activity.pk, now)


@transaction.atomic
def _start(enrolment_id: int, activity_id: int, now: datetime) -> Attempt:
    enrolment = enrolment_lock(enrolment_id)
    quiz = quiz_of(enrolment, activity_id)
    under_way = Attempt.objects.filter(enrolment=enrolment, quiz=quiz, state=Attempt.State.OPEN).first()
    if under_way is not None:
        return under_way
    rules = attempt_rules(enrolment, quiz.activity)
    refusal = start_refusal(enrolment, quiz, rules, now)
    if refusal is not None:
        raise refusal
    return _create(enrolment, quiz, rules, now)


def quiz_of(enrolment: Enrolment, activity_id: int) -> Quiz:
    """The quiz, if the enrolment's program has it, its own or by a placed module."""
    program = enrolment.program_id
    inside = Q(activity__program=program) | Q(activity__module__placements__program=program)
    quiz = (
        Quiz.objects.filter(inside, pk=activity_id)
        .select_related("activity__entity", "activity__module", "activity__revision")
        .first()
    )
    if quiz is None:
        raise Missing()
    return quiz


def start_refusal(enrolment: Enrolment, quiz: Quiz, rules: AttemptRules, now: datetime) -> DomainError | None:
    """Why no new attempt may start now, or None; the same decision for the page's button and the service."""
    return (
        work_refusal(enrolment)
        or refused_by_gate(enrolment, quiz.activity)
        or refused_by_time(enrolment, quiz.activity, rules, now)
        or _refused_by_count(enrolment, quiz, rules, now)
    )


def _refused_by_count(enrolment: Enrolment, quiz: Quiz, rules: AttemptRules, now: datetime) -> DomainError | None:
    made = Attempt.objects.filter(enrolment=enrolment, quiz=quiz).aggregate(count=Count("pk"), last=Max("handed_in_at"))
    return refused_by_count(rules, made["count"], made["last"], now)


def _ends(enrolment: Enrolment, quiz: Quiz, rules: AttemptRules, now: datetime) -> datetime | None:
    """The deadline of an attempt that begins now: its whole limit, else the last instant for work."""
    if quiz.time_limit_minutes is None:
        return rules.accepts_until
    granted = Extension.objects.filter(Q(activity=None) | Q(activity=quiz.pk), enrolment=enrolment, withdrawn_at=None)
    extra = granted.aggregate(most=Max("extra_time_percent"))["most"] or 0
    return now + timedelta(minutes=quiz.time_limit_minutes) * (100 + extra) / 100


def _create(enrolment: Enrolment, quiz: Quiz, rules: AttemptRules, now: datetime) -> Attempt:
    release = Release.objects.filter(program=enrolment.program_id, current=True).first()
    questions = list(Question.objects.current().filter(quiz=quiz).order_by("position", "pk"))
    if release is None or not questions:
        raise Refused(_("This quiz has no questions yet."), code="quiz_without_questions")
    pinned = pinned_in(
        release, {quiz.pk: quiz.activity.revision_id} | {each.pk: each.revision_id for each in questions}
    )
    seed = secrets.randbits(SEED_BITS)
    draws = quiz.draws.order_by("position").values_list("pool", "count")
    sections = _sections_of(quiz, pinned[quiz.pk], len(questions))
    standing = {each.pk: section_at(sections, place) for place, each in enumerate(questions, 1)}
    asked = questions_draw(
        [Drawable(each.pk, each.pool, standing[each.pk]) for each in questions],
        draws, seed=seed, shuffle=quiz.shuffle_questions,
    )  # fmt: skip
    deadline = _ends(enrolment, quiz, rules, now)
    last = Attempt.objects.filter(enrolment=enrolment, quiz=quiz).aggregate(last=Max("number"))["last"]
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=(last or 0) + 1,
        seed=seed,
        release=release,
        revision_id=pinned[quiz.pk],
        started_at=now,
        deadline_at=deadline,
        closes_at=deadline + rules.grace if deadline else None,
    )
    bodies = Revision.objects.in_bulk([pinned[key] for key in asked])
    _ask(attempt, [(key, bodies[pinned[key]], standing[key]) for key in asked], shuffle=quiz.shuffle_options)
    return attempt


def _sections_of(quiz: Quiz, revision_id: int, questions: int) -> list[dict[str, Any]]:
    """The sections of the quiz at its pinned revision; none where they speak of more questions than there are."""
    known = quiz.activity.revision
    revision = known if known.pk == revision_id else Revision.objects.get(pk=revision_id)
    sections: list[dict[str, Any]] = revision.body.get("sections") or []
    return sections if all(section["first"] <= questions for section in sections) else []


def _ask(attempt: Attempt, asked: Sequence[tuple[int, Revision, int | None]], *, shuffle: bool) -> None:
    def order(key: int, body: dict[str, Any]) -> list[str]:
        return option_order(body["type"], body, seed=attempt.seed, question=str(key), shuffle=shuffle)

    rows = AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt,
            position=place,
            section=section,
            question_id=key,
            revision=revision,
            order=order(key, revision.body),
        )
        for place, (key, revision, section) in enumerate(asked, start=1)
    )
    Response.objects.bulk_create(Response(attempt_question=row) for row in rows)
