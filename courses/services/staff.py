"""Granting and withdrawing staff rights."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from courses.access import may_grant
from courses.models import Cohort, Invitation, Program, StaffRight
from waymark.accounts.models import User
from waymark.accounts.rights import admins_lock
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Refused


@transaction.atomic
def right_grant(
    *, actor: Actor, person: User, role: str, program: Program | None = None, cohort: Cohort | None = None
) -> StaffRight:
    """Give a right; giving it twice is the same right.

    Nobody grants what they do not hold (``right_not_held``, 403), and rights go
    to people with a confirmed address only (``address_not_confirmed``, 409);
    others are invited. Instructors hold a cohort, admins a program or the site
    (``right_scope``, 400). Source: ACCESS.md, *People*.
    """
    if (role == StaffRight.Role.INSTRUCTOR) != (cohort is not None) or (cohort is not None and program is not None):
        raise Invalid(_("An instructor holds a cohort; an admin a program or the whole site."), code="right_scope")
    if not may_grant(actor, role=role, program=program, cohort=cohort):
        raise Forbidden(_("You can grant only rights that you hold yourself."), code="right_not_held")
    if not person.is_active:
        raise Refused(_("This account is closed."), code="person_inactive")
    if not EmailAddress.objects.filter(user=person, verified=True).exists():
        raise Refused(
            _("This person has not confirmed their address."),
            code="address_not_confirmed",
            hint=_("Send an invitation."),
        )
    right, made = StaffRight.objects.get_or_create(person=person, role=role, program=program, cohort=cohort)
    if made:
        audit_record(actor=actor, action="right.granted", subject=f"person:{person.pk}", details=_details(right))
    return right


@transaction.atomic
def right_withdraw(*, actor: Actor, right: StaffRight) -> None:
    """Take a right away; taking it twice is once. The last site admin keeps theirs, or nobody could give it back.

    Closed accounts do not count as admins. ``right_not_held`` (403),
    ``last_site_admin`` (409).
    """
    of_site = right.role == StaffRight.Role.ADMIN and right.scope == "site"
    if of_site:
        admins_lock()
    if not may_grant(actor, role=right.role, program=right.program, cohort=right.cohort):
        raise Forbidden(_("You can withdraw only rights that you hold yourself."), code="right_not_held")
    rows = StaffRight.objects.select_for_update(of=("self",)).order_by("pk")
    if of_site:
        admins = list(rows.filter(role="admin", program=None, cohort=None).select_related("person"))
        if not any(admin.person.is_active for admin in admins if admin.pk != right.pk):
            raise Refused(
                _("This is the only site admin."),
                code="last_site_admin",
                hint=_("Make somebody else a site admin first."),
            )
    if not rows.filter(pk=right.pk).exists():
        return
    audit_record(actor=actor, action="right.withdrawn", subject=f"person:{right.person_id}", details=_details(right))
    right.delete()


def right_from_invitation(*, person: User, invitation: Invitation) -> StaffRight:
    """The right that an accepted invitation offers, if its sender still holds it."""
    return right_grant(
        actor=Actor.person(invitation.invited_by_id),
        person=person,
        role=invitation.right,
        program=None if invitation.cohort_id else invitation.program,
        cohort=invitation.cohort,
    )


def _details(right: StaffRight) -> dict[str, str | int | None]:
    return {"role": right.role, "program": right.program_id, "cohort": right.cohort_id}
