"""Where one learner stands, for pages: plain rows, one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from courses.models import Enrolment
from grading.models import Grade, GradeEvent, Progress
from waymark.core.compiled import Compiled
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


_standings = Compiled("grading.standings_of", lambda key: Grade.objects.filter(enrolment=key).values_list(*FIELDS))


def standings_of(enrolment: Enrolment) -> dict[int, Standing]:
    """Activity id -> standing; nothing for an activity without events. One query."""
    return {row[0]: Standing(*row) for row in _standings(enrolment.pk)}


PROGRESS_FIELDS = tuple(field.attname for field in Progress._meta.concrete_fields)
_progress = Compiled(
    "grading.progress_row", lambda key: Progress.objects.filter(enrolment=key).values_list(*PROGRESS_FIELDS)
)


def progress_row(enrolment: Enrolment) -> dict[str, Any] | None:
    """The stored progress as a dict of its columns; None before the first event. One query."""
    return next((dict(zip(PROGRESS_FIELDS, row, strict=True)) for row in _progress(enrolment.pk)), None)


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """A result that came back; ``figure`` reads ``8.4 of 10``."""

    activity_id: int
    attempt: int | None
    figure: str
    reason: str
    at: datetime


RECENT = 5
_recent = Compiled(
    "grading.recent_events",
    lambda key, since: (
        GradeEvent.objects.filter(enrolment=key, kind__in=["score", "override", "credit"], at__gte=since)
        .order_by("-sequence")
        .values_list("activity_id", "attempt_number", "points", "out_of", "reason_for_learner", "at")[:RECENT]
    ),
)


def recent_events(enrolment: Enrolment, *, since: datetime) -> list[RecentEvent]:
    """The last five scores, overrides and credits since an instant, newest first. One query."""
    return [
        RecentEvent(activity, attempt, out_of(points, full), reason, at)
        for activity, attempt, points, full, reason, at in _recent(enrolment.pk, since)
    ]


def scores_of(enrolment: Enrolment, activity_id: int) -> dict[int, str]:
    """Attempt number -> its latest score as ``8.4 of 10``. One query."""
    rows = (
        GradeEvent.objects.filter(enrolment=enrolment, activity=activity_id, kind=GradeEvent.Kind.SCORE)
        .order_by("sequence")
        .values_list("attempt_number", "points", "out_of")
    )
    return {number: out_of(points, full) for number, points, full in rows if number is not None}
