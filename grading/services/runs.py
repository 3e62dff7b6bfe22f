"""The life of a grading run: queued, claimed, closed; every step by a conditional write.

The claim number is the fencing token. A worker that lost its lease finds its
number gone and writes nothing: not an error, somebody else got there first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from assessments.curriculum.checks import BY_PEOPLE
from assessments.models import Attempt, Submission
from courses.models import Activity, Enrolment
from courses.services.enrolment import enrolment_lock
from grading.checks.kinds.gpu_script import KIND as GPU
from grading.graders.base import Score
from grading.models import CheckResult, GradeEvent, GradingRun
from grading.selectors.regrades import Reasons, reasons_of
from grading.services.ledger import Fact, ledger_append
from waymark.core.actors import Actor
from waymark.core.exact import exact, shown
from waymark.core.lease import LEASE_SECONDS
from waymark.core.ring import ring_after_commit


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
    attempt_id: int | None
    submission_id: int | None
    attempt_number: int
    release_id: int
    revision_id: int


def run_queue(*, enrolment: Enrolment, work: Attempt | Submission) -> GradingRun:
    """Queue the first grading of what was handed in, in the hand-in's own transaction.

    Locks the enrolment (a hand-in locks it first of all, see
    ``assessments.services``), tells the ledger that work waits, and rings the
    queue once the transaction is committed.
    """
    enrolment = enrolment_lock(enrolment.pk)
    attempt_id, submission_id, activity_id, queue = None, None, 0, GradingRun.Queue.QUIZ
    if isinstance(work, Attempt):
        attempt_id, activity_id = work.pk, work.quiz_id
    else:
        submission_id, activity_id, queue = work.pk, work.activity_id, _queue_of(work)
    run = GradingRun.objects.create(
        learner_id=enrolment.learner_id,
        enrolment=enrolment,
        activity_id=activity_id,
        attempt_id=attempt_id,
        submission_id=submission_id,
        attempt_number=work.number,
        queue=queue,
        release_id=work.release_id,
        revision_id=work.revision_id,
    )
    ledger_append(
        actor=Actor.system() if work.handed_in_by_id is None else Actor.person(work.handed_in_by_id),
        enrolment=enrolment,
        fact=Fact(
            kind=GradeEvent.Kind.HANDED_IN,
            activity_id=run.activity_id,
            revision_id=run.revision_id,
            release_id=run.release_id,
            attempt_id=attempt_id,
            submission_id=submission_id,
            attempt_number=work.number,
            evidence={"run": str(run.uuid)},
        ),
    )
    if queue != GradingRun.Queue.PEOPLE:
        ring_after_commit(run.queue)
    return run


def _queue_of(submission: Submission) -> GradingRun.Queue:
    """Who judges it: people a project and checks that are theirs, else workers, with a GPU where one needs it."""
    if submission.activity.kind == Activity.Kind.PROJECT:
        return GradingRun.Queue.PEOPLE
    types = set(submission.checks.values_list("revision__body__type", flat=True))
    if types & BY_PEOPLE:
        return GradingRun.Queue.PEOPLE
    return GradingRun.Queue.CHECKS_GPU if GPU.name in types else GradingRun.Queue.CHECKS


# The quick way takes a run of a learner who has none being graded; the second one,
# for when all who wait have one, counts. Checks take seconds and more, so there a
# learner's next run is as old as the end of the one before: everybody gets a turn,
# also where a single worker is there. Quizzes take milliseconds: the oldest first.
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
    run.submission_id, run.attempt_number, run.release_id, run.revision_id
"""
BUSY = (
    "SELECT {what} FROM grading_gradingrun AS other WHERE other.learner_id = run.learner_id AND other.state = 'claimed'"
)
IDLE, FEWEST = f"NOT EXISTS ({BUSY.format(what='1')})", f"({BUSY.format(what='count(*)')}),"
SERVED = """greatest(run.queued_at, (
        SELECT greatest(served.claimed_at, served.stored_at) FROM grading_gradingrun AS served
        WHERE served.learner_id = run.learner_id AND served.queue = run.queue AND served.claimed_at IS NOT NULL
        ORDER BY served.claimed_at DESC LIMIT 1
    )),"""
