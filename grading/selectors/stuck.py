"""Grading that does not get on: what waits for too long, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from assessments.selectors.fetches import is_stuck
from courses.access import enrolments_staffed_by
from grading.models import GradingRun
from waymark.core.actors import Actor

COUNT = """
/* grading.stuck.count */
SELECT 'queued', count(*), extract(epoch FROM clock_timestamp() - min(greatest(queued_at, not_before)))
FROM grading_gradingrun WHERE state = 'queued' AND queue <> 'grading.people'
    AND (not_before IS NULL OR not_before <= clock_timestamp())
UNION ALL
SELECT 'resting', count(*), NULL FROM grading_gradingrun WHERE state = 'queued' AND not_before > clock_timestamp()
UNION ALL
SELECT 'claimed', count(*), NULL FROM grading_gradingrun WHERE state = 'claimed'
UNION ALL
SELECT 'failed', count(*), extract(epoch FROM clock_timestamp() - max(claimed_at))
FROM grading_gradingrun WHERE state = 'failed'
"""


@dataclass(frozen=True, slots=True)
class Runs:
    """How many runs are in each state, over all programs.

    :param counts: of ``queued``, ``resting`` (between two tries), ``claimed``, ``failed``.
    :param longest_wait: seconds that the oldest takeable run has waited.
    :param last_failure: seconds since the last try of the newest run that was given up, None without any.
    """

    counts: dict[str, int]
    longest_wait: float
    last_failure: float | None

    @property
    def stuck(self) -> bool:
        """What waits for people is not counted: nobody looks at work within minutes."""
        return is_stuck(self.longest_wait, self.last_failure)


def runs_count() -> Runs:
    """One query on the indexes of runs that are not finished; clocks are the database's."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        rows = {state: (count, seconds) for state, count, seconds in cursor.fetchall()}
    wait, failure = rows["queued"][1], rows["failed"][1]
    return Runs(
        {state: count for state, (count, _) in rows.items()},
        0.0 if wait is None else float(wait),
        None if failure is None else float(failure),
    )


def grading_check() -> str:
    """For ``/readyz``: ``ok``, or ``stuck`` while work waits too long or was given up within a day."""
    try:
        return "stuck" if runs_count().stuck else "ok"
    except DatabaseError:
        return "missing"


def runs_given_up(actor: Actor) -> QuerySet[GradingRun]:
    """Runs that were given up, of the enrolments that *actor* is staff of; what the list shows is selected."""
    rows = GradingRun.objects.filter(state=GradingRun.State.FAILED, enrolment__in=enrolments_staffed_by(actor))
    return rows.select_related(
        "enrolment__learner", "enrolment__program", "enrolment__cohort", "activity", "attempt", "submission"
    )
