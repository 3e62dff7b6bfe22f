"""Ways back from a page of an attempt to what it belongs to."""

from __future__ import annotations

from django.urls import reverse

from courses.models import Activity, Program
from waymark.core.shown import in_language


def activity_crumbs(program: Program, activity: Activity) -> list[tuple[str, str]]:
    """Program, module and activity, each with its page."""
    crumbs = [(in_language(program.title, program.language), reverse("program", args=[program.slug]))]
    if activity.module is not None:
        crumbs.append((activity.module.key, reverse("module", args=[program.slug, activity.module.key])))
    return [
        *crumbs,
        (in_language(activity.title, program.language), reverse("activity", args=[program.slug, activity.path])),
    ]
