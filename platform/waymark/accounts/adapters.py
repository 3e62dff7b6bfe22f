"""How this site uses allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from waymark.accounts.models import User
from waymark.core.peers import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and mail: addresses in lower case, mail only after the transaction."""

    def clean_email(self, email: str) -> str:
        return str(super().clean_email(email)).strip().lower()

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "").strip()
        user.time_zone = form.cleaned_data.get("time_zone") or user.time_zone
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def format_email_subject(self, subject: str) -> str:
        """Subjects stand for themselves; the sender already names the site."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        transaction.on_commit(lambda: message.send(), robust=True)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose attempts the limits of sign-in count; 403 when there is no telling."""
        found = client_address(request)
        if not found:
            raise PermissionDenied("The address of the client is not known.")
        return found

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth puts the host of the request before it, and a client may name any port there: each one
        # would begin a new count (tests/security/test_rate_limits.py).
        return str(credentials.get("email", "")).strip().lower()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)


class ClientAdapter(DefaultOIDCAdapter):
    """The identity provider: which scopes there are, in words for the consent page."""

    scope_display = {
        "programs:read": _("Read the catalogue and the content of your programs"),
        "progress:read": _("Read your progress"),
        "grades:read": _("Read your grades"),
        "submissions:read": _("Read what you handed in"),
        "me": _("Do what you may do on pages, except for your account, tokens and rights"),
    }
