"""Reviews as other parts read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Criterion, Mark, Review, Submission
from assessments.selectors.pins import pinned_in
from courses.models import ReleaseItem


def not_reviewed(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Those of *rows* without a released review."""
    return rows.exclude(Exists(Review.objects.filter(submission=OuterRef("pk"), state=Review.State.RELEASED)))


def review_standing(submission: Submission) -> Review | None:
    """The newest released review of a hand-in."""
    return submission.reviews.filter(state=Review.State.RELEASED).select_related("reviewer").order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Marked:
    """One criterion with what a review gives for it.

    :param body: of the criterion's revision.
    :param points: exact; None while it is open.
    """

    criterion_id: int
    body: Mapping[str, Any]
    points: Fraction | None
    comment: str

    @property
    def level(self) -> int | None:
        """The place of the level that the points lie in."""
        return None if self.points is None else level_at(self.body, self.points)

    @property
    def out_of(self) -> Fraction:
        return Fraction(self.body["points"])

    @property
    def is_bonus(self) -> bool:
        return bool(self.body.get("bonus"))

    @property
    def is_open(self) -> bool:
        """Whether it keeps its review from being released."""
        return self.points is None and not self.is_bonus


def marks_of(review: Review) -> tuple[Marked, ...]:
    """Every criterion of a review, in the order of the rubric."""
    rows = Mark.objects.filter(review=review).select_related("revision").order_by("position")
    return tuple(
        Marked(
            each.criterion_id, each.revision.body, None if each.points is None else Fraction(each.points), each.comment
        )
        for each in rows
    )


def criteria_pinned(submission: Submission) -> list[tuple[int, int]]:
    """The rubric that a project was handed in under: criterion and revision, in order.

    What the release of the hand-in had; of a project in a placed module, which that
    release does not list, what is current.
    """
    under = Criterion.objects.filter(rubric__project=submission.activity_id).order_by("position", "pk")
    then = set(
        ReleaseItem.objects.filter(release=submission.release_id, entity__in=under.values("pk")).values_list(
            "entity_id", flat=True
        )
    )
    rows = under.filter(pk__in=then) if then else under.current()
    shown = dict(rows.values_list("pk", "revision_id"))
    pinned = pinned_in(submission.release, shown)
    return [(key, pinned[key]) for key in shown]


def level_at(body: Mapping[str, Any], points: Fraction) -> int | None:
    """The place of the level that *points* of a criterion lie in: the lowest one that gives as many.

    None where the criterion has no levels; above all of them it is the highest.
    """
    levels = [(Fraction(level["points"]), place) for place, level in enumerate(body.get("levels", ()))]
    if not levels:
        return None
    reached = [each for each in levels if each[0] >= points]
    return min(reached)[1] if reached else max(levels)[1]
