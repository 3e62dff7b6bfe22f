"""P1: a learner's dashboard, as page and as API, beside the SQL that it runs.

``P1.page``, ``P1.fresh`` and ``P1.api`` are absolute: the median of 50 warm requests
through gunicorn on one connection; before each one of ``P1.fresh`` the learner's
standing has changed. ``P1.ratio`` compares the API's whole answer inside the process,
middleware and session included, with the same statements sent through psycopg.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from benchmarks.asking import getter, replay, session_cookie, statements_of
from benchmarks.harness import CALLS, ROOT, Row, interleaved, median_seconds
from benchmarks.people import learners

SIZES = {"quick": 20, "full": 1000}
UNDER = 0.020
PAGE, API = "/learn/", "/api/v1/me/progress/"


def rows(kind: str) -> list[Row]:
    size = SIZES[kind]
    person = learners(size)[size // 2]
    cookie = session_cookie(person)
    with _served() as port:
        page = _median(port, PAGE, cookie)
        fresh = _median(port, PAGE, cookie, before=_changes(person))
        api = _median(port, API, cookie)

    get = getter(API, cookie)
    get()
    statements = statements_of(get)
    ours, raw = interleaved(get, replay(statements))
    return [
        Row("P1.page", "Today, through gunicorn", size, None, UNDER, "lower", page, None, rounds=CALLS),
        Row("P1.fresh", "Today right after a change", size, None, UNDER, "lower", fresh, None, rounds=CALLS),
        Row("P1.api", "own progress, through gunicorn", size, None, UNDER, "lower", api, None, rounds=CALLS),
        Row("P1.ratio", f"own progress / its {len(statements)} statements", size, ours / raw, 3, "lower", ours, raw),
    ]


def _changes(person: Any) -> Callable[[], None]:
    """A call that takes the tick of a reading back, and the next time sets it again."""
    from courses.models import Activity, Enrolment
    from grading.models import Grade
    from grading.services.completion import completion_set
    from waymark.core.actors import Actor

    grade = Grade.objects.filter(enrolment__learner=person, done=True).order_by("pk")[0]
    enrolment, activity = Enrolment.objects.get(pk=grade.enrolment_id), Activity.objects.get(pk=grade.activity_id)
    turns = cycle([False, True])

    def change() -> None:
        completion_set(actor=Actor.person(person.pk), enrolment=enrolment, activity=activity, done=next(turns))

    return change


@contextmanager
def _served() -> Iterator[int]:
    """The port of a gunicorn of our own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "waymark.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    server = subprocess.Popen([*command, "--no-control-socket", "--log-level", "warning"], cwd=ROOT, env=env)
    try:
        _wait(port)
        yield port
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


def _median(port: int, path: str, cookie: str, *, before: Callable[[], None] | None = None) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def get() -> None:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    for _ in range(5):
        get()
    return median_seconds(get, before=before)
