"""Requirements, gates, objectives and competency targets."""

from __future__ import annotations

from courses.curriculum.bodies import program as bodies
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.refs import ACTIVITIES, GOALS, near_id, owner_id
from courses.curriculum.projectors.rows import level_id, link, replace, write
from courses.models import CompetencyTarget, Gate, Objective, Requirement, RequirementMember

Form = Requirement.Form


def requirement(projection: Projection) -> None:
    """One edge. Alternatives of a group are ids where they name something, else skills in words."""
    body: bodies.RequirementBody = projection.body
    form = (
        Form.ENTITY if body.to
        else Form.COMPETENCY if body.competency
        else Form.SKILL if body.skill
        else Form.GROUP
    )  # fmt: skip
    competency_id = near_id(projection, body.competency, "competency")
    target_id = near_id(projection, body.to, *GOALS)
    owner = owner_id(projection)
    write(
        Requirement,
        projection,
        owner_id=owner,
        position=projection.position,
        strength=body.strength,
        form=form,
        # An edge to itself is an error that may be overridden; it is inert then.
        target_id=target_id if target_id != owner else None,
        target_ref=body.to or "",
        competency_id=competency_id,
        competency_ref=body.competency or "",
        level_id=level_id("proficiency", body.level) if competency_id else None,
        skill=body.skill or "",
        at_least=body.at_least if form == Form.GROUP else 1,
        reason=body.reason,
    )
    members = [
        RequirementMember(
            requirement_id=projection.entity.pk, position=place, target_id=_named(projection, text), text=text
        )
        for place, text in enumerate(body.any_of)
    ]
    replace(RequirementMember, "requirement", projection.entity.pk, members)


def _named(projection: Projection, text: str) -> int | None:
    """What an alternative names; words with blanks are a skill, never a guess."""
    return None if " " in text.strip() else near_id(projection, text, *GOALS, "competency")


def gate(projection: Projection) -> None:
    body: bodies.GateBody = projection.body
    blocks, activity = near_id(projection, body.blocks, *GOALS), near_id(projection, body.activity, *ACTIVITIES)
    write(
        Gate,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        text=body.text,
        blocks_id=blocks if blocks != activity else None,
        blocks_ref=body.blocks,
        activity_id=activity,
        activity_ref=body.activity or "",
        reason=body.reason,
    )


def objective(projection: Projection) -> None:
    body: bodies.ObjectiveBody = projection.body
    write(
        Objective,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        text=body.text,
        group=body.group or "",
    )
    link(Objective.activities, projection.entity.pk, _known(projection, body.activities, *ACTIVITIES))
    link(Objective.competencies, projection.entity.pk, _known(projection, body.competencies, "competency"))


def competency_target(projection: Projection) -> None:
    body: bodies.CompetencyTargetBody = projection.body
    write(
        CompetencyTarget,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        competency_id=near_id(projection, body.competency, "competency"),
        competency_ref=body.competency,
        level_id=level_id("proficiency", body.level),
        level_ref=body.level,
        evidence=list(body.evidence),
    )
    link(CompetencyTarget.for_roles, projection.entity.pk, _known(projection, body.for_roles, "role"))


def _known(projection: Projection, refs: tuple[str, ...], *kinds: str) -> list[int]:
    found = [near_id(projection, ref, *kinds) for ref in refs]
    return [key for key in found if key is not None]
