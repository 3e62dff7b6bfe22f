"""What every grader gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


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
    """

    share: Fraction
    out_of: Fraction
    grader: str
    version: int
    detail: dict[str, Any] = field(default_factory=dict)
    replaces: int | None = None
    same: bool = False
