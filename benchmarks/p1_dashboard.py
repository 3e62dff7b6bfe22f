"""P1: a learner's dashboard, as page and as API, beside the SQL that it runs.

``P1.page`` and ``P1.api`` are absolute: the median of 50 warm requests through
gunicorn on one connection. ``P1.ratio`` compares the API's answer inside the
process with the same statements sent through psycopg.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.harness import CALLS, ROOT, Row, interleaved, median_seconds
from benchmarks.people import learners

SIZES = {"quick": 20, "full": 1000}
UNDER = 0.020


def rows(kind: str) -> list[Row]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    size = SIZES[kind]
    person = learners(size)[size // 2]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    page, api = _served([("/learn/", cookie), ("/api/v1/me/progress/", cookie)])

    client.get("/api/v1/me/progress/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/me/progress/")
    statements = [query["sql"] for query in captured.captured_queries]
    ours, raw = interleaved(lambda: client.get("/api/v1/me/progress/"), _replay(statements))
    return [
        Row("P1.page", "Today, through gunicorn", size, None, UNDER, "lower", page, None, rounds=CALLS),
        Row("P1.api", "own progress, through gunicorn", size, None, UNDER, "lower", api, None, rounds=CALLS),
        Row("P1.ratio", f"own progress / its {len(statements)} statements", size, ours / raw, 3, "lower", ours, raw),
    ]


def _replay(statements: list[str]) -> Callable[[], None]:
    import psycopg

    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def run() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.encode())
                if cursor.description:
                    cursor.fetchall()

    return run


def _served(paths: list[tuple[str, str]]) -> list[float]:
    """Median seconds of each address, from a gunicorn of our own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "waymark.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    server = subprocess.Popen([*command, "--no-control-socket", "--log-level", "warning"], cwd=ROOT, env=env)
    try:
        _wait(port)
        return [_median(port, path, cookie) for path, cookie in paths]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def _wait(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("gunicorn did not start")


def _median(port: int, path: str, cookie: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def get() -> None:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    for _ in range(5):
        get()
    return median_seconds(get)
