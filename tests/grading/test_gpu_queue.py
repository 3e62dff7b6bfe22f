"""Checks for machines with a GPU: routed to their queue, waiting with clear words, taken there only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Enrolment
from grading.checks.contract import SpecProblem
from grading.checks.kinds.gpu_script import KIND
from grading.checks.kinds.program import ProgramCheck
from grading.models import GradingRun, LabHealth
from grading.services.lab_health import labs_try
from grading.services.runs import run_claim
from grading.services.sweep import rings_for_waiting
from tests.grading import labs
from tests.grading.test_lab_health import StandIn
from waymark.core.models import WorkerHeartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
SCRIPT = """          - id: trains
            title: Trains on the GPU
            type: gpu_script
            points: 2
            spec: {file: words.py, cases: [{expect: {stdout: "cuda"}}]}
      - id: unchecked
"""
MODULE = labs.MODULE.replace("      - id: unchecked\n", SCRIPT)


@pytest.fixture
def enrolment(tmp_path: Path, rung: list[str]) -> Enrolment:
    return labs.enrolled(labs.released(tmp_path / "tree", MODULE))


@pytest.fixture
def learner(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.learner)
    return client


def test_it_is_a_program() -> None:
    assert isinstance(KIND.prepare({"file": "a.py", "cases": [{"expect": {"exit": 0}}]}, {}), ProgramCheck)
    with pytest.raises(SpecProblem, match="cases"):
        KIND.prepare({"file": "a.py"}, {})


def test_work_with_one_such_check_waits_for_a_machine_with_a_gpu(enrolment: Enrolment, rung: list[str]) -> None:
    labs.hand_in(enrolment)
    run = GradingRun.objects.get()
    assert run.queue == "grading.checks.gpu"
    assert run_claim(queue="grading.checks", worker="cpu") is None
    GradingRun.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    assert rings_for_waiting() == 1
    assert rung == ["grading.checks.gpu"]
    assert run_claim(queue="grading.checks.gpu", worker="gpu") is not None


def test_the_page_says_that_no_such_machine_is_there_until_one_is(enrolment: Enrolment, learner: Client) -> None:
    page = labs.hand_in(enrolment).submission.get_absolute_url()
    GradingRun.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    now = timezone.now()
    beat = {"processes": 1, "sandbox": "docker cgroup", "seen_at": now, "started_at": now}
    WorkerHeartbeat.objects.create(name="cpu", queues="grading.checks", **beat)
    told = "No machine with a GPU checks work at the moment"
    assert told in learner.get(page).content.decode()
    WorkerHeartbeat.objects.create(name="gpu", queues="grading.checks.gpu", **beat)
    assert told not in learner.get(page).content.decode()


def test_the_lab_page_says_where_it_is_checked(learner: Client) -> None:
    page = learner.get(reverse("activity", args=["junior", "MOD-001/words"])).content.decode()
    assert "It is checked on a machine with a GPU" in page


def test_workers_without_a_gpu_do_not_try_such_a_lab(enrolment: Enrolment) -> None:
    assert labs_try(StandIn()) is None  # type: ignore[arg-type]
    assert not LabHealth.objects.exists()
