"""Activities: the part that all of them share, readings, tasks and project phases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from courses.curriculum.bodies.module import (
    ActivityBody,
    ChecklistActivityBody,
    PhaseBody,
    ReadingBody,
)
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.refs import near_id, owner_id
from courses.curriculum.projectors.rows import level_id, replace, write
from courses.models import (
    Activity,
    ActivitySkill,
    ActivityTechnology,
    ActivityTopic,
    CompletionCriterion,
    Deliverable,
    ProjectPhase,
)


def write_activity(
    projection: Projection, *, points: Decimal | None = None, checked: bool = False, checklist_id: int | None = None
) -> Activity:
    """Write what every kind of activity has in common, with its child rows.

    :param points: out of how many it is graded; None for what carries no points.
    :param checked: whether something of the product checks it (a quiz has
        questions, a lab has checks, a project has a rubric); otherwise the
        learner ticks it off.
    :returns: the activity; inside ``rows.writing`` it reaches the database at the
        block's end, its primary key (the entity's) is known at once.
    """
    body: ActivityBody = projection.body
    entity, parent, needs = projection.entity, projection.parent, projection.body.needs
    activity = write(
        Activity,
        projection,
        kind=entity.kind,
        program_id=entity.program_id,
        module_id=parent.pk if parent is not None and parent.kind == "module" else None,
        path=entity.path,
        position=projection.position,
        title=body.title,
        summary=body.summary,
        body=body.body,
        required=body.required,
        points=points,
        hours_low=body.hours.low if body.hours else None,
        hours_high=body.hours.high if body.hours else None,
        difficulty_id=level_id("difficulty", body.difficulty),
        needs_gpu=(needs and needs.gpu) or "",
        needs_cloud=(needs and needs.cloud) or "",
        expected_cost=(needs and needs.cost) or "",
        equal_variant=needs.variant if needs else "",
        derived_from=list(body.derived_from),
        checked_by=body.checked_by or "",
        profile_id=near_id(projection, body.profile, "profile"),
        checked_note=body.checked_note,
        checklist_id=checklist_id,
        readable_while_locked=body.readable_while_locked,
        self_reported=not checked,
    )
    _write_uses(projection, body)
    replace(
        Deliverable, "activity", entity.pk,
        [
            Deliverable(activity_id=entity.pk, position=place, text=item.text, optional=item.optional)
            for place, item in enumerate(body.deliverables)
        ],
    )  # fmt: skip
    replace(
        CompletionCriterion, "activity", entity.pk,
        [
            CompletionCriterion(
                activity_id=entity.pk, position=place, text=item.text, measure=item.measure or "",
                op=item.op or "", value=item.value, unit=item.unit or "",
            )
            for place, item in enumerate(body.criteria)
        ],
    )  # fmt: skip
    return activity


def _write_uses(projection: Projection, body: ActivityBody) -> None:
    """Technologies and skill areas; an id that names none is the linter's to report."""
    activity_id, find = projection.entity.pk, _finder(projection)
    used = {find(use.id, "technology"): use for use in reversed(body.technologies)}
    replace(
        ActivityTechnology, "activity", activity_id,
        [
            ActivityTechnology(
                activity_id=activity_id, technology_id=key, position=body.technologies.index(use),
                purpose=use.purpose, version=use.version or "",
            )
            for key, use in used.items()
            if key is not None
        ],
    )  # fmt: skip
    areas: dict[int | None, tuple[int, bool]] = {}
    for primary, names in ((True, body.primary_skills), (False, body.secondary_skills)):
        for place, name in enumerate(names):
            areas.setdefault(find(name, "skill_area"), (place, primary))
    replace(
        ActivitySkill, "activity", activity_id,
        [
            ActivitySkill(activity_id=activity_id, area_id=key, position=place, primary=primary)
            for key, (place, primary) in areas.items()
            if key is not None
        ],
    )  # fmt: skip


def _finder(projection: Projection) -> Callable[[str, str], int | None]:
    def find(name: str, kind: str) -> int | None:
        found = projection.resolve(name, kind)
        return found.pk if found is not None else None

    return find


def reading(projection: Projection) -> None:
    body: ReadingBody = projection.body
    activity = write_activity(projection)
    topics = dict.fromkeys(near_id(projection, ref, "topic") for ref in body.topics)
    rows = [
        ActivityTopic(activity_id=activity.pk, topic_id=key, position=place)
        for place, key in enumerate(topics)
        if key is not None
    ]
    replace(ActivityTopic, "activity", activity.pk, rows)


def task(projection: Projection) -> None:
    body: ChecklistActivityBody = projection.body
    write_activity(projection, checklist_id=near_id(projection, body.checklist, "checklist"))


def phase(projection: Projection) -> None:
    body: PhaseBody = projection.body
    write(
        ProjectPhase,
        projection,
        activity_id=owner_id(projection),
        position=projection.position,
        title=body.title,
        hours_low=body.hours.low if body.hours else None,
        hours_high=body.hours.high if body.hours else None,
        touchpoint=body.touchpoint or "",
        text=body.text,
    )
