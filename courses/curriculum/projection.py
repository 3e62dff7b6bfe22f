"""What a projector gets: one entity at one revision, ready to be written to typed rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import import_string

from courses.curriculum.kinds import EntityKind, registry
from courses.models import Entity, Release, Revision


@dataclass(frozen=True, slots=True)
class Projection:
    """One entity of a release on its way into the typed tables.

    All entity rows of the release exist when projectors run, and foreign keys
    are checked at commit, so a projector may point at any entity's primary key
    (typed rows share it) whatever the order. Parents are projected first.

    :param body: the validated body, an instance of the kind's model.
    :param position: place among the siblings of the same list, from 0.
    :param children: key of the document -> entities in the author's order.
    """

    entity: Entity
    body: Any
    revision: Revision
    release: Release
    parent: Entity | None
    position: int
    children: Mapping[str, list[Entity]] = field(default_factory=dict)
    lookup: Callable[[str, tuple[str, ...]], Entity | None] = field(default=lambda ref, kinds: None)

    @property
    def program_id(self) -> int | None:
        return self.entity.program_id

    def resolve(self, ref: str, *kinds: str) -> Entity | None:
        """The entity that *ref* names, of one of *kinds* (any, if none are given).

        ``MOD-101`` and ``MOD-101/lab-1`` are looked up in the entity's own
        program, then among shared things, then, where exactly one other program
        has it, there; ``slug:MOD-005`` names the other program. None if unknown:
        the linter says so, and an edge to nothing does not lock.
        """
        return self.lookup(ref, kinds)


def project(projection: Projection) -> None:
    """Write the typed rows of one entity through its kind's projector."""
    kind: EntityKind = registry.get(projection.entity.kind)
    import_string(kind.project)(projection)
