"""Health pages: what they tell, to whom, and with which status."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from waymark.core import health
from waymark.core.models import WorkerHeartbeat


def beat(age: float) -> None:
    now = timezone.now() - dt.timedelta(seconds=age)
    WorkerHeartbeat.objects.create(name="w1", queues="default", seen_at=now, started_at=now)


def test_the_process_is_up_without_asking_anything(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_with_everything(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("broker", "sandbox"):
        monkeypatch.setitem(health.CHECKS, name, lambda: "ok")
    beat(1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_workers_that_are_silent_degrade_but_serve(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "broker", lambda: "ok")
    beat(31)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "checks": {
            "database": "ok", "migrations": "ok", "broker": "ok", "workers": "missing", "grading": "ok",
            "sandbox": "missing", "fetches": "ok",
        },
    }  # fmt: skip


def test_a_missing_broker_degrades_quickly(db: None, client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nonexistent/redis.sock?db=0"
    beat(1)
    started = timezone.now()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert timezone.now() - started < dt.timedelta(seconds=2)


def test_without_a_database_it_is_unready(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> Any:
            raise OperationalError("host=db.internal password=secret")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unready"
    assert "secret" not in answer.content.decode()


def test_missing_migrations_make_it_unready(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'courses'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "missing")


def test_readiness_costs_a_fixed_number_of_queries(db: None, client: Client) -> None:
    client.get("/readyz")
    with CaptureQueriesContext(connection) as captured:
        client.get("/readyz")
    assert len(captured) <= 5


def test_metrics_are_for_this_machine_in_the_demo(db: None, client: Client) -> None:
    assert b"python_info" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 401


def test_metrics_need_the_token_in_production(db: None, client: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    assert client.get("/metrics").status_code == 401, "without a token nobody is let in, loopback or not"
    settings.METRICS_TOKEN = "long-and-random"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer \u00e9"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer long-and-random"}).status_code == 200
