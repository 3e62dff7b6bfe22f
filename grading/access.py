"""Who sees grades and progress (ACCESS.md): the enrolments decide."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from courses.access import own_enrolments
from courses.models import Enrolment
from waymark.core.actors import Actor
from waymark.core.errors import Missing

STARTED = (
    Enrolment.State.ACTIVE,
    Enrolment.State.PAUSED,
    Enrolment.State.COMPLETED,
    Enrolment.State.WITHDRAWN,
)


def learning_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    """Own enrolments that have begun, also those one has left: their grades stay readable."""
    return own_enrolments(actor).filter(state__in=STARTED)


def enrolments_left(actor: Actor) -> QuerySet[Enrolment]:
    """Own enrolments that one has left, the newest first."""
    rows = own_enrolments(actor).filter(state=Enrolment.State.WITHDRAWN).select_related("program")
    return rows.order_by("-created_at", "-pk")


def enrolment_learnt(actor: Actor, slug: str, uuid: UUID | None = None) -> Enrolment:
    """One's present enrolment in a program, else the last one; with *uuid* that one of them.

    :class:`Missing` (404) without any.
    """
    left = Case(When(state=Enrolment.State.WITHDRAWN, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = learning_enrolments(actor).filter(program__slug=slug).select_related("program", "cohort")
    if uuid is not None:
        rows = rows.filter(uuid=uuid)
    enrolment = rows.order_by(left, "-created_at", "-pk").first()
    if enrolment is None:
        raise Missing()
    return enrolment
