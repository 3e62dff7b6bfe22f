"""The releases of a program as pages and the API show them, and what two of them differ in."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.access import imports_visible_to, programs_imported_by
from courses.curriculum.planning.rollback import difference
from courses.models import Program, Release
from courses.selectors.imports import KINDS
from waymark.core.actors import Actor
from waymark.core.errors import Missing

FIGURES: dict[str, str | Promise] = {
    name: KINDS[name] for name in ("added", "restored", "changed", "renamed", "reordered", "retired")
}


def program_imported_by(actor: Actor, slug: str) -> Program:
    """:raises Missing: there is none that the actor may import into."""
    program = programs_imported_by(actor).filter(slug=slug).first()
    if program is None:
        raise Missing()
    return program


def releases_of(actor: Actor, program: Program) -> QuerySet[Release]:
    """The releases of *program*, each with its makers and the imports that the actor may look at."""
    jobs = imports_visible_to(actor).only("pk", "uuid", "name", "given", "arguments", "created_at")
    return program.releases.select_related("made_by", "client__client", "restores", "base").prefetch_related(
        Prefetch("import_jobs", jobs, to_attr="jobs")
    )


def release_of(actor: Actor, program: Program, number: int) -> Release:
    """:raises Missing: the program has no such release."""
    release = releases_of(actor, program).select_related("program").filter(number=number).first()
    if release is None:
        raise Missing()
    return release


def figures_of(release: Release) -> list[tuple[str | Promise, int]]:
    """What a release changed, in words and figures; nothing where it was not counted."""
    figures: dict[str, int] = release.figures or {}
    return [(word, figures[name]) for name, word in FIGURES.items() if figures.get(name)]


def release_changes(release: Release, against: Release | None) -> dict[str, Any]:
    """What *release* has beside *against* (None: beside nothing), in the shape of a plan."""
    plan = difference(release, against).as_dict()
    del plan["id"], plan["impact"]
    return plan


def maker_of(release: Release) -> str | Promise:
    """Who made it: a person, a client, or the installation itself."""
    if release.made_by is not None:
        return release.made_by.display_name
    return release.client.client.name if release.client is not None else _("The system")
