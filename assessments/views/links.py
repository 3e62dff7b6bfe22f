"""Ways back from a page of an attempt to what it belongs to."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Activity, Program


def activity_crumbs(program: Program, activity: Activity) -> list[tuple[str, str]]:
    """Program, module and activity, each with its page."""
    crumbs = [(program.title, reverse("program", args=[program.slug]))]
    if activity.module is not None:
        crumbs.append((activity.module.key, reverse("module", args=[program.slug, activity.module.key])))
    return [*crumbs, (activity.title, reverse("activity", args=[program.slug, activity.path]))]
