"""Who sees and changes attempts (ACCESS.md)."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Attempt, Fetch, Review, Submission
from courses.access import enrolments_staffed_by, enrolments_visible_to, own_enrolments
from courses.models import Activity, Enrolment
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Missing

Work = TypeVar("Work", Attempt, Fetch, Review, Submission)


def attempts_visible_to(actor: Actor) -> QuerySet[Attempt]:
    """Own attempts, those of enrolments one is staff of, and for a client those inside its limit."""
    return Attempt.objects.filter(enrolment__in=enrolments_visible_to(actor))


def attempt_seen(actor: Actor, uuid: UUID) -> Attempt:
    """One attempt with its enrolment and activity; :class:`Missing` (404) when *actor* may not see it."""
    return _seen(
        attempts_visible_to(actor).select_related("enrolment__program", "quiz__activity__module", "revision"), uuid
    )


def may_answer(actor: Actor, attempt: Attempt) -> bool:
    """Only the learner answers, and not through the eyes of a site admin."""
    return actor.is_person(attempt.enrolment.learner_id)


def require_answerer(actor: Actor, attempt: Attempt) -> None:
    if not may_answer(actor, attempt):
        raise Forbidden(_("Only the learner whose attempt this is can answer or hand in."))


def quiz_for_learner(actor: Actor, program: str, path: str) -> tuple[Enrolment, Activity]:
    """The actor's own enrolment in *program* (its slug; empty for any) and the quiz at *path* in it.

    An open enrolment goes before one that has ended, the newest first. A quiz
    of a placed module is found under its own path, aliases included.

    :raises Missing: no enrolment of theirs has such a quiz.
    """
    return _item_for_learner(actor, program, path, Activity.Kind.QUIZ)


def work_for_learner(actor: Actor, program: str, path: str) -> tuple[Enrolment, Activity]:
    """The same for what files are handed in for: a lab or a project."""
    return _item_for_learner(actor, program, path, Activity.Kind.LAB, Activity.Kind.PROJECT)


def _item_for_learner(actor: Actor, program: str, path: str, *kinds: Activity.Kind) -> tuple[Enrolment, Activity]:
    mine = own_enrolments(actor).exclude(state=Enrolment.State.DECLINED).select_related("program", "cohort")
    if program:
        mine = mine.filter(program__slug=program)
    mine = mine.annotate(ended=Q(state=Enrolment.State.WITHDRAWN))
    for enrolment in mine.order_by("ended", "-pk"):
        items = Activity.objects.filter(
            Q(program=enrolment.program_id) | Q(module__placements__program=enrolment.program_id), kind__in=kinds
        )
        found = items.filter(path=path).first() or items.filter(entity__aliases__alias=path.lower()).first()
        if found is not None:
            return enrolment, found
    raise Missing()


def submissions_visible_to(actor: Actor) -> QuerySet[Submission]:
    """Own submissions, those of enrolments one is staff of, and for a client those inside its limit."""
    return Submission.objects.filter(enrolment__in=enrolments_visible_to(actor))


def submission_seen(actor: Actor, uuid: UUID) -> Submission:
    """One submission with its enrolment and activity; :class:`Missing` (404) when *actor* may not see it."""
    return _seen(submissions_visible_to(actor).select_related("enrolment__program", "activity__module"), uuid)


def fetch_seen(actor: Actor, uuid: UUID) -> Fetch:
    """One commit that *actor* handed in, fetched or not; of nobody else, since its address may name a person."""
    rows = Fetch.objects.filter(enrolment__in=own_enrolments(actor))
    return _seen(rows.select_related("enrolment__program", "activity__module", "submission"), uuid)


def reviews_visible_to(actor: Actor) -> QuerySet[Review]:
    """Reviews of enrolments one is staff of. Learners read a released one with its submission."""
    return Review.objects.filter(submission__enrolment__in=enrolments_staffed_by(actor))


def review_seen(actor: Actor, uuid: UUID) -> Review:
    """One review with its hand-in; :class:`Missing` (404) when *actor* may not see it."""
    related = ("reviewer", "submission__enrolment__learner", "submission__enrolment__program", "submission__activity")
    return _seen(reviews_visible_to(actor).select_related(*related, "submission__revision"), uuid)


def _seen(rows: QuerySet[Work], uuid: UUID) -> Work:
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Missing()
    return found
