"""Results that people give: the same runs, claims and ledger as those of workers."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from assessments.models import Submission
from grading.graders.base import Score
from grading.models import GradingRun
from grading.selectors.regrades import Reasons
from grading.services.runs import Claim, run_store
from waymark.core.actors import Actor
from waymark.core.lease import LEASE_SECONDS


def run_by_person(submission: Submission) -> GradingRun:
    """A further run of a hand-in whose result a person changes; the newest one is shown."""
    return GradingRun.objects.create(
        learner_id=submission.enrolment.learner_id, enrolment_id=submission.enrolment_id,
        activity_id=submission.activity_id, submission=submission, attempt_number=submission.number,
        kind=GradingRun.Kind.REVIEW, queue=GradingRun.Queue.PEOPLE, release_id=submission.release_id,
        revision_id=submission.revision_id,
    )  # fmt: skip


def run_store_by(actor: Actor, run: GradingRun, score: Score, reasons: Reasons | None = None) -> bool:
    """Claim a run that waits for people and store its result, in the caller's transaction.

    :returns: False when it does not wait any more; then nothing was written.
    """
    taken = GradingRun.objects.filter(pk=run.pk, state=GradingRun.State.QUEUED).update(
        state=GradingRun.State.CLAIMED, claim=F("claim") + 1, claimed_by=actor.label, claimed_at=Now(),
        lease_until=Now() + timedelta(seconds=LEASE_SECONDS),
    )  # fmt: skip
    if not taken:
        return False
    run.refresh_from_db()
    claim = Claim(
        run.pk, run.claim, run.uuid, run.kind, run.queue, run.enrolment_id, run.activity_id, None, run.submission_id,
        run.attempt_number, run.release_id, run.revision_id,
    )  # fmt: skip
    stored = run_store(claim=claim, score=score, actor=actor, reasons=reasons)
    assert stored, "it was claimed in this transaction"
    return True
