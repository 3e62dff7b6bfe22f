"""What the map of a program shows."""

from __future__ import annotations

from django.db.models import Q

from courses.models import Requirement
from waymark.core.shown import number
from waymark.core.templatetags.waymark import STATES
from waymark.dashboard.map import Place
from waymark.dashboard.selectors.learning import ActivityRow, ModuleRow, ProgramView


def places_of(view: ProgramView, following: ActivityRow | None) -> list[Place]:
    """Modules and projects with the edges that lock, each edge from what is needed. One query."""
    drawn: list[ModuleRow | ActivityRow] = [*view.modules, *view.projects]
    keys = [row.shape.id for row in drawn]
    needs: dict[int, list[int]] = {key: [] for key in keys}
    edges = Requirement.objects.current().filter(
        Q(owner__in=keys), Q(target__in=keys), strength=Requirement.Strength.NEEDS
    )
    for owner, target in edges.order_by("owner_id", "position", "pk").values_list("owner_id", "target_id"):
        needs[owner].append(target)
    next_key = (following.shape.module_id or following.shape.id) if following else None
    return [_place(row, needs[row.shape.id], row.shape.id == next_key) for row in drawn]


def _place(row: ModuleRow | ActivityRow, needs: list[int], is_next: bool) -> Place:
    if isinstance(row, ModuleRow):
        hours = f"{number(row.hours_done)} / {number(row.hours_total)} h" if row.state == "progress" else ""
        return Place(
            row.shape.id, row.shape.key, row.shape.title, row.state, _word(row.state), row.url,
            hours or (f"{number(row.hours_total)} h" if row.hours_total else ""), row.share, False, is_next, needs,
        )  # fmt: skip
    hours = f"{number(row.shape.hours)} h" if row.shape.hours else ""
    return Place(
        row.shape.id, row.shape.path, row.shape.title, row.state, row.word, row.url, hours, 0.0, True, is_next, needs
    )


def _word(state: str) -> str:
    return str(STATES[state])
