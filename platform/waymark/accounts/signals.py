"""What follows from changes of an account that allauth makes."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest

from waymark.accounts.models import User


@receiver([password_changed, password_set, password_reset])
def sessions_end(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A changed password ends every other session (ACCESS.md, *People's data*).

    Their hash no longer fits anyway; this also takes their rows away, so that
    the list of sessions tells the truth.
    """
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key or "")
    for session in others:
        session.end()


@receiver(email_changed)
def address_follows(
    sender: Any, request: HttpRequest, user: User, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    """The address of the person is the primary one, in lower case."""
    User.objects.filter(pk=user.pk).update(email=to_email_address.email.lower())
