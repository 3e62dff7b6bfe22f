"""Labs with their checks, as they are current."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.curriculum.bodies import LabBody
from assessments.models import Check

Bodies = list[tuple[str, Mapping[str, Any]]]


def labs_for_gate(path: str | None = None) -> list[tuple[str, LabBody, Bodies]]:
    """Path, body, and the checks (path and body) of every lab that has some; of the one at *path*, if it is given."""
    rows = Check.objects.current().select_related("entity", "revision", "lab__activity__revision")
    if path is not None:
        rows = rows.filter(lab__activity__path=path)
    found: dict[int, tuple[str, LabBody, Bodies]] = {}
    for check in rows.order_by("lab__activity__path", "lab", "position", "pk"):
        activity = check.lab.activity
        if activity.pk not in found:
            found[activity.pk] = (activity.path, LabBody.model_validate(_own(activity.revision.body)), [])
        found[activity.pk][2].append((check.entity.path, _own(check.revision.body)))
    return list(found.values())


def _own(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as its kind has it, without the list of what stands under it."""
    return {name: value for name, value in body.items() if name != "children"}
