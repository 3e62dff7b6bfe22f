"""Roles, programs with their placements, paths, paces and the outlook."""

from __future__ import annotations

from courses.curriculum.bodies import program as bodies
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.finish import Placement, place_modules
from courses.curriculum.projectors.refs import GOALS, near_id, program_id
from courses.curriculum.projectors.rows import at_end, level_id, replace, write
from courses.models import LearningPath, Outlook, PacePreset, PathStep, Program, Role, Salary, TargetRole


def role(projection: Projection) -> None:
    body: bodies.RoleBody = projection.body
    write(
        Role,
        projection,
        slug=projection.entity.path,
        title=body.title,
        level_id=level_id("seniority", body.level),
        order=body.order,
        summary=body.summary,
        audience=body.audience,
    )


def program(projection: Projection) -> None:
    """The program, and where it places modules: its own and other programs'.

    How one enrols and whether it is published or archived are the operator's and
    stay as they are.
    """
    body: bodies.ProgramBody = projection.body
    write(
        Program,
        projection,
        slug=projection.entity.path,
        role_id=near_id(projection, body.role, "role"),
        title=body.title,
        summary=body.summary,
        language=body.language,
        audience=body.audience,
        philosophy=list(body.philosophy),
        approach=list(body.approach),
        about=body.about.model_dump(mode="json"),
        repositories=[item.model_dump(mode="json") for item in body.repositories],
        targets=[item.model_dump(mode="json") for item in body.targets],
        completion=body.completion.model_dump(mode="json") if body.completion else None,
    )
    placements = _placements(projection, body)
    at_end(lambda: place_modules(projection.release, placements))


def _placements(projection: Projection, body: bodies.ProgramBody) -> list[Placement]:
    """Modules in the program's order: as listed, then the optional ones, then own ones that no list names."""
    optional = {near_id(projection, ref, "module") for ref in body.optional_modules}
    listed = [near_id(projection, ref, "module") for ref in (*body.modules, *body.optional_modules)]
    own = [entity.pk for entity in projection.children.get("own_modules", [])]
    ordered = [key for key in dict.fromkeys([*listed, *own]) if key is not None]
    return [Placement(module_id=key, required=key not in optional) for key in ordered]


def path(projection: Projection) -> None:
    body: bodies.PathBody = projection.body
    write(
        LearningPath,
        projection,
        program_id=program_id(projection),
        key=projection.entity.key,
        position=projection.position,
        title=body.title,
        text=body.text,
        best_for=body.best_for,
        hours_low=body.hours.low if body.hours else None,
        hours_high=body.hours.high if body.hours else None,
    )
    steps = [
        PathStep(
            path_id=projection.entity.pk,
            position=place,
            stage=step.stage or "",
            target_id=near_id(projection, step.to, *GOALS),
            target_ref=step.to,
        )
        for place, step in enumerate(body.steps)
    ]
    replace(PathStep, "path", projection.entity.pk, steps)


def pace(projection: Projection) -> None:
    body: bodies.PaceBody = projection.body
    write(
        PacePreset,
        projection,
        program_id=program_id(projection),
        position=projection.position,
        title=body.title,
        hours_per_week_low=body.hours_per_week.low,
        hours_per_week_high=body.hours_per_week.high,
        weeks_low=body.weeks.low if body.weeks else None,
        weeks_high=body.weeks.high if body.weeks else None,
        text=body.text,
    )


def outlook(projection: Projection) -> None:
    body: bodies.OutlookBody = projection.body
    key = projection.entity.pk
    write(
        Outlook,
        projection,
        program_id=program_id(projection),
        titles=list(body.titles),
        certifications=list(body.certifications),
        next_steps=list(body.next_steps),
    )
    salaries = [
        Salary(
            outlook_id=key,
            position=place,
            label=salary.label,
            region=salary.region,
            currency=salary.currency,
            low=salary.low,
            high=salary.high,
            as_of=salary.as_of,
            note=salary.note,
        )
        for place, salary in enumerate(body.salaries)
    ]
    replace(Salary, "outlook", key, salaries)
    roles = [
        TargetRole(outlook_id=key, position=place, title=target.title, note=target.note)
        for place, target in enumerate(body.target_roles)
    ]
    replace(TargetRole, "outlook", key, roles)
    modules = [[near_id(projection, ref, "module") for ref in target.modules] for target in body.target_roles]
    at_end(lambda: _link_modules(roles, modules))


def _link_modules(roles: list[TargetRole], modules: list[list[int | None]]) -> None:
    """The key modules of target roles, whose rows have their keys by now."""
    through = TargetRole.modules.through
    rows = [
        through(targetrole_id=role.pk, module_id=key)
        for role, keys in zip(roles, modules, strict=True)
        for key in dict.fromkeys(keys)
        if key is not None
    ]
    through._base_manager.bulk_create(rows)
