"""Addresses of what a program holds, for pages of higher apps; the pages themselves are the dashboard's."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Activity, Program
from waymark.core.shown import in_language


def activity_url(program: Program, path: str) -> str:
    return reverse("activity", args=[program.slug, path])


def activity_crumbs(program: Program, activity: Activity) -> list[tuple[str, str]]:
    """Program, module and activity, each with its page."""
    crumbs = [(in_language(program.title, program.language), reverse("program", args=[program.slug]))]
    if activity.module is not None:
        crumbs.append((activity.module.key, reverse("module", args=[program.slug, activity.module.key])))
    return [*crumbs, (in_language(activity.title, program.language), activity_url(program, activity.path))]
