"""Changing one's profile; closing and reopening accounts."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from waymark.accounts import rights
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Refused

ZoneFollower = Callable[[Actor, User], None]
_zone_follower: ZoneFollower | None = None


def register_zone_follower(follower: ZoneFollower) -> None:
    """Register what else takes a person's new time zone, in the same transaction; *courses* does, once."""
    global _zone_follower
    _zone_follower = follower


@transaction.atomic
def profile_save(*, actor: Actor, person: User) -> None:
    """Store name, language and time zone as they are set on *person*, and let what follows the zone follow it."""
    before = User.objects.select_for_update(no_key=True).values_list("time_zone", flat=True).get(pk=person.pk)
    person.save(update_fields=["name", "language", "time_zone"])
    if person.time_zone != before and _zone_follower is not None:
        _zone_follower(actor, person)


@transaction.atomic
def person_close(*, actor: Actor, person: User) -> None:
    """Close an account: sign-in, sessions and tokens stop at once; work and grades stay.

    Only a site admin may, and not their own account (``own_account``, 409), so
    that one admin always remains.
    """
    rights.admins_lock()
    _check(actor)
    if person.pk == actor.user_id:
        raise Refused(_("You cannot close your own account here."), code="own_account")
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        audit_record(actor=actor, action="person.closed", subject=f"person:{person.pk}")


@transaction.atomic
def person_reopen(*, actor: Actor, person: User) -> None:
    """Open a closed account again; nobody who was anonymised comes back."""
    _check(actor)
    if person.anonymised_at is not None:
        raise Refused(_("This person was anonymised; there is nothing to reopen."), code="person_anonymised")
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        audit_record(actor=actor, action="person.reopened", subject=f"person:{person.pk}")


def _check(actor: Actor) -> None:
    own = actor.kind == "person" and actor.scopes is None and actor.acting_as is None
    if not own or actor.user_id is None or not rights.is_site_admin(actor.user_id):
        raise Forbidden(_("Only a site admin may do this."))
