"""Manage > Curricula: a program as a learner would read it, of a plan that is not applied or of any release.

Nothing is written, and nobody is enrolled for it (docs/decisions/curriculum.md).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.access import imports_visible_to
from courses.curriculum.export.release import release_reading
from courses.curriculum.preview import preview_of
from courses.models import Activity
from courses.selectors.imports import name_of
from courses.selectors.releases import program_imported_by, release_of
from waymark.core.actors import actor_of
from waymark.core.errors import Missing
from waymark.core.shown import in_language
from waymark.core.stored import links_without_file
from waymark.dashboard.guards import needs_area
from waymark.dashboard.views.imports import crumbs
from waymark.dashboard.views.releases import program_crumb

Crumbs = list[tuple[str, str | None]]


@require_safe
@never_cache
@needs_area("manage")
def import_preview(request: HttpRequest, uuid: UUID, slug: str, path: str = "") -> HttpResponse:
    """What would be read once an import is applied: the program, or one module or activity of it."""
    job = imports_visible_to(actor_of(request)).filter(uuid=uuid).defer("report", "excerpts", "plan").first()
    preview = (job.previews or {}).get(slug) if job is not None else None
    if job is None or preview is None:
        raise Missing()
    way = crumbs((name_of(job), reverse("import_job", args=[job.uuid])))
    applied = job.state == job.State.APPLIED
    about = _("As this import left it.") if applied else _("As it would be once this import is applied.")
    return _page(request, preview, path, way, reverse("import_preview", args=[job.uuid, slug]), about)


@require_safe
@never_cache
@needs_area("manage")
def release_preview(request: HttpRequest, slug: str, number: int, path: str = "") -> HttpResponse:
    """A release as it is read by somebody who begins with it."""
    actor = actor_of(request)
    program = program_imported_by(actor, slug)
    release = release_of(actor, program, number)
    preview = preview_of(release_reading([release]), program.slug)
    if preview is None:
        raise Missing()
    named = {"number": release.number}
    beside = (_("Release %(number)s") % named, reverse("curriculum_release", args=[program.slug, number]))
    way, about = crumbs(program_crumb(program), beside), _("As release %(number)s has it.") % named
    return _page(request, preview, path, way, reverse("release_preview", args=[program.slug, number]), about)


def _page(request: HttpRequest, preview: dict[str, Any], path: str, way: Crumbs, root: str, about: str) -> HttpResponse:
    pages, language = preview["pages"], preview["language"]
    context: dict[str, Any] = {
        "preview": preview,
        "content_lang": language,
        "title_lang": language,
        "root": root,
        "about": about,
    }
    if not path:
        context |= {
            "page_title": preview["title"],
            "crumbs": way,
            "modules": _rows(preview, preview["modules"]),
            "projects": _rows(preview, [*preview["projects"], *preview["quizzes"]]),
        }
        return render(request, "dashboard/preview/program.html", context)
    page = pages.get(path)
    if page is None:
        raise Missing()
    way = [*way, (_("Preview"), root)]
    within = pages.get(page.get("within", ""))
    if within is not None:
        way.append((in_language(within["title"], language), f"{root}{within['path']}/"))
    body, unkept = links_without_file(page.get("body") or "")
    context |= {
        "page_title": page["title"],
        "crumbs": way,
        "page": {**page, "body": body},
        "unkept": unkept,
        "kind": "" if page["kind"] == "module" else Activity.Kind(page["kind"]).label,
        "activities": [(pages[each], Activity.Kind(pages[each]["kind"]).label) for each in page.get("activities", ())],
    }
    return render(request, "dashboard/preview/page.html", context)


def _rows(preview: dict[str, Any], paths: list[str]) -> list[tuple[dict[str, Any], list[str]]]:
    """Pages with what they alone ask for: what everything asks for is said once, above them."""
    pages = [preview["pages"][path] for path in paths]
    return [(page, [each for each in page["conditions"] if each not in preview["conditions"]]) for page in pages]
