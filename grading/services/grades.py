"""Grade rows, written in sets."""

from __future__ import annotations

from grading.models import Grade

GRADE_FIELDS = [
    "state", "pending", "points", "numerator", "denominator", "out_of", "percent", "overridden", "passed", "done",
    "done_at", "attempts_made", "counted_attempt", "shares", "event", "sequence", "at",
]  # fmt: skip


def grade_write(grades: list[Grade]) -> None:
    """Insert or replace grade rows; the enrolments are locked."""
    Grade.objects.bulk_create(
        grades,
        update_conflicts=True,
        unique_fields=["enrolment", "activity"],
        update_fields=GRADE_FIELDS,
        batch_size=500,
    )
