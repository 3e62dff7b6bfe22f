"""Manage > Curricula: starting what a release left to be graded again, or leaving the grades as they are."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from grading.models import Regrade
from grading.selectors.regrades import regrades_visible_to
from grading.services import regrades as services
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import Missing, Refused
from waymark.dashboard.guards import needs_area


@require_POST
@needs_area("manage")
def regrade_start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have everything graded again that it concerns; once is enough."""
    return _ask(request, uuid, lambda actor, regrade: services.regrade_start(actor=actor, regrade=regrade))


@require_POST
@needs_area("manage")
def regrade_dismiss(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leave the grades as they are."""
    return _ask(request, uuid, lambda actor, regrade: services.regrade_dismiss(actor=actor, regrade=regrade))


def _ask(request: HttpRequest, uuid: UUID, ask: Callable[[Actor, Regrade], Regrade]) -> HttpResponse:
    """Do it and show the program's regrades; what its state does not allow is said there."""
    actor = actor_of(request)
    regrade = regrades_visible_to(actor).filter(uuid=uuid).first()
    if regrade is None:
        raise Missing()
    try:
        ask(actor, regrade)
    except Refused as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('curriculum_program', args=[regrade.release.program.slug])}#regrades")
