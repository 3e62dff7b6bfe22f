"""Opening a program to learners, and closing it: the operator's decisions, which no import touches."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import administered_programs
from courses.models import Program
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden


@transaction.atomic
def program_publish(*, actor: Actor, program: Program, enrolment_mode: str) -> Program:
    """Let a program take learners, in the way named by *enrolment_mode* (``Program.EnrolmentMode``).

    Doing it again changes the way; who is enrolled stays enrolled. An archived
    program is taken back. :raises Forbidden: *actor* does not administer it.
    """
    mode = Program.EnrolmentMode(enrolment_mode)
    locked = _locked(actor, program)
    if locked.published_at is not None and locked.archived_at is None and locked.enrolment_mode == mode:
        return locked
    locked.enrolment_mode, locked.archived_at = mode, None
    locked.published_at = locked.published_at or timezone.now()
    locked.save(update_fields=["enrolment_mode", "published_at", "archived_at"])
    audit_record(
        actor=actor, action="program.published", subject=f"program:{locked.pk}", details={"enrolment": str(mode)}
    )
    return locked


@transaction.atomic
def program_archive(*, actor: Actor, program: Program) -> Program:
    """Take no more learners and let the program be read only (``courses.standing``).

    Whoever should take nobody new, but let those go on who are in it, publishes it
    by invitation. :raises Forbidden: *actor* does not administer it.
    """
    locked = _locked(actor, program)
    if locked.archived_at is None:
        locked.archived_at = timezone.now()
        locked.save(update_fields=["archived_at"])
        audit_record(actor=actor, action="program.archived", subject=f"program:{locked.pk}")
    return locked


def _locked(actor: Actor, program: Program) -> Program:
    if actor.kind != "system" and not administered_programs(actor).filter(pk=program.pk).exists():
        raise Forbidden(_("Only admins of this program open and close it."))
    return Program.objects.select_for_update(no_key=True, of=("self",)).get(pk=program.pk)
