"""Ways back from a page of grading to what it belongs to."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Activity, Program


def activity_url(program: Program, path: str) -> str:
    return reverse("activity", args=[program.slug, path])


def activity_crumbs(program: Program, activity: Activity) -> list[tuple[str, str]]:
    """Program, module and activity, each with its page."""
    crumbs = [(program.title, reverse("program", args=[program.slug]))]
    if activity.module is not None:
        crumbs.append((activity.module.key, reverse("module", args=[program.slug, activity.module.key])))
    return [*crumbs, (activity.title, activity_url(program, activity.path))]
