"""Sending, renewing and withdrawing invitations; ``invitation_accept`` is in *enrolment*."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import may_grant, staffed_cohorts
from courses.models import Cohort, Invitation, Program
from courses.services.enrolment import INVITATION_DAYS, invitation_create
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Refused

Link = Callable[[Invitation], str]
"""The absolute address of the page where an invitation is accepted."""


@transaction.atomic
def invitation_send(
    *, actor: Actor, email: str, link: Link, program: Program | None = None, cohort: Cohort | None = None,
    right: str = "",
) -> Invitation:  # fmt: skip
    """Invite an address to a program, a cohort or a right, and mail it after commit.

    A cohort's program goes without saying. Instructors invite learners to their
    cohorts; admins to their programs and, as far as they hold them, to rights
    (``right_not_held``, 403).
    """
    if cohort is not None:
        program = cohort.program
    _check(actor, program, cohort, right)
    invitation = invitation_create(actor=actor, email=email, program=program, cohort=cohort, right=right)
    _mail(invitation, link)
    return invitation


def _check(actor: Actor, program: Program | None, cohort: Cohort | None, right: str) -> None:
    if not _may_invite(actor, program, cohort, right):
        raise Forbidden(_("You can offer only what you hold yourself."), code="right_not_held")


def _may_invite(actor: Actor, program: Program | None, cohort: Cohort | None, right: str) -> bool:
    if right:
        return may_grant(actor, role=right, program=None if cohort else program, cohort=cohort)
    if cohort is not None:
        return staffed_cohorts(actor).filter(pk=cohort.pk).exists()
    return program is not None and may_grant(actor, role="admin", program=program, cohort=None)


@transaction.atomic
def invitation_renew(*, actor: Actor, invitation: Invitation, link: Link) -> None:
    """Let an open invitation hold for another two weeks, and mail it again."""
    locked = _open(actor, invitation)
    locked.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
    locked.save(update_fields=["expires_at"])
    audit_record(actor=actor, action="invitation.renewed", subject=f"invitation:{locked.pk}")
    _mail(locked, link)


@transaction.atomic
def invitation_withdraw(*, actor: Actor, invitation: Invitation) -> None:
    """Take an offer back; withdrawing twice is withdrawing once."""
    if invitation.withdrawn_at is not None:
        return
    locked = _open(actor, invitation)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    audit_record(actor=actor, action="invitation.withdrawn", subject=f"invitation:{locked.pk}")


def _open(actor: Actor, invitation: Invitation) -> Invitation:
    locked = (
        Invitation.objects.select_for_update(of=("self",)).select_related("program", "cohort").get(pk=invitation.pk)
    )
    _check(actor, locked.program, locked.cohort, locked.right)
    if locked.accepted_at is not None or locked.withdrawn_at is not None:
        raise Refused(_("This invitation was used or taken back."), code="invitation_closed")
    return locked


def _mail(invitation: Invitation, link: Link) -> None:
    context = {"invitation": invitation, "link": link(invitation), "days": INVITATION_DAYS}
    subject = render_to_string("courses/mail/invitation_subject.txt", context).strip()
    message = EmailMessage(subject, render_to_string("courses/mail/invitation.txt", context), to=[invitation.email])
    transaction.on_commit(lambda: message.send(), robust=True)
