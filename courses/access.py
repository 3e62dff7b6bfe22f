"""Who sees and changes what in *courses* (ACCESS.md).

Lists and objects share one truth: a queryset ``..._visible_to(actor)``, and the
object check is membership in it. Rights are read from their rows at each call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from courses.models import Cohort, Enrolment, ImportJob, Invitation, Program, StaffRight
from waymark.accounts.rights import Answers
from waymark.core.actors import Actor
from waymark.core.compiled import Compiled

if TYPE_CHECKING:
    from waymark.accounts.models import User

State = Enrolment.State


def rights_of(actor: Actor) -> QuerySet[StaffRight]:
    """The staff rights of a person; clients and act-as hold none."""
    if actor.kind != "person" or actor.acting_as is not None:
        return StaffRight.objects.none()
    return StaffRight.objects.filter(person_id=actor.user_id, person__is_active=True)


def is_site_admin(actor: Actor) -> bool:
    return rights_of(actor).filter(role="admin", program=None, cohort=None).exists()


_roles = Compiled(
    "courses.areas_for",
    lambda person: (
        StaffRight.objects.filter(person=person, person__is_active=True).order_by().values_list("role").distinct()
    ),
)


def areas_for(actor: Actor) -> frozenset[str]:
    """The areas of navigation a person sees: ``learn``, ``teach``, ``manage``; one query.

    Somebody without any right learns.
    """
    if actor.kind != "person":
        return frozenset()
    roles = {role for (role,) in _roles(actor.user_id)} if actor.acting_as is None else set()
    areas = {"learn"} if not roles or _learns(actor) else set()
    if roles:
        areas.add("teach")
    if "admin" in roles:
        areas.add("manage")
    return frozenset(areas)


def _learns(actor: Actor) -> bool:
    return Enrolment.objects.filter(learner_id=actor.user_id).exclude(state=State.DECLINED).exists()


def administered_programs(actor: Actor) -> QuerySet[Program]:
    """Programs whose admin the actor is; all of them for a site admin."""
    rights = rights_of(actor).filter(role="admin")
    return Program.objects.filter(
        Exists(rights.filter(program=OuterRef("pk"))) | Exists(rights.filter(program=None, cohort=None))
    )


def staffed_programs(actor: Actor) -> QuerySet[Program]:
    """Programs the actor administers or teaches a cohort of; they read all of its content."""
    rights = rights_of(actor)
    return Program.objects.filter(
        Exists(rights.filter(program=OuterRef("pk")))
        | Exists(rights.filter(cohort__program=OuterRef("pk")))
        | Exists(rights.filter(role="admin", program=None, cohort=None))
    )


def staffed_cohorts(actor: Actor) -> QuerySet[Cohort]:
    """Cohorts the actor teaches or administers."""
    rights = rights_of(actor)
    return Cohort.objects.filter(
        Exists(rights.filter(role="instructor", cohort=OuterRef("pk")))
        | Exists(rights.filter(role="admin", program=OuterRef("program")))
        | Exists(rights.filter(role="admin", program=None, cohort=None))
    )


def enrolments_staffed_by(actor: Actor) -> QuerySet[Enrolment]:
    """Enrolments of the actor's cohorts and programs; never their own (ACCESS.md, *People*)."""
    rights = rights_of(actor)
    return Enrolment.objects.filter(
        Exists(rights.filter(role="instructor", cohort=OuterRef("cohort")))
        | Exists(rights.filter(role="admin", program=OuterRef("program")))
        | Exists(rights.filter(role="admin", program=None, cohort=None))
    ).exclude(learner_id=actor.user_id)


def own_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    if actor.kind != "person":
        return Enrolment.objects.none()
    return Enrolment.objects.filter(learner_id=actor.user_id)


def enrolments_visible_to(actor: Actor) -> QuerySet[Enrolment]:
    """Own enrolments, those one is staff of, and for a client those inside its limit."""
    if actor.kind == "client":
        return Enrolment.objects.filter(_client_limit(actor))
    own = Q(learner_id=actor.user_id)
    return Enrolment.objects.filter(own | Q(pk__in=enrolments_staffed_by(actor).values("pk")))


def _client_limit(actor: Actor) -> Q:
    """The enrolments inside a client's limit; an unlimited client has the whole site."""
    if not actor.limited:
        return Q()
    return Q(program_id__in=actor.program_ids) | Q(cohort_id__in=actor.cohort_ids)


def programs_in_catalogue(actor: Actor) -> QuerySet[Program]:
    """Programs a signed-in person may read about: published ones that are not by invitation,
    those they are or were in, those they may accept an invitation to, and those they are staff of."""
    if actor.kind == "client":
        # An empty Q is no alternative: an unlimited client must not be narrowed to its (no) cohorts.
        inside = Q(pk__in=actor.program_ids) | Q(cohorts__in=actor.cohort_ids)
        return Program.objects.filter(inside).distinct() if actor.limited else Program.objects.all()
    rights = rights_of(actor)
    mine = Enrolment.objects.filter(learner_id=actor.user_id, program=OuterRef("pk")).exclude(state=State.DECLINED)
    invited = invitations_open_to(actor).filter(program=OuterRef("pk"))
    return Program.objects.filter(
        Q(published_at__isnull=False, archived_at=None) & ~Q(enrolment_mode=Program.EnrolmentMode.INVITATION)
        | Exists(mine)
        | Exists(invited)
        | Exists(rights.filter(program=OuterRef("pk")))
        | Exists(rights.filter(cohort__program=OuterRef("pk")))
        | Exists(rights.filter(role="admin", program=None, cohort=None))
    )


