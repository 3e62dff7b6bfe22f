"""What was handed in for a lab or a project, and a commit under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.models import Fetch, Submission
from courses.models import Enrolment
from grading.models import GradingRun
from grading.selectors.checks import outcome_word
from grading.selectors.standing import scores_of


@dataclass(frozen=True, slots=True)
class HandInLine:
    number: int
    state: str
    word: str
    figure: str
    at: datetime
    url: str


def fetch_shown(enrolment: Enrolment, activity_id: int, submissions: list[Submission]) -> Fetch | None:
    """A commit under way; one that failed until something was handed in after it."""
    newest = Fetch.objects.filter(enrolment=enrolment, activity=activity_id).first()
    if newest is None or newest.state in (Fetch.State.HANDED_IN, Fetch.State.CANCELLED):
        return None
    over = any(each.handed_in_at >= newest.asked_at for each in submissions)
    return newest if newest.is_under_way or not over else None


def hand_in_lines(enrolment: Enrolment, activity_id: int, submissions: list[Submission]) -> tuple[HandInLine, ...]:
    scores = scores_of(enrolment, activity_id)
    runs = (
        GradingRun.objects.filter(submission__in=submissions)
        .order_by("pk")
        .values_list("submission_id", "state", "detail__outcome")
    )
    newest = {submission_id: (state, outcome) for submission_id, state, outcome in runs}
    lines = []
    for each in submissions:
        run_state, outcome = newest.get(each.pk, (GradingRun.State.QUEUED, None))
        state, word = ("waiting", "")
        if run_state == GradingRun.State.FINISHED:
            state, word = outcome_word(outcome) if outcome else ("done", _("Reviewed"))
        elif run_state == GradingRun.State.FAILED:
            state, word = ("warn", "")
        elif run_state == GradingRun.State.CANCELLED:
            state, word = ("open", _("Taken back"))
        elif run_state == GradingRun.State.CLAIMED:
            state, word = ("running", "")
        lines.append(
            HandInLine(
                each.number, state, word, scores.get(each.number, ""), each.handed_in_at, each.get_absolute_url()
            )
        )
    return tuple(lines)
