"""Celery's settings: queues by kind, bounded waiting, at-least-once delivery.

Every task claims its work in the database first, so a message that is lost or
delivered twice changes nothing (docs/architecture.md, "From hand-in to
dashboard"). Times are in seconds.
"""

import os
from typing import Any

from waymark.core.environment import redis_url

__all__ = [
    "CELERY_ACCEPT_CONTENT",
    "CELERY_BEAT_SCHEDULE",
    "CELERY_BEAT_SCHEDULER",
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP",
    "CELERY_BROKER_TRANSPORT_OPTIONS",
    "CELERY_BROKER_URL",
    "CELERY_RINGS",
    "CELERY_TASK_ACKS_LATE",
    "CELERY_TASK_DEFAULT_QUEUE",
    "CELERY_TASK_IGNORE_RESULT",
    "CELERY_TASK_REJECT_ON_WORKER_LOST",
    "CELERY_TASK_ROUTES",
    "CELERY_TASK_SERIALIZER",
    "CELERY_TASK_SOFT_TIME_LIMIT",
    "CELERY_TASK_TIME_LIMIT",
    "CELERY_TIMEZONE",
    "CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS",
    "CELERY_WORKER_HIJACK_ROOT_LOGGER",
    "CELERY_WORKER_PREFETCH_MULTIPLIER",
    "CELERY_WORKER_SEND_TASK_EVENTS",
    "QUEUES",
]

QUEUES = ("grading.quiz", "grading.checks", "grading.checks.gpu", "grading.regrade", "imports", "fetches", "default")


def broker_url(url: str) -> str:
    """kombu spells a Unix socket ``redis+socket://path?virtual_host=0``."""
    if url.startswith("unix://"):
        path, _, query = url.removeprefix("unix://").partition("?")
        number = dict(part.split("=", 1) for part in query.split("&") if "=" in part).get("db", "0")
        return f"redis+socket://{path}?virtual_host={number}"
    return url


CELERY_BROKER_URL = broker_url(redis_url(os.environ.get("WAYMARK_MODE", "production")))
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "global_keyprefix": os.environ.get("WAYMARK_REDIS_PREFIX", "waymark:"),
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Queues that are rung (waymark.core.ring), with the task that does what waits there.
CELERY_RINGS = {
    "grading.quiz": "grading.tasks.grade_quizzes",
    "grading.checks": "grading.tasks.run_checks",
    "grading.checks.gpu": "grading.tasks.run_checks_gpu",
    "grading.regrade": "grading.tasks.grade_again",
    "imports": "courses.tasks.imports_do",
    "fetches": "assessments.tasks.fetches_do",
}
CELERY_TASK_ROUTES = {task: {"queue": queue} for queue, task in CELERY_RINGS.items()} | {
    "grading.tasks.try_labs": {"queue": "grading.checks"}
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BEAT_SCHEDULER = "waymark.core.broker.BoundedScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "grading.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "tell_staff": {"task": "grading.tasks.tell_staff", "schedule": 15.0, "options": {"expires": 15}},
    "sweep_imports": {"task": "courses.tasks.imports_sweep", "schedule": 15.0, "options": {"expires": 15}},
    "sweep_fetches": {"task": "assessments.tasks.fetches_sweep", "schedule": 5.0, "options": {"expires": 5}},
    "follow_regrades": {"task": "grading.tasks.follow_regrades", "schedule": 60.0, "options": {"expires": 60}},
    "sweep_blobs": {"task": "grading.tasks.sweep_blobs", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep_stored": {"task": "courses.tasks.sweep_stored", "schedule": 3600.0, "options": {"expires": 3600}},
    "try_labs": {"task": "grading.tasks.try_labs", "schedule": 60.0, "options": {"expires": 60}},
    "refresh_progress": {"task": "grading.tasks.refresh_progress", "schedule": 60.0, "options": {"expires": 60}},
}
