"""What grading does when work is handed in, in the transaction of the hand-in."""

from __future__ import annotations

from typing import Any

from assessments.models import Attempt, Submission
from grading.services.runs import run_queue


def queue_handed_in_work(sender: Any, *, attempt: Attempt, **kwargs: Any) -> None:
    """Queue the grading of an attempt; a failure here undoes the hand-in."""
    run_queue(enrolment=attempt.enrolment, work=attempt)


def queue_submitted_work(sender: Any, *, submission: Submission, **kwargs: Any) -> None:
    """Queue the checks of a submission; a failure here undoes the hand-in."""
    run_queue(enrolment=submission.enrolment, work=submission)
