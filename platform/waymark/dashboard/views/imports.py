"""Manage > Curricula: the programs, and imports from what is given to what is applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import access
from courses.models import ImportJob
from courses.selectors import imports as selectors
from courses.services.imports import import_again, import_apply, import_files, import_folder, import_repository
from grading.selectors.regrades import regrades_shown
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import DomainError, Invalid, Missing, Refused
from waymark.core.keyset import keyset_page
from waymark.dashboard.guards import needs_area
from waymark.dashboard.import_forms import ApplyForm, FilesForm, FolderForm, RepositoryForm

PAGE_SIZE = 25
FINDINGS_SIZE = 50
PLAN_SIZE = 100
PLAN_SHOWN = 8
POLL_SECONDS = 2


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str | None]]:
    """The way to a page below Curricula."""
    return [(_("Manage"), None), (_("Curricula"), reverse("curriculum")), *more]


@require_safe
@needs_area("manage")
def curriculum(request: HttpRequest) -> HttpResponse:
    """The programs one imports into, and the imports, newest first."""
    actor = actor_of(request)
    page = keyset_page(
        selectors.jobs_of(actor), order=["-id"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE
    )  # fmt: skip
    context = {
        "page_title": _("Curricula"),
        "crumbs": [(_("Manage"), None)],
        "programs": selectors.programs_released(actor),
        "jobs": [(job, selectors.name_of(job), *selectors.state_of(job)) for job in page.rows],
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    return render(request, "dashboard/imports/list.html", context)


# -- giving ------------------------------------------------------------------------
Taken = tuple[type[forms.Form], Callable[[Actor, forms.Form], ImportJob]]
WAYS: dict[str, Taken] = {
    "files": (
        FilesForm,
        lambda actor, form: import_files(
            actor=actor, files=form.cleaned_data["upload"], source=form.cleaned_data["source"]
        ),
    ),
    "git": (RepositoryForm, lambda actor, form: import_repository(actor=actor, **form.cleaned_data)),
    "root": (FolderForm, lambda actor, form: import_folder(actor=actor, **form.cleaned_data)),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_area("manage")
def import_new(request: HttpRequest) -> HttpResponse:
    """Give a curriculum in one of several ways; each is a form of its own."""
    shown = {name: kind(prefix=name) for name, (kind, _take) in WAYS.items()}
    status = 200
    if request.method == "POST":
        name = request.POST.get("given", "")
        if name not in WAYS:
            raise Invalid(_("This is no way to give a curriculum."))
        kind, take = WAYS[name]
        form = shown[name] = kind(request.POST, request.FILES, prefix=name)
        status = 400
        if form.is_valid():
            try:
                return redirect("import_job", uuid=take(actor_of(request), form).uuid)
            except (Invalid, Refused) as error:
                form.add_error(None, f"{error.message} {error.hint}".strip())
                status = error.status
    context = {
        "page_title": _("New import"),
        "crumbs": crumbs(),
        "forms": shown,
        "roots": bool(settings.IMPORT_ROOTS),
    }
    return render(request, "dashboard/imports/new.html", context, status=status)


# -- one import --------------------------------------------------------------------
def job_of(request: HttpRequest, uuid: UUID) -> ImportJob:
    jobs = access.imports_visible_to(actor_of(request)).select_related("person", "client__client").defer("previews")
    job = jobs.prefetch_related("releases__program").filter(uuid=uuid).first()
    if job is None:
        raise Missing()
    return job


def _context(request: HttpRequest, job: ImportJob, **more: Any) -> dict[str, Any]:
    show = shown_of(request.GET)
    findings = selectors.findings_page(job, show=show, start=number_of(request.GET, "start"), size=FINDINGS_SIZE)
    lines, unaccounted = selectors.line_counts(job)
    rows = selectors.plan_rows(job.plan or {})
    state, word = selectors.state_of(job)
    known = request.GET.get("known", "")
    return {
        "page_title": selectors.name_of(job),
        "crumbs": crumbs(),
        "job": job,
        "state": state,
        "word": word,
        "unheard": selectors.is_unheard(job),
        "poll": POLL_SECONDS if job.is_under_way else 0,
        "announce": word if known and known != job.state else "",
        "stats": [
            (_("Lines read"), lines, ""),
            (_("Unaccounted"), unaccounted, ""),
            (_("Errors"), findings.counts["error"], ""),
            (_("Warnings"), findings.counts["warning"], ""),
        ],
        "findings": findings,
        "show": show,
        "sections": [
            ("error", _("Errors"), findings.counts["error"]),
            ("warning", _("Warnings"), findings.counts["warning"]),
            ("info", _("Notes"), findings.counts["info"]),
            ("settled", _("Settled"), findings.counts["settled"]),
        ],
        "may_settle": job.state == ImportJob.State.READY and bool(job.plan_core),
        "previous_url": start_url(show, findings.start - FINDINGS_SIZE) if findings.start else "",
        "next_url": start_url(show, findings.end) if findings.end < findings.total else "",
        "changes": rows[:PLAN_SHOWN],
        "changes_count": len(rows),
        "counts": selectors.plan_counts(job.plan or {}),
        "regrades": regrades_shown(actor_of(request), job.releases.all()) if job.state == job.State.APPLIED else [],
        "apply_form": ApplyForm(initial={"plan": job.plan_id}),
        "firm": selectors.firm_count(job),
        "may_override": access.is_site_admin(actor_of(request)),
        **more,
    }


def shown_of(query: QueryDict) -> list[str]:
    """The sections that are looked at: open errors and warnings, until somebody chooses."""
    if "filtered" not in query:
        return ["error", "warning"]
    return [each for each in selectors.SECTIONS if each in query.getlist("show")]


def start_url(show: list[str], start: int) -> str:
    return "?" + "&".join(["filtered=1", *(f"show={each}" for each in show), f"start={max(0, start)}"])


def number_of(query: QueryDict, name: str) -> int:
    """A whole number of a query; 0 when there is none."""
    value = query.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 0


@require_safe
@never_cache
@needs_area("manage")
def import_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was found, what would change and for whom, and the way to apply it."""
    job = job_of(request, uuid)
    return render(request, "dashboard/imports/job.html", _context(request, job))


