"""Manage > Curricula: the releases of a program, what they differ in, and going back to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.curriculum.export.write import curriculum_files
from courses.models import Program, Release
from courses.selectors import releases as selectors
from courses.selectors.imports import plan_counts, plan_rows
from courses.services.imports import import_release
from courses.services.program import program_archive, program_publish
from grading.selectors.regrades import regrades_shown
from waymark.core.actors import actor_of
from waymark.core.downloads import zip_download, zipped
from waymark.core.errors import Missing, Refused
from waymark.core.keyset import keyset_page
from waymark.dashboard.guards import needs_area
from waymark.dashboard.import_forms import StandingForm, standing_form
from waymark.dashboard.views.imports import PAGE_SIZE, PLAN_SIZE, crumbs, number_of


def program_crumb(program: Program) -> tuple[str, str]:
    return program.title, reverse("curriculum_program", args=[program.slug])


@require_safe
@needs_area("manage")
def curriculum_program(request: HttpRequest, slug: str) -> HttpResponse:
    """All releases of one program, newest first, with what each of them changed; and who may enter it."""
    program = selectors.program_imported_by(actor_of(request), slug)
    return _program_page(request, program, standing_form(program))


@require_safe
@never_cache
@needs_area("manage")
def program_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The current release as native files in a zip archive."""
    program = selectors.program_imported_by(actor_of(request), slug)
    return zip_download(zipped(curriculum_files([program.slug])), f"{program.slug}.zip")


@require_POST
@needs_area("manage")
def program_standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a program to learners, change how they enter, or archive it."""
    actor = actor_of(request)
    program = selectors.program_imported_by(actor, slug)
    form = standing_form(program, request.POST)
    if not form.is_valid():
        return _program_page(request, program, form, status=400)
    entry = form.cleaned_data["entry"]
    if entry == form.ARCHIVED:
        program_archive(actor=actor, program=program)
        messages.success(request, _("The program is archived: it can be read, and takes nobody new."))
    else:
        program_publish(actor=actor, program=program, enrolment_mode=entry)
        messages.success(request, _("The program takes learners."))
    return redirect("curriculum_program", slug=program.slug)


def _program_page(request: HttpRequest, program: Program, form: StandingForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = keyset_page(
        selectors.releases_of(actor, program),
        order=["-number"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE,
    )  # fmt: skip
    context = {
        "page_title": program.title,
        "crumbs": crumbs(),
        "program": program,
        "form": form,
        "regrades": regrades_shown(actor, program.releases.all()),
        "releases": [(each, selectors.maker_of(each), selectors.figures_of(each)) for each in page.rows],
        "only_one": len(page.rows) == 1 and not page.previous and not page.next,
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    return render(request, "dashboard/imports/program.html", context, status=status)


@require_safe
@never_cache
@needs_area("manage")
def curriculum_release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One release beside another: the one before it, until somebody chooses."""
    actor = actor_of(request)
    program = selectors.program_imported_by(actor, slug)
    release = selectors.release_of(actor, program, number)
    others = list(program.releases.exclude(pk=release.pk).order_by("-number").values_list("number", flat=True))
    against = _against(request, program, release)
    changes = selectors.release_changes(release, against)
    rows, start = plan_rows(changes), number_of(request.GET, "start")
    end = start + PLAN_SIZE
    beside = f"against={against.number}&" if against else ""
    context = {
        "page_title": _("Release %(number)s") % {"number": release.number},
        "crumbs": crumbs(program_crumb(program)),
        "program": program,
        "release": release,
        "maker": selectors.maker_of(release),
        "others": others,
        "against": against,
        "rows": rows[start:end],
        "count": len(rows),
        "counts": plan_counts(changes),
        "previous_url": f"?{beside}start={max(0, start - PLAN_SIZE)}" if start else "",
        "next_url": f"?{beside}start={end}" if end < len(rows) else "",
    }
    return render(request, "dashboard/imports/release.html", context)


def _against(request: HttpRequest, program: Program, release: Release) -> Release | None:
    if "against" not in request.GET:
        return release.base
    found = program.releases.filter(number=number_of(request.GET, "against")).exclude(pk=release.pk).first()
    if found is None:
        raise Missing()
    return found


@require_POST
@needs_area("manage")
def curriculum_rollback(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Have a plan made that goes back to this release; its page shows it, and applies it."""
    actor = actor_of(request)
    program = selectors.program_imported_by(actor, slug)
    try:
        job = import_release(actor=actor, program=program, number=number)
    except Refused as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
        return redirect("curriculum_release", slug=program.slug, number=number)
    return redirect("import_job", uuid=job.uuid)
