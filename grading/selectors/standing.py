"""Where one learner stands, for pages: plain rows, one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from courses.models import Enrolment
from grading.models import Grade, GradeEvent, Progress
from waymark.core.shown import out_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One activity's grade as shown. ``points``, ``out_of`` and ``percent`` have four places."""

    activity_id: int
    state: str
    points: Decimal | None
    out_of: Decimal | None
    percent: Decimal | None
    passed: bool | None
    done: bool
    done_at: datetime | None
    attempts_made: int
    pending: int
    at: datetime


FIELDS = (
    "activity_id", "state", "points", "out_of", "percent", "passed", "done", "done_at", "attempts_made", "pending",
    "at",
)  # fmt: skip


def standings_of(enrolment: Enrolment) -> dict[int, Standing]:
    """Activity id -> standing; nothing for an activity without events. One query."""
    return {row[0]: Standing(*row) for row in Grade.objects.filter(enrolment=enrolment).values_list(*FIELDS)}


def progress_row(enrolment: Enrolment) -> dict[str, Any] | None:
    """The stored progress as a dict of its columns; None before the first event. One query."""
    row = Progress.objects.filter(enrolment=enrolment).values().first()
    return None if row is None else {**row}


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """A result that came back; ``figure`` reads ``8.4 of 10``."""

    activity_id: int
    attempt: int | None
    figure: str
    reason: str
    at: datetime


def recent_events(enrolment: Enrolment, *, since: datetime, limit: int) -> list[RecentEvent]:
    """Scores, overrides and credit since an instant, newest first. One query."""
    rows = (
        GradeEvent.objects.filter(enrolment=enrolment, kind__in=["score", "override", "credit"], at__gte=since)
        .order_by("-sequence")
        .values_list("activity_id", "attempt_number", "points", "out_of", "reason_for_learner", "at")[:limit]
    )
    return [
        RecentEvent(activity, attempt, out_of(points, full), reason, at)
        for activity, attempt, points, full, reason, at in rows
    ]


def scores_of(enrolment: Enrolment, activity_id: int) -> dict[int, str]:
    """Attempt number -> its latest score as ``8.4 of 10``. One query."""
    rows = (
        GradeEvent.objects.filter(enrolment=enrolment, activity=activity_id, kind=GradeEvent.Kind.SCORE)
        .order_by("sequence")
        .values_list("attempt_number", "points", "out_of")
    )
    return {number: out_of(points, full) for number, points, full in rows if number is not None}
