"""Handing in what time, or leaving the program, has closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.clock import attempt_is_closed, effective_end, overdue
from assessments.models import Attempt
from assessments.signals import work_handed_in
from courses.services.enrolment import enrolment_lock


@transaction.atomic
def attempt_close(*, attempt_id: int, now: datetime | None = None) -> bool:
    """Hand in for the learner what was saved, as of the attempt's end, if the clock has closed it.

    Somebody else having done so first is a normal return.

    :returns: whether this call did it.
    """
    now = now or timezone.now()
    enrolment_id = Attempt.objects.values_list("enrolment_id", flat=True).get(pk=attempt_id)
    enrolment = enrolment_lock(enrolment_id)
    attempt = Attempt.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt_id)
    attempt.enrolment = enrolment
    if attempt.state != Attempt.State.OPEN or not attempt_is_closed(attempt, now):
        return False
    attempt.state = Attempt.State.HANDED_IN
    attempt.handed_in_at = effective_end(attempt, now)
    attempt.closed_by_system = True
    attempt.save(update_fields=["state", "handed_in_at", "closed_by_system"])
    work_handed_in.send(sender=Attempt, attempt=attempt)
    return True


def attempt_close_overdue(*, now: datetime | None = None, limit: int = 200) -> int:
    """Close every attempt whose time is over, each in a transaction of its own; the sweeper calls this.

    :returns: how many this call closed.
    """
    now = now or timezone.now()
    ids = Attempt.objects.filter(overdue(now)).order_by("closes_at", "pk").values_list("pk", flat=True)[:limit]
    return sum(attempt_close(attempt_id=attempt_id, now=now) for attempt_id in list(ids))
