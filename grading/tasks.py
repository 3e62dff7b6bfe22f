"""Celery's entry points. Each may be lost, doubled or killed at any line: the rows decide."""

from __future__ import annotations

import os
import socket

from celery import shared_task

from assessments.services.blobs import blobs_sweep
from assessments.services.closing import attempt_close_overdue
from grading import heartbeat as _heartbeat  # noqa: F401 - connects the worker's signals
from grading.models import GradingRun
from grading.sandbox.selection import chosen, sandbox_holds
from grading.services.grade import queue_drain
from grading.services.lab_health import SECONDS as LAB_SECONDS
from grading.services.lab_health import labs_try
from grading.services.regrades import regrades_finish, regrades_follow
from grading.services.stale import stale_refresh
from grading.services.sweep import sweep_once
from grading.services.telling import staff_told_of_failures
from waymark.core.ring import ring


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="grading.tasks.grade_quizzes")
def grade_quizzes() -> int:
    """Grade every quiz that waits; rings again when there are more than fit in one turn."""
    stored, more = queue_drain(queue=GradingRun.Queue.QUIZ, worker=_worker_name())
    if more:
        ring(GradingRun.Queue.QUIZ)
    return stored


CHECKS_SECONDS = 1800
"""A lab may have many checks, each with its own limit of time; this only ends what hangs."""


@shared_task(name="grading.tasks.run_checks", soft_time_limit=CHECKS_SECONDS, time_limit=CHECKS_SECONDS + 60)
def run_checks() -> int:
    """Run the checks of every submission that waits, where a sandbox holds; elsewhere they go on waiting."""
    return _checks(GradingRun.Queue.CHECKS)


@shared_task(name="grading.tasks.run_checks_gpu", soft_time_limit=CHECKS_SECONDS, time_limit=CHECKS_SECONDS + 60)
def run_checks_gpu() -> int:
    """The same on machines with a GPU."""
    return _checks(GradingRun.Queue.CHECKS_GPU)


def _checks(queue: GradingRun.Queue) -> int:
    if not sandbox_holds():
        return 0
    stored, more = queue_drain(queue=queue, worker=_worker_name())
    if more:
        ring(queue)
    return stored


@shared_task(name="grading.tasks.grade_again")
def grade_again() -> int:
    """Grade again what regrades wait for, and close those that are through."""
    stored, more = queue_drain(queue=GradingRun.Queue.REGRADE, worker=_worker_name())
    if more:
        ring(GradingRun.Queue.REGRADE)
    regrades_finish()
    return stored


@shared_task(name="grading.tasks.follow_regrades")
def follow_regrades() -> int:
    """Every minute: attempts that were begun before a release and are graded by now join its regrade."""
    return regrades_follow()


@shared_task(name="grading.tasks.sweep")
def sweep() -> dict[str, int]:
    """Every few seconds: what was lost is found again (``grading.services.sweep``)."""
    return sweep_once(close_overdue=attempt_close_overdue)


@shared_task(name="grading.tasks.sweep_blobs")
def sweep_blobs() -> int:
    """Every hour: contents that no submission names are taken back."""
    return blobs_sweep()


@shared_task(name="grading.tasks.tell_staff")
def tell_staff() -> int:
    """Every few seconds: staff are written to about work that could not be graded; apart from the sweep,
    which must not wait for a mail server."""
    return staff_told_of_failures()


@shared_task(name="grading.tasks.try_labs", soft_time_limit=LAB_SECONDS, time_limit=LAB_SECONDS + 30)
def try_labs() -> str | None:
    """Every minute, by a worker of checks that no learner waits for: the next released lab is tried."""
    return labs_try(chosen()) if sandbox_holds() else None


@shared_task(name="grading.tasks.refresh_progress")
def refresh_progress() -> int:
    """Every minute: progress that is behind a new release or newly bound rules catches up, in batches."""
    return stale_refresh()
