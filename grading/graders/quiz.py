"""Grading a quiz: the stored answers against the pinned questions, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from assessments.questions import grade_question
from assessments.selectors import AttemptForGrading, attempt_for_grading
from grading.graders.base import Score

NAME = "quiz"
VERSION = 1


def grade_attempt(attempt_id: int) -> Score:
    """Read a handed-in attempt and grade it; to be called outside any transaction."""
    return score_quiz(attempt_for_grading(attempt_id))


def score_quiz(work: AttemptForGrading) -> Score:
    """The score of a quiz. Pure: the same answers to the same revisions give the same for ever.

    Each question gives its share of its points. The quiz's share is what was
    earned, bonus questions included, over what the others are worth together;
    times the quiz's points that is the score. A quiz of bonus questions alone
    has nothing below the line and scores nothing.
    """
    earned = full = Fraction(0)
    questions: list[dict[str, Any]] = []
    for question in work.questions:
        result = grade_question(question.type, question.body, question.response, decimal_mark=work.decimal_mark)
        points = result.share * question.points
        earned += points
        if not question.bonus:
            full += question.points
        questions.append(
            {
                "position": question.position,
                "question": question.question_id,
                "revision": question.revision,
                "share": str(result.share),
                "points": str(points),
                "out_of": str(question.points),
                "bonus": question.bonus,
                "answered": result.answered,
                "notes": list(result.notes),
            }
        )
    return Score(
        share=earned / full if full else Fraction(0),
        out_of=work.points,
        grader=NAME,
        version=VERSION,
        detail={"questions": questions, "earned": str(earned), "full": str(full)},
    )
