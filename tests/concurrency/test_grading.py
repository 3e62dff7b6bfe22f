"""Grading with transactions that commit, in threads, in killed workers, and with the broker gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction

from assessments.models import Attempt
from courses.models import Enrolment, StaffRight
from courses.services.enrolment import enrolment_lock
from grading.graders.quiz import grade_attempt
from grading.models import Grade, GradeEvent, GradingRun, Progress
from grading.services.completion import completion_set
from grading.services.giving_back import MOST_REQUEUES, run_give_back, runs_requeue_expired
from grading.services.grade import queue_drain
from grading.services.ledger import Fact, ledger_append
from grading.services.progress import progress_drift
from grading.services.runs import Claim, run_claim, run_renew, run_store
from grading.services.stale import stale_refresh
from grading.tasks import sweep, tell_staff
from tests.grading import build
from tests.grading.build import hand_in, scores
from tests.workers import Worker, wait_for
from waymark.core import ring
from waymark.core.actors import Actor
from waymark.core.lease import LeaseKeeper
from waymark.core.models import FeedEntry, WorkerHeartbeat

pytestmark = pytest.mark.django_db(transaction=True)
QUIZ = "grading.quiz"
_a_while = timedelta(minutes=1)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ringing: the test itself is the worker."""
    monkeypatch.setattr(ring, "ring", lambda queue: False)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of *calls*, begun together on connections of their own; errors are raised."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


# -- threads -----------------------------------------------------------------------------
def test_two_hand_ins_at_once_are_one_run_and_one_grade(world: build.World, silent: None) -> None:
    for number in range(5):
        attempt = build.begin(build.enrol(world, f"learner{number}"), world)
        at_once(*[lambda attempt=attempt: hand_in(Attempt.objects.get(pk=attempt.pk))] * 3)
        at_once(*[lambda: queue_drain(queue=QUIZ, worker="w")] * 3)
        assert GradingRun.objects.filter(attempt=attempt).count() == 1
        assert scores() == number + 1


def test_many_workers_share_a_queue_without_doing_anything_twice(world: build.World, silent: None) -> None:
    for number in range(12):
        enrolment = build.enrol(world, f"learner{number}")
        for path in ("MOD-1/quiz", "MOD-2/quiz"):
            hand_in(build.begin(enrolment, world, path))
    drained = at_once(*[lambda: queue_drain(queue=QUIZ, worker="w")[0]] * 4)
    assert sum(drained) == 24
    assert (scores(), GradingRun.objects.filter(state="finished").count()) == (24, 24)
    for enrolment in Enrolment.objects.all():
        assert list(enrolment.grade_events.values_list("sequence", flat=True)) == [1, 2, 3, 4]
        assert progress_drift(enrolment_id=enrolment.pk) == []


def test_ticks_and_grades_of_one_learner_lose_nothing(world: build.World, silent: None) -> None:
    enrolment = build.enrol(world)
    hand_in(build.begin(enrolment, world))
    hand_in(build.begin(enrolment, world, "MOD-2/quiz"))

    def tick(path: str) -> Any:
        return completion_set(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=world.activities[path], done=True
        )

    paths = ("MOD-1/reading", "MOD-1/task", "MOD-2/reading")
    at_once(
        *[lambda path=path: tick(path) for path in paths],
        *[lambda: queue_drain(queue=QUIZ, worker="w")] * 2,
        lambda: tick("MOD-1/reading"),
    )
    row = Progress.objects.get()
    assert (row.sequence, row.activities_done, row.modules_done) == (7, 5, 2)
    assert progress_drift(enrolment_id=enrolment.pk) == []


