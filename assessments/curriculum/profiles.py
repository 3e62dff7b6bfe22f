"""The check that a lab has by its profile: registered by *grading*, which knows what stands for which profile.

A lab that lists checks and names such a profile has one check more, with the
profile's name as its id. One that lists a check of that profile itself has that
one only, with the points and settings that its author gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from courses.curriculum.kinds import Implied

TYPE = "profile"
_points: dict[str, int] = {}


def register_profile(name: str, *, points: int) -> None:
    """Register a profile that checks can be made of.

    :param points: what its check is worth: one for each command that something is done for.
    """
    if _points.setdefault(name, points) != points:
        raise ValueError(f"profile {name} is registered with other points")


def implied_check(lab: Mapping[str, Any], children: Mapping[str, list[dict[str, Any]]]) -> Iterator[Implied]:
    """The check that a lab has by its profile, beside those that it lists; none without any."""
    name, checks = lab.get("profile"), children.get("checks", [])
    if name not in _points or not checks:
        return
    if any(each.get("type") == TYPE and each.get("spec", {}).get("profile") == name for each in checks):
        return
    entry = {
        "id": name, "title": f"Profile {name}", "type": TYPE, "points": _points[name],
        "spec": {"profile": name, "scoring": "cases"},
    }  # fmt: skip
    yield Implied("checks", "profile", entry)
