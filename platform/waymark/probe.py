"""Health of one container: ``python -m waymark.probe web|worker|beat``; exit 0 when it is well.

Light on purpose: it runs every few seconds beside the process it asks about, so
it does not set Django up.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from pathlib import Path

PORT = 8000
SECONDS = 4
WORKER_AGE = 30
"""Seconds after which a worker without a sign of life counts as gone (``grading.heartbeat`` writes every five)."""
BEAT_AGE = 600
"""Beat saves its schedule at least every five minutes."""
SCHEDULES = Path("/tmp")  # noqa: S108 - the container's own


def web(port: int = PORT) -> str:
    """What is wrong with the web server in this container, or nothing.

    It asks ``/healthz``: whether the process answers. A database that is away is no
    reason to restart the web server; load balancers ask ``/readyz``.
    """
    allowed = os.environ.get("WAYMARK_ALLOWED_HOSTS", "").split(",")[0].strip()
    host = allowed.lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    return "" if status == 200 else f"/healthz answers {status}"


def worker() -> str:
    """What is wrong with the Celery worker in this container, or nothing: its row must be fresh."""
    import psycopg

    query = (
        "/* waymark.probe.worker */ SELECT 1 FROM core_workerheartbeat "
        "WHERE split_part(name, '@', 2) = %s AND seen_at > clock_timestamp() - make_interval(secs => %s)"
    )
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=SECONDS) as connection:
            alive = connection.execute(query, [socket.gethostname(), WORKER_AGE]).fetchone()
    except psycopg.Error as error:
        return f"the database does not answer: {type(error).__name__}"
    return "" if alive else f"no sign of life within {WORKER_AGE} s"


def beat() -> str:
    """What is wrong with Celery beat in this container, or nothing: its schedule must have been saved lately."""
    saved = max((path.stat().st_mtime for path in SCHEDULES.glob("beat*")), default=0.0)
    age = time.time() - saved
    return "" if age < BEAT_AGE else "the schedule was not saved lately"


PROBES = {"web": web, "worker": worker, "beat": beat}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PROBES:
        sys.stderr.write(f"usage: python -m waymark.probe {'|'.join(PROBES)}\n")
        return 2
    problem = PROBES[arguments[0]]()
    if problem:
        sys.stderr.write(f"{problem}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