def test_the_last_facts_at_once_complete_an_enrolment_once(world: build.World, silent: None) -> None:
    enrolment = build.enrol(world)
    project = world.activities["PROJ-1"]
    with transaction.atomic():
        ledger_append(
            actor=Actor.system(), enrolment=enrolment_lock(enrolment.pk),
            fact=Fact(
                kind=GradeEvent.Kind.WAIVER, activity_id=project.pk, revision_id=project.revision_id
            ),
        )  # fmt: skip
    for path in ("MOD-1/quiz", "MOD-2/quiz"):
        hand_in(build.begin(enrolment, world, path))

    def tick(path: str) -> Any:
        return completion_set(
            actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=world.activities[path], done=True
        )

    at_once(
        *[lambda path=path: tick(path) for path in ("MOD-1/reading", "MOD-1/task", "MOD-2/reading")],
        *[lambda: queue_drain(queue=QUIZ, worker="w")] * 2,
        lambda: stale_refresh(),
    )
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.changes.filter(after="completed").count()) == ("completed", 1)
    assert FeedEntry.objects.filter(type="enrolment.changed", data__state="completed").count() == 1
    assert progress_drift(enrolment_id=enrolment.pk) == []


def test_a_late_and_a_prompt_worker_store_one_result(world: build.World, silent: None) -> None:
    hand_in(build.begin(build.enrol(world), world))
    late = run_claim(queue=QUIZ, worker="late", lease=0)
    assert late is not None
    wait_for(lambda: runs_requeue_expired() == (1, 0), what="the lease's end")
    prompt = run_claim(queue=QUIZ, worker="prompt")
    assert prompt is not None
    score = grade_attempt(late.attempt_id)

    def store(claim: Claim) -> bool:
        return run_store(claim=claim, score=score)

    assert at_once(lambda: store(late), lambda: store(prompt)) == [False, True]
    assert scores() == 1


def test_a_lease_is_renewed_while_grading_takes_longer_than_it(world: build.World, silent: None) -> None:
    hand_in(build.begin(build.enrol(world), world))
    claim = run_claim(queue=QUIZ, worker="slow", lease=0.4)
    assert claim is not None
    keeper = LeaseKeeper[Claim](lambda held: run_renew(claim=held, lease=0.4), every=0.1)
    with keeper.holding(claim):
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            assert runs_requeue_expired() == (0, 0)
            time.sleep(0.05)
        assert run_store(claim=claim, score=grade_attempt(claim.attempt_id)) is True
        wait_for(lambda: keeper.lost, what="the keeper's notice that the run is closed")
    keeper.close()


