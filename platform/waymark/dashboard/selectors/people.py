"""What the pages of Manage > People show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from courses import access
from courses.models import Cohort, Enrolment, Invitation, Program, StaffRight
from waymark.accounts.models import User
from waymark.core.actors import Actor

ROLES = ("learner", "instructor", "admin", "none")


@dataclass(frozen=True, slots=True)
class Filters:
    """How the list of people is narrowed; empty values narrow nothing."""

    q: str = ""
    role: str = ""
    program: str = ""
    cohort: str = ""

    @property
    def as_query(self) -> dict[str, str]:
        return {
            name: value
            for name, value in (
                ("q", self.q),
                ("role", self.role),
                ("program", self.program),
                ("cohort", self.cohort),
            )
            if value
        }


def people_list(actor: Actor, filters: Filters) -> QuerySet[User]:
    """People whom the actor administers, with the rights and enrolments that the actor may see; three queries."""
    people = access.people_administered_by(actor)
    enrolled = enrolments_seen(actor).filter(learner=OuterRef("pk"))
    rights = StaffRight.objects.filter(person=OuterRef("pk"))
    if filters.q:
        people = people.filter(Q(email__icontains=filters.q) | Q(name__icontains=filters.q))
    if filters.program:
        enrolled = enrolled.filter(program__slug=filters.program)
        rights = rights.filter(Q(program__slug=filters.program) | Q(cohort__program__slug=filters.program))
    if filters.cohort:
        enrolled = enrolled.filter(cohort_id=filters.cohort)
        rights = rights.filter(cohort_id=filters.cohort)
    if filters.role == "learner":
        people = people.filter(Exists(enrolled))
    elif filters.role in ("instructor", "admin"):
        people = people.filter(Exists(rights.filter(role=filters.role)))
    elif filters.role == "none":
        people = people.filter(~Exists(enrolled), ~Exists(rights))
    elif filters.program or filters.cohort:
        people = people.filter(Exists(enrolled) | Exists(rights))
    return people.prefetch_related(
        Prefetch(
            "staff_rights", StaffRight.objects.select_related("program", "cohort__program"), to_attr="rights_shown"
        ),
        Prefetch(
            "enrolments",
            enrolments_seen(actor).select_related("program", "cohort").order_by("-created_at", "-id"),
            to_attr="enrolments_shown",
        ),
    )


def enrolments_seen(actor: Actor) -> QuerySet[Enrolment]:
    """Enrolments in the programs that the actor administers; their own too, for this is about places, not work."""
    return Enrolment.objects.filter(program__in=access.administered_programs(actor)).exclude(
        state=Enrolment.State.DECLINED
    )


def programs_to_choose(actor: Actor) -> list[Program]:
    """Programs whose admin the actor is, in the order of the catalogue."""
    return list(access.administered_programs(actor).filter(archived_at=None).order_by("role__order", "title", "pk"))


def cohorts_to_choose(actor: Actor) -> list[Cohort]:
    """Running cohorts of the actor, by program."""
    return list(access.cohorts_to_join(actor).select_related("program").order_by("program__title", "title", "pk"))


def offers(actor: Actor, *, rights_only: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the actor may offer or grant, as groups of choices.

    Values are ``place:program:<id>``, ``place:cohort:<id>``, ``instructor:<cohort id>``,
    ``admin:<program id>`` and ``admin:``.
    """
    programs, cohorts = programs_to_choose(actor), cohorts_to_choose(actor)
    administered = {program.pk for program in programs}
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    if not rights_only:
        places = [(f"place:cohort:{cohort.pk}", f"{cohort.program.title}, {cohort.title}") for cohort in cohorts]
        places += [
            (f"place:program:{program.pk}", _("%(program)s, without a cohort") % {"program": program.title})
            for program in programs
        ]
        groups.append((_("To learn"), places))
    teach = [
        (f"instructor:{cohort.pk}", _("Instructor of %(cohort)s, %(program)s") % {
            "cohort": cohort.title, "program": cohort.program.title,
        })
        for cohort in cohorts
        if cohort.program_id in administered
    ]  # fmt: skip
    run = [(f"admin:{program.pk}", _("Admin of %(program)s") % {"program": program.title}) for program in programs]
    if access.is_site_admin(actor):
        run.append(("admin:", _("Admin of the whole site")))
    groups += [(_("To teach"), teach), (_("To administer"), run)]
    return [(label, choices) for label, choices in groups if choices]


def invitations_shown(actor: Actor) -> QuerySet[Invitation]:
    """Invitations of the actor's cohorts and programs that are open or ended lately, newest first."""
    return (
        access.invitations_staffed_by(actor)
        .select_related("program", "cohort__program", "invited_by", "accepted_by")
        .order_by("-created_at", "-id")
    )
