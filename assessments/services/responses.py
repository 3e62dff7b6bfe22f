"""Saving answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.access import require_answerer
from assessments.clock import attempt_is_closed
from assessments.errors import AttemptClosed, ResponseConflict
from assessments.models import Attempt, AttemptQuestion, Response
from assessments.questions import InvalidResponse, is_answered, normalise_response, public_value, remark_on
from assessments.selectors.marks import decimal_mark_of
from waymark.core.actors import Actor
from waymark.core.errors import Missing


@dataclass(frozen=True, slots=True)
class SentResponse:
    """What somebody answered to question *number*, knowing the answer saved as *version*."""

    number: int
    value: Any
    version: int


@dataclass(frozen=True, slots=True)
class ResponseSaved:
    """An answer as it stands after a save; ``value`` in the learner's letters."""

    number: int
    value: Any
    version: int
    saved_at: datetime | None
    answered: bool
    remark: str


def response_save(*, actor: Actor, attempt: Attempt, sent: SentResponse, now: datetime | None = None) -> ResponseSaved:
    """Save one answer; see :func:`responses_save`."""
    return responses_save(actor=actor, attempt=attempt, sent=[sent], now=now)[0]


@transaction.atomic
def responses_save(
    *, actor: Actor, attempt: Attempt, sent: Iterable[SentResponse], now: datetime | None = None
) -> list[ResponseSaved]:
    """Save answers to an attempt under way: all of them, or none.

    Saving what stands already changes nothing and succeeds whatever the version,
    so a request may be repeated when its answer was lost.

    :raises AttemptClosed: 409, its time is over or it was handed in.
    :raises ResponseConflict: 409, a newer answer stands; both are named.
    :raises InvalidResponse: 400, an answer does not fit its question.
    :raises Missing: 404, no such question.
    :raises Forbidden: 403, *actor* is not the learner.
    """
    require_answerer(actor, attempt)
    now = now or timezone.now()
    # The lock lets no save slip behind a hand-in: what was handed in never changes.
    locked = Attempt.objects.select_for_update(no_key=True, of=("self",)).select_related("enrolment__program")
    attempt = locked.get(pk=attempt.pk)
    if attempt_is_closed(attempt, now):
        raise AttemptClosed(attempt.handed_in_at or attempt.deadline_at)
    sent = list(sent)
    asked = AttemptQuestion.objects.filter(attempt=attempt, position__in=[each.number for each in sent])
    by_number = {each.position: each for each in asked.select_related("revision", "response")}
    return [_save(attempt, by_number.get(each.number), each, now) for each in sent]


def differing(attempt: Attempt, sent: Iterable[SentResponse]) -> list[SentResponse]:
    """Those of *sent* that say something else than what stands."""
    asked = AttemptQuestion.objects.filter(attempt=attempt).select_related("revision", "response")
    by_number = {each.position: each for each in asked}
    return [each for each in sent if each.number in by_number and _differs(by_number[each.number], each)]


def _differs(asked: AttemptQuestion, sent: SentResponse) -> bool:
    body = asked.revision.body
    try:
        return bool(normalise_response(body["type"], body, sent.value, asked.order) != asked.response.value)
    except InvalidResponse:
        return True


def _save(attempt: Attempt, asked: AttemptQuestion | None, sent: SentResponse, now: datetime) -> ResponseSaved:
    if asked is None:
        raise Missing(_("This attempt has no question %(number)s.") % {"number": sent.number})
    body, response = asked.revision.body, asked.response
    value = normalise_response(body["type"], body, sent.value, asked.order, where=f"question {sent.number}")
    if value != response.value:
        rows = Response.objects.filter(pk=response.pk, version=sent.version)
        if not rows.update(value=value, version=F("version") + 1, saved_at=now):
            raise ResponseConflict(
                number=sent.number,
                saved=public_value(body["type"], body, response.value, asked.order),
                sent=public_value(body["type"], body, value, asked.order),
                version=response.version,
                saved_at=response.saved_at,
            )
        response.value, response.version, response.saved_at = value, sent.version + 1, now
    mark = decimal_mark_of(attempt.enrolment.program.language)
    return ResponseSaved(
        number=sent.number,
        value=public_value(body["type"], body, response.value, asked.order),
        version=response.version,
        saved_at=response.saved_at,
        answered=is_answered(body["type"], body, response.value, decimal_mark=mark),
        remark=remark_on(body["type"], body, response.value, decimal_mark=mark),
    )
