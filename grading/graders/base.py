"""What every grader gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class CheckScore:
    """What one check of a submission gave.

    :param outcome: one of the closed list of outcomes (docs/sandbox.md), never ``infrastructure``.
    :param share: exact share of the check's points, from 0 to 1.
    :param message: one sentence for the learner.
    :param detail: cases and evidence, plain JSON.
    """

    check_id: int
    revision_id: int
    outcome: str
    share: Fraction
    out_of: Fraction
    message: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """The result of grading one piece of work.

    :param share: exact share of full marks; above 1 with bonus.
    :param out_of: full marks.
    :param grader, version: who graded; the version is raised whenever the same
        work could score differently.
    :param detail: what each part gave and why, plain JSON.
    :param replaces: of a regrade the event of the ledger that it was made from.
    :param same: that event has these points already.
    :param checks: of a submission, in the order of the lab.
    """

    share: Fraction
    out_of: Fraction
    grader: str
    version: int
    detail: dict[str, Any] = field(default_factory=dict)
    replaces: int | None = None
    same: bool = False
    checks: tuple[CheckScore, ...] = ()
