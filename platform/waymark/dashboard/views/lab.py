"""Handing in work for a lab or a project, and what a lab begins with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Check
from assessments.services.fetching import fetch_ask
from assessments.services.receiving import work_typed, work_uploaded
from assessments.services.submitting import item_at, lab_at, submission_create
from courses.links import activity_crumbs
from courses.selectors.openings import openings_of
from grading.checks.bundle import bundle
from grading.services.solutions import solution_open, solution_state, submissions_left
from waymark.core.actors import actor_of
from waymark.core.downloads import zip_download, zipped
from waymark.core.errors import DomainError, Missing
from waymark.dashboard.selectors.enrolments import readable_enrolment
from waymark.dashboard.views.learn import activity_page_of


@require_POST
def hand_in(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """Take what was typed or uploaded, or a commit; what cannot be taken stays on the page, with the reason."""
    actor = actor_of(request)
    enrolment = readable_enrolment(actor, slug)
    activity = item_at(enrolment, path)
    typed = dict(zip(request.POST.getlist("name"), request.POST.getlist("text"), strict=False))
    typed = {name: text.replace("\r\n", "\n") for name, text in typed.items()}
    asked = {name: request.POST[name] for name in ("repository", "commit") if name in request.POST}
    try:
        if asked:
            repository, commit = asked.get("repository", ""), asked.get("commit", "")
            fetch = fetch_ask(actor=actor, enrolment=enrolment, activity=activity, repository=repository, commit=commit)
            return redirect(fetch)
        uploads = request.FILES.getlist("upload")
        by_file = bool(uploads) or "files" in request.POST
        work, source = work_uploaded(activity, uploads) if by_file else work_typed(activity, typed.items())
        done = submission_create(actor=actor, enrolment=enrolment, activity=activity, work=work, source=source)
    except DomainError as problem:
        if problem.status not in (400, 409):
            raise
        kept = {"typed": typed or None, "asked": asked}
        return activity_page_of(request, enrolment, path, **kept, problem=problem, status=problem.status)
    if not done.created:
        messages.info(request, _("You handed in the same work before; this is what it gave. No submission was used."))
    elif work.left_out:
        messages.info(request, _("Left out, as tools made them: %(names)s.") % {"names": ", ".join(work.left_out[:5])})
    return redirect(done.submission.get_absolute_url())


@require_safe
def starter(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """The files that a lab begins with, as a zip archive; withheld while the lab is locked."""
    enrolment = readable_enrolment(actor_of(request), slug)
    activity = lab_at(enrolment, path).activity
    files = list(activity.lab.starter_files.order_by("position").values_list("path", "content"))
    if not files or not openings_of(enrolment).of_activity(activity).is_open:
        raise Missing()
    archive = zipped((name, content.encode()) for name, content in files)
    return zip_download(archive, f"{activity.key}-starter.zip")


@require_safe
def bundled(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """The starter with the visible checks and how to run them at home; withheld while the lab is locked."""
    enrolment = readable_enrolment(actor_of(request), slug)
    lab = lab_at(enrolment, path)
    checks = Check.objects.current().filter(lab=lab).select_related("entity", "revision").order_by("position", "pk")
    if not checks or not openings_of(enrolment).of_activity(lab.activity).is_open:
        raise Missing()
    starter = lab.starter_files.order_by("position").values_list("path", "content")
    bodies = [(each.entity.path.rpartition("/")[2], each.revision.body) for each in checks]
    return zip_download(bundle(lab.activity.title, starter, bodies), f"{lab.activity.key}-bundle.zip")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def solution(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """What opening the solution means, opening it, and the solution to whom it is open."""
    actor = actor_of(request)
    enrolment = readable_enrolment(actor, slug)
    lab = lab_at(enrolment, path)
    if request.method == "POST":
        solution_open(actor=actor, enrolment=enrolment, activity=lab.activity, give_up="give_up" in request.POST)
        return redirect("solution", slug, path)
    state = solution_state(enrolment, lab, left=submissions_left(enrolment, lab))
    if state is None:
        raise Missing()
    context = {
        "page_title": _("Solution"),
        "crumbs": activity_crumbs(enrolment.program, lab.activity),
        "content_lang": enrolment.program.language,
        "activity": lab.activity,
        "state": state,
        "solutions": state.solutions if state.shown else (),
        "lab_url": reverse("activity", args=[slug, path]),
    }
    return render(request, "dashboard/solution.html", context)
