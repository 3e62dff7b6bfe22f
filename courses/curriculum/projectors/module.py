"""Modules and their topics."""

from __future__ import annotations

from courses.curriculum.bodies import module as bodies
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.refs import owner_id, program_id
from courses.curriculum.projectors.rows import level_id, replace, write
from courses.models import Module, Resource, Topic


def module(projection: Projection) -> None:
    """``hours_total`` is not written here: ``finish`` computes it when the topics are there."""
    body: bodies.ModuleBody = projection.body
    kinds = body.hours_by_kind or bodies.HoursByKind()
    write(
        Module,
        projection,
        program_id=program_id(projection),
        key=projection.entity.path,
        position=projection.position,
        title=body.title,
        summary=body.summary,
        difficulty_id=level_id("difficulty", body.difficulty),
        hours_lecture=kinds.lecture,
        hours_lab=kinds.lab,
        hours_project=kinds.project,
        hours_portfolio=kinds.portfolio,
        hours_assessment=kinds.assessment,
        hours_stated=body.hours,
        tooling=list(body.tooling),
        builds_on=list(body.builds_on),
        differentiators=list(body.differentiators),
        notes=list(body.notes),
        completion=body.completion.model_dump(mode="json") if body.completion else None,
    )
    rows = [
        Resource(
            module_id=projection.entity.pk,
            position=place,
            title=resource.title,
            url=resource.url or "",
            primary=resource.primary,
            note=resource.note,
        )
        for place, resource in enumerate(body.resources)
    ]
    replace(Resource, "module", projection.entity.pk, rows)


def topic(projection: Projection) -> None:
    body: bodies.TopicBody = projection.body
    write(
        Topic,
        projection,
        module_id=owner_id(projection),
        position=projection.position,
        title=body.title,
        hours=body.hours,
        points=list(body.points),
        text=body.text,
    )
