"""The life of a grading run: queued, claimed, closed; every step by a conditional write.

The claim number is the fencing token. A worker that lost its lease finds its
number gone and writes nothing: not an error, somebody else got there first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessments.models import Attempt
from courses.models import Enrolment
from courses.services.enrolment import enrolment_lock
from grading.graders.base import Score
from grading.models import GradeEvent, GradingRun
from grading.selectors.regrades import Reasons, reasons_of
from grading.services.ledger import Fact, ledger_append
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Refused
from waymark.core.exact import exact, shown
from waymark.core.feed import feed_append
from waymark.core.lease import LEASE_SECONDS
from waymark.core.ring import ring_after_commit

MOST_REQUEUES = 3
REST_SECONDS = (5, 30, 180)
"""How long a run rests after its first, second and third failure: a hiccup must not burn all three."""

State = GradingRun.State
Outcome = GradingRun.Outcome


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in the hands of one worker. ``token`` is what every later write is conditional on."""

    run_id: int
    token: int
    uuid: UUID
    kind: str
    queue: str
    enrolment_id: int
    activity_id: int
    attempt_id: int
    attempt_number: int
    release_id: int
    revision_id: int


def run_queue(*, enrolment: Enrolment, attempt: Attempt) -> GradingRun:
    """Queue the first grading of a handed-in attempt, in the hand-in's own transaction.

    Locks the enrolment (a hand-in locks it first of all, see
    ``assessments.services``), tells the ledger that work waits, and rings the
    queue once the transaction is committed.
    """
    enrolment = enrolment_lock(enrolment.pk)
    run = GradingRun.objects.create(
        learner_id=enrolment.learner_id,
        enrolment=enrolment,
        activity_id=attempt.quiz_id,
        attempt=attempt,
        attempt_number=attempt.number,
        queue=GradingRun.Queue.QUIZ,
        release_id=attempt.release_id,
        revision_id=attempt.revision_id,
    )
    ledger_append(
        actor=Actor.system() if attempt.handed_in_by_id is None else Actor.person(attempt.handed_in_by_id),
        enrolment=enrolment,
        fact=Fact(
            kind=GradeEvent.Kind.HANDED_IN,
            activity_id=run.activity_id,
            revision_id=run.revision_id,
            release_id=run.release_id,
            attempt_id=attempt.pk,
            attempt_number=attempt.number,
            evidence={"run": str(run.uuid)},
        ),
    )
    ring_after_commit(run.queue)
    return run


# The quick way takes the oldest run of a learner who has none being graded; the
# second one, for when all who wait have one, counts.
CLAIM = """
/* grading.runs.claim */
WITH next AS MATERIALIZED (
    SELECT run.id FROM grading_gradingrun AS run
    WHERE run.state = 'queued' AND run.queue = %(queue)s AND {free}
        AND (run.not_before IS NULL OR run.not_before <= clock_timestamp())
    ORDER BY {order} run.queued_at, run.id
    LIMIT 1 FOR UPDATE OF run SKIP LOCKED
)
UPDATE grading_gradingrun AS run
SET state = 'claimed', claim = run.claim + 1, claimed_by = %(worker)s, claimed_at = clock_timestamp(),
    started_at = NULL, graded_at = NULL,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM next WHERE run.id = next.id
RETURNING run.id, run.claim, run.uuid, run.kind, run.queue, run.enrolment_id, run.activity_id, run.attempt_id,
    run.attempt_number, run.release_id, run.revision_id
"""
BUSY = (
    "SELECT {what} FROM grading_gradingrun AS other WHERE other.learner_id = run.learner_id AND other.state = 'claimed'"
)
CLAIM_OF_IDLE = CLAIM.format(free=f"NOT EXISTS ({BUSY.format(what='1')})", order="")
CLAIM_OF_ANY = CLAIM.format(free="TRUE", order=f"({BUSY.format(what='count(*)')}),")


def run_claim(*, queue: str, worker: str, lease: float = LEASE_SECONDS) -> Claim | None:
    """Take the next waiting run: of the learner with the fewest in work, then the oldest.

    :param worker: who takes it, for people who look at the row.
    :param lease: seconds on the database's clock until others may take it.
    :returns: None when nothing waits.
    """
    values: dict[str, str | float] = {"queue": queue, "worker": worker[:200], "lease": lease}
    with connection.cursor() as cursor:
        for statement in (CLAIM_OF_IDLE, CLAIM_OF_ANY):
            cursor.execute(statement, values)
            if row := cursor.fetchone():
                return Claim(*row)
    return None


