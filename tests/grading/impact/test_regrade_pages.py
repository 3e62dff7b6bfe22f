"""A regrade on the page of its import and of its program, and by the API."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import ImportJob, StaffRight
from courses.services.imports import import_apply
from grading.models import GradingRun, Regrade
from tests.courses.imports.support import given, worked
from tests.grading import build
from tests.grading.impact.support import KEY, MODULE, TREE, answered, applied
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.services.regrades.ring_after_commit", lambda queue: None)


@pytest.fixture
def admin(tmp_path: Path, settings: Any) -> Client:
    """Of the program, in which one person was right."""
    settings.DATA_DIR = tmp_path / "data"
    small = applied(tmp_path / "tree")
    answered(small, "right", "right", True)
    person = build.person("admin")
    StaffRight.objects.create(person=person, role="admin", program=small.program)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def job(admin: Client) -> ImportJob:
    """An import by the admin that corrects the key, applied."""
    right = StaffRight.objects.get()
    tree: dict[str, str | bytes] = {**TREE, MODULE: dedent(TREE[MODULE]).replace(*KEY)}
    job = worked(given(Actor.person(right.person_id), tree))
    import_apply(actor=Actor.person(right.person_id), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert job.state == "applied", job.problem_text
    return job


def text(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def test_import_and_program_show_it_and_it_is_started_there(admin: Client, job: ImportJob) -> None:
    regrade = Regrade.objects.get()
    address = reverse("regrade_start", args=[regrade.uuid])
    for page in (text(admin, "import_job", job.uuid), text(admin, "curriculum_program", "small")):
        assert f'action="{address}"' in page
        assert "Start the regrade" in page
    answer = admin.post(address)
    assert (answer.status_code, answer["Location"]) == (302, "/manage/curricula/programs/small/#regrades")
    page = text(admin, "curriculum_program", "small")
    assert "0 of 1 attempt is graded again." in page
    assert "Start the regrade" not in page
    admin.post(address)
    assert GradingRun.objects.filter(kind="regrade").count() == 1


def test_it_can_be_left_and_is_not_started_after_that(admin: Client, job: ImportJob) -> None:
    regrade = Regrade.objects.get()
    admin.post(reverse("regrade_dismiss", args=[regrade.uuid]))
    assert "Left as it was" in text(admin, "curriculum_program", "small")
    page = admin.post(reverse("regrade_start", args=[regrade.uuid]), follow=True).content.decode()
    assert "This regrade was put aside." in page
    assert Regrade.objects.get().state == "dismissed"


def test_the_api_names_it(admin: Client, job: ImportJob) -> None:
    regrade = Regrade.objects.get()
    said = {
        "id": str(regrade.uuid), "state": "ready", "grades_changed": 1, "passes_lost": 1, "passes_gained": 0,
    }  # fmt: skip
    for answer in (admin.get(f"/api/v1/imports/{job.uuid}/"), admin.get("/api/v1/imports/")):
        body = answer.json()
        [release] = body.get("items", [body])[0]["releases"]
        assert release == {"program": "small", "release": 2, "regrade": said}


def test_a_program_without_one_says_nothing_of_it(admin: Client) -> None:
    assert "Regrades" not in text(admin, "curriculum_program", "small")
