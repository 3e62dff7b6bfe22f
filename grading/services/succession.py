"""What an enrolment is to be credited with, because it took the place of things that it completed."""

from __future__ import annotations

from django.db.models import Q

from courses.models import Enrolment
from grading.models import Grade, GradeEvent
from grading.policy.compile import Rules
from grading.standings import STANDING_FIELDS, standing_from_row
from grading.structure import Structure
from grading.succession import Due, credits_due

UNDER_WAY = (Enrolment.State.ACTIVE, Enrolment.State.PAUSED)


def credits_open(enrolment: Enrolment, structure: Structure, rules: Rules, *, of: int | None = None) -> list[Due]:
    """What is due to a locked enrolment and was never credited; a credit that staff withdrew is not given again.

    :param of: only for what this activity was a part of; all by default.
    """
    wanted = {key: parts for key, parts in structure.successions.items() if of is None or of in parts}
    if not wanted or enrolment.state not in UNDER_WAY:
        return []
    rows = Grade.objects.filter(enrolment_id=enrolment.pk).filter(
        Q(activity__in=wanted) | Q(activity__in={part for parts in wanted.values() for part in parts})
    )
    standings = dict(standing_from_row(row) for row in rows.values_list(*STANDING_FIELDS))
    due = [each for each in credits_due(structure, rules, standings) if each.activity_id in wanted]
    if not due:
        return []
    events = GradeEvent.objects.filter(enrolment_id=enrolment.pk, activity__in=[each.activity_id for each in due])
    given = set(events.filter(evidence__has_key="parts").values_list("activity_id", flat=True))
    return [each for each in due if each.activity_id not in given]
