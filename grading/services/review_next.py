"""The next review: no two people get the same one."""

from __future__ import annotations

from typing import Final

from assessments.models import Review
from grading.selectors.review_queue import ALL, QueueFilters, projects_free
from grading.services.review_drafts import review_begin
from waymark.core.actors import Actor
from waymark.core.errors import Refused

MOST_TRIES: Final = 20
"""How often somebody else may be first; then the queue is looked at again by hand."""


def review_next(*, actor: Actor, filters: QueueFilters = ALL) -> Review | None:
    """Begin the review that has waited longest and that nobody has; None where there is none.

    Whoever locks the enrolment first has it; the other one gets the one after.
    """
    passed: list[int] = []
    for _try in range(MOST_TRIES):
        run = projects_free(actor, filters).exclude(pk__in=passed).first()
        if run is None or run.submission is None:
            return None
        passed.append(run.pk)
        try:
            review = review_begin(actor=actor, submission=run.submission)
        except Refused:
            # Taken back, or released, a moment ago.
            continue
        if review.reviewer_id == actor.user_id:
            return review
    return None