OLDEST_FIRST = (CLAIM.format(free=IDLE, order=""), CLAIM.format(free="TRUE", order=FEWEST))
IN_TURN = (CLAIM.format(free=IDLE, order=SERVED), CLAIM.format(free="TRUE", order=FEWEST + SERVED))
CHECKS = (GradingRun.Queue.CHECKS, GradingRun.Queue.CHECKS_GPU)


def run_claim(*, queue: str, worker: str, lease: float = LEASE_SECONDS) -> Claim | None:
    """Take the next waiting run: of the learner with the fewest in work; of checks in turn; then the oldest.

    :param worker: who takes it, for people who look at the row.
    :param lease: seconds on the database's clock until others may take it.
    :returns: None when nothing waits.
    """
    values: dict[str, str | float] = {"queue": queue, "worker": worker[:200], "lease": lease}
    with connection.cursor() as cursor:
        for statement in IN_TURN if queue in CHECKS else OLDEST_FIRST:
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
def run_store(
    *, claim: Claim, score: Score, seconds_to_start: float = 0, seconds_to_grade: float = 0,
    actor: Actor | None = None, reasons: Reasons | None = None,
) -> bool:  # fmt: skip
    """Write a result with all that follows from it, once.

    A regrade that comes to the same writes no event. ``ScoreMovedError`` when another
    score stands for the attempt by now than the one that it was made from.

    :param seconds_to_start, seconds_to_grade: from the claim until grading began and ended.
    :param actor: the person who gives the result; without one a worker does.
    :param reasons: why a corrected review changes the score.
    :returns: False when the run is no longer this worker's; then nothing was written.
    """
    enrolment = enrolment_lock(claim.enrolment_id)
    closed = _close(claim, score, seconds_to_start, seconds_to_grade)
    if not closed:
        return False
    _keep_checks(claim, score)
    standing, reasons = None, reasons or Reasons("", "")
    if claim.kind == GradingRun.Kind.REGRADE:
        standing = standing_score(claim)
        if standing != score.replaces:
            raise ScoreMovedError
        if score.same:
            return True
        reasons = reasons_of(claim.run_id)
    elif claim.kind == GradingRun.Kind.REVIEW:
        standing = standing_score(claim)
    ledger_append(
        actor=actor or Actor.system(),
        enrolment=enrolment,
        fact=Fact(
            kind=GradeEvent.Kind.SCORE,
            activity_id=claim.activity_id,
            revision_id=claim.revision_id,
            release_id=claim.release_id,
            attempt_id=claim.attempt_id,
            submission_id=claim.submission_id,
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


def _keep_checks(claim: Claim, score: Score) -> None:
    points = [each.share * each.out_of for each in score.checks]
    CheckResult.objects.bulk_create(
        CheckResult(
            run_id=claim.run_id,
            position=place,
            lab_check_id=each.check_id,
            revision_id=each.revision_id,
            outcome=each.outcome,
            points_numerator=earned.numerator,
            points_denominator=earned.denominator,
            out_of=shown(each.out_of),
            message=each.message,
            detail=each.detail,
        )
        for place, (each, earned) in enumerate(zip(score.checks, points, strict=True), 1)
    )


def events_of(work: Claim | GradingRun, kind: GradeEvent.Kind) -> QuerySet[GradeEvent]:
    """Events of the attempt or the submission that a run grades."""
    events = GradeEvent.objects.filter(kind=kind)
    if work.attempt_id is not None:
        return events.filter(attempt=work.attempt_id)
    assert work.submission_id is not None, "a run is of one work"
    return events.filter(submission=work.submission_id)


def standing_score(work: Claim | GradingRun) -> int | None:
    """The newest score of what a run grades."""
    scores = events_of(work, GradeEvent.Kind.SCORE)
    return scores.order_by("-sequence").values_list("pk", flat=True).first()


def run_points(run: GradingRun) -> Fraction | None:
    """Exact points of a scored run."""
    if run.points_numerator is None or run.points_denominator is None:
        return None
    return exact(run.points_numerator, run.points_denominator)
