"""What is open in one's own program, as the API says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from courses.access import own_enrolments
from courses.gating import Alternative, Condition, Opening
from courses.models import Enrolment
from courses.selectors.openings import openings_of
from grading.structure import structure_of
from waymark.core.actors import Actor
from waymark.core.errors import Missing

READABLE = (Enrolment.State.ACTIVE, Enrolment.State.PAUSED, Enrolment.State.COMPLETED)


def my_openings(actor: Actor, slug: str) -> list[dict[str, Any]]:
    """Modules with their activities, then those of the program itself; else 404. Pages decide by the same selector."""
    rows = own_enrolments(actor).filter(program__slug=slug.lower(), state__in=READABLE)
    enrolment = rows.order_by("-created_at", "-pk").first()
    if enrolment is None:
        raise Missing()
    structure = structure_of(enrolment.program_id)
    openings = openings_of(enrolment)

    def activities(keys: tuple[int, ...]) -> Iterator[dict[str, Any]]:
        for shape in (structure.activities[key] for key in keys):
            if not shape.retired:
                yield _row(shape.path, shape.kind, shape.title, openings.of_shape(shape.id, shape.module_id))

    made: list[dict[str, Any]] = []
    for module in structure.modules:
        made.append(_row(module.key, "module", module.title, openings.of(module.id)))
        made += activities(module.activities)
    return [*made, *activities(tuple(structure.own))]


def _row(path: str, kind: str, title: str, opening: Opening) -> dict[str, Any]:
    needs = [_need(each) for each in opening.conditions]
    return {"id": path, "kind": kind, "title": title, "open": opening.is_open, "needs": needs}


def _need(condition: Condition) -> dict[str, Any]:
    return {
        "text": condition.text,
        "reason": condition.reason,
        "met": condition.met,
        "attested": condition.attested,
        "at_least": condition.at_least,
        "any_of": [{"title": each.name, "state": _state(each)} for each in condition.alternatives],
    }


def _state(alternative: Alternative) -> str:
    return "done" if alternative.done else "not_done" if alternative.can_be_done else "in_words"
