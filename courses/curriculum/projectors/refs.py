"""References of a document, looked up from where they stand."""

from __future__ import annotations

from courses.curriculum.projection import Projection
from courses.models import Entity

ACTIVITIES = ("reading", "task", "quiz", "lab", "project")
GOALS = ("module", *ACTIVITIES, "role", "program")


def near(projection: Projection, ref: str | None, *kinds: str) -> Entity | None:
    """The entity that *ref* names, seen from the entity's own place outwards.

    In ``MOD-101`` the reference ``101-04`` means ``MOD-101/101-04`` where that
    exists; a whole address means the same everywhere.
    """
    if not ref:
        return None
    if ":" not in ref:
        place = projection.entity.path
        while place:
            found = projection.resolve(f"{place}/{ref}", *kinds)
            if found is not None:
                return found
            place = place.rpartition("/")[0]
    return projection.resolve(ref, *kinds)


def near_id(projection: Projection, ref: str | None, *kinds: str) -> int | None:
    """The primary key of :func:`near`, which typed rows share."""
    found = near(projection, ref, *kinds)
    return found.pk if found is not None else None


def owner_id(projection: Projection) -> int:
    """The primary key of what the entity stands under; every kind that asks stands under something."""
    if projection.parent is None:
        raise ValueError(f"{projection.entity.address} stands under nothing")
    return projection.parent.pk


def program_id(projection: Projection) -> int:
    """The owning program's primary key."""
    if projection.program_id is None:
        raise ValueError(f"{projection.entity.address} belongs to no program")
    return projection.program_id
