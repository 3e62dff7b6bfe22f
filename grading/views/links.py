"""Ways back from a page of grading to what it belongs to."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Activity, Enrolment, Program
from waymark.core.shown import in_language


def activity_url(program: Program, path: str) -> str:
    return reverse("activity", args=[program.slug, path])


def grades_url(enrolment: Enrolment) -> str:
    """The grades of this enrolment; one that was left is named, since a newer one may have taken its place."""
    address = reverse("grading:grades", args=[enrolment.program.slug])
    return f"{address}?enrolment={enrolment.uuid}" if enrolment.state == Enrolment.State.WITHDRAWN else address


def activity_crumbs(program: Program, activity: Activity) -> list[tuple[str, str]]:
    """Program, module and activity, each with its page."""
    crumbs = [(in_language(program.title, program.language), reverse("program", args=[program.slug]))]
    if activity.module is not None:
        crumbs.append((activity.module.key, reverse("module", args=[program.slug, activity.module.key])))
    return [*crumbs, (in_language(activity.title, program.language), activity_url(program, activity.path))]
