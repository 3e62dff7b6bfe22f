"""Quizzes as definitions."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.models import Question, Quiz
from assessments.services.drawing import Drawable, questions_draw


def quiz_size(quiz: Quiz) -> int:
    """How many questions an attempt that starts now would ask; in two queries."""
    rows = Question.objects.current().filter(quiz=quiz).values_list("pk", "pool")
    draws = quiz.draws.values_list("pool", "count")
    return len(questions_draw([Drawable(*row) for row in rows], draws, seed=0, shuffle=False))


def advice_quizzes(activity_ids: Iterable[int]) -> set[int]:
    """Those of the activities that are quizzes with a result and no say in passing; one query."""
    return set(Quiz.objects.filter(pk__in=activity_ids, advice_only=True).values_list("pk", flat=True))
