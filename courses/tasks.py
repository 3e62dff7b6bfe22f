"""Celery's entry points. Each may be lost, doubled or killed at any line: the rows decide."""

from __future__ import annotations

import os
import socket

from celery import shared_task

from courses.services.import_sweep import job_files_forget, jobs_requeue_expired, jobs_ring
from courses.services.import_work import SECONDS, job_do
from courses.services.imports import QUEUE
from waymark.core.ring import ring
from waymark.core.stored import orphans_sweep


@shared_task(name="courses.tasks.imports_do", soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def imports_do() -> bool:
    """Do the next import that waits, and ring for the one after it."""
    done = job_do(worker=f"{socket.gethostname()}:{os.getpid()}")
    if done:
        ring(QUEUE)
    return done


@shared_task(name="courses.tasks.imports_sweep")
def imports_sweep() -> dict[str, int]:
    """Every few seconds: lost jobs are taken up again, and files go when their time is over."""
    return {"expired": jobs_requeue_expired(), "rung": int(jobs_ring()), "forgotten": job_files_forget()}


@shared_task(name="courses.tasks.sweep_stored")
def sweep_stored() -> int:
    """Every hour: contents of files that no apply came to name are taken back."""
    return orphans_sweep()
