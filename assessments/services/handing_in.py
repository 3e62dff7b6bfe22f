"""Handing in an attempt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.access import require_answerer
from assessments.clock import attempt_is_closed
from assessments.errors import AttemptClosed
from assessments.models import Attempt
from assessments.services.closing import attempt_close
from assessments.services.responses import SentResponse, differing, responses_save
from assessments.signals import work_handed_in
from courses.services.enrolment import enrolment_lock
from waymark.core.actors import Actor


def attempt_hand_in(
    *, actor: Actor, attempt: Attempt, sent: Iterable[SentResponse] = (), now: datetime | None = None
) -> Attempt:
    """Hand in an attempt, with the answers in *sent* saved first, in one transaction.

    A double click is the same hand-in: the second call returns the row and sends
    no signal; with other answers than those handed in it is refused. When the
    time is over, the system hands in what was saved before, and the call is refused.

    :raises AttemptClosed: 409, time has closed it; *sent* was not saved.
    :raises ResponseConflict: 409, an answer in *sent* is older than what stands.
    :raises Forbidden: 403, *actor* is not the learner.
    """
    require_answerer(actor, attempt)
    now = now or timezone.now()
    if attempt.state == Attempt.State.OPEN and attempt_is_closed(attempt, now):
        attempt_close(attempt_id=attempt.pk, now=now)
    return _hand_in(actor, attempt.pk, list(sent), now)


@transaction.atomic
def _hand_in(actor: Actor, attempt_id: int, sent: list[SentResponse], now: datetime) -> Attempt:
    enrolment_id = Attempt.objects.values_list("enrolment_id", flat=True).get(pk=attempt_id)
    # The enrolment first, then the attempt: the order of everybody who locks both.
    enrolment = enrolment_lock(enrolment_id)
    attempt = Attempt.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt_id)
    attempt.enrolment = enrolment
    if attempt.state == Attempt.State.HANDED_IN and not attempt.closed_by_system and not differing(attempt, sent):
        return attempt
    if attempt_is_closed(attempt, now):
        raise AttemptClosed(attempt.handed_in_at or attempt.deadline_at)
    if sent:
        responses_save(actor=actor, attempt=attempt, sent=sent, now=now)
    handed_in = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.OPEN).update(
        state=Attempt.State.HANDED_IN, handed_in_at=now, handed_in_by=actor.user_id
    )
    attempt.refresh_from_db(fields=["state", "handed_in_at", "handed_in_by"])
    if handed_in:
        work_handed_in.send(sender=Attempt, attempt=attempt)
    return attempt
