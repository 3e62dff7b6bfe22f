"""Runs that could not be graded: back to their queue after a rest, given up after three times, tried again by staff."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from courses.services.enrolment import enrolment_lock
from grading.models import GradeEvent, GradingRun
from grading.services.ledger import Fact, ledger_append
from grading.services.runs import Claim, events_of, standing_score
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Refused
from waymark.core.feed import feed_append
from waymark.core.lease import LEASE_SECONDS
from waymark.core.ring import ring_after_commit

MOST_REQUEUES = 3
REST_SECONDS = (5, 30, 180)
"""How long a run rests after its first, second and third failure: a hiccup must not burn all three."""

State = GradingRun.State
Outcome = GradingRun.Outcome

GIVE_BACK = """
/* grading.runs.give_back */
UPDATE grading_gradingrun
SET state = 'queued', lease_until = NULL, requeues = requeues + 1, detail = %(detail)s::jsonb,
    not_before = clock_timestamp() + make_interval(secs => (%(rests)s::float[])[requeues + 1])
WHERE id = %(id)s AND claim = %(token)s AND state = 'claimed' AND requeues < %(most)s
"""


def run_give_back(*, claim: Claim, error: str, outcome: GradingRun.Outcome = Outcome.GRADER_ERROR) -> bool:
    """Return a run that could not be graded to its queue, or end it after three returns.

    Each time it rests longer before somebody takes it again (``REST_SECONDS``).

    :param error: kind of the failure, for staff; never content or names.
    :param outcome: whose failure it is when it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE_BACK,
            {
                "id": claim.run_id, "token": claim.token, "most": MOST_REQUEUES, "rests": list(REST_SECONDS),
                "detail": json.dumps({"error": error}),
            },
        )  # fmt: skip
        if cursor.rowcount == 1:
            return True
    return run_fail(run_id=claim.run_id, token=claim.token, outcome=outcome, error=error)


REQUEUE = """
/* grading.runs.requeue_expired */
UPDATE grading_gradingrun SET state = 'queued', lease_until = NULL, requeues = requeues + 1,
    not_before = lease_until + make_interval(secs => (%(rests)s::float[])[requeues + 1] - %(lease)s)
WHERE id IN (
    SELECT id FROM grading_gradingrun
    WHERE state = 'claimed' AND lease_until < clock_timestamp() AND requeues < %(most)s
    ORDER BY id FOR UPDATE SKIP LOCKED
)
RETURNING queue
"""
EXPIRED = """
/* grading.runs.expired */
SELECT id, claim FROM grading_gradingrun
WHERE state = 'claimed' AND lease_until < clock_timestamp() AND requeues >= %s ORDER BY id LIMIT 100
"""


def runs_requeue_expired() -> tuple[int, int]:
    """Put runs whose lease ran out back into their queues, at most three times each.

    They rest as after a failure; the time of the lease, in which nobody had them either, counts.

    :returns: how many were requeued, and how many were given up (staff are told).
    """
    with connection.cursor() as cursor:
        cursor.execute(REQUEUE, {"most": MOST_REQUEUES, "rests": list(REST_SECONDS), "lease": float(LEASE_SECONDS)})
        requeued = len(cursor.fetchall())
        cursor.execute(EXPIRED, [MOST_REQUEUES])
        over = cursor.fetchall()
    failed = [
        run_fail(run_id=run_id, token=token, outcome=Outcome.INFRASTRUCTURE, error="lease") for run_id, token in over
    ]
    return requeued, sum(failed)


@transaction.atomic
def run_fail(*, run_id: int, token: int, outcome: GradingRun.Outcome, error: str) -> bool:
    """Give a run up and tell staff; the attempt counts as not made.

    The answers stay; ``run_retry`` grades them later. False when the run is no
    longer the one that *token* names.
    """
    enrolment_id = GradingRun.objects.values_list("enrolment_id", flat=True).get(pk=run_id)
    enrolment = enrolment_lock(enrolment_id)
    failed = GradingRun.objects.filter(pk=run_id, claim=token, state=State.CLAIMED).update(
        state=State.FAILED, outcome=outcome, lease_until=None, detail={"error": error}
    )
    if not failed:
        return False
    run = GradingRun.objects.get(pk=run_id)
    if (waiting := waiting_event(run)) is not None:
        ledger_append(
            actor=Actor.system(), enrolment=enrolment, fact=withdrawal_of(run, waiting, {"outcome": outcome.value})
        )
    subject = f"run:{run.uuid}"
    audit_record(
        actor=Actor.system(), action="grading.failed", subject=subject, details={"outcome": outcome, "error": error}
    )
    feed_append(
        type="grading.failed",
        program_id=enrolment.program_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.pk,
        data={"run": str(run.uuid), "outcome": outcome.value},
    )
    return True


@transaction.atomic
def run_retry(*, actor: Actor, run: GradingRun) -> GradingRun:
    """Queue a run that was given up once more; the attempt counts again.

    ``run_not_failed`` (409) for any other run.
    """
    enrolment = enrolment_lock(run.enrolment_id)
    again = GradingRun.objects.filter(pk=run.pk, state=State.FAILED).update(
        state=State.QUEUED,
        outcome="",
        requeues=0,
        detail={},
        not_before=None,
        telling_until=None,
        told_at=None,
    )
    if not again:
        raise Refused(_("Only a grading run that failed can be tried again."), code="run_not_failed")
    run.refresh_from_db()
    withdrawn = (
        GradeEvent.objects.filter(
            enrolment_id=run.enrolment_id, kind=GradeEvent.Kind.WITHDRAWAL, supersedes=_hand_in(run)
        )
        .order_by("-sequence")
        .values_list("pk", flat=True)
        .first()
    )
    if withdrawn is not None:
        ledger_append(actor=actor, enrolment=enrolment, fact=withdrawal_of(run, withdrawn, {"retried": True}))
    audit_record(actor=actor, action="grading.retried", subject=f"run:{run.uuid}")
    ring_after_commit(run.queue)
    return run


def _hand_in(run: GradingRun) -> int | None:
    return events_of(run, GradeEvent.Kind.HANDED_IN).values_list("pk", flat=True).first()


def waiting_event(run: GradingRun) -> int | None:
    """The hand-in of work that has no score: what a failure or its learner takes back."""
    return None if standing_score(run) is not None else _hand_in(run)


def withdrawal_of(run: GradingRun, event_id: int, evidence: dict[str, Any]) -> Fact:
    """The fact that takes an event of what *run* grades back."""
    return Fact(
        kind=GradeEvent.Kind.WITHDRAWAL,
        activity_id=run.activity_id,
        revision_id=run.revision_id,
        release_id=run.release_id,
        supersedes=event_id,
        evidence={"run": str(run.uuid), **evidence},
    )
