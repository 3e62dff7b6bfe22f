"""Act-as: a site admin sees what a person without staff rights sees, reading only (ACCESS.md, *People*)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waymark.accounts import rights
from waymark.accounts.models import Acting, User
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Refused

MINUTES: Final = 30


@transaction.atomic
def acting_start(*, actor: Actor, person: User, reason: str) -> Acting:
    """Begin to look through *person*'s eyes, for :data:`MINUTES`.

    ``not_allowed`` (403) unless the actor is a site admin in a session of their
    own; ``acting_as_staff`` (409) for people with any staff right; a reason is
    needed, the person reads it.
    """
    if actor.kind != "person" or actor.user_id is None or actor.scopes is not None or actor.acting_as is not None:
        raise Forbidden(_("Only a site admin, signed in as themselves, may act as somebody."))
    if not rights.is_site_admin(actor.user_id):
        raise Forbidden(_("Only a site admin may act as somebody."))
    if not reason.strip():
        raise Invalid(
            _("A reason is needed."), code="reason_missing", where="reason", hint=_("The person will read it.")
        )
    if person.pk == actor.user_id:
        raise Refused(_("You are this person already."), code="acting_as_self")
    if not person.is_active:
        raise Refused(_("This account is closed."), code="person_inactive")
    if rights.is_staff(person.pk):
        raise Refused(_("Nobody may act as somebody with staff rights."), code="acting_as_staff")
    acting = Acting.objects.create(
        admin_id=actor.user_id,
        person=person,
        reason=reason.strip()[:300],
        ends_at=timezone.now() + timedelta(minutes=MINUTES),
    )
    audit_record(
        actor=Actor.person(person.pk, acting_as=actor.user_id),
        action="acting.started",
        subject=f"person:{person.pk}",
        reason=acting.reason,
        details={"acting": str(acting.uuid), "admin": actor.user_id},
    )
    return acting


@transaction.atomic
def acting_stop(*, acting: Acting) -> None:
    """End it; stopping twice is stopping once."""
    if Acting.objects.filter(pk=acting.pk, stopped_at=None).update(stopped_at=timezone.now()):
        audit_record(
            actor=Actor.person(acting.person_id, acting_as=acting.admin_id),
            action="acting.stopped",
            subject=f"person:{acting.person_id}",
            details={"acting": str(acting.uuid), "admin": acting.admin_id},
        )


def acting_current(*, uuid: UUID | str, admin_id: int) -> Acting | None:
    """The look under way, if it still may go on: rights, states and time are read anew."""
    acting = (
        Acting.objects.select_related("person", "admin")
        .filter(uuid=uuid, admin_id=admin_id, stopped_at=None, ends_at__gt=timezone.now())
        .filter(person__is_active=True, admin__is_active=True)
        .first()
    )
    if acting is None or not rights.is_site_admin(admin_id) or rights.is_staff(acting.person_id):
        return None
    return acting
