"""Signs of life: a row per worker, written every few seconds by the worker itself.

Health checks read the rows, so no broadcast is needed and a hung broker does not
hang them.
"""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import structlog
from celery.signals import worker_ready, worker_shutdown
from django.db import connection

from grading.sandbox.health import QUEUES, sandbox_state

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0

BEAT = """
/* grading.heartbeat */
INSERT INTO core_workerheartbeat (name, queues, processes, sandbox, seen_at, started_at)
VALUES (%(name)s, %(queues)s, %(processes)s, %(sandbox)s, clock_timestamp(), clock_timestamp())
ON CONFLICT (name) DO UPDATE SET queues = excluded.queues, processes = excluded.processes,
    sandbox = excluded.sandbox, seen_at = excluded.seen_at,
    started_at = CASE WHEN %(first)s THEN excluded.started_at ELSE core_workerheartbeat.started_at END
"""
GONE = "/* grading.heartbeat.gone */ DELETE FROM core_workerheartbeat WHERE name = %(name)s"
FORGET = "/* grading.heartbeat.forget */ DELETE FROM core_workerheartbeat WHERE seen_at < now() - interval '1 day'"


class Heart:
    """Beats in a thread of the worker's main process.

    Every beat opens and closes its own connection: the pool must not be in use
    when the worker forks its children.
    """

    def __init__(self, name: str, queues: str, *, processes: int = 1, every: float = BEAT_SECONDS) -> None:
        self.name, self.queues, self.processes = name, queues, processes
        self.sandbox = ""
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and take the row back, so that a worker that left is not taken for a dead one."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._write(GONE, False)

    def _run(self) -> None:
        first = True
        while True:
            first = not self._write(BEAT, first) and first
            if self._stop.wait(self._every):
                return

    def _write(self, statement: str, first: bool) -> bool:
        try:
            with psycopg.connect(**_parameters(), autocommit=True) as direct:
                direct.execute(
                    statement,
                    {
                        "name": self.name, "queues": self.queues, "processes": self.processes,
                        "sandbox": self.sandbox, "first": first,
                    },
                )  # fmt: skip
                if first:
                    direct.execute(FORGET)
        except psycopg.Error as error:
            log.warning("heartbeat_not_written", worker=self.name, error=type(error).__name__)
            return False
        return True


def _parameters() -> dict[str, Any]:
    """Where the database is, without what belongs to Django's own connections."""
    known = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port", "sslmode", "service", "passfile", "options")
    return {name: known[name] for name in wanted if known.get(name)} | {"connect_timeout": 3}


_heart: Heart | None = None


@worker_ready.connect(dispatch_uid="grading.heartbeat.start")
def start(sender: Any = None, **kwargs: Any) -> None:
    """Begin when the worker takes messages: the row names it and its queues."""
    global _heart
    consumer = sender
    queues = sorted(queue.name for queue in consumer.task_consumer.queues)
    _heart = Heart(str(consumer.hostname), ",".join(queues)[:400], processes=consumer.pool.num_processes)
    _heart.start()
    if QUEUES & set(queues):
        threading.Thread(target=_tell_sandbox, args=(_heart,), name="sandbox selftest", daemon=True).start()


def _tell_sandbox(heart: Heart) -> None:
    """Try the sandbox of this machine once; the next beat says what was found."""
    heart.sandbox = sandbox_state()
    log.info("sandbox_tried", worker=heart.name, sandbox=heart.sandbox)


@worker_shutdown.connect(dispatch_uid="grading.heartbeat.stop")
def stop(sender: Any = None, **kwargs: Any) -> None:
    global _heart
    if _heart is not None:
        _heart.stop()
        _heart = None
