"""Personal tokens and API clients: what they open, and when they stop."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from waymark.accounts.models import ApiClient, PersonalToken
from waymark.accounts.scopes import PERSONAL_SCOPES
from waymark.accounts.services.tokens import client_revoke, token_create, token_revoke
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Invalid
from waymark.core.models import AuditEntry

ME = "/api/v1/me/"
PROGRAMS = "/api/v1/programs/"


def status(bearer: str, address: str = ME) -> int:
    return Client().get(address, headers={"Authorization": bearer}).status_code


def test_a_token_works_until_it_is_revoked(cast: Cast) -> None:
    token, value = token_create(actor=cast.actor("learner"), name="Script", scopes=["me"], days=30)
    assert status(f"Bearer {value}") == 200
    token_revoke(actor=cast.actor("learner"), token=token)
    assert status(f"Bearer {value}") == 401


def test_a_token_ends(cast: Cast) -> None:
    start = timezone.now()
    _, value = token_create(actor=cast.actor("learner"), name="Script", scopes=["me"], days=1)
    with time_machine.travel(start + dt.timedelta(hours=23), tick=False):
        assert status(f"Bearer {value}") == 200
    with time_machine.travel(start + dt.timedelta(days=1, seconds=5), tick=False):
        assert status(f"Bearer {value}") == 401


@pytest.mark.parametrize("days", [0, -1, 366, 10_000])
def test_a_token_holds_a_year_at_most(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid):
        token_create(actor=cast.actor("learner"), name="Script", scopes=["me"], days=days)


def test_the_database_holds_the_year_too(cast: Cast) -> None:
    token, _ = token_create(actor=cast.actor("learner"), name="Script", scopes=["me"], days=1)
    late = timezone.now() + dt.timedelta(days=400)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalToken.objects.filter(pk=token.pk).update(expires_at=late)


def test_only_the_digest_is_stored(cast: Cast) -> None:
    token, value = token_create(actor=cast.actor("learner"), name="Script", scopes=["me"], days=1)
    stored = PersonalToken.objects.filter(pk=token.pk).values().get()
    assert value not in str(stored)
    assert value not in str(list(AuditEntry.objects.values()))


def test_a_token_of_a_closed_account_is_401(cast: Cast) -> None:
    bearer = cast.bearer("learner")
    cast.learner.is_active = False
    cast.learner.save()
    assert status(bearer) == 401


def test_tokens_make_no_tokens(cast: Cast) -> None:
    for actor in (
        Actor.person(cast.learner.pk, scopes=frozenset({"me"})),
        Actor.person(cast.learner.pk, acting_as=cast.site_admin.pk),
        cast.actor("limited_client"),
    ):
        with pytest.raises(Forbidden):
            token_create(actor=actor, name="Script", scopes=["me"], days=1)


def test_a_token_opens_no_page(cast: Cast) -> None:
    answer = Client().get("/account/tokens/", headers={"Authorization": cast.bearer("learner")})
    assert answer.status_code == 302


def test_a_token_of_staff_follows_their_rights_at_that_moment(cast: Cast) -> None:
    bearer = cast.bearer("program_admin")
    rights = Client().get(ME, headers={"Authorization": bearer}).json()["rights"]
    assert [right["program"] for right in rights] == ["north"]
    cast.program_admin.staff_rights.all().delete()
    assert Client().get(ME, headers={"Authorization": bearer}).json()["rights"] == []


def test_the_page_shows_a_new_token_once(cast: Cast) -> None:
    browser = cast.browser("learner")
    made = browser.post("/account/tokens/", {"name": "Script", "days": "30", "scopes": ["me"]})
    value = made.context["value"]
    assert value in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert status(f"Bearer {value}") == 200
    assert value not in browser.get("/account/tokens/").content.decode()


def test_a_form_with_faults_keeps_what_was_typed(cast: Cast) -> None:
    answer = cast.browser("learner").post("/account/tokens/", {"name": "Script", "days": "30"})
    assert answer.status_code == 400
    assert 'value="Script"' in answer.content.decode()


def test_a_client_is_nobody_and_holds_only_its_scopes(cast: Cast) -> None:
    bearer = cast.bearer("limited_client")
    assert status(bearer, PROGRAMS) == 200
    assert status(bearer, ME) == 403


def test_a_revoked_client_stops_at_once_and_gets_no_more_tokens(cast: Cast) -> None:
    bearer = cast.bearer("limited_client")
    client_revoke(actor=cast.actor("site_admin"), client=cast.limited_client)
    assert status(bearer, PROGRAMS) == 401
    answer = Client().post(
        "/identity/o/api/token",
        {
            "grant_type": "client_credentials",
            "client_id": cast.limited_client.pk,
            "client_secret": cast.limited_secret,
        },
    )
    assert answer.status_code in (400, 401)


def test_a_scope_taken_from_a_client_is_gone_from_its_tokens(cast: Cast) -> None:
    bearer = cast.bearer("limited_client")
    cast.limited_client.client.set_scopes(["grades:read"])
    cast.limited_client.client.save()
    assert status(bearer, PROGRAMS) == 403


def test_a_changed_limit_holds_for_tokens_given_out_before(cast: Cast) -> None:
    bearer = cast.bearer("limited_client")
    ApiClient.objects.filter(pk=cast.limited_client.pk).update(program_ids=[cast.south.pk])
    assert status(bearer, f"{PROGRAMS}north/") == 404
    assert status(bearer, f"{PROGRAMS}south/") == 200


def test_a_client_cannot_ask_for_more_than_its_scopes(cast: Cast) -> None:
    cast.limited_client.client.set_scopes(["programs:read"])
    cast.limited_client.client.save()
    answer = Client().post(
        "/identity/o/api/token",
        {
            "grant_type": "client_credentials",
            "client_id": cast.limited_client.pk,
            "client_secret": cast.limited_secret,
            "scope": "grades:write",
        },
    )
    assert answer.status_code == 400


def test_last_use_is_kept_without_a_write_per_request(cast: Cast) -> None:
    bearer = cast.bearer("learner")
    status(bearer)
    first = PersonalToken.objects.get(user=cast.learner).last_used_at
    status(bearer)
    assert first is not None
    assert PersonalToken.objects.get(user=cast.learner).last_used_at == first


def test_the_page_offers_the_scopes_that_a_person_can_use(cast: Cast) -> None:
    def offered(name: str) -> set[str]:
        choices = cast.browser(name).get(reverse("account_tokens")).context["form"].fields["scopes"].choices
        return {scope for scope, _words in choices}

    assert offered("learner") == {"me", "programs:read", "progress:read", "grades:read", "submissions:read"}
    assert offered("instructor") == set(PERSONAL_SCOPES)
    form = {"name": "Mine", "days": "7", "scopes": ["grades:write"]}
    assert cast.browser("learner").post(reverse("account_tokens"), form).status_code == 400
    assert cast.browser("instructor").post(reverse("account_tokens"), form).status_code == 200
