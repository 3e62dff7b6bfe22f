"""Commits that wait to be fetched, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection

from assessments.models import Fetch

WAITED_TOO_LONG = timedelta(minutes=10)
GIVEN_UP_LATELY = timedelta(days=1)
"""How long a fault of ours is news to operators; to staff a run that was given up stays on their page."""

COUNT = """
/* assessments.fetches.count */
SELECT
    (SELECT count(*) FROM assessments_fetch WHERE state = 'waiting'),
    (SELECT extract(epoch FROM clock_timestamp() - min(queued_at)) FROM assessments_fetch WHERE state = 'waiting'),
    (SELECT count(*) FROM assessments_fetch WHERE state = 'working'),
    (SELECT extract(epoch FROM clock_timestamp() - max(ended_at)) FROM assessments_fetch WHERE problem = ANY(%s))
"""


def is_stuck(longest_wait: float, last_failure: float | None) -> bool:
    """Whether a queue does not get on: seconds that its oldest waits, and since the last fault of ours."""
    lately = last_failure is not None and last_failure < GIVEN_UP_LATELY.total_seconds()
    return lately or longest_wait > WAITED_TOO_LONG.total_seconds()


@dataclass(frozen=True, slots=True)
class Fetches:
    """How many commits are under way.

    :param longest_wait: seconds that the oldest has waited for a worker.
    :param last_failure: seconds since one could not be fetched by a fault of ours, None if none ever was.
    """

    waiting: int
    longest_wait: float
    working: int
    last_failure: float | None

    @property
    def stuck(self) -> bool:
        return is_stuck(self.longest_wait, self.last_failure)


def fetches_count() -> Fetches:
    """One query on the indexes of what is under way; clocks are the database's."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(Fetch.OURS)])
        [(waiting, wait, working, failure)] = cursor.fetchall()
    return Fetches(waiting, float(wait or 0), working, None if failure is None else float(failure))


def fetches_check() -> str:
    """For ``/readyz``: ``ok``, or ``stuck`` while a commit waits too long or a fault of ours ended one within a day."""
    try:
        return "stuck" if fetches_count().stuck else "ok"
    except DatabaseError:
        return "missing"
