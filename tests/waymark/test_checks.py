"""A server that Waymark was never tried on stops the start, by number."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.utils import ConnectionHandler

from waymark.core import checks as ours


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


@pytest.mark.django_db
def test_the_services_of_this_run_are_supported() -> None:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [message for message in found if (message.id or "").startswith("waymark.")] == []


@pytest.mark.parametrize(
    ("number", "expected"), [(140_012, ["waymark.E001"]), (150_000, []), (180_004, []), (190_000, ["waymark.E001"])]
)
def test_only_tested_versions_of_postgresql(number: int, expected: list[str]) -> None:
    version = f"PostgreSQL {number // 10_000}.{number % 10_000} on x86_64"
    assert ids(ours.postgres_findings(version=version, number=number, encoding="UTF8")) == expected


def test_a_relative_of_postgresql_is_named() -> None:
    (found,) = ours.postgres_findings(version="Otherbase 22.1 on x86_64", number=150_000, encoding="UTF8")
    assert "Otherbase 22.1" in found.msg


def test_a_database_that_loses_letters_is_refused() -> None:
    found = ours.postgres_findings(version="PostgreSQL 15.1", number=150_001, encoding="SQL_ASCII")
    assert ids(found) == ["waymark.E003"]


@pytest.mark.parametrize(
    ("version", "expected"), [("6.0.16", ["waymark.E002"]), ("6.2.14", []), ("7.2.4", []), ("10.0", [])]
)
def test_redis_from_6_2(version: str, expected: list[str]) -> None:
    assert ids(ours.redis_findings(version)) == expected


def test_a_silent_redis_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nonexistent/redis.sock?db=0")
    assert ours.redis_check(databases=["default"]) == []


def test_an_old_redis_is_asked_for_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    old = SimpleNamespace(info=lambda section: {"redis_version": "5.0.7"}, close=lambda: None)
    monkeypatch.setattr(ours.redis.Redis, "from_url", lambda *args, **kwargs: old)
    assert ids(ours.redis_check(databases=["default"])) == ["waymark.E002"]


def test_a_silent_database_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> None:
    elsewhere: dict[str, Any] = {**connections.settings["default"], "OPTIONS": {"host": "/nonexistent"}}
    monkeypatch.setattr(ours, "connections", ConnectionHandler({"default": elsewhere}))
    with django_db_blocker.unblock():
        (found,) = ours.postgres_check(databases=["default"])
    assert found.id == "waymark.E004"
    assert "DATABASE_URL" in (found.hint or "")


def test_nothing_is_asked_when_no_database_is_named() -> None:
    # ``manage.py check --deploy`` runs where no service is.
    assert ours.postgres_check(databases=None) == []
    assert ours.redis_check(databases=None) == []
