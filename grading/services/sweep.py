"""Finding what was lost: expired leases, queues nobody rang, unstamped entries, overdue attempts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Q
from django.db.models.functions import Now

from grading.models import GradingRun
from grading.services.giving_back import runs_requeue_expired
from waymark.core.feed import feed_stamp
from waymark.core.ring import ring

log = structlog.get_logger(__name__)

UNRUNG_AFTER = timedelta(seconds=2)
MOST_RINGS = 4
STAMP_BATCH = 5000


def sweep_once(*, close_overdue: Callable[[], int]) -> dict[str, int]:
    """One round; each part is done even when another one fails.

    :param close_overdue: closes attempts whose time is over, returns how many.
    :returns: how much each part did.
    """
    done: dict[str, int] = {}
    parts: tuple[tuple[str, Callable[[], int]], ...] = (
        ("closed", close_overdue),
        ("requeued", lambda: sum(runs_requeue_expired())),
        ("rung", rings_for_waiting),
        ("stamped", feed_stamp_all),
    )
    for name, part in parts:
        try:
            done[name] = part()
        except DatabaseError:
            log.exception("sweep_part_failed", part=name)
            done[name] = -1
    return done


def rings_for_waiting() -> int:
    """Ring every queue in which something has waited for longer than a ring takes.

    :returns: how many rings were heard by the broker.
    """
    waiting = (
        GradingRun.objects.filter(
            Q(not_before=None) | Q(not_before__lte=Now()),
            state=GradingRun.State.QUEUED,
            queue__in=settings.CELERY_RINGS,
            queued_at__lt=Now() - UNRUNG_AFTER,
        )
        .values_list("queue")
        .annotate(runs=Count("pk"))
    )
    return sum(ring(queue) for queue, runs in waiting for _ in range(min(runs, MOST_RINGS)))


def feed_stamp_all() -> int:
    """Stamp everything that is committed; several batches when much came at once."""
    total = 0
    while True:
        stamped = feed_stamp(limit=STAMP_BATCH)
        total += stamped
        if stamped < STAMP_BATCH:
            return total
