"""Labs with their checks, as they are current."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.curriculum.bodies import LabBody
from assessments.models import Check
from assessments.selectors.submissions import PinnedCheck
from courses.curriculum.compare import CHILDREN


@dataclass(frozen=True, slots=True)
class LabWithChecks:
    """A lab in its current revision, with its checks in theirs, in order."""

    lab_id: int
    revision_id: int
    path: str
    body: LabBody
    checks: list[PinnedCheck]


Revisions = tuple[int | None, ...]
"""Of a lab, then of each check its key and its revision."""


def labs_pinned(*, but: Collection[str]) -> dict[int, Revisions]:
    """Every lab that has checks, in the order of paths, with the revisions that are current; no contents.

    :param but: types of checks; labs that have one of them are left out.
    """
    found: dict[int, Revisions] = {}
    out = Check.objects.current().filter(type__in=but).values("lab")
    rows = Check.objects.current().exclude(lab__in=out).order_by("lab__activity__path", "lab", "position", "pk")
    for lab, revision, *check in rows.values_list("lab_id", "lab__activity__revision_id", "pk", "revision_id"):
        found[lab] = (*found.get(lab, (revision,)), *check)
    return found


def labs_for_gate(path: str | None = None, *, lab_id: int | None = None) -> list[LabWithChecks]:
    """Every lab that has checks; of those only the one at *path* or of *lab_id*, if it is given."""
    rows = Check.objects.current().select_related("entity", "revision", "lab__activity__revision")
    if path is not None:
        rows = rows.filter(lab__activity__path=path)
    if lab_id is not None:
        rows = rows.filter(lab=lab_id)
    found: dict[int, LabWithChecks] = {}
    for check in rows.order_by("lab__activity__path", "lab", "position", "pk"):
        activity = check.lab.activity
        if activity.pk not in found:
            body = _body(activity.revision.body)
            found[activity.pk] = LabWithChecks(activity.pk, activity.revision_id, activity.path, body, [])
        pinned = PinnedCheck(check.pk, check.revision_id, check.entity.path, check.revision.body)
        found[activity.pk].checks.append(pinned)
    return list(found.values())


def _body(stored: Mapping[str, Any]) -> LabBody:
    """The body of a revision, which besides lists what stands under it."""
    return LabBody.model_validate({name: value for name, value in stored.items() if name != CHILDREN})
