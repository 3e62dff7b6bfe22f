"""Which enrolment a page is about."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from courses.access import own_enrolments
from courses.models import Enrolment
from waymark.core.actors import Actor
from waymark.core.errors import Missing

State = Enrolment.State
READABLE = (State.ACTIVE, State.PAUSED, State.COMPLETED)


def current_enrolment(actor: Actor, session: MutableMapping[str, Any]) -> tuple[Enrolment | None, list[Enrolment]]:
    """The enrolment one works on, and the others that can be read.

    That of the program visited last in this session, else the newest active one.
    One query.
    """
    rows = list(
        own_enrolments(actor)
        .filter(state__in=READABLE)
        .select_related("program", "cohort")
        .order_by("-created_at", "-pk")
    )
    visited = session.get("program")
    rows.sort(key=lambda row: (row.program.slug != visited, row.state != State.ACTIVE))
    return (rows[0], rows[1:]) if rows else (None, [])


def readable_enrolment(actor: Actor, slug: str) -> Enrolment:
    """The actor's own enrolment in the program, whose content they may read; else 404."""
    rows = own_enrolments(actor).filter(program__slug=slug, state__in=READABLE).select_related("program", "cohort")
    enrolment = rows.order_by("-created_at", "-pk").first()
    if enrolment is None:
        raise Missing()
    return enrolment
