"""What a worker does: take waiting runs one after the other, grade, store."""

from __future__ import annotations

import time

import structlog

from grading.graders.again import score_again
from grading.graders.base import Score
from grading.graders.lab import grade_submission
from grading.graders.quiz import grade_attempt
from grading.models import GradingRun
from grading.sandbox.contract import SandboxUnavailable
from grading.selectors.regrades import work_of
from grading.services.giving_back import run_give_back
from grading.services.runs import Claim, run_claim, run_renew, run_store
from waymark.core.blobs import BlobDamaged
from waymark.core.lease import LeaseKeeper

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 30.0


def queue_drain(*, queue: str, worker: str, seconds: float = DRAIN_SECONDS) -> tuple[int, bool]:
    """Grade what waits in *queue* until nothing does, or until *seconds* are over.

    :param worker: name of who does it, kept on the run.
    :returns: how many runs were graded and stored, and whether more may wait.
    """
    stored = 0
    until = time.monotonic() + seconds
    keeper = LeaseKeeper[Claim](lambda claim: run_renew(claim=claim))
    try:
        while (claim := run_claim(queue=queue, worker=worker)) is not None:
            with keeper.holding(claim):
                stored += _grade_one(claim)
            if time.monotonic() >= until:
                return stored, True
        return stored, False
    finally:
        keeper.close()


def _grade_one(claim: Claim) -> bool:
    """Grade one run outside any transaction, then store it in one.

    Whatever fails on the way, content or infrastructure, the run goes back three
    times with a growing rest, then to staff. A failure that takes the database
    along ends the whole drain; then the lease runs out, which is the same way back.
    """
    began = time.monotonic()
    try:
        score = _score(claim)
        stored = run_store(claim=claim, score=score, seconds_to_grade=time.monotonic() - began)
    except Exception as error:
        log.exception("grader_failed", run=str(claim.uuid))
        ours = isinstance(error, (SandboxUnavailable, BlobDamaged))
        outcome = GradingRun.Outcome.INFRASTRUCTURE if ours else GradingRun.Outcome.GRADER_ERROR
        run_give_back(claim=claim, error=type(error).__name__, outcome=outcome)
        return False
    if not stored:
        log.warning("run_lost", run=str(claim.uuid), claim=claim.token)
    return stored


def _score(claim: Claim) -> Score:
    if claim.submission_id is not None:
        return grade_submission(claim.submission_id)
    if claim.kind != GradingRun.Kind.REGRADE:
        assert claim.attempt_id is not None, "a run of an attempt"
        return grade_attempt(claim.attempt_id)
    run = GradingRun.objects.select_related("regrade__release__program").get(pk=claim.run_id)
    work = work_of(run)
    return score_again(work.scored, work.corrections)
