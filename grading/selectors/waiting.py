"""When a run that waits for checks will be through: what is taken before it, and how long such work took lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from grading.models import GradingRun
from grading.sandbox.health import NONE
from waymark.core.models import WorkerHeartbeat

WORKER_SEEN = timedelta(seconds=30)
MEASURED = 20
"""Runs of a lab that its time is the mean of; a lab that never ran is taken for the mean of its queue."""

# The order is the one of grading.services.runs: who has fewer in work and before this one, then who was served
# longer ago. What rests after a failure is not counted; it may be taken before or after.
WAIT = """
/* grading.selectors.waiting */
WITH here AS (
    SELECT run.id, run.learner_id, run.activity_id, run.state, run.queued_at, run.claimed_at
    FROM grading_gradingrun AS run
    WHERE run.queue = %(queue)s AND (run.state = 'claimed' OR run.state = 'queued'
        AND (run.id = %(id)s OR run.not_before IS NULL OR run.not_before <= clock_timestamp()))
), took AS (
    SELECT activity.activity_id, coalesce(own.seconds, everything.seconds) AS seconds
    FROM (SELECT DISTINCT activity_id FROM here) AS activity
    LEFT JOIN LATERAL (
        SELECT avg(extract(epoch FROM stored_at - claimed_at)) AS seconds FROM (
            SELECT stored_at, claimed_at FROM grading_gradingrun AS done
            WHERE done.activity_id = activity.activity_id AND done.queue = %(queue)s AND done.state = 'finished'
            ORDER BY done.id DESC LIMIT %(measured)s
        ) AS recent
    ) AS own ON TRUE
    CROSS JOIN (
        SELECT avg(extract(epoch FROM stored_at - claimed_at)) AS seconds FROM (
            SELECT stored_at, claimed_at FROM grading_gradingrun AS done
            WHERE done.queue = %(queue)s AND done.state = 'finished' ORDER BY done.id DESC LIMIT %(measured)s
        ) AS recent
    ) AS everything
), turns AS (
    SELECT here.id, took.seconds,
        row_number() OVER mine + (
            SELECT count(*) FROM here AS busy WHERE busy.learner_id = here.learner_id AND busy.state = 'claimed'
        ) AS turn,
        greatest(first_value(here.queued_at) OVER mine, served.at) AS since
    FROM here JOIN took USING (activity_id)
    LEFT JOIN LATERAL (
        SELECT greatest(other.claimed_at, other.stored_at) AS at FROM grading_gradingrun AS other
        WHERE other.learner_id = here.learner_id AND other.queue = %(queue)s AND other.claimed_at IS NOT NULL
        ORDER BY other.claimed_at DESC LIMIT 1
    ) AS served ON TRUE
    WHERE here.state = 'queued'
    WINDOW mine AS (PARTITION BY here.learner_id ORDER BY here.queued_at, here.id)
), this AS (SELECT * FROM turns WHERE id = %(id)s),
ahead AS (SELECT turns.* FROM turns, this WHERE (turns.turn, turns.since, turns.id) < (this.turn, this.since, this.id))
SELECT (SELECT count(*) FROM ahead), (SELECT seconds FROM this),
    coalesce((SELECT sum(seconds) FROM ahead), 0) + coalesce((
        SELECT sum(greatest(0, took.seconds - extract(epoch FROM clock_timestamp() - here.claimed_at)))
        FROM here JOIN took USING (activity_id) WHERE here.state = 'claimed'
    ), 0)
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """:param ahead: runs that are taken before it, as things stand.

    :param seconds: until its result is expected; None where nothing was measured yet, or nobody is there.
    """

    ahead: int
    seconds: float | None


def wait_for_checks(run: GradingRun, *, workers: int) -> Wait:
    """How long a queued run of checks will take, with *workers* at once. One query.

    Work that comes in later may be taken before the second of somebody's own, so a place is no promise.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAIT, {"queue": run.queue, "id": run.pk, "measured": MEASURED})
        ahead, own, before = cursor.fetchone()
    if own is None or not workers:
        return Wait(ahead, None)
    return Wait(ahead, float(before) / workers + float(own))


def workers_of(queue: str) -> int:
    """How many runs of *queue* are taken at once, by the workers that gave a sign of life; of checks with a sandbox."""
    seen = WorkerHeartbeat.objects.filter(seen_at__gt=Now() - WORKER_SEEN)
    rows = seen.values_list("queues", "processes", "sandbox")
    if queue in (GradingRun.Queue.CHECKS, GradingRun.Queue.CHECKS_GPU):
        rows = rows.exclude(Q(sandbox="") | Q(sandbox__startswith=NONE))
    return sum(processes for queues, processes, _ in rows if queue in queues.split(","))
