"""Manage > Curricula > program > Content: what the current release holds, for the staff of the program."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses import access
from courses.models import Activity, Program, ProgramModule, Release
from courses.selectors import authored as selectors
from courses.selectors.authored import Authored
from grading.selectors.health import lab_health
from waymark.core.actors import actor_of
from waymark.core.errors import Missing
from waymark.core.shown import hours, in_language, number
from waymark.dashboard.guards import needs_area
from waymark.dashboard.selectors import content

Crumb = tuple[str, str | None]


@require_safe
@needs_area("teach")
def program_content(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline of a program: everything but the insides of modules and activities."""
    program, release = _released(request, slug)
    authored = _found(selectors.program_authored(program, release))
    lines = content.placed_modules(program)
    sections = content.program_sections(program, authored, lines)
    projects = authored.top.children.get("own_projects", [])
    figures = content.program_figures(lines, projects)
    low, high = figures["hours"] or (None, None)
    context = {
        "page_title": _("Content"),
        "crumbs": _crumbs(request, program),
        "lead": program.title,
        "stats": [
            (_("Modules"), number(len(lines)), ""),
            (_("Projects"), number(len(projects)), ""),
            *([(_("Hours"), hours(low, high), "")] if figures["hours"] else []),
        ],
        "link": (reverse("content_shared", args=[slug]), _("Competencies, technologies and scales")),
    }
    return _page(request, program, release, authored, sections, context)


@require_safe
@needs_area("teach")
def content_shared(request: HttpRequest, slug: str) -> HttpResponse:
    """Competencies, technologies, ways of checking and scales that the release names."""
    program, release = _released(request, slug)
    authored = _found(selectors.shared_authored(program, release))
    context = {
        "page_title": _("Competencies, technologies and scales"),
        "crumbs": [*_crumbs(request, program), (_("Content"), reverse("program_content", args=[slug]))],
    }
    return _page(request, program, release, authored, content.shared_sections(authored), context)


@require_safe
@needs_area("teach")
def content_module(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One module that the program places, as its owning program releases it."""
    program, release = _released(request, slug)
    placement = (
        ProgramModule.objects.filter(program=program, module__key=key, module__entity__retired_at=None)
        .select_related("module__program", "module__difficulty")
        .order_by("position", "pk")
        .first()
    )
    if placement is None:
        raise Missing()
    module = placement.module
    owner = release if module.program_id == program.pk else selectors.release_of(module.program)
    authored = _found(selectors.entity_authored(owner, "module", module.key) if owner else None)
    context = {
        "page_title": module.title,
        "title_lang": program.language,
        "crumbs": [*_crumbs(request, program), (_("Content"), reverse("program_content", args=[slug]))],
        "facts": [
            module.key,
            *([module.difficulty.label] if module.difficulty else []),
            *([hours(module.hours_total)] if module.hours_total is not None else []),
            _("required") if placement.required else _("optional"),
            *([_("from %(program)s") % {"program": module.program.title}] if module.program_id != program.pk else []),
        ],
        "module": module,
    }
    return _page(request, program, release, authored, content.module_sections(module, authored), context)


@require_safe
@needs_area("teach")
def content_activity(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """One project, quiz, lab, reading or task with its key, rubric and checks."""
    program, release = _released(request, slug)
    activity = (
        Activity.objects.current()
        .filter(Q(program=program) | Q(module__placements__program=program), path=path)
        .select_related("module", "program", "difficulty")
        .order_by("pk")
        .first()
    )
    if activity is None:
        raise Missing()
    owner = release if activity.program_id == program.pk else selectors.release_of(activity.program)
    authored = _found(selectors.entity_authored(owner, activity.kind, activity.path) if owner else None)
    crumbs = [*_crumbs(request, program), (_("Content"), reverse("program_content", args=[slug]))]
    if activity.module is not None:
        name = in_language(activity.module.title, program.language)
        crumbs.append((name, reverse("content_module", args=[slug, activity.module.key])))
    points = activity.points
    health = lab_health(activity.pk) if activity.kind == Activity.Kind.LAB else None
    context = {
        "page_title": activity.title,
        "title_lang": program.language,
        "crumbs": crumbs,
        "facts": [
            activity.path,
            activity.get_kind_display(),
            *([activity.difficulty.label] if activity.difficulty else []),
            *([hours(activity.hours_low, activity.hours_high)] if activity.hours_high is not None else []),
            *([_("%(n)s points") % {"n": number(points)}] if points is not None else []),
            *([] if activity.required else [_("optional")]),
        ],
    }
    return _page(request, program, release, authored, content.activity_sections(authored, health), context)


def _released(request: HttpRequest, slug: str) -> tuple[Program, Release]:
    """A program that the actor is staff of, with its current release."""
    program = access.staffed_programs(actor_of(request)).filter(slug=slug).select_related("role__level").first()
    release = selectors.release_of(program) if program else None
    if program is None or release is None:
        raise Missing()
    return program, release


def _found(authored: Authored | None) -> Authored:
    if authored is None:
        raise Missing()
    return authored


def _crumbs(request: HttpRequest, program: Program) -> list[Crumb]:
    """Staff who do not manage come here from the page about the program."""
    title = in_language(program.title, program.language)
    if access.administered_programs(actor_of(request)).filter(pk=program.pk).exists():
        return [
            (_("Manage"), None),
            (_("Curricula"), reverse("curriculum")),
            (title, reverse("curriculum_program", args=[program.slug])),
        ]
    return [(_("Catalogue"), reverse("catalogue")), (title, reverse("catalogue_program", args=[program.slug]))]


def _page(
    request: HttpRequest,
    program: Program,
    release: Release,
    authored: Authored,
    sections: list[content.Section],
    context: dict[str, Any],
) -> HttpResponse:
    whole = {
        "program": program,
        "release": release,
        "authored": authored,
        "content_lang": program.language,
        "sections": sections,
        **context,
    }
    return render(request, "dashboard/content/page.html", whole)
