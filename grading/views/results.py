"""The result of one attempt, live while it is being graded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.access import attempt_seen
from assessments.clock import attempt_is_closed
from assessments.models import Attempt, Submission
from courses.links import activity_crumbs
from courses.models import Enrolment
from grading.selectors.results import result_of, run_to_retry, run_view
from grading.services.giving_back import run_retry
from grading.views.links import grades_url
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import Forbidden, Refused
from waymark.core.shown import moment


def _context(attempt: Attempt, actor: Actor, known: str = "") -> dict[str, Any]:
    run, row = run_view(attempt)
    own = actor.user_id == attempt.enrolment.learner_id
    result = result_of(attempt, row, staff=not own) if row is not None else None
    return {
        "attempt": attempt,
        "activity": attempt.quiz.activity,
        "program": attempt.enrolment.program,
        "run": run,
        "result": result,
        "own": own,
        "content_lang": attempt.enrolment.program.language,
        "may_go_on": own and _is_open(attempt),
        "left": not _is_open(attempt),
        "grades_url": grades_url(attempt.enrolment),
        "announce": run.said if known and known != run.state else "",
    }


def _is_open(attempt: Attempt) -> bool:
    """Whether the pages of the program are there: they close for who left it."""
    return attempt.enrolment.state != Enrolment.State.WITHDRAWN


def _grades_crumbs(attempt: Attempt) -> list[tuple[str, str]]:
    return [(_("Grades"), grades_url(attempt.enrolment))]


@require_safe
@never_cache
def attempt_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What an attempt gave; an attempt still under way is where it can be answered."""
    actor = actor_of(request)
    attempt = attempt_seen(actor, uuid)
    if not attempt_is_closed(attempt, timezone.now()):
        return redirect("assessments:attempt", uuid=attempt.uuid)
    activity = attempt.quiz.activity
    facts = []
    if attempt.handed_in_at is not None:
        facts.append(_("Handed in %(at)s") % {"at": moment(attempt.handed_in_at, zone=True)})
    if attempt.closed_by_system:
        facts.append(_("by the clock"))
    context = {
        **_context(attempt, actor),
        "page_title": _("Result of attempt %(number)s") % {"number": attempt.number},
        "crumbs": activity_crumbs(attempt.enrolment.program, activity)
        if _is_open(attempt)
        else _grades_crumbs(attempt),
        "facts": facts,
    }
    return render(request, "grading/attempt_result.html", context)


@require_safe
@never_cache
def attempt_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same, as the fragment that asks for itself again until the run is over."""
    actor = actor_of(request)
    attempt = attempt_seen(actor, uuid)
    context = _context(attempt, actor, known=request.GET.get("known", ""))
    return render(request, "grading/_run.html", {**context, "fragment": True})


@require_POST
def attempt_retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Staff have an attempt graded again whose grading failed; never their own."""
    actor = actor_of(request)
    attempt = attempt_seen(actor, uuid)
    return retried(request, actor, attempt, reverse("grading:attempt-result", args=[uuid]))


def retried(request: HttpRequest, actor: Actor, work: Attempt | Submission, page: str) -> HttpResponse:
    """Have the grading of *work* that was given up done again, and go back to where it was asked."""
    if work.enrolment.learner_id == actor.user_id:
        raise Forbidden(_("Staff do this."), code="own_enrolment")
    run = run_to_retry(work)
    if run is None:
        raise Refused(_("This attempt was not handed in yet."), code="run_not_failed")
    run_retry(actor=actor, run=run)
    messages.success(request, _("It waits to be graded again."))
    return redirect("stuck") if request.POST.get("back") == "list" else redirect(page)
