"""The scores that stand, with what each question gave: what grading again begins with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import Attempt, AttemptQuestion, Response
from assessments.selectors.marks import decimal_mark_of
from courses.models import Enrolment
from grading.graders.again import Corrections, Scored
from grading.models import GradeEvent

_FIELDS = (
    "enrolment_id", "attempt_id", "pk", "activity_id", "numerator", "denominator", "out_of", "run__detail",
)  # fmt: skip


def graded_again(program_id: int) -> QuerySet[Enrolment]:
    """The enrolments whose grades a correction reaches: under way, paused, completed; nobody who was anonymised."""
    state = Enrolment.State
    enrolled = Enrolment.objects.filter(program=program_id, learner__anonymised_at=None)
    return enrolled.filter(state__in=[state.ACTIVE, state.PAUSED, state.COMPLETED])


def asked_what_is_corrected(corrections: Corrections) -> Q:
    """Of attempts: at a quiz whose points, or with a question whose key or weight is corrected."""
    asked = AttemptQuestion.objects.filter(attempt=OuterRef("pk"), question__in=corrections.questions)
    return Q(quiz__in=corrections.points) | Q(Exists(asked))


def scores_standing(
    attempts: QuerySet[Attempt], corrections: Corrections, language: str
) -> Iterable[tuple[int, int, Scored]]:
    """Enrolment, attempt and the newest score of each of *attempts* that a run graded; two queries.

    :param language: of the program, which says how decimals are read.
    """
    newest = GradeEvent.objects.filter(
        kind=GradeEvent.Kind.SCORE, run__isnull=False, attempt__in=attempts.order_by().values("pk")
    )
    rows = list(newest.order_by("attempt_id", "-sequence").distinct("attempt_id").values_list(*_FIELDS))
    responses: dict[int, dict[int, Any]] = defaultdict(dict)
    answered = Response.objects.filter(
        attempt_question__attempt__in=[row[1] for row in rows], attempt_question__question__in=corrections.questions
    )
    for attempt, question, value in answered.order_by().values_list(
        "attempt_question__attempt_id", "attempt_question__question_id", "value"
    ):
        responses[attempt][question] = value
    mark = decimal_mark_of(language)
    for enrolment, attempt, event, quiz, numerator, denominator, out_of, detail in rows:
        yield (
            enrolment,
            attempt,
            Scored(
                event=event,
                quiz=quiz,
                points=Fraction(numerator, denominator),
                out_of=Fraction(out_of),
                rows=tuple(detail["questions"]),
                responses=responses.get(attempt, {}),
                decimal_mark=mark,
            ),
        )
