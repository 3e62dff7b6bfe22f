"""Quizzes as definitions."""

from __future__ import annotations

from assessments.models import Question, Quiz
from assessments.services.drawing import Drawable, questions_draw


def quiz_size(quiz: Quiz) -> int:
    """How many questions an attempt that starts now would ask; in two queries."""
    rows = Question.objects.current().filter(quiz=quiz).values_list("pk", "pool")
    draws = quiz.draws.values_list("pool", "count")
    return len(questions_draw([Drawable(*row) for row in rows], draws, seed=0, shuffle=False))
