"""Celery's entry points. Each may be lost, doubled or killed at any line: the rows decide."""

from __future__ import annotations

import os
import socket

from celery import shared_task

from assessments.services.fetching import QUEUE, fetch_do, fetches_requeue_expired, fetches_ring
from assessments.submissions.repositories import SECONDS
from waymark.core.ring import ring


@shared_task(name="assessments.tasks.fetches_do", soft_time_limit=SECONDS * 2, time_limit=SECONDS * 2 + 30)
def fetches_do() -> bool:
    """Fetch the next commit that waits, and ring for the one after it."""
    done = fetch_do(worker=f"{socket.gethostname()}:{os.getpid()}")
    if done:
        ring(QUEUE)
    return done


@shared_task(name="assessments.tasks.fetches_sweep")
def fetches_sweep() -> dict[str, int]:
    """Every few seconds: commits whose worker is gone are fetched again, and queues nobody rang are rung."""
    return {"expired": fetches_requeue_expired(), "rung": int(fetches_ring())}
