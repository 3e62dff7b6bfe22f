"""What was found out about the checks of a lab, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grading.checks.gate import UNCHECKABLE
from grading.models import HeldCheck, LabHealth


@dataclass(frozen=True, slots=True)
class Health:
    """:param problems: piece of work and what is wrong with it; empty for a lab that is sound.

    :param held: ids of the checks of which no grade is made.
    """

    tried_at: datetime
    problems: tuple[tuple[str, str], ...]
    held: tuple[str, ...]

    @property
    def checkable(self) -> bool:
        """False when all that is known is that the image of the workers cannot check the lab."""
        return not self.problems or not all(problem.startswith(UNCHECKABLE) for _, problem in self.problems)


def lab_health(lab_id: int) -> Health | None:
    """The newest trial of a lab; None before the first, and for what is no lab."""
    row = LabHealth.objects.filter(pk=lab_id).exclude(tried_at=None).first()
    if row is None or row.tried_at is None:
        return None
    held = HeldCheck.objects.filter(lab_check__lab=lab_id).values_list("lab_check__entity__path", flat=True)
    names = tuple(path.rpartition("/")[2] for path in held)
    return Health(row.tried_at, tuple((name, problem) for name, problem in row.problems), names)
