"""Who calls the API: a session, a personal token, or a client with an access token."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck, get_authorization_header
from rest_framework.request import Request

from waymark.accounts.services.credentials import Credential, credential_read
from waymark.core.actors import Actor, actor_of

REALM = 'Bearer realm="waymark"'


class HeaderOrSessionAuthentication(BaseAuthentication):
    """The header if there is one, else the session with its CSRF token.

    A header that does not hold a valid credential is 401, whatever the cookie
    says. ``request.actor`` is set in both cases; ``request.user`` is None for a
    client that acts for nobody.
    """

    def authenticate(self, request: Request) -> tuple[Any, Credential | None] | None:
        header = get_authorization_header(request)
        if header:
            credential = self._bearer(header)
            self._set_actor(request, credential.actor)
            return credential.user, credential
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        self._enforce_csrf(request)
        self._set_actor(request, actor_of(request._request))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return REALM

    def _bearer(self, header: bytes) -> Credential:
        kind, _, value = header.partition(b" ")
        if kind.lower() != b"bearer" or not value.strip():
            raise exceptions.AuthenticationFailed("The Authorization header must be 'Bearer' and a token.")
        try:
            credential = credential_read(value.strip().decode("ascii"))
        except UnicodeDecodeError:
            credential = None
        if credential is None:
            raise exceptions.AuthenticationFailed("This token is unknown, has run out, or was revoked.")
        return credential

    def _set_actor(self, request: Request, actor: Actor) -> None:
        # Both: views hold DRF's request, services and logs may hold Django's.
        request.actor = actor  # type: ignore[attr-defined]
        request._request.actor = actor  # type: ignore[attr-defined]

    def _enforce_csrf(self, request: Request) -> None:
        def unused(_: Any) -> Any:  # pragma: no cover
            return None

        check = CSRFCheck(unused)
        check.process_request(request._request)
        reason = check.process_view(request._request, unused, (), {})
        if reason:
            raise exceptions.PermissionDenied(f"CSRF: {reason}", code="csrf_failed")
