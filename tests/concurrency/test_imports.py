"""Imports by real workers: done once, and taken up again when a worker is killed in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection

from courses.models import ImportJob, Release
from courses.services.import_sweep import jobs_requeue_expired, jobs_ring
from courses.services.imports import import_apply, import_repository
from courses.tasks import imports_do
from tests.cast import Cast, cast_make
from tests.concurrency.test_attempts import at_once
from tests.courses.imports.support import given, worked
from tests.workers import Worker, wait_for
from waymark.core import ring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast_make()


def state(job: ImportJob) -> str:
    job.refresh_from_db()
    return job.state


def test_a_ring_is_enough_and_a_second_one_does_nothing_twice(
    people: Cast, celery_workers: Callable[..., Worker]
) -> None:
    celery_workers(queues=["imports"], concurrency=2)
    job = given(people.actor("site_admin"))
    wait_for(lambda: state(job) == "ready", seconds=60, what="the plan")
    import_apply(actor=people.actor("site_admin"), job=job, plan_id=job.plan_id)
    ring.ring("imports")
    wait_for(lambda: state(job) == "applied", seconds=60, what="the releases")
    assert Release.objects.filter(program__slug="engineer").count() == 1
    assert job.tries == 1


@pytest.fixture
def hanging() -> Iterator[tuple[str, threading.Event]]:
    """A server that never answers its first request and has nothing for others; the event says when it was asked."""
    asked, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not asked.is_set():
                asked.set()
                over.wait(60)
            self.send_error(404)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: standard error belongs to the test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a.git", asked
        over.set()
        server.shutdown()
        thread.join()


def test_a_killed_workers_job_is_taken_up_again(
    people: Cast, celery_workers: Callable[..., Worker], hanging: tuple[str, threading.Event]
) -> None:
    address, asked = hanging
    job = import_repository(actor=people.actor("site_admin"), address=address)
    worker = celery_workers(queues=["imports"], WAYMARK_OUTGOING_ALLOW="127.0.0.0/8")
    ring.ring_again()
    ring.ring("imports")
    assert asked.wait(30)
    worker.kill()
    assert state(job) == "working"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_importjob SET lease_until = clock_timestamp() - interval '1 s'")
    assert jobs_requeue_expired() == 1
    celery_workers(queues=["imports"], WAYMARK_OUTGOING_ALLOW="127.0.0.0/8")
    wait_for(lambda: jobs_ring() or state(job) != "waiting", what="the ring")
    wait_for(lambda: state(job) == "ready", seconds=60, what="the end")
    assert job.tries == 2
    assert "source.repository" in {each["rule"] for each in job.report["findings"]}


def test_two_workers_at_once_do_each_job_once(people: Cast) -> None:
    jobs = [given(people.actor(who), name=f"{who}.zip") for who in ("site_admin", "program_admin")]
    assert at_once(imports_do, imports_do) == [True, True]
    assert [(state(job), job.tries) for job in jobs] == [("ready", 1), ("failed", 1)]
    assert imports_do() is False


def test_the_same_plan_applied_by_two_at_once_makes_one_release(people: Cast) -> None:
    job = worked(given(people.actor("site_admin")))

    def ask() -> str:
        return import_apply(actor=people.actor("site_admin"), job=job, plan_id=job.plan_id).state

    assert at_once(ask, ask) == ["waiting", "waiting"]
    assert worked(job).state == "applied"
    assert imports_do() is False
