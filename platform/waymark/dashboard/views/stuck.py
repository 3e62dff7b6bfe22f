"""Teach > Stuck grading: work that could not be graded, to be graded again once the cause is mended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grading.selectors.stuck import runs_given_up
from waymark.core.actors import actor_of
from waymark.core.keyset import keyset_page
from waymark.dashboard.guards import needs_area

PAGE_SIZE = 50


@require_safe
@needs_area("teach")
def stuck(request: HttpRequest) -> HttpResponse:
    """Every grading that was given up, of the actor's cohorts and programs; the newest first."""
    page = keyset_page(
        runs_given_up(actor_of(request)), order=["-id"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE
    )
    context = {
        "page_title": _("Stuck grading"),
        "crumbs": [(_("Teach"), None)],
        "runs": page.rows,
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    return render(request, "dashboard/stuck.html", context)
