"""The learner's pages: today, the program, a module, an activity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.access import areas_for
from courses.models import Activity, Enrolment
from courses.selectors.content import activity_page, module_page
from courses.services.attestation import attestations_give
from courses.services.enrolment import enrolment_plan
from courses.standing import work_refusal
from grading.selectors.rules import rules_of
from grading.services.completion import completion_set
from waymark.core.actors import actor_of
from waymark.core.errors import DomainError, Missing
from waymark.core.shown import in_language
from waymark.dashboard.forms import PlanForm
from waymark.dashboard.map import draw
from waymark.dashboard.selectors.enrolments import own_programs, readable_enrolment
from waymark.dashboard.selectors.lab import lab_card
from waymark.dashboard.selectors.learning import (
    ActivityRow,
    Attestable,
    ModuleRow,
    ProgramView,
    attestables,
    program_view,
)
from waymark.dashboard.selectors.places import places_of
from waymark.dashboard.selectors.project import project_card
from waymark.dashboard.selectors.quiz import quiz_card
from waymark.dashboard.selectors.today import came_back, next_steps, pace_of, self_check


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the first area a person has."""
    areas = areas_for(actor_of(request))
    if "learn" in areas:
        return redirect("today")
    return redirect("people" if "manage" in areas else "joining" if "teach" in areas else "catalogue")


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    own = own_programs(actor_of(request), request.session)
    enrolment = own.current
    context: dict[str, Any] = {
        "page_title": _("Today"),
        "crumbs": [(_("Learn"), None)],
        "others": own.others,
        "left": own.left,
    }
    if enrolment is None:
        return render(request, "dashboard/today_empty.html", context)
    view = program_view(enrolment)
    step, after = next_steps(view)
    check = self_check(view)
    context |= {
        "enrolment": enrolment,
        "content_lang": enrolment.program.language,
        "view": view,
        "check": check,
        "step": step,
        "after": [step, *after] if check and step else after,
        "came_back": came_back(enrolment, view),
        "pace": pace_of(view),
        "rules": rules_of(view.progress),
        "attest": _attestables(view) if step is None else [],
    }
    return render(request, "dashboard/today.html", context)


@require_GET
def my_program(request: HttpRequest) -> HttpResponse:
    """The program one works on; the catalogue when there is none."""
    enrolment = own_programs(actor_of(request), request.session).current
    return redirect("program", enrolment.program.slug) if enrolment else redirect("catalogue")


@require_GET
def my_grades(request: HttpRequest) -> HttpResponse:
    """The grades of the program one works on, else of the one that was left last."""
    own = own_programs(actor_of(request), request.session)
    enrolment = own.current or next(iter(own.left), None)
    return redirect("grading:grades", enrolment.program.slug) if enrolment else redirect("catalogue")


@require_GET
def program(request: HttpRequest, slug: str) -> HttpResponse:
    enrolment = readable_enrolment(actor_of(request), slug)
    if request.session.get("program") != slug:
        request.session["program"] = slug
    return _program_page(request, enrolment, PlanForm(enrolment=enrolment))


def _program_page(request: HttpRequest, enrolment: Enrolment, plan: PlanForm, *, status: int = 200) -> HttpResponse:
    view = program_view(enrolment)
    step, _after = next_steps(view)
    places = places_of(view, step.row if step else None)
    closed: list[ModuleRow | ActivityRow] = [row for row in view.modules if row.state == "locked"]
    closed += [row for row in view.projects if row.state == "locked"]
    asked = request.GET.get("why", "")
    locked = next((row for row in closed if row.code == asked), closed[0] if closed else None)
    progress = view.progress or {}
    context = {
        "page_title": enrolment.program.title,
        "title_lang": enrolment.program.language,
        "crumbs": [(_("Learn"), None)],
        "enrolment": enrolment,
        "content_lang": enrolment.program.language,
        "view": view,
        "step": step,
        "across": draw(places, across=True),
        "down": draw(places, across=False),
        "locked": locked,
        "attest": _attestables(view),
        "plan": plan,
        "pace": pace_of(view),
        "progress": progress,
    }
    return render(request, "dashboard/program.html", context, status=status)


