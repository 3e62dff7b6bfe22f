"""What every request reads: prepared statements, the session, and the person it names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DataError, connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import person_make
from waymark.accounts.backends import PersonBackend
from waymark.accounts.models import User
from waymark.core import sql
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.compiled import Compiled
from waymark.core.models import AuditEntry
from waymark.core.sessions import SessionStore

pytestmark = pytest.mark.django_db
NAMED = "/* tests.hot_reads */ SELECT %s::int + 1"


@pytest.fixture
def person() -> User:
    return person_make("reader")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account_profile")).status_code == 200


def test_a_statement_is_prepared() -> None:
    assert [sql.row(NAMED, [number]) for number in range(4)] == [(1,), (2,), (3,), (4,)]
    prepared = sql.rows("SELECT statement FROM pg_prepared_statements", [])
    assert any(statement.startswith("/* tests.hot_reads */") for (statement,) in prepared)


def test_a_log_shows_the_statement_with_its_values() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert sql.row(NAMED, [7]) == (8,)
    assert [query["sql"] for query in queries] == ["/* tests.hot_reads */ SELECT 7::int + 1"]


def test_a_compiled_read_gives_what_its_queryset_gives(person: User) -> None:
    """Values of other types than the driver's (JSON), two slots, and a fixed value between them."""
    for number in range(4):
        audit_record(actor=Actor.person(person.pk), action="tests.told", subject="x", details={"number": number})

    def written(since: object, key: object) -> QuerySet[AuditEntry, Any]:
        rows = AuditEntry.objects.filter(at__gte=since, action="tests.told", person=key)
        return rows.order_by("-pk").values_list("pk", "details", "at")

    read = Compiled("tests.compiled", written)
    ago = timezone.now() - timedelta(minutes=1)
    assert len(read(ago, person.pk)) == 4
    assert read(ago, person.pk) == list(written(ago, person.pk))
    assert read(timezone.now() + timedelta(minutes=1), person.pk) == []


def test_a_compiled_read_is_built_once_and_prepared(person: User) -> None:
    built = []

    def mailed(email: object) -> QuerySet[User, Any]:
        built.append(email)
        return User.objects.filter(email=email).values_list("pk")

    read = Compiled("tests.compiled_once", mailed)
    assert [read(person.email) for _ in range(9)] == [[(person.pk,)]] * 9
    assert read("nobody@demo.test") == []
    assert len(built) == 1
    prepared = sql.rows("SELECT statement FROM pg_prepared_statements", [])
    assert any(statement.startswith("/* tests.compiled_once */") for (statement,) in prepared)


def test_a_compiled_read_asked_with_too_few_values_says_so(person: User) -> None:
    read = Compiled("tests.compiled_two", lambda key, email: User.objects.filter(pk=key, email=email).values_list("pk"))
    with pytest.raises(TypeError, match=r"tests\.compiled_two takes 2 values, not 1"):
        read(person.pk)
    assert read(person.pk, person.email) == [(person.pk,)]


def test_no_row_is_none_and_an_error_is_djangos() -> None:
    assert sql.row("SELECT 1 WHERE false", []) is None
    with pytest.raises(DataError):
        sql.rows("SELECT 1 / %s::int", [0])


def test_a_session_that_has_run_out_or_is_unknown_signs_nobody_in(person: User) -> None:
    client = signed_in(person)
    assert is_signed_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(client)
    client.cookies[settings.SESSION_COOKIE_NAME] = "unknown-" * 4
    assert not is_signed_in(client)
    store = SessionStore("unknown-" * 4)
    assert (dict(store.items()), store.session_key) == ({}, None)


def test_a_session_holds_what_was_put_into_it(person: User) -> None:
    store = SessionStore()
    store["program"] = "north"
    store.save()
    assert SessionStore(store.session_key)["program"] == "north"


def test_the_person_of_a_session_is_whole(person: User) -> None:
    found = PersonBackend().get_user(person.pk)
    assert found is not None
    assert {field.attname: getattr(found, field.attname) for field in User._meta.concrete_fields} == {
        field.attname: getattr(User.objects.get(pk=person.pk), field.attname) for field in User._meta.concrete_fields
    }
    found.name = "Another"
    found.save(update_fields=["name"])
    assert User.objects.get(pk=person.pk).name == "Another"


def test_a_closed_or_missing_person_is_nobody(person: User) -> None:
    client = signed_in(person)
    assert is_signed_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_signed_in(client)
    assert PersonBackend().get_user(person.pk) is None
    assert PersonBackend().get_user(person.pk + 1000) is None
