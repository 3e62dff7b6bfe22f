"""The areas and sections of the site: one table, read by the navigation and the help page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation.

    :param area: ``learn``, ``teach``, ``manage`` or ``account``.
    :param url_name: the page that it opens, without arguments.
    :param also: paths of further pages that belong to it; they mark it as the
        section one is in.
    :param alone: only its own page belongs to it, nothing below.
    :param key: pressed after ``g`` it opens the page.
    """

    area: str
    label: str | Promise
    url_name: str
    also: tuple[str, ...] = ()
    alone: bool = False
    key: str = ""


AREAS: dict[str, str | Promise] = {
    "learn": _("Learn"),
    "teach": _("Teach"),
    "manage": _("Manage"),
}

SECTIONS = (
    Section("learn", _("Today"), "today", alone=True, key="t"),
    Section("learn", _("My program"), "my_program", also=("/learn/",), key="p"),
    Section("learn", _("Grades"), "grades", key="g"),
    Section("learn", _("Catalogue"), "catalogue", key="c"),
    Section("teach", _("Reviews"), "review_queue", also=("/teach/submissions/",), key="r"),
    Section("teach", _("Joining"), "joining", key="j"),
    Section("teach", _("Stuck grading"), "stuck", key="s"),
    # Clients are for site admins only: they are reached from People, not from a link that others may not follow.
    Section("manage", _("People"), "people", also=("/manage/clients/",), key="e"),
    Section("manage", _("Curricula"), "curriculum", key="u"),
    Section("account", _("Profile"), "account_profile"),
    Section("account", pgettext_lazy("account section", "Email"), "account_email"),
    Section("account", _("Password"), "account_change_password", also=("/accounts/password/",)),
    Section("account", _("Two-factor"), "mfa_index", also=("/accounts/2fa/",)),
    Section("account", _("Sessions"), "usersessions_list"),
    Section("account", _("Tokens"), "account_tokens"),
    Section("account", _("Access"), "account_access"),
)
