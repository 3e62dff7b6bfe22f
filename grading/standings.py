"""Between rows and the evaluator's plain data: events in, grades out and back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grading.models import Grade
from grading.policy.evaluation.types import Event, EventKind, Folded, ItemState
from waymark.core.exact import shown

EVENT_FIELDS = (
    "pk", "sequence", "kind", "at", "attempt_number", "numerator", "denominator", "out_of", "done", "supersedes_id",
)  # fmt: skip

STANDING_FIELDS = (
    "activity_id", "state", "numerator", "denominator", "out_of", "overridden", "passed", "done", "done_at",
    "attempts_made", "pending", "counted_attempt", "shares", "event_id", "sequence", "at",
)  # fmt: skip


def event_from_row(row: tuple[Any, ...]) -> Event:
    """An event as the fold takes it, from ``values_list(*EVENT_FIELDS)``."""
    pk, sequence, kind, at, attempt, numerator, denominator, out_of, done, supersedes = row
    return Event(
        id=pk,
        sequence=sequence,
        kind=EventKind(kind),
        at=at,
        attempt=attempt,
        points=None if numerator is None else Fraction(numerator, denominator),
        out_of=None if out_of is None else Fraction(out_of),
        done=done,
        supersedes=supersedes,
    )


def grade_from(enrolment_id: int, activity_id: int, standing: Folded) -> Grade:
    """The unsaved row of a fold of at least one event."""
    assert standing.at is not None, "a grade row stands for events"
    points, share = standing.points, standing.share
    if points is not None and share is None:
        share = Fraction(0)  # an item of no points: nothing out of nothing
    return Grade(
        enrolment_id=enrolment_id,
        activity_id=activity_id,
        state=standing.state.value,
        pending=standing.pending,
        points=None if points is None else shown(points),
        numerator=None if points is None else points.numerator,
        denominator=None if points is None else points.denominator,
        out_of=None if standing.out_of is None else shown(standing.out_of),
        percent=None if share is None else shown(share * 100),
        overridden=standing.overridden,
        passed=standing.passed,
        done=standing.done,
        done_at=standing.done_at,
        attempts_made=standing.attempts_made,
        counted_attempt=standing.counted_attempt,
        shares=shares_of(standing),
        event_id=standing.event,
        sequence=standing.sequence,
        at=standing.at,
    )


def shares_of(standing: Folded) -> dict[str, Any]:
    shares: dict[str, Any] = {"attempts": {str(number): str(share) for number, share in standing.scores.items()}}
    if standing.credit is not None:
        shares["credit"] = str(standing.credit)
    return shares


def standing_from_row(row: tuple[Any, ...]) -> tuple[int, Folded]:
    """Activity id and fold, from ``values_list(*STANDING_FIELDS)``: the inverse of :func:`grade_from`."""
    (activity_id, state, numerator, denominator, out_of, overridden, passed, done, done_at,
     attempts_made, pending, counted_attempt, shares, event_id, sequence, at) = row  # fmt: skip
    credit = shares.get("credit")
    return activity_id, Folded(
        state=ItemState(state),
        points=None if numerator is None else Fraction(numerator, denominator),
        out_of=None if out_of is None else Fraction(out_of),
        overridden=overridden,
        passed=passed,
        done=done,
        done_at=done_at,
        attempts_made=attempts_made,
        pending=pending,
        counted_attempt=counted_attempt,
        scores={int(number): Fraction(share) for number, share in shares.get("attempts", {}).items()},
        credit=None if credit is None else Fraction(credit),
        event=event_id,
        sequence=sequence,
        at=at,
    )
