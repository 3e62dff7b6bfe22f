"""Hand-ins for a lab at once, and contents that are swept meanwhile, in transactions that commit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Blob, Submission
from assessments.services.blobs import blobs_sweep
from assessments.submissions.blobs import BLOBS
from courses.models import Enrolment
from grading.models import GradeEvent, GradingRun
from grading.services.cancelling import submission_cancel
from grading.services.runs import run_claim
from tests.concurrency.test_attempts import at_once
from tests.grading import labs
from waymark.core.actors import Actor
from waymark.core.blobs import BlobStore
from waymark.core.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolment(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Enrolment:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    monkeypatch.setattr("waymark.core.ring.ring", lambda queue: True)
    return labs.enrolled(labs.released(tmp_path / "tree"))


def test_a_double_click_is_one_submission_one_run_and_one_attempt(enrolment: Enrolment) -> None:
    results = at_once(*[lambda: labs.hand_in(enrolment) for _ in range(4)])
    assert sorted(result.created for result in results) == [False, False, False, True], results
    assert len({result.submission.pk for result in results}) == 1
    assert (Submission.objects.count(), GradingRun.objects.count()) == (1, 1)
    assert GradeEvent.objects.filter(kind="handed_in").count() == 1


def test_different_work_at_once_is_numbered_without_a_gap(enrolment: Enrolment) -> None:
    works = [f"def count(text): return {number}".encode() for number in range(4)]
    results = at_once(*[lambda data=data: labs.hand_in(enrolment, data) for data in works])  # type: ignore[misc]
    assert all(result.created for result in results), results
    assert sorted(Submission.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_content_that_is_being_swept_is_there_after_the_hand_in(
    enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = BLOBS.write(labs.RIGHT)
    Blob.objects.create(digest=digest, size=len(labs.RIGHT))
    Blob.objects.update(stored_at=timezone.now() - timedelta(days=3))
    deleting, go_on = Event(), Event()
    delete = BlobStore.delete

    def slowly(store: BlobStore, which: str) -> None:
        delete(store, which)
        deleting.set()
        go_on.wait(10)

    monkeypatch.setattr(BlobStore, "delete", slowly)

    def sweep() -> None:
        try:
            blobs_sweep()
        finally:
            connection.close()

    sweeper = Thread(target=sweep)
    sweeper.start()
    assert deleting.wait(10), "the row is locked, the content is gone, nothing is committed"
    Timer(0.3, go_on.set).start()
    handed_in = labs.hand_in(enrolment)
    sweeper.join(10)
    assert handed_in.created
    assert BLOBS.read(digest) == labs.RIGHT


def test_taking_work_back_and_a_worker_that_takes_it_have_one_winner(enrolment: Enrolment) -> None:
    actor = Actor.person(enrolment.learner_id)
    for number in range(5):
        submission = labs.hand_in(enrolment, f"def count(text): return {number}".encode()).submission

        def cancel(submission: Submission = submission) -> str:
            try:
                return str(submission_cancel(actor=actor, submission=submission).state)
            except Refused as refusal:
                return refusal.code

        claim, said = at_once(lambda: run_claim(queue=GradingRun.Queue.CHECKS, worker="w"), cancel)
        run = GradingRun.objects.get(submission=submission)
        assert (claim is not None, said, run.state) in [
            (True, "run_under_way", "claimed"),
            (False, "cancelled", "cancelled"),
        ]
        withdrawn = GradeEvent.objects.filter(kind="withdrawal", supersedes__submission=submission)
        assert withdrawn.exists() is (claim is None)
