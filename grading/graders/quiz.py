"""Grading a quiz: the stored answers against the pinned questions, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.questions import grade_question
from assessments.questions.base import DecimalMark
from assessments.selectors import AttemptForGrading, attempt_for_grading
from grading.graders.base import Score

NAME = "quiz"
VERSION = 1


def grade_attempt(attempt_id: int) -> Score:
    """Read a handed-in attempt and grade it; to be called outside any transaction."""
    return score_quiz(attempt_for_grading(attempt_id))


def score_quiz(work: AttemptForGrading) -> Score:
    """The score of a quiz. Pure: the same answers to the same revisions give the same for ever."""
    rows = [
        {
            "position": question.position,
            "question": question.question_id,
            **graded(question.body, question.response, decimal_mark=work.decimal_mark, revision=question.revision),
        }
        for question in work.questions
    ]
    return score_of(rows, work.points)


def graded(body: Mapping[str, Any], response: Any, *, decimal_mark: DecimalMark, revision: str) -> dict[str, Any]:
    """What one answer gives, as plain JSON with exact figures.

    :param body: of the question's revision, whose hash is *revision*.
    """
    points = Fraction(body.get("points", 1))
    result = grade_question(body["type"], body, response, decimal_mark=decimal_mark)
    return {
        "revision": revision,
        "share": str(result.share),
        "points": str(result.share * points),
        "out_of": str(points),
        "bonus": bool(body.get("bonus", False)),
        "answered": result.answered,
        "notes": list(result.notes),
    }


def score_of(rows: Sequence[Mapping[str, Any]], out_of: Fraction) -> Score:
    """The score of a quiz of which *rows* say what each question gave.

    Each question gives its share of its points. The quiz's share is what was
    earned, bonus questions included, over what the others are worth together;
    times the quiz's points that is the score. A quiz of bonus questions alone
    has nothing below the line and scores nothing.
    """
    earned = sum((Fraction(row["points"]) for row in rows), Fraction(0))
    full = sum((Fraction(row["out_of"]) for row in rows if not row["bonus"]), Fraction(0))
    return Score(
        share=earned / full if full else Fraction(0),
        out_of=out_of,
        grader=NAME,
        version=VERSION,
        detail={"questions": list(rows), "earned": str(earned), "full": str(full)},
    )
