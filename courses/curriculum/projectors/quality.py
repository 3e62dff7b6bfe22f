"""Risks, checklists, solutions and approvals."""

from __future__ import annotations

from courses.curriculum.bodies import program as bodies
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.refs import near_id, owner_id
from courses.curriculum.projectors.rows import keyed, write
from courses.models import Approval, Checklist, ChecklistItem, Risk, Solution


def risk(projection: Projection) -> None:
    body: bodies.RiskBody = projection.body
    write(
        Risk,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        text=body.text,
        impact=body.impact or "",
        likelihood=body.likelihood or "",
        mitigation=body.mitigation,
        gate_id=near_id(projection, body.gate, "gate"),
    )


def checklist(projection: Projection) -> None:
    body: bodies.ChecklistBody = projection.body
    write(
        Checklist,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        title=body.title,
        audience=body.audience,
        gates=body.gates,
    )
    items = [
        ChecklistItem(checklist_id=projection.entity.pk, key=item.id, position=place, text=item.text, done=item.done)
        for place, item in enumerate(body.items)
    ]
    keyed(ChecklistItem, "checklist", projection.entity.pk, items, place="position", fields=["text", "done"])


def solution(projection: Projection) -> None:
    body: bodies.SolutionBody = projection.body
    write(
        Solution,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        covers=body.covers,
        location=body.location or "",
        visibility=body.visibility,
        note=body.note,
    )


def approval(projection: Projection) -> None:
    body: bodies.ApprovalBody = projection.body
    write(
        Approval,
        projection,
        owner_id=owner_id(projection),
        position=projection.position,
        what=body.what,
        state=body.state,
        person=body.person or "",
        due=body.due,
        dated=body.on,
        note=body.note,
    )
