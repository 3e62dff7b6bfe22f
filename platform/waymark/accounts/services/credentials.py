"""Reading what came in an Authorization header."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from allauth.idp.oidc.models import Token
from django.db.models import Q
from django.utils import timezone

from waymark.accounts.models import TOKEN_PREFIX, ApiClient, PersonalToken, User
from waymark.core.actors import Actor

USE_RECORDED_EVERY = timedelta(minutes=1)
"""Last use is written at most this often, so that reading the API does not write rows."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A valid token: for whom it acts, and the person when there is one."""

    actor: Actor
    user: User | None


def credential_read(value: str) -> Credential | None:
    """The credential of a bearer token; None when it is unknown, ended, revoked, or its person is closed.

    Personal tokens are known by their prefix; anything else is looked up among
    the access tokens that the identity provider gave out.
    """
    if value.startswith(TOKEN_PREFIX):
        return _personal(value)
    return _access(value)


def token_digest(value: str) -> str:
    """What is stored of a personal token."""
    return hashlib.sha256(value.encode()).hexdigest()


def _personal(value: str) -> Credential | None:
    now = timezone.now()
    token = (
        PersonalToken.objects.select_related("user")
        .filter(digest=token_digest(value), expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    _used(PersonalToken.objects.filter(pk=token.pk))
    return Credential(Actor.person(token.user_id, scopes=frozenset(token.scopes)), token.user)


def _access(value: str) -> Credential | None:
    token = (
        Token.objects.select_related("user", "client__waymark")
        .valid()
        .by_value(value)
        .filter(type=Token.Type.ACCESS_TOKEN)
    ).first()
    if token is None or token.client is None:
        return None
    client: ApiClient | None = getattr(token.client, "waymark", None)
    if client is None or client.revoked_at is not None:
        return None
    # What was taken from the client since the token was given out is gone from the token too.
    scopes = frozenset(token.get_scopes()) & frozenset(token.client.get_scopes())
    if token.user is not None:
        if not token.user.is_active:
            return None
        _used(ApiClient.objects.filter(pk=client.pk))
        return Credential(Actor.person(token.user.pk, scopes=scopes), token.user)
    _used(ApiClient.objects.filter(pk=client.pk))
    actor = Actor(
        "client",
        client_id=client.pk,
        scopes=scopes - {"me"},
        limited=client.limited,
        program_ids=frozenset(client.program_ids),
        cohort_ids=frozenset(client.cohort_ids),
    )
    return Credential(actor, None)


def _used(rows: object) -> None:
    now = timezone.now()
    rows.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - USE_RECORDED_EVERY)).update(last_used_at=now)  # type: ignore[attr-defined]
