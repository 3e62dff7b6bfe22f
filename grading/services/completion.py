"""Ticking off what nothing checks: readings, tasks, labs without checks."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Activity, Enrolment
from courses.selectors.openings import openings_of
from courses.services.enrolment import enrolment_lock
from courses.standing import work_refusal
from grading.models import Grade, GradeEvent
from grading.services.ledger import Fact, ledger_append
from grading.structure import structure_of
from waymark.core.actors import Actor
from waymark.core.errors import Refused


@transaction.atomic
def completion_set(*, actor: Actor, enrolment: Enrolment, activity: Activity, done: bool) -> GradeEvent | None:
    """Tick an activity off, or take the tick back; None when that changes nothing.

    409 ``not_self_reported`` for what is graded, ``activity_retired`` for what is
    no longer part of the program, ``activity_locked`` while a requirement is unmet,
    and where nothing new can be done (:func:`courses.standing.work_refusal`). Taking
    a tick back needs no requirement.
    """
    locked = enrolment_lock(enrolment.pk)
    if refusal := work_refusal(locked):
        raise refusal
    shape = structure_of(locked.program_id).activities.get(activity.pk)
    if shape is None or shape.retired:
        raise Refused(_("This activity is no longer part of the program."), code="activity_retired")
    if not shape.self_reported:
        raise Refused(
            _("This activity is graded; it is done once it is passed."), code="not_self_reported", where=shape.path
        )
    before = Grade.objects.filter(enrolment=locked, activity_id=activity.pk).values_list("done", flat=True).first()
    if bool(before) == done:
        return None
    if done:
        _require_open(locked, activity)
    return ledger_append(
        actor=actor,
        enrolment=locked,
        fact=Fact(
            kind=GradeEvent.Kind.COMPLETION, activity_id=activity.pk, revision_id=activity.revision_id, done=done
        ),
    )


def _require_open(enrolment: Enrolment, activity: Activity) -> None:
    opening = openings_of(enrolment).of_activity(activity)
    if not opening.is_open:
        first = next(iter(opening.unmet), None)
        hint = _("First: %(condition)s.") % {"condition": first.text} if first else ""
        raise Refused(_("This activity is locked."), code="activity_locked", hint=hint)
