"""Labs with their checks, as they are current."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.curriculum.bodies import LabBody
from assessments.models import Check
from courses.curriculum.compare import CHILDREN

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
            found[activity.pk] = (activity.path, _body(activity.revision.body), [])
        found[activity.pk][2].append((check.entity.path, check.revision.body))
    return list(found.values())


def _body(stored: Mapping[str, Any]) -> LabBody:
    """The body of a revision, which besides lists what stands under it."""
    return LabBody.model_validate({name: value for name, value in stored.items() if name != CHILDREN})
