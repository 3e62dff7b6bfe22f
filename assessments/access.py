"""Who sees and changes attempts (ACCESS.md)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from assessments.models import Attempt
from courses.access import enrolments_visible_to
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Missing


def attempts_visible_to(actor: Actor) -> QuerySet[Attempt]:
    """Own attempts, those of enrolments one is staff of, and for a client those inside its limit."""
    return Attempt.objects.filter(enrolment__in=enrolments_visible_to(actor))


def attempt_seen(actor: Actor, uuid: UUID) -> Attempt:
    """One attempt with its enrolment and activity; :class:`Missing` (404) when *actor* may not see it."""
    rows = attempts_visible_to(actor).select_related("enrolment__program", "quiz__activity__module")
    attempt = rows.filter(uuid=uuid).first()
    if attempt is None:
        raise Missing()
    return attempt


def may_answer(actor: Actor, attempt: Attempt) -> bool:
    """Only the learner answers, and not through the eyes of a site admin."""
    return actor.kind == "person" and actor.acting_as is None and actor.user_id == attempt.enrolment.learner_id


def require_answerer(actor: Actor, attempt: Attempt) -> None:
    if not may_answer(actor, attempt):
        raise Forbidden("Only the learner whose attempt this is can answer or hand in.")
