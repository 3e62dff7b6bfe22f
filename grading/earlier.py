"""Attempts that a learner made in earlier enrolments of the same program.

They count against the limit and not towards the grade (ACCESS.md, *Withdrawn*):
leaving and enrolling again gives no fresh attempts at questions one has seen.
"""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments.models import Attempt
from courses.models import Enrolment
from grading.models import GradingRun


def earlier_attempts(enrolment_id: int) -> QuerySet[Attempt]:
    """Those of the same learner's enrolments in the program before this one; none whose grading was given up.

    What comes later changes nothing here: the figures of an enrolment that has ended stay what they were.
    """
    this = Enrolment.objects.filter(pk=enrolment_id)
    return (
        Attempt.objects.filter(
            enrolment__learner__in=this.values("learner"), enrolment__program__in=this.values("program")
        )
        .filter(enrolment__lt=enrolment_id)
        .exclude(Exists(given_up()))
    )


def given_up() -> QuerySet[GradingRun]:
    """Of an attempt's runs, the first grading that was given up: the attempt counts as not made."""
    return GradingRun.objects.filter(attempt=OuterRef("pk"), kind=GradingRun.Kind.FIRST, state=GradingRun.State.FAILED)


def earlier_by_quiz(enrolment_id: int) -> QuerySet[Attempt, tuple[int, int]]:
    """Pairs of a quiz and how many such attempts were made at it."""
    return (
        earlier_attempts(enrolment_id).order_by().values("quiz").annotate(made=Count("pk")).values_list("quiz", "made")
    )
