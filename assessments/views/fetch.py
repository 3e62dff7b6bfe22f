"""A commit that was handed in, live while it is fetched; then its submission, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.access import fetch_seen
from assessments.models import Fetch
from assessments.services.fetching import fetch_cancel, may_cancel
from courses.links import activity_crumbs
from waymark.core.actors import actor_of
from waymark.core.errors import Refused
from waymark.core.shown import moment

UNHEARD_AFTER = timedelta(seconds=10)
"""A commit that nobody took for longer: others are being fetched, or no worker serves the queue."""


@dataclass(frozen=True, slots=True)
class Step:
    """As the phases component takes it."""

    label: str
    state: str
    time: str
    current: bool


@require_safe
@never_cache
def fetch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where a commit is; once it was handed in, its submission."""
    actor = actor_of(request)
    row = fetch_seen(actor, uuid)
    if row.submission is not None:
        return _on_to(request, row)
    activity = row.activity
    context = {
        "page_title": _("A commit for %(lab)s") % {"lab": activity.title},
        "crumbs": activity_crumbs(row.enrolment.program, activity),
        "facts": [_("Handed in %(at)s") % {"at": moment(row.asked_at, zone=True)}],
        "content_lang": row.enrolment.program.language,
        "program": row.enrolment.program,
        "activity": activity,
        "fetch": row,
        "steps": _steps(row),
        "may_cancel": row.state == Fetch.State.WAITING and may_cancel(actor, row),
        "poll": 2 if row.is_under_way else None,
        "announce": _("It could not be fetched.") if row.problem and _by_itself(request) else "",
        "unheard": row.state == Fetch.State.WAITING and timezone.now() - row.asked_at > UNHEARD_AFTER,
    }
    return render(request, "assessments/fetch.html", context)


@require_POST
def fetch_stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The learner takes a commit back that still waits; where it is too late, the page says so."""
    actor = actor_of(request)
    row = fetch_seen(actor, uuid)
    try:
        fetch_cancel(actor=actor, fetch=row)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect(row)
    messages.success(request, _("You took it back. No submission was used."))
    return redirect("activity", row.enrolment.program.slug, row.activity.path)


def _by_itself(request: HttpRequest) -> bool:
    """Whether the page asks for itself."""
    return request.headers.get("HX-Request") == "true"


def _on_to(request: HttpRequest, row: Fetch) -> HttpResponse:
    assert row.submission is not None, "it was handed in"
    if not row.created:
        messages.info(request, _("You handed in the same work before; this is what it gave. No submission was used."))
    elif row.left_out:
        messages.info(request, _("Left out, as tools made them: %(names)s.") % {"names": ", ".join(row.left_out[:5])})
    address = row.submission.get_absolute_url()
    if _by_itself(request):
        # The page is left as a whole.
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _steps(row: Fetch) -> tuple[Step, ...]:
    asked = Step(_("Handed in"), "done", timezone.localtime(row.asked_at).strftime("%H:%M:%S"), False)
    if row.state == Fetch.State.FAILED:
        return (asked, Step(_("Could not be fetched"), "failed", "", True))
    if row.state == Fetch.State.CANCELLED:
        return (asked, Step(_("Taken back"), "open", "", True))
    working = row.state == Fetch.State.WORKING
    return (
        asked,
        Step(_("Fetched from the repository"), "running" if working else "waiting", "", True),
        Step(_("Taken for checking"), "waiting", "", False),
    )
