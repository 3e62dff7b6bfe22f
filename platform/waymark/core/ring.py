"""Ringing a queue: telling workers that something waits, without ever making a person wait.

The message names a queue, not what waits, so it may be lost, doubled or late; the
sweeper rings for what waits. One try, at most a fraction of a second, and after
a failure none at all for a few seconds. A queue that is full of rings already is
not rung: whoever takes one of them does all that waits.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.connection import Connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from waymark.core.broker import queue_is_full

log = structlog.get_logger(__name__)

RING_SECONDS = 0.3
SILENT_SECONDS = 5.0

_local = threading.local()
_silent_until = 0.0


def ring_after_commit(queue: str) -> None:
    """Ring *queue* when the present transaction is committed; its failure changes nothing."""
    transaction.on_commit(lambda: ring(queue), robust=True)


def ring(queue: str) -> bool:
    """Tell the workers of *queue* that something waits; False when the broker could not be told.

    True as well when enough rings wait there unheard (``waymark.core.broker``).
    Takes at most ``RING_SECONDS``, and nothing for ``SILENT_SECONDS`` after a failure.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        connection = _connection()
        if not queue_is_full(connection, queue):
            current_app.send_task(
                settings.CELERY_RINGS[queue], queue=queue, connection=connection, retry=False, ignore_result=True
            )
    except (KombuError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        _forget()
        log.warning("queue_not_rung", queue=queue, error=type(error).__name__)
        return False
    return True


def _connection() -> Connection:
    """This thread's connection for ringing: its timeouts are far below those of workers."""
    connection: Connection | None = getattr(_local, "connection", None)
    if connection is None or _local.process != os.getpid():
        options = {
            **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            "socket_timeout": RING_SECONDS,
            "socket_connect_timeout": RING_SECONDS,
            "max_retries": 0,
            "retry_on_timeout": False,
        }
        connection = Connection(  # type: ignore[no-untyped-call]
            settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=RING_SECONDS
        )
        _local.connection, _local.process = connection, os.getpid()
    return connection


def _forget() -> None:
    """Drop a connection that failed; the next ring makes a new one."""
    connection: Connection | None = getattr(_local, "connection", None)
    _local.connection = None
    if connection is not None:
        with suppress(Exception):
            connection.release()  # type: ignore[no-untyped-call]


def ring_again() -> None:
    """End the silence after a failure: for tests, and for who knows that the broker is back."""
    global _silent_until
    _silent_until = 0.0
