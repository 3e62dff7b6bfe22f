"""The addresses of the areas of staff: each leads to its first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from waymark.dashboard.guards import needs_area


@require_safe
@needs_area("teach")
def teach(request: HttpRequest) -> HttpResponse:
    return redirect("review_queue")


@require_safe
@needs_area("manage")
def manage(request: HttpRequest) -> HttpResponse:
    return redirect("people")
