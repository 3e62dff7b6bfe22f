"""S7: quizzes graded exactly once per second, beside no-op tasks of the same worker.

Both are sent as the same number of messages to one Celery worker with two
processes: the reference does nothing; ours claims, grades ten questions, and
stores event, grade, progress and feed entry.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.harness import ROOT, ROUNDS, Row
from benchmarks.people import learners

SIZES = {"quick": (10, 10), "full": (50, 40)}
GOAL = 0.3


def rows(kind: str) -> list[Row]:
    people, each = SIZES[kind]
    persons = learners(people)
    jobs = people * each
    ours, reference = [], []
    with _worker():
        _noops(jobs)
        _more_attempts(persons, each * ROUNDS)
        for _ in range(ROUNDS):
            _hand_in(persons, each)
            ours.append(jobs / _graded(jobs))
            reference.append(jobs / _noops(jobs))
    mine, bare = statistics.median(ours), statistics.median(reference)
    what = f"{jobs} quizzes graded per second / no-op tasks"
    return [Row("S7", what, people, mine / bare, GOAL, "higher", mine, bare, unit="1/s")]


@contextmanager
def _worker() -> Iterator[None]:
    command = [
        sys.executable, "-m", "celery", "-A", "waymark.celery", "worker", "-I", "benchmarks.noop", "-c", "2",
        "-Q", "grading.quiz", "-l", "ERROR", "--without-gossip", "--without-mingle", "-n", "bench@localhost",
    ]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    worker = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)


def _more_attempts(persons: list[Any], count: int) -> None:
    """Let each person have *count* attempts more than the policy gives."""
    from courses.models import Activity, Enrolment, Extension

    quiz = Activity.objects.get(path="MOD-001/quiz", kind="quiz")
    for enrolment in Enrolment.objects.filter(learner__in=persons, program=quiz.program_id):
        Extension.objects.create(
            enrolment=enrolment, activity=quiz, extra_attempts=count, granted_by_id=enrolment.learner_id
        )


def _hand_in(persons: list[Any], each: int) -> None:
    """*each* attempts per person at one quiz, handed in and not yet rung for."""
    from assessments.models import AttemptQuestion, Response
    from assessments.services import attempt_hand_in, attempt_start
    from courses.models import Activity, Enrolment
    from waymark.core import ring
    from waymark.core.actors import Actor

    quiz = Activity.objects.get(path="MOD-001/quiz", kind="quiz")
    loud, ring.ring = ring.ring, lambda queue: False
    try:
        for person in persons:
            enrolment = Enrolment.objects.get(learner=person, program=quiz.program_id)
            actor = Actor.person(person.pk)
            for _ in range(each):
                attempt = attempt_start(actor=actor, enrolment=enrolment, activity=quiz)
                for asked in AttemptQuestion.objects.filter(attempt=attempt).select_related("revision"):
                    options = asked.revision.body.get("options") or [{"id": None}]
                    value = options[0]["id"] if asked.revision.body["type"] in ("single", "code_reading") else None
                    Response.objects.filter(attempt_question=asked).update(
                        value=value, version=1, saved_at=attempt.started_at
                    )
                attempt_hand_in(actor=actor, attempt=attempt)
    finally:
        ring.ring = loud


def _graded(jobs: int) -> float:
    """Seconds from the first of *jobs* rings until every waiting run is stored."""
    from grading.models import GradingRun
    from waymark.core.ring import ring

    began = time.perf_counter()
    for _ in range(jobs):
        ring(GradingRun.Queue.QUIZ)
    while GradingRun.objects.filter(state__in=["queued", "claimed"]).exists():
        time.sleep(0.005)
    return time.perf_counter() - began


def _noops(jobs: int) -> float:
    """Seconds from sending the first of *jobs* no-op tasks until the last was taken."""
    import redis
    from celery import current_app
    from django.conf import settings

    key = f"bench:{time.monotonic_ns()}"
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        began = time.perf_counter()
        for _ in range(jobs - 1):
            current_app.send_task("benchmarks.noop", queue="grading.quiz", ignore_result=True)
        current_app.send_task("benchmarks.last", [key], queue="grading.quiz", ignore_result=True)
        while not client.get(key):
            time.sleep(0.002)
        return time.perf_counter() - began
