"""What tokens and clients may be allowed (ACCESS.md, *Clients, feed, webhooks, writes*)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ME: Final = "me"
"""What the person may do on pages; for tokens of a person only, and implied by a session."""

CLIENT_SCOPES: Final[dict[str, str | Promise]] = {
    "programs:read": _("Read the catalogue and the content of programs"),
    "curriculum:internal": _("Read keys, hidden checks and staff solutions"),
    "curriculum:write": _("Change curricula"),
    "roster:read": _("Read names and addresses of people"),
    "roster:write": _("Change enrolments"),
    "progress:read": _("Read progress"),
    "grades:read": _("Read grades"),
    "grades:write": _("Write grades"),
    "submissions:read": _("Read handed-in work"),
    "webhooks:manage": _("Manage webhooks"),
}
"""Scopes of clients and tokens, with what they open."""

PERSONAL_SCOPES: Final[dict[str, str | Promise]] = {
    ME: _("Everything you may do on pages, except for your account, tokens and rights"),
    **CLIENT_SCOPES,
}
"""Scopes of personal tokens; never more than the person may at that moment."""

STAFF_SCOPES: Final = frozenset(
    {"curriculum:internal", "curriculum:write", "roster:read", "roster:write", "grades:write", "webhooks:manage"}
)
"""What nobody without a staff right may do, so their tokens are not offered it."""


def scopes_offered(*, staff: bool) -> list[tuple[str, str | Promise]]:
    """The scopes a person chooses from for a token of their own, with their words."""
    return [(scope, words) for scope, words in PERSONAL_SCOPES.items() if staff or scope not in STAFF_SCOPES]
