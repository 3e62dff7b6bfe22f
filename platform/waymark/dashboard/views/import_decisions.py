"""Manage > Curricula: settling the findings of an import, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import ImportJob
from courses.services.import_decisions import GateWanted, finding_settle, finding_unsettle
from waymark.core.actors import actor_of
from waymark.core.errors import Invalid, Refused
from waymark.dashboard.guards import needs_area
from waymark.dashboard.views.imports import job_of, number_of, shown_of, start_url


@require_POST
@needs_area("manage")
def finding_settle_ask(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """Settle a finding with a reason; one that promises a gate by making it, if that is asked."""
    actor, reason = actor_of(request), request.POST.get("reason", "")
    gate = None
    if request.POST.get("gate"):
        gate = GateWanted(request.POST.get("blocks", ""), request.POST.get("activity", ""))
    return _do(
        request, uuid, lambda job: finding_settle(actor=actor, job=job, key=key, reason=reason, gate=gate),
        _("Settled.") if gate is None else _("The gate is made; the plan is made anew with it."),
    )  # fmt: skip


@require_POST
@needs_area("manage")
def finding_unsettle_ask(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """Take a decision back."""
    actor = actor_of(request)
    return _do(request, uuid, lambda job: finding_unsettle(actor=actor, job=job, key=key), _("Open again."))


def _do(request: HttpRequest, uuid: UUID, act: Callable[[ImportJob], ImportJob], done: str) -> HttpResponse:
    """Do it and go back to the same page of findings; what cannot be done is said there."""
    job = job_of(request, uuid)
    try:
        act(job)
    except (Invalid, Refused) as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    else:
        messages.success(request, done)
    place = start_url(shown_of(request.POST), number_of(request.POST, "start"))
    return redirect(f"{reverse('import_job', kwargs={'uuid': job.uuid})}{place}#findings")
