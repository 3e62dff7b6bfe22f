"""Personal tokens and API clients: made, shown once, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waymark.accounts.models import A_YEAR, TOKEN_PREFIX, ApiClient, PersonalToken, User
from waymark.accounts.scopes import CLIENT_SCOPES, PERSONAL_SCOPES
from waymark.accounts.services.credentials import token_digest
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Refused

TOKENS_AT_MOST = 50


def _own_session(actor: Actor) -> int:
    """The person, when they are here themselves: tokens cannot make tokens, and act-as makes none."""
    if actor.kind != "person" or actor.user_id is None or actor.scopes is not None or actor.acting_as is not None:
        raise Forbidden(_("Tokens are made in one's own session only."))
    return actor.user_id


def _known(scopes: Iterable[str], allowed: Iterable[str]) -> list[str]:
    chosen = sorted(set(scopes))
    if not chosen:
        raise Invalid(_("At least one scope is needed."), code="scope_needed", where="scopes")
    for scope in chosen:
        if scope not in set(allowed):
            raise Invalid(
                _("There is no scope “%(scope)s” here.") % {"scope": scope}, code="scope_unknown", where="scopes"
            )
    return chosen


@transaction.atomic
def token_create(*, actor: Actor, name: str, scopes: Iterable[str], days: int) -> tuple[PersonalToken, str]:
    """Make a personal token; the second value is the token itself, which exists only here.

    :param days: how long it holds, 1 to 365.
    """
    person_id = _own_session(actor)
    chosen = _known(scopes, PERSONAL_SCOPES)
    if not name.strip():
        raise Invalid(_("A name is needed."), code="name_missing", where="name")
    if not 1 <= days < A_YEAR.days:
        raise Invalid(_("A token holds a year at most."), code="expiry_out_of_range", where="days")
    # The row of the person is the lock of their tokens: two requests at once cannot both be the last one.
    User.objects.select_for_update(no_key=True).get(pk=person_id)
    if PersonalToken.objects.filter(user_id=person_id).count() >= TOKENS_AT_MOST:
        raise Refused(
            _("You have many tokens already."), code="too_many_tokens", hint=_("Revoke those you do not use.")
        )
    value = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken.objects.create(
        user_id=person_id,
        name=name.strip()[:80],
        scopes=chosen,
        digest=token_digest(value),
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit_record(
        actor=actor, action="token.created", subject=f"person:{person_id}",
        details={"token": str(token.uuid), "scopes": chosen},
    )  # fmt: skip
    return token, value


@transaction.atomic
def token_revoke(*, actor: Actor, token: PersonalToken) -> None:
    """Take a token back; it stops at once."""
    if PersonalToken.objects.filter(pk=token.pk).delete()[0]:
        audit_record(
            actor=actor, action="token.revoked", subject=f"person:{token.user_id}", details={"token": str(token.uuid)}
        )


@transaction.atomic
def client_create(
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    limited: bool,
    program_ids: Iterable[int] = (),
    cohort_ids: Iterable[int] = (),
    client_id: str | None = None,
) -> tuple[ApiClient, str]:
    """Make an API client; the second value is its secret, which exists only here.

    The caller has checked that the actor is a site admin and that programs and
    cohorts exist. An unlimited client sees the whole site; a limited one
    without any program or cohort sees nothing of people or programs.
    """
    chosen = _known(scopes, CLIENT_SCOPES)
    secret = secrets.token_urlsafe(32)
    client = Client(
        id=client_id or get_adapter().generate_client_id(),
        name=name.strip()[:100],
        secret=make_password(secret),
        type=Client.Type.CONFIDENTIAL,
        grant_types=Client.GrantType.CLIENT_CREDENTIALS,
        response_types="",
    )
    client.set_scopes(chosen)
    client.set_default_scopes(chosen)
    client.save(force_insert=True)
    made = ApiClient.objects.create(
        client=client,
        limited=limited,
        program_ids=sorted(set(program_ids)) if limited else [],
        cohort_ids=sorted(set(cohort_ids)) if limited else [],
        created_by_id=actor.user_id,
    )
    audit_record(
        actor=actor, action="client.created", subject=f"client:{client.pk}",
        details={"scopes": chosen, "limited": limited, "programs": made.program_ids, "cohorts": made.cohort_ids},
    )  # fmt: skip
    return made, secret


@transaction.atomic
def client_revoke(*, actor: Actor, client: ApiClient) -> None:
    """End a client: its secret and its tokens stop at once; the row stays for the record."""
    if not ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return
    Token.objects.filter(client_id=client.pk).delete()
    Client.objects.filter(pk=client.pk).update(secret=make_password(None), grant_types="", scopes="")
    audit_record(actor=actor, action="client.revoked", subject=f"client:{client.pk}")
