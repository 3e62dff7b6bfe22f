"""Commits that wait: taken back by their learner, and an alert where nobody takes them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from assessments.models import Fetch
from assessments.selectors import fetches
from assessments.selectors.fetches import GIVEN_UP_LATELY, WAITED_TOO_LONG, fetches_check, fetches_count
from assessments.services.fetching import fetch_ask, fetch_cancel, fetch_claim, fetches_requeue_expired
from courses.models import Enrolment
from tests.grading import labs
from waymark.core import health
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Refused
from waymark.core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
ADDRESS = "https://git.example.test/a.git"
LAB = reverse("activity", args=["junior", "MOD-001/words"])


@pytest.fixture
def enrolment(tmp_path: Path, rung: list[str]) -> Enrolment:
    return labs.enrolled(labs.released(tmp_path / "tree"))


@pytest.fixture
def learner(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.learner)
    return client


def ask(enrolment: Enrolment, digit: str = "0") -> Fetch:
    return fetch_ask(
        actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=labs.lab(enrolment.program),
        repository=ADDRESS, commit=digit * 40,
    )  # fmt: skip


# -- taken back ------------------------------------------------------------------------
def test_what_waits_is_taken_back_from_its_page(enrolment: Enrolment, learner: Client) -> None:
    fetch = ask(enrolment)
    page = learner.get(fetch.get_absolute_url()).content.decode()
    stop = reverse("assessments:fetch-cancel", args=[fetch.uuid])
    assert f'action="{stop}"' in page
    answer = learner.post(stop, follow=True)
    assert answer.redirect_chain == [(LAB, 302)]
    assert "You took it back. No submission was used." in answer.content.decode()
    assert "A commit is being fetched" not in answer.content.decode()
    assert fetch_claim(worker="w") is None
    page = learner.get(fetch.get_absolute_url()).content.decode()
    assert "Taken back" in page
    assert "hx-trigger" not in page
    assert stop not in page
    assert AuditEntry.objects.filter(action="fetch.cancelled", subject=f"fetch:{fetch.uuid}").count() == 1
    assert ask(enrolment, "1").state == "waiting", "another commit may follow at once"


def test_taking_back_twice_is_once(enrolment: Enrolment) -> None:
    actor, fetch = Actor.person(enrolment.learner_id), ask(enrolment)
    first = fetch_cancel(actor=actor, fetch=fetch)
    again = fetch_cancel(actor=actor, fetch=fetch)
    assert (first.state, again.ended_at) == ("cancelled", first.ended_at)
    assert AuditEntry.objects.filter(action="fetch.cancelled").count() == 1


def test_it_is_too_late_once_a_worker_has_it_or_it_is_over(enrolment: Enrolment, learner: Client) -> None:
    fetch = ask(enrolment)
    assert fetch_claim(worker="w") is not None
    page = learner.get(fetch.get_absolute_url()).content.decode()
    assert "Take it back" not in page
    stop = reverse("assessments:fetch-cancel", args=[fetch.uuid])
    assert "A worker fetches it already." in learner.post(stop, follow=True).content.decode()
    Fetch.objects.update(state="failed", problem="redirect", lease_until=None)
    with pytest.raises(Refused) as refused:
        fetch_cancel(actor=Actor.person(enrolment.learner_id), fetch=fetch)
    assert refused.value.code == "fetch_over"


def test_only_its_learner_takes_it_back(enrolment: Enrolment) -> None:
    fetch = ask(enrolment)
    with pytest.raises(Forbidden):
        fetch_cancel(actor=Actor.system(), fetch=fetch)
    fetch.refresh_from_db()
    assert fetch.state == "waiting"


def test_clients_of_the_learner_do_it_by_the_api(enrolment: Enrolment, learner: Client) -> None:
    fetch = ask(enrolment)
    address = f"/api/v1/fetches/{fetch.uuid}/cancel/"
    answer = learner.post(address, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    Fetch.objects.update(state="working", lease_until=Now())
    answer = learner.post(address, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "fetch_taken")


# -- what operators see -------------------------------------------------------------------
def test_commits_nobody_takes_raise_the_alert(
    enrolment: Enrolment, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("broker", "workers", "sandbox"):
        monkeypatch.setitem(health.CHECKS, name, lambda: "ok")
    fetch = ask(enrolment)
    assert client.get("/readyz").json()["status"] == "ready"
    Fetch.objects.update(queued_at=Now() - WAITED_TOO_LONG - timedelta(seconds=5))
    told = client.get("/readyz").json()
    assert (told["status"], told["checks"]["fetches"], told["checks"]["grading"]) == ("degraded", "stuck", "ok")
    figures = client.get("/metrics").content.decode()
    assert 'waymark_fetches{state="waiting"} 1.0' in figures
    assert "waymark_fetches_stuck 1.0" in figures
    fetch_cancel(actor=Actor.person(enrolment.learner_id), fetch=fetch)
    assert client.get("/readyz").json()["status"] == "ready"
    assert 'waymark_fetches{state="waiting"} 0.0' in client.get("/metrics").content.decode()


def test_waiting_anew_begins_when_the_lease_ran_out(enrolment: Enrolment) -> None:
    ask(enrolment)
    Fetch.objects.update(queued_at=Now() - timedelta(hours=1))
    assert fetch_claim(worker="gone") is not None
    counted = fetches_count()
    assert (counted.waiting, counted.working, counted.stuck) == (0, 1, False)
    Fetch.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert fetches_requeue_expired() == 1
    counted = fetches_count()
    assert (counted.waiting, counted.working, counted.stuck) == (1, 0, False)


@pytest.mark.parametrize(("problem", "state"), [("worker_lost", "stuck"), ("no_git", "stuck"), ("redirect", "ok")])
def test_a_fault_of_ours_is_news_for_a_day(problem: str, state: str, enrolment: Enrolment) -> None:
    ask(enrolment)
    Fetch.objects.update(state="failed", problem=problem, ended_at=Now())
    assert fetches_check() == state
    Fetch.objects.update(ended_at=Now() - GIVEN_UP_LATELY - timedelta(minutes=1))
    assert fetches_check() == "ok"


def test_without_a_database_there_are_no_figures(
    client: Client, monkeypatch: pytest.MonkeyPatch, enrolment: Enrolment
) -> None:
    class Away:
        def cursor(self) -> None:
            raise DatabaseError("away")

    monkeypatch.setattr(fetches, "connection", Away())
    assert fetches_check() == "missing"
    figures = client.get("/metrics").content.decode()
    assert "waymark_grading_stuck" in figures
    assert "waymark_fetches" not in figures
