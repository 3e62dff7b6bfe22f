"""Which enrolment a page is about."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from courses.access import own_enrolments
from courses.models import Enrolment
from waymark.core.actors import Actor
from waymark.core.errors import Missing

State = Enrolment.State
READABLE = (State.ACTIVE, State.PAUSED, State.COMPLETED)


@dataclass(frozen=True, slots=True)
class OwnPrograms:
    """The enrolment one works on, the others that can be read, and those one has left, the newest first."""

    current: Enrolment | None
    others: list[Enrolment]
    left: list[Enrolment]


def own_programs(actor: Actor, session: MutableMapping[str, Any]) -> OwnPrograms:
    """Every enrolment of one's own that has begun.

    One works on that of the program visited last in this session, else on the newest active one.
    One query.
    """
    begun = own_enrolments(actor).filter(state__in=[*READABLE, State.WITHDRAWN]).select_related("program", "cohort")
    rows = list(begun.order_by("-created_at", "-pk"))
    visited = session.get("program")
    readable = [row for row in rows if row.state in READABLE]
    readable.sort(key=lambda row: (row.program.slug != visited, row.state != State.ACTIVE))
    return OwnPrograms(next(iter(readable), None), readable[1:], [row for row in rows if row.state == State.WITHDRAWN])


def readable_enrolment(actor: Actor, slug: str) -> Enrolment:
    """The actor's own enrolment in the program, whose content they may read; else 404."""
    rows = own_enrolments(actor).filter(program__slug=slug, state__in=READABLE).select_related("program", "cohort")
    enrolment = rows.order_by("-created_at", "-pk").first()
    if enrolment is None:
        raise Missing()
    return enrolment