def invitations_to(actor: Actor) -> QuerySet[Invitation]:
    """Invitations to any confirmed address of the actor, used ones too: they alone may accept them."""
    if actor.kind != "person":
        return Invitation.objects.none()
    confirmed = EmailAddress.objects.filter(user=actor.user_id, verified=True).values(lower=Lower("email"))
    return Invitation.objects.alias(address=Lower("email")).filter(address__in=confirmed)


def invitations_open_to(actor: Actor) -> QuerySet[Invitation]:
    """Those of :func:`invitations_to` that can still be accepted: neither used, taken back nor run out."""
    return invitations_to(actor).filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def invitations_staffed_by(actor: Actor) -> QuerySet[Invitation]:
    """Invitations of cohorts and programs the actor is staff of."""
    if is_site_admin(actor):
        return Invitation.objects.all()
    cohorts = staffed_cohorts(actor).values("pk")
    programs = administered_programs(actor).values("pk")
    return Invitation.objects.filter(Q(cohort__in=cohorts) | Q(program__in=programs))


def may_grant(actor: Actor, *, role: str, program: Program | None, cohort: Cohort | None) -> bool:
    """Nobody grants what they do not hold: a site admin all, a program admin inside the program."""
    if actor.kind == "system":
        return True
    inside = program.pk if program else cohort.program_id if cohort else None
    rights = rights_of(actor).filter(role="admin")
    if rights.filter(program=None, cohort=None).exists():
        return True
    return inside is not None and rights.filter(program=inside).exists()


def may_import(actor: Actor) -> bool:
    """Whether somebody imports curricula at all: admins, and clients with the scope (decided before any look-up)."""
    if actor.kind == "person":
        return rights_of(actor).filter(role="admin").exists()
    return actor.kind == "system" or actor.has_scope("curriculum:write")


def imports_everywhere(actor: Actor) -> bool:
    """Whether they may make programs and change what programs share, not only change their own."""
    if actor.kind == "person":
        return is_site_admin(actor)
    return actor.kind == "system" or not actor.limited


def programs_imported_by(actor: Actor) -> QuerySet[Program]:
    """Programs that the actor may import into."""
    if actor.kind == "client":
        return Program.objects.filter(pk__in=actor.program_ids) if actor.limited else Program.objects.all()
    return administered_programs(actor)


def imports_visible_to(actor: Actor) -> QuerySet[ImportJob]:
    """A job is its maker's and the site admins', and closes when the right to import what it is about ends."""
    if actor.kind == "client":
        mine = ImportJob.objects.filter(client=actor.client_id)
    elif is_site_admin(actor):
        return ImportJob.objects.all()
    else:
        mine = ImportJob.objects.filter(person_id=actor.user_id)
    if imports_everywhere(actor):
        return mine
    return mine.filter(
        wide=False, programs__contained_by=list(programs_imported_by(actor).values_list("slug", flat=True))
    )


def answers() -> Answers:
    """The answers that *accounts* asks for (``waymark.accounts.rights``); read anew at each call."""

    def site_admin(person_id: int) -> bool:
        return is_site_admin(Actor.person(person_id))

    def staff(person_id: int) -> bool:
        return rights_of(Actor.person(person_id)).exists()

    return Answers(is_site_admin=site_admin, is_staff=staff)


def people_administered_by(actor: Actor) -> QuerySet[User]:
    """Everybody for a site admin; for a program admin those in their programs, as learners or staff."""
    from waymark.accounts.models import User

    if is_site_admin(actor):
        return User.objects.all()
    programs = administered_programs(actor)
    learners = Enrolment.objects.filter(learner=OuterRef("pk"), program__in=programs).exclude(state=State.DECLINED)
    staff = StaffRight.objects.filter(person=OuterRef("pk"))
    return User.objects.filter(
        Exists(learners)
        | Exists(staff.filter(program__in=programs))
        | Exists(staff.filter(cohort__program__in=programs))
    )


def requests_open_to(actor: Actor) -> QuerySet[Enrolment]:
    """Requests to join that the actor may decide: of their programs, and of their cohorts when one was named."""
    return enrolments_staffed_by(actor).filter(state=State.REQUESTED)


def cohorts_to_join(actor: Actor) -> QuerySet[Cohort]:
    """Cohorts the actor may put people into: their own that run still."""
    now = timezone.now()
    return staffed_cohorts(actor).filter(archived_at=None).exclude(ends_at__lte=now)
