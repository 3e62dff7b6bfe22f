"""Programs as the catalogue shows them: titles, hours and rules of entry, never bodies."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from courses.models import Activity, Enrolment, Outlook, PacePreset, Program, ProgramModule
from waymark.core.exact import plain


def program_sums(programs: Iterable[Program]) -> dict[int, tuple[int, Decimal]]:
    """Number of modules, and hours of modules and projects, by program; two queries.

    The same hours as on the catalogue's pages (``courses.selectors.programs``).
    """
    keys = [program.pk for program in programs]
    placed = ProgramModule.objects.filter(program__in=keys, module__entity__retired_at=None).order_by()
    sums = {
        key: (count, hours or Decimal(0))
        for key, count, hours in placed.values_list("program").annotate(Count("pk"), Sum("module__hours_total"))
    }
    projects = Activity.objects.current().filter(program__in=keys, kind=Activity.Kind.PROJECT).order_by()
    for key, hours in projects.values_list("program").annotate(Sum("hours_high")):
        count, known = sums.get(key, (0, Decimal(0)))
        sums[key] = (count, known + (hours or Decimal(0)))
    return sums


def program_card(program: Program, sums: dict[int, tuple[int, Decimal]]) -> dict[str, Any]:
    """What a list says of a program; its role and level are selected."""
    role = program.role
    modules, hours = sums.get(program.pk, (0, Decimal(0)))
    return {
        "slug": program.slug,
        "title": program.title,
        "summary": program.summary,
        "language": program.language,
        "role": None
        if role is None
        else {"slug": role.slug, "title": role.title, "level": role.level.label if role.level else None},
        "enrolment_mode": program.enrolment_mode,
        "published_at": program.published_at,
        "archived_at": program.archived_at,
        "modules": modules,
        "hours": plain(hours),
    }


def program_page(program: Program) -> dict[str, Any]:
    """One program with its outline; five queries."""
    placements = (
        ProgramModule.objects.filter(program=program, module__entity__retired_at=None)
        .select_related("module__difficulty")
        .order_by("position", "id")
    )
    paces = PacePreset.objects.current().filter(program=program).order_by("position", "pk")
    outlook = Outlook.objects.current().filter(program=program).order_by("pk").first()
    return {
        **program_card(program, program_sums([program])),
        "audience": program.audience,
        "outline": [
            {
                "id": placement.module.key,
                "title": placement.module.title,
                "summary": placement.module.summary,
                "difficulty": placement.module.difficulty.label if placement.module.difficulty else None,
                "hours": _hours(placement.module.hours_total),
                "required": placement.required,
                "position": placement.position,
            }
            for placement in placements
        ],
        "paces": [
            {
                "title": pace.title,
                "hours_per_week_low": _hours(pace.hours_per_week_low),
                "hours_per_week_high": _hours(pace.hours_per_week_high),
            }
            for pace in paces
        ],
        "outlook": None
        if outlook is None
        else {
            "titles": outlook.titles,
            "certifications": outlook.certifications,
            "next_steps": outlook.next_steps,
        },
    }


def _hours(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def enrolment_card(enrolment: Enrolment) -> dict[str, Any]:
    """An enrolment as its learner reads it; ``program`` and ``cohort`` are selected."""
    cohort = enrolment.cohort
    return {
        "id": str(enrolment.uuid),
        "program": enrolment.program.slug,
        "cohort": None if cohort is None else {"slug": cohort.slug, "title": cohort.title},
        "state": enrolment.state,
        "time_zone": enrolment.time_zone,
        "hours_per_week": plain(enrolment.hours_per_week),
        "started_at": enrolment.started_at,
        "ended_at": enrolment.ended_at,
        "created_at": enrolment.created_at,
    }