@require_safe
@never_cache
@needs_area("manage")
def import_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same, as the fragment that asks for itself again until the step is over."""
    job = job_of(request, uuid)
    return render(request, "dashboard/imports/_job.html", _context(request, job, fragment=True))


@require_safe
@never_cache
@needs_area("manage")
def import_plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every change of the plan, with what it is now and what it would be."""
    job = job_of(request, uuid)
    if job.plan is None:
        raise Missing()
    rows, start = selectors.plan_rows(job.plan), number_of(request.GET, "start")
    end = start + PLAN_SIZE
    context = {
        "page_title": _("All changes"),
        "crumbs": crumbs((selectors.name_of(job), reverse("import_job", kwargs={"uuid": job.uuid}))),
        "job": job,
        "rows": rows[start:end],
        "count": len(rows),
        "previous_url": f"?start={max(0, start - PLAN_SIZE)}" if start else "",
        "next_url": f"?start={end}" if end < len(rows) else "",
    }
    return render(request, "dashboard/imports/plan.html", context)


@require_POST
@needs_area("manage")
def import_apply_ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have the plan that was looked at applied; another one by now is refused with the next step."""
    job = job_of(request, uuid)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Which plan is to be applied is not said."), code="plan_missing")
    chosen = form.cleaned_data
    return _ask(
        request, job, lambda actor: import_apply(
            actor=actor, job=job, plan_id=chosen["plan"], override=chosen["override"]
        ),
    )  # fmt: skip


@require_POST
@needs_area("manage")
def import_plan_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read and plan the same once more, perhaps with much that may be retired."""
    job = job_of(request, uuid)
    retire = request.POST.get("retire") == "yes"
    return _ask(request, job, lambda actor: import_again(actor=actor, job=job, retire=retire))


def _ask(request: HttpRequest, job: ImportJob, ask: Callable[[Actor], ImportJob]) -> HttpResponse:
    """Do it and go back to the job; what its state does not allow is said there."""
    try:
        ask(actor_of(request))
    except DomainError as error:
        if not isinstance(error, Refused):
            raise
        messages.error(request, f"{error.message} {error.hint}".strip())
    return redirect("import_job", uuid=job.uuid)
