"""Programs as the catalogue shows them: titles, hours and rules of entry, never bodies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from courses.models import Enrolment, Outlook, PacePreset, Program, ProgramModule
from waymark.core.exact import plain

NOT_RETIRED = Q(placements__module__entity__retired_at=None)


def programs_with_sums(programs: QuerySet[Program]) -> QuerySet[Program]:
    """Programs with their number of modules and hours, as ``module_count`` and ``module_hours``."""
    return programs.select_related("role__level").annotate(
        module_count=Count("placements", filter=NOT_RETIRED),
        module_hours=Coalesce(
            Sum("placements__module__hours_total", filter=NOT_RETIRED), Value(Decimal(0)), output_field=DecimalField()
        ),
    )


def program_card(program: Any) -> dict[str, Any]:
    """What a list says of a program (annotated by :func:`programs_with_sums`)."""
    role = program.role
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
        "modules": program.module_count,
        "hours": plain(program.module_hours),
    }


def program_page(program: Any) -> dict[str, Any]:
    """One program with its outline; four queries."""
    placements = (
        ProgramModule.objects.filter(program=program, module__entity__retired_at=None)
        .select_related("module__difficulty")
        .order_by("position", "id")
    )
    paces = PacePreset.objects.current().filter(program=program).order_by("position", "pk")
    outlook = Outlook.objects.current().filter(program=program).order_by("pk").first()
    return {
        **program_card(program),
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