def test_a_lost_database_connection_costs_one_try_and_no_attempt(
    world: build.World, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = build.begin(build.enrol(world), world)
    hand_in(attempt)

    def cut(attempt_id: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def drain() -> None:
        with pytest.raises(DatabaseError):
            queue_drain(queue=QUIZ, worker="w")

    with monkeypatch.context() as patch:
        patch.setattr("grading.services.grade.grade_attempt", cut)
        at_once(drain)
    run = GradingRun.objects.get()
    assert (run.state, run.requeues) == ("claimed", 0), "nothing could be written"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_gradingrun SET lease_until = clock_timestamp() - interval '1 s'")
    assert runs_requeue_expired() == (1, 0)
    assert Grade.objects.get().state == "waiting", "an outage is no grade"
    assert at_once(lambda: queue_drain(queue=QUIZ, worker="w")[0]) == [1]
    assert (Grade.objects.get().attempts_made, scores()) == (1, 1)


def test_staff_are_told_once_by_tellers_at_once(
    world: build.World, silent: None, mailoutbox: list[EmailMessage]
) -> None:
    admin = build.person("admin")
    StaffRight.objects.create(person=admin, role="admin", program=world.program)
    for number in range(4):
        hand_in(build.begin(build.enrol(world, f"learner{number}"), world))
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    while (claim := run_claim(queue=QUIZ, worker="w")) is not None:
        run_give_back(claim=claim, error="KeyError")
    assert sum(at_once(*[tell_staff] * 3)) == 4
    assert len(mailoutbox) == 4


def test_many_workers_leave_a_resting_run_alone_until_its_time(world: build.World, silent: None) -> None:
    hand_in(build.begin(build.enrol(world), world))
    claim = run_claim(queue=QUIZ, worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="OSError")
    assert at_once(*[lambda: queue_drain(queue=QUIZ, worker="w")[0]] * 3) == [0, 0, 0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_gradingrun SET not_before = clock_timestamp()")
    assert sum(at_once(*[lambda: queue_drain(queue=QUIZ, worker="w")[0]] * 3)) == 1
    assert GradingRun.objects.get().requeues == 1


def test_sweepers_at_once_stamp_without_gaps_and_requeue_once(world: build.World, silent: None) -> None:
    for number in range(6):
        hand_in(build.begin(build.enrol(world, f"learner{number}"), world))
    for _ in range(6):
        assert run_claim(queue=QUIZ, worker="dead", lease=0)
    time.sleep(0.01)
    done = at_once(*[sweep] * 3)
    assert sum(each["requeued"] for each in done) == 6
    sweep()
    positions = list(FeedEntry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


# -- real workers --------------------------------------------------------------------------
def test_a_worker_grades_what_is_handed_in(world: build.World, celery_worker: Worker) -> None:
    attempt = build.begin(build.enrol(world), world)
    hand_in(attempt)
    run = wait_for(lambda: GradingRun.objects.filter(attempt=attempt, state="finished").first(), what="the grade")
    assert Grade.objects.get().state == "scored"
    assert run.claimed_by
    beat = wait_for(lambda: WorkerHeartbeat.objects.filter(name=celery_worker.name).first(), what="a sign of life")
    assert QUIZ in beat.queues.split(",")


def test_a_worker_that_leaves_takes_its_sign_of_life_along(world: build.World, celery_worker: Worker) -> None:
    wait_for(lambda: WorkerHeartbeat.objects.filter(name=celery_worker.name).exists(), what="a sign of life")
    celery_worker.stop()
    assert not WorkerHeartbeat.objects.filter(name=celery_worker.name).exists(), celery_worker.words()


def test_a_worker_killed_in_the_middle_costs_nothing(world: build.World, celery_workers: Callable[..., Worker]) -> None:
    enrolment = build.enrol(world)
    attempt = build.begin(enrolment, world)
    worker = celery_workers(queues=[QUIZ])
    with _enrolment_held(enrolment) as handed_in:
        # The worker claims, grades, and then waits for the enrolment that this thread holds.
        handed_in(attempt)
        wait_for(lambda: _waits_for_a_lock(), what="the worker at its last step")
        worker.kill()
    run = GradingRun.objects.get(attempt=attempt)
    assert (run.state, run.claim, scores()) == ("claimed", 1, 0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_gradingrun SET lease_until = clock_timestamp() - interval '1 s'")
    assert runs_requeue_expired() == (1, 0)
    celery_workers(queues=[QUIZ])
    ring.ring(QUIZ)
    wait_for(lambda: GradingRun.objects.filter(pk=run.pk, state="finished").exists(), what="the grade")
    run.refresh_from_db()
    assert (run.claim, run.requeues, scores()) == (2, 1, 1)


class _enrolment_held:  # noqa: N801 - reads as a statement
    """Holds an enrolment's row from another connection, right after a hand-in was committed."""

    def __init__(self, enrolment: Enrolment) -> None:
        self._enrolment = enrolment
        self._held, self._release = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        with transaction.atomic():
            enrolment_lock(self._enrolment.pk)
            self._held.set()
            self._release.wait(30)
        connection.close()

    def __enter__(self) -> Callable[[Attempt], None]:
        def handed_in(attempt: Attempt) -> None:
            silenced, ring.ring = ring.ring, lambda queue: False
            try:
                hand_in(attempt)
            finally:
                ring.ring = silenced
            self._thread.start()
            assert self._held.wait(10)
            assert ring.ring(QUIZ)

        return handed_in

    def __exit__(self, *error: object) -> None:
        self._release.set()
        self._thread.join(10)


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE %s",
            ["%courses_enrolment%"],
        )
        return cursor.fetchone() is not None
