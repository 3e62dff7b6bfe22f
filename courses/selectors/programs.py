"""Programs as the catalogue's pages tell of them: facts and rules, no bodies (ACCESS.md, *People*)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from courses.access import own_enrolments, programs_in_catalogue
from courses.models import (
    Activity,
    LearningPath,
    Objective,
    Outlook,
    PacePreset,
    Program,
    ProgramModule,
    Requirement,
)
from courses.models.typed import TypedRow
from courses.selectors.edges import named_edges
from waymark.core.actors import Actor

NONE = Decimal(0)
_DURATION = re.compile(r"\W*\d[^A-Za-z]*(?:weeks?|months?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """One program. ``hours`` are those of its modules and projects; ``state`` of the actor's enrolment, if any."""

    program: Program
    modules: int
    projects: int
    hours: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class ProgramAbout:
    """``requirements`` are pairs of an edge and the name of what it points at, empty where it names a skill, by group.

    A group is what a document calls several of them, empty without. ``paces`` are pairs of a pace and the lines that
    tell more of it, ``salary_notes`` what is said of all salaries. ``paths`` have their number of ``steps_count``.
    """

    placements: list[Any]
    projects: list[Any]
    objectives: list[Any]
    requirements: list[tuple[str, list[tuple[Requirement, str]]]]
    paths: list[Any]
    paces: list[tuple[Any, list[str]]]
    outlook: Outlook | None
    salary_notes: list[str]
    hours: Decimal

    @property
    def has_difficulty(self) -> bool:
        """Whether any module says how hard it is."""
        return any(placement.module.difficulty_id for placement in self.placements)


def program_rows(actor: Actor) -> list[ProgramRow]:
    """Every program that *actor* may read about, from junior upwards; four queries."""
    programs = list(programs_in_catalogue(actor).select_related("role__level").order_by("role__order", "title", "pk"))
    keys = [program.pk for program in programs]
    placements = ProgramModule.objects.filter(program__in=keys, module__entity__retired_at=None).order_by()
    placed = {
        program: (number, hours or NONE)
        for program, number, hours in placements.values_list("program").annotate(
            Count("pk"), Sum("module__hours_total")
        )
    }
    projects = {
        program: (number, hours or NONE)
        for program, number, hours in _projects(Q(program__in=keys))
        .order_by()
        .values_list("program")
        .annotate(Count("pk"), Sum("hours_high"))
    }
    states = dict(own_enrolments(actor).order_by("created_at", "pk").values_list("program_id", "state"))
    return [
        ProgramRow(
            program,
            placed.get(program.pk, (0, NONE))[0],
            projects.get(program.pk, (0, NONE))[0],
            placed.get(program.pk, (0, NONE))[1] + projects.get(program.pk, (0, NONE))[1],
            states.get(program.pk, ""),
        )
        for program in programs
    ]


def _projects(where: Q) -> QuerySet[Any]:
    return Activity.objects.current().filter(where, kind=Activity.Kind.PROJECT)


def _stated(row: TypedRow, what: str) -> list[str]:
    """What documents state beside the facts of *row* under that name."""
    return [each["value"] for each in row.revision.body.get("stated", ()) if each["what"] == what]


def _lines(pace: PacePreset) -> list[str]:
    """The text of *pace* without the line that is its number of weeks once more."""
    return [each for each in pace.text.splitlines() if pace.weeks_low is None or not _DURATION.match(each)]


def _grouped(requirements: Iterable[tuple[Requirement, str]]) -> list[tuple[str, list[tuple[Requirement, str]]]]:
    """Requirements below the group that documents state, the groups in the order in which each begins."""
    groups: dict[str, list[tuple[Requirement, str]]] = {}
    for edge, name in requirements:
        groups.setdefault(next(iter(_stated(edge, "Group")), ""), []).append((edge, name))
    return list(groups.items())


def program_about(program: Program) -> ProgramAbout:
    """What a program is about: modules with hours, projects, objectives, paths, outlook; twelve queries."""
    placements = list(
        ProgramModule.objects.filter(program=program, module__entity__retired_at=None)
        .select_related("module__difficulty")
        .order_by("position", "pk")
    )
    projects = list(_projects(Q(program=program)).order_by("position", "pk"))
    outlooks = Outlook.objects.current().filter(program=program).select_related("revision").order_by("pk")
    outlook = outlooks.prefetch_related("salaries", "target_roles__modules").first()
    paths = LearningPath.objects.current().filter(program=program).annotate(steps_count=Count("steps"))
    asked = Requirement.objects.under(program.pk).exclude(strength=Requirement.Strength.LEADS_TO)
    requirements = named_edges(list(asked.select_related("revision")))
    return ProgramAbout(
        placements=placements,
        projects=projects,
        objectives=list(Objective.objects.under(program.pk)),
        requirements=_grouped(requirements),
        paths=list(paths.order_by("position", "pk")),
        paces=[
            (pace, [*_lines(pace), *_stated(pace, "Plan")])
            for pace in PacePreset.objects.current().filter(program=program).select_related("revision")
        ],
        outlook=outlook,
        salary_notes=_stated(outlook, "Salary notes") if outlook else [],
        hours=sum(
            [
                *(placement.module.hours_total or NONE for placement in placements),
                *(project.hours_high or NONE for project in projects),
            ],
            NONE,
        ),
    )
