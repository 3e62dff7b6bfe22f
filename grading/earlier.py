"""Attempts and submissions that a learner made in earlier enrolments of the same program.

They count against the limit and not towards the grade (ACCESS.md, *Withdrawn*):
leaving and enrolling again gives no fresh attempts at questions one has seen.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, QuerySet

from assessments.models import Attempt, Submission
from courses.models import Activity, Enrolment
from grading.models import GradingRun

Work = TypeVar("Work", bound=Model)
UNCOUNTED = (GradingRun.State.FAILED, GradingRun.State.CANCELLED)
"""A failure of ours, and what the learner took back before it was checked."""


def earlier_made(enrolment_id: int, activity: Activity) -> int:
    """How many of them were made at one quiz, or for one lab or project."""
    if activity.kind == Activity.Kind.QUIZ:
        return earlier_attempts(enrolment_id).filter(quiz=activity.pk).count()
    return earlier_submissions(enrolment_id).filter(activity=activity.pk).count()


def earlier_attempts(enrolment_id: int) -> QuerySet[Attempt]:
    """Those of the same learner's enrolments in the program before this one; none whose grading was given up.

    What comes later changes nothing here: the figures of an enrolment that has ended stay what they were.
    """
    return _earlier(Attempt.objects.all(), enrolment_id).exclude(Exists(given_up("attempt")))


def earlier_submissions(enrolment_id: int) -> QuerySet[Submission]:
    """The same of submissions."""
    return _earlier(Submission.objects.all(), enrolment_id).exclude(Exists(given_up("submission")))


def _earlier(rows: QuerySet[Work], enrolment_id: int) -> QuerySet[Work]:
    this = Enrolment.objects.filter(pk=enrolment_id)
    return rows.filter(
        enrolment__learner__in=this.values("learner"), enrolment__program__in=this.values("program")
    ).filter(enrolment__lt=enrolment_id)


def given_up(work: str) -> QuerySet[GradingRun]:
    """Of the runs of an ``attempt`` or a ``submission``, the first grading that was given up or cancelled.

    It counts as not made.
    """
    return GradingRun.objects.filter(**{work: OuterRef("pk")}, kind=GradingRun.Kind.FIRST, state__in=UNCOUNTED)


def earlier_by_item(enrolment_id: int, *, sign: int = 1) -> tuple[QuerySet[Any, tuple[int, int]], ...]:
    """Pairs of a quiz, lab or project and how many of them were made at it, times *sign*: two queries to unite."""
    made = F("made") * sign
    attempts = earlier_attempts(enrolment_id).order_by().values("quiz").annotate(made=Count("pk"))
    submissions = earlier_submissions(enrolment_id).order_by().values("activity").annotate(made=Count("pk"))
    return attempts.values_list("quiz", made), submissions.values_list("activity", made)
