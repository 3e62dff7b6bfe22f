"""Workers that are killed in every phase of a run: each submission is graded exactly once, and none is lost."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from assessments.models import Submission
from courses.models import Enrolment
from grading.models import CheckResult, Grade, GradeEvent, GradingRun
from grading.sandbox import image
from grading.services.giving_back import runs_requeue_expired
from grading.services.sweep import rings_for_waiting
from tests.grading import labs
from tests.grading.sandbox.phases import PHASES, VARIABLE, PhaseFile
from tests.workers import Worker
from waymark.core import ring

CHECKS = GradingRun.Queue.CHECKS
KILLED_IN = PHASES[1:]
WORKS = ((labs.RIGHT, Fraction(1)), (labs.HALF, Fraction(6, 10)), (labs.WRONG, Fraction(0)))
WORKERS = 2
MOST_ROUNDS = 40
PATIENCE = 0.006
"""Seconds at most between the moment that a phase is seen and the kill: any place inside it."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data")]


@pytest.fixture
def data(tmp_path: Path, settings: Any, sandbox_image: image.Image) -> Path:
    """What workers and this process share: the image and the contents that were handed in."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "sandbox").symlink_to(sandbox_image.tree.parent)
    options = {"location": folder / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return folder


class Crew:
    """The workers, each with the file that tells its phase."""

    def __init__(self, start: Callable[..., Worker], data: Path, chance: random.Random) -> None:
        self._start, self._data, self._chance = start, data, chance
        self._living: list[tuple[Worker, PhaseFile]] = []
        self.killed: Counter[str] = Counter()
        self.children: list[int] = []

    def hire(self) -> None:
        path = self._data / f"phase-{len(self.children)}-{len(self._living)}"
        shared = PhaseFile(path)
        worker = self._start(
            queues=[CHECKS], include=["tests.grading.sandbox.phases"], WAYMARK_SANDBOX="bubblewrap",
            WAYMARK_DATA=str(self._data), **{VARIABLE: str(path)},
        )  # fmt: skip
        self._living.append((worker, shared))

    def kill_one(self, phase: str, *, until: float) -> bool:
        """SIGKILL for one that is in *phase*; False when none was met until then."""
        while time.monotonic() < until:
            for worker, shared in self._living:
                if shared.phase == phase:
                    time.sleep(self._chance.uniform(0, PATIENCE))
                    worker.kill()
                    self._living.remove((worker, shared))
                    self.killed[shared.phase] += 1
                    self.children.append(shared.pid)
                    return True
            time.sleep(0.0002)
        return False


def expire(where: str, values: list[Any]) -> None:
    """The leases of some have run out, and their rest is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grading_gradingrun SET lease_until = clock_timestamp() - interval '1 s'"
            f" WHERE state = 'claimed' AND {where}",
            values,
        )
    runs_requeue_expired()
    GradingRun.objects.filter(state="queued").update(not_before=None)


def unfinished() -> int:
    return GradingRun.objects.exclude(state="finished").count()


@pytest.mark.celery
@pytest.mark.parametrize(("learners", "rounds", "kills"), [
    pytest.param(8, 3, 1, id="24 submissions"),
    pytest.param(200, 5, 3, id="1000 submissions", marks=pytest.mark.long),
])  # fmt: skip
def test_every_submission_is_graded_once_whatever_is_killed(
    celery_workers: Callable[..., Worker], data: Path, tmp_path: Path, learners: int, rounds: int, kills: int
) -> None:
    seed = int(os.environ.get("WAYMARK_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}: WAYMARK_SEED={seed} repeats it")
    chance = random.Random(seed)
    program = labs.released(tmp_path / "tree")
    enrolments = [labs.enrolled(program, f"learner{number}@demo.test") for number in range(learners)]
    best: dict[int, Fraction] = {}
    for number in range(rounds):
        hand_in_round(enrolments, number, chance, best)

    crew = Crew(celery_workers, data, chance)
    for _ in range(WORKERS):
        crew.hire()
    wanted = [phase for phase in KILLED_IN for _ in range(kills)]
    chance.shuffle(wanted)
    while phases := [phase for phase in wanted if crew.killed[phase] < kills]:
        if unfinished() < learners // 2:
            hand_in_round(enrolments, rounds, chance, best)
            rounds += 1
        assert rounds < MOST_ROUNDS, f"no worker could be killed in {phases}: {dict(crew.killed)}"
        if crew.kill_one(chance.choice(phases), until=time.monotonic() + 2):
            dead = crew.children[-1]
            crew.hire()
            expire("claimed_by LIKE %s", [f"%:{dead}"])
        # And one that lives is late with its sign of life: another takes what it still works on.
        expire("requeues = 0 AND id = (SELECT min(id) FROM grading_gradingrun WHERE state = 'claimed')", [])
        rings_for_waiting()
        ring.ring(CHECKS)
    handed_in = learners * rounds
    finish(seconds=30 + handed_in)

    assert not [phase for phase in KILLED_IN if crew.killed[phase] < kills], dict(crew.killed)
    assert Submission.objects.count() == handed_in
    assert Counter(GradingRun.objects.values_list("state", "outcome")) == {("finished", "scored"): handed_in}
    per_run = GradeEvent.objects.filter(kind="score").values("run").annotate(found=Count("pk"))
    assert Counter(per_run.values_list("found", flat=True)) == {1: handed_in}
    assert GradeEvent.objects.filter(kind="handed_in").count() == handed_in
    assert CheckResult.objects.count() == 2 * handed_in
    for enrolment in enrolments:
        grade = Grade.objects.get(enrolment=enrolment)
        assert (grade.attempts_made, grade.points) == (rounds, 10 * best[enrolment.pk])


def hand_in_round(enrolments: list[Enrolment], number: int, chance: random.Random, best: dict[int, Fraction]) -> None:
    """Different work of everybody; what the best of it is worth goes into *best*, by enrolment."""
    for enrolment in enrolments:
        data, share = chance.choice(WORKS)
        labs.hand_in(enrolment, data + f"# {number}\n".encode())
        best[enrolment.pk] = max(share, best.get(enrolment.pk, Fraction(0)))


def finish(*, seconds: float) -> None:
    until = time.monotonic() + seconds
    while unfinished():
        assert time.monotonic() < until, f"{unfinished()} runs are not finished"
        GradingRun.objects.filter(state="queued").update(not_before=None)
        ring.ring(CHECKS)
        time.sleep(0.5)
