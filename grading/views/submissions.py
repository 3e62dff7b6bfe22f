"""A submission: its result, live while it is checked, its files, and what changed since the one before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.access import submission_seen
from assessments.models import Submission
from assessments.selectors.submissions import pinned_checks, submission_files, submissions_of
from assessments.submissions.blobs import BLOBS
from assessments.submissions.difference import difference, text_of
from courses.links import activity_crumbs
from courses.models import Activity, Enrolment
from grading.selectors.results import result_of, run_view
from grading.services.cancelling import may_cancel, submission_cancel
from grading.services.reviewing import may_review, review_record
from grading.views.links import grades_url
from grading.views.results import retried
from waymark.core.actors import Actor, actor_of
from waymark.core.downloads import download
from waymark.core.errors import Invalid, Missing, Refused
from waymark.core.shown import moment

MOST_SHOWN = 200_000
"""Characters of one file that a page shows; the whole is a download."""


def _context(submission: Submission, actor: Actor, known: str = "") -> dict[str, Any]:
    run, row = run_view(submission)
    own = actor.user_id == submission.enrolment.learner_id
    project = submission.activity.kind == Activity.Kind.PROJECT
    result = result_of(submission, row, staff=not own) if row is not None else None
    left = submission.enrolment.state == Enrolment.State.WITHDRAWN
    by_people = _by_people(submission, actor, waits=run.people)
    return {
        "submission": submission,
        "activity": submission.activity,
        "program": submission.enrolment.program,
        "run": run,
        "row": row,
        "result": result,
        "own": own,
        "content_lang": submission.enrolment.program.language,
        "may_go_on": own and not left,
        "may_cancel": run.waits and may_cancel(actor, submission) and not by_people.get("begun"),
        "left": left,
        "project": project,
        **by_people,
        "grades_url": grades_url(submission.enrolment),
        "announce": run.said if known and known != run.state else "",
    }


def _by_people(submission: Submission, actor: Actor, *, waits: bool) -> dict[str, Any]:
    """What staff do here: tick what people check, or go to the review; and what a learner knows of one begun."""
    project = submission.activity.kind == Activity.Kind.PROJECT
    if not project and not waits:
        return {}
    review = submission.reviews.order_by("-pk").first() if project else None
    if not may_review(actor, submission):
        return {"begun": review is not None}
    if project:
        return {"may_review_project": waits, "correctable": review.get_absolute_url() if review else ""}
    return {"to_review": _to_review(submission) if waits else None}


def _to_review(submission: Submission) -> list[dict[str, Any]]:
    """What staff tick: by check, its title and items."""
    return [
        {"key": each.check_id, "title": each.body["title"], "items": each.body["spec"]["items"]}
        for each in pinned_checks(submission)
    ]


@require_safe
@never_cache
def submission(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a submission gave, and what was in it."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    context = _context(row, actor)
    before = submissions_of(row.enrolment, row.activity_id).filter(number__lt=row.number).first()
    context |= {
        "page_title": _("Submission %(number)s") % {"number": row.number},
        "crumbs": [(_("Grades"), context["grades_url"])]
        if context["left"]
        else activity_crumbs(row.enrolment.program, row.activity),
        "facts": [
            _("Handed in %(at)s") % {"at": moment(row.handed_in_at, zone=True)},
            *([_("after the solution was shown")] if row.after_solution else []),
        ],
        "files": row.files.select_related("blob").order_by("name"),
        "before": before,
    }
    return render(request, "grading/submission.html", context)


@require_safe
@never_cache
def submission_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The result, as the fragment that asks for itself again until the run is over."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    context = _context(row, actor, known=request.GET.get("known", ""))
    return render(request, "grading/_checked.html", {**context, "fragment": True})


@require_safe
@never_cache
def submission_file(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """One file as text, or as a download with ``?download``; never as what a browser would run."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    file = row.files.filter(name=name).first()
    if file is None:
        raise Missing()
    data = BLOBS.read(file.blob_id)
    if "download" in request.GET:
        return download(data, name)
    text = text_of(data)
    context = {
        "submission": row,
        "activity": row.activity,
        "page_title": name,
        "crumbs": [
            *activity_crumbs(row.enrolment.program, row.activity),
            (_("Submission %(number)s") % {"number": row.number}, row.get_absolute_url()),
        ],
        "name": name,
        "lines": None if text is None else text[:MOST_SHOWN].splitlines(),
        "cut": text is not None and len(text) > MOST_SHOWN,
    }
    return render(request, "grading/submission_file.html", context)


@require_safe
@never_cache
def submission_changes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What changed since the submission before; with ``?since=N`` since that one."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    others = submissions_of(row.enrolment, row.activity_id).exclude(pk=row.pk)
    wanted = request.GET.get("since", "")
    if wanted:
        before = others.filter(number=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None
    else:
        before = others.filter(number__lt=row.number).first()
    if before is None:
        raise Missing()
    context = {
        "submission": row,
        "before": before,
        "activity": row.activity,
        "page_title": _("Changes since submission %(number)s") % {"number": before.number},
        "crumbs": [
            *activity_crumbs(row.enrolment.program, row.activity),
            (_("Submission %(number)s") % {"number": row.number}, row.get_absolute_url()),
        ],
        "changes": difference(submission_files(before), submission_files(row)),
    }
    return render(request, "grading/submission_changes.html", context)


@require_POST
def submission_retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Staff have a submission checked again whose checks could not run; never their own."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    return retried(request, actor, row, row.get_absolute_url())


@require_POST
def submission_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Staff record what holds of work that people check: ``item`` is ``CHECK:PLACE``, once for each that does."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    ticked: dict[int, list[int]] = {}
    for each in request.POST.getlist("item"):
        check, _colon, place = each.partition(":")
        if not (check.isascii() and check.isdigit() and place.isascii() and place.isdigit() and len(each) < 30):
            raise Invalid(_("There is no such item."), code="no_item", where="items")
        ticked.setdefault(int(check), []).append(int(place))
    review_record(actor=actor, submission=row, ticked=ticked, note=request.POST.get("note", ""))
    messages.success(request, _("The result is recorded."))
    return redirect(row.get_absolute_url())


@require_POST
def submission_stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The learner takes a submission back that still waits; where it is too late, the page says so."""
    actor = actor_of(request)
    row = submission_seen(actor, uuid)
    try:
        submission_cancel(actor=actor, submission=row)
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("You took it back. No submission was used."))
    return redirect(row.get_absolute_url())