@require_GET
def module(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    enrolment = readable_enrolment(actor_of(request), slug)
    view = program_view(enrolment)
    row = next((each for each in view.modules if each.shape.key == key), None)
    if row is None:
        found = view.by_id.get(view.structure.find(key) or 0)
        if isinstance(found, ModuleRow):
            return redirect("module", slug, found.shape.key)
        raise Missing()
    step = next((each for each in row.activities if each.shape.counts and each.is_open), None)
    context = {
        "page_title": row.shape.title,
        "title_lang": enrolment.program.language,
        "crumbs": [(_("My program"), _program_url(slug))],
        "enrolment": enrolment,
        "content_lang": enrolment.program.language,
        "view": view,
        "row": row,
        "step": step,
        "content": module_page(row.shape.id),
        "open": row.opening.is_open,
    }
    return render(request, "dashboard/module.html", context)


@require_GET
def activity(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    return activity_page_of(request, readable_enrolment(actor_of(request), slug), path)


def activity_page_of(
    request: HttpRequest, enrolment: Enrolment, path: str, *, typed: dict[str, str] | None = None,
    asked: dict[str, str] | None = None, problem: DomainError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of an activity.

    :param typed, asked, problem: of work for a lab that was not taken: what was typed, or stated of a commit, and why.
    """
    slug = enrolment.program.slug
    view = program_view(enrolment)
    row = _activity_row(view.by_id.values(), path)
    if row is None:
        found = view.by_id.get(view.structure.find(path) or 0)
        if isinstance(found, ActivityRow):
            return redirect("activity", slug, found.shape.path)
        if isinstance(found, ModuleRow):
            return redirect("module", slug, found.shape.key)
        raise Missing()
    content = activity_page(row.shape.id)
    shown = row.opening.is_open or row.state == "done" or content.activity.readable_while_locked
    within = view.module_of(row)
    rows = list(within.activities) if within else []
    at = rows.index(row) if row in rows else -1
    context = {
        "page_title": row.shape.title,
        "title_lang": enrolment.program.language,
        "crumbs": [
            (_("My program"), _program_url(slug)),
            *(
                [(in_language(f"{within.shape.key} {within.shape.title}", enrolment.program.language), within.url)]
                if within
                else []
            ),
        ],
        "enrolment": enrolment,
        "content_lang": enrolment.program.language,
        "view": view,
        "row": row,
        "within": within,
        "content": content if shown else None,
        "summary": content.activity.summary,
        "may_tick": row.shape.self_reported
        and (row.opening.is_open or row.state == "done")
        and work_refusal(enrolment) is None,
        "following": rows[at + 1] if -1 < at < len(rows) - 1 else None,
        "quiz": quiz_card(enrolment, row.shape.id) if row.shape.kind == "quiz" and shown else None,
        "lab": lab_card(enrolment, row.shape.id, typed) if row.shape.kind == "lab" and shown else None,
        "project": project_card(enrolment, row.shape.id) if row.shape.kind == "project" and shown else None,
        "problem": problem,
        "typed": typed,
        "asked": asked,
    }
    return render(request, "dashboard/activity.html", context, status=status)


@require_POST
def tick(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """Tick an activity off or take the tick back, then come back to it."""
    actor = actor_of(request)
    enrolment = readable_enrolment(actor, slug)
    row = _activity_row(program_view(enrolment).by_id.values(), path)
    if row is None:
        raise Missing()
    done = request.POST.get("done") == "yes"
    completion_set(actor=actor, enrolment=enrolment, activity=Activity.objects.get(pk=row.shape.id), done=done)
    return redirect((request.POST.get("next") == "following" and _following(enrolment, row)) or row.url)


def _following(enrolment: Enrolment, row: ActivityRow) -> str:
    view = program_view(enrolment)
    found = view.module_of(row)
    paths = [each.shape.path for each in found.activities] if found else []
    at = paths.index(row.shape.path) if row.shape.path in paths else -1
    if found and -1 < at < len(paths) - 1:
        return found.activities[at + 1].url
    return found.url if found else row.url


def _attestables(view: ProgramView) -> list[Attestable]:
    """What the learner may say of themselves now; nothing where nothing new can be done."""
    return [] if work_refusal(view.enrolment) else attestables([*view.modules, *view.projects])


@require_POST
def attest(request: HttpRequest, slug: str) -> HttpResponse:
    """Attest the chosen requirements."""
    actor = actor_of(request)
    enrolment = readable_enrolment(actor, slug)
    stated = [key for value in request.POST.getlist("requirement") for key in value.split(",")]
    chosen = [int(key) for key in stated if key.isascii() and key.isdigit() and len(key) < 19]
    if chosen:
        attestations_give(actor=actor, enrolment=enrolment, requirement_ids=chosen)
    else:
        messages.info(request, _("Nothing was chosen, so nothing changed."))
    return redirect("program", slug)


@require_POST
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Change hours per week and learning path; with a fault the page comes back with what was typed."""
    enrolment = readable_enrolment(actor_of(request), slug)
    form = PlanForm(request.POST, enrolment=enrolment)
    if not form.is_valid():
        return _program_page(request, enrolment, form, status=400)
    path = form.cleaned_data["path"]
    enrolment_plan(
        enrolment=enrolment,
        hours_per_week=form.cleaned_data["hours_per_week"],
        path_id=path.pk if path else 0,
    )
    messages.success(request, _("Your plan is saved."))
    return redirect("program", slug)


def _activity_row(rows: Iterable[object], path: str) -> ActivityRow | None:
    return next((row for row in rows if isinstance(row, ActivityRow) and row.shape.path == path), None)


def _program_url(slug: str) -> str:
    return reverse("program", args=[slug])
