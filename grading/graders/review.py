"""The score of a project: the sum of what a review gives for each criterion, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from assessments.selectors.reviews import Marked
from grading.graders.base import Score

NAME: Final = "review"
VERSION: Final = 1


def totals(marks: Sequence[Marked]) -> tuple[Fraction, Fraction]:
    """What was given so far, bonus included, and what the criteria other than bonus are worth together."""
    given = sum((each.points for each in marks if each.points is not None), Fraction(0))
    return given, sum((each.out_of for each in marks if not each.is_bonus), Fraction(0))


def score_review(marks: Sequence[Marked], out_of: Fraction | None, *, review: str) -> Score:
    """The score that the marks of a finished review give. Pure.

    The share is what was given, bonus included, over what the criteria other than
    bonus are worth together; times *out_of* that is the score. An open bonus
    criterion gives nothing. A rubric of bonus alone scores nothing.

    :param out_of: what the project counts for; None: what its criteria are worth together.
    :param review: id of the review, kept as evidence.
    """
    given, full = totals(marks)
    criteria = [
        {
            "criterion": each.criterion_id,
            "points": None if each.points is None else str(each.points),
            "out_of": str(each.out_of),
            "bonus": each.is_bonus,
        }
        for each in marks
    ]
    return Score(
        share=given / full if full else Fraction(0),
        out_of=full if out_of is None else out_of,
        grader=NAME,
        version=VERSION,
        detail={"review": review, "criteria": criteria, "earned": str(given), "full": str(full)},
    )