def run_renew(*, claim: Claim, lease: float = LEASE_SECONDS) -> bool:
    """Prolong a lease from now on; False when the run is no longer this worker's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "/* grading.runs.renew */ UPDATE grading_gradingrun"
            " SET lease_until = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND claim = %s AND state = 'claimed'",
            [lease, claim.run_id, claim.token],
        )
        return bool(cursor.rowcount == 1)


class ScoreMovedError(Exception):
    """A regrade began with a score that does not stand any more; it begins anew."""


@transaction.atomic
def run_store(*, claim: Claim, score: Score, seconds_to_start: float = 0, seconds_to_grade: float = 0) -> bool:
    """Write a result with all that follows from it, once.

    A regrade that comes to the same writes no event. ``ScoreMovedError`` when another
    score stands for the attempt by now than the one that it was made from.

    :param seconds_to_start, seconds_to_grade: from the claim until grading began and ended.
    :returns: False when the run is no longer this worker's; then nothing was written.
    """
    enrolment = enrolment_lock(claim.enrolment_id)
    closed = _close(claim, score, seconds_to_start, seconds_to_grade)
    if not closed:
        return False
    standing, reasons = None, Reasons("", "")
    if claim.kind == GradingRun.Kind.REGRADE:
        standing = _standing_score(claim.attempt_id)
        if standing != score.replaces:
            raise ScoreMovedError
        if score.same:
            return True
        reasons = reasons_of(claim.run_id)
    ledger_append(
        actor=Actor.system(),
        enrolment=enrolment,
        fact=Fact(
            kind=GradeEvent.Kind.SCORE,
            activity_id=claim.activity_id,
            revision_id=claim.revision_id,
            release_id=claim.release_id,
            attempt_id=claim.attempt_id,
            attempt_number=claim.attempt_number,
            run_id=claim.run_id,
            share=score.share,
            out_of=score.out_of,
            supersedes=standing,
            evidence={"run": str(claim.uuid), "grader": score.grader, "version": score.version},
            reason_for_learner=reasons.for_learner,
            reason_for_staff=reasons.for_staff,
        ),
    )
    return True


CLOSE = """
/* grading.runs.close */
UPDATE grading_gradingrun
SET state = 'finished', outcome = 'scored', lease_until = NULL,
    started_at = claimed_at + make_interval(secs => %(start)s),
    graded_at = claimed_at + make_interval(secs => %(graded)s),
    stored_at = clock_timestamp(), grader = %(grader)s, grader_version = %(version)s,
    points_numerator = %(numerator)s, points_denominator = %(denominator)s, out_of = %(out_of)s,
    detail = %(detail)s::jsonb
WHERE id = %(id)s AND claim = %(token)s AND state = 'claimed'
"""


def _close(claim: Claim, score: Score, start: float, graded: float) -> bool:
    points = score.share * score.out_of
    with connection.cursor() as cursor:
        cursor.execute(
            CLOSE,
            {
                "id": claim.run_id, "token": claim.token, "start": start, "graded": graded,
                "grader": score.grader, "version": score.version, "out_of": shown(score.out_of),
                "numerator": points.numerator, "denominator": points.denominator, "detail": json.dumps(score.detail),
            },
        )  # fmt: skip
        return bool(cursor.rowcount == 1)


def _standing_score(attempt_id: int) -> int | None:
    """The newest score of an attempt."""
    return (
        GradeEvent.objects.filter(attempt_id=attempt_id, kind=GradeEvent.Kind.SCORE)
        .order_by("-sequence")
        .values_list("pk", flat=True)
        .first()
    )


GIVE_BACK = """
/* grading.runs.give_back */
UPDATE grading_gradingrun
SET state = 'queued', lease_until = NULL, requeues = requeues + 1, detail = %(detail)s::jsonb,
    not_before = clock_timestamp() + make_interval(secs => (%(rests)s::float[])[requeues + 1])
WHERE id = %(id)s AND claim = %(token)s AND state = 'claimed' AND requeues < %(most)s
"""


def run_give_back(*, claim: Claim, error: str) -> bool:
    """Return a run that could not be graded to its queue, or end it after three returns.

    Each time it rests longer before somebody takes it again (``REST_SECONDS``).

    :param error: kind of the failure, for staff; never content or names.
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
    return run_fail(run_id=claim.run_id, token=claim.token, outcome=Outcome.GRADER_ERROR, error=error)


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
    if (waiting := _waiting_event(run)) is not None:
        ledger_append(
            actor=Actor.system(), enrolment=enrolment, fact=_withdrawal(run, waiting, {"outcome": outcome.value})
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
        ledger_append(actor=actor, enrolment=enrolment, fact=_withdrawal(run, withdrawn, {"retried": True}))
    audit_record(actor=actor, action="grading.retried", subject=f"run:{run.uuid}")
    ring_after_commit(run.queue)
    return run


def _hand_in(run: GradingRun) -> int | None:
    return (
        GradeEvent.objects.filter(attempt_id=run.attempt_id, kind=GradeEvent.Kind.HANDED_IN)
        .values_list("pk", flat=True)
        .first()
    )


def _waiting_event(run: GradingRun) -> int | None:
    """The hand-in of an attempt that has no score: what a failure takes back."""
    return None if _standing_score(run.attempt_id) is not None else _hand_in(run)


def _withdrawal(run: GradingRun, event_id: int, evidence: dict[str, Any]) -> Fact:
    return Fact(
        kind=GradeEvent.Kind.WITHDRAWAL,
        activity_id=run.activity_id,
        revision_id=run.revision_id,
        release_id=run.release_id,
        supersedes=event_id,
        evidence={"run": str(run.uuid), **evidence},
    )


def run_points(run: GradingRun) -> Fraction | None:
    """Exact points of a scored run."""
    if run.points_numerator is None or run.points_denominator is None:
        return None
    return exact(run.points_numerator, run.points_denominator)
