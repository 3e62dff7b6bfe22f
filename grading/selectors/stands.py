"""Whether the result of a submission would come out again."""

from __future__ import annotations

from assessments.models import Submission
from grading.checks.registry import kit_version
from grading.models import GradingRun
from grading.sandbox.health import images_of_today

REUSED = ("passed", "failed")
"""Outcomes of a run that are reused: what ran into a limit may fare better the next time."""


def result_stands(submission: Submission) -> bool:
    """Whether handing in the same work again would only repeat what is known, or is being found out.

    A run that waits or is under way will tell. One that is through stands when its
    work passed or failed and it was checked by the kit of today, in an image that some
    worker has today; one that was given up or cancelled does not. What people looked at
    has no image.
    """
    run = GradingRun.objects.filter(submission=submission).order_by("-pk").first()
    if run is None or run.state in (GradingRun.State.FAILED, GradingRun.State.CANCELLED):
        return False
    if run.state != GradingRun.State.FINISHED:
        return True
    if run.detail.get("outcome") not in REUSED or run.detail.get("kit_version") != kit_version():
        return False
    image, today = run.detail.get("image"), images_of_today()
    return not image or not today or image in today
