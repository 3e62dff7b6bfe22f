"""What is read of attempts and quizzes."""

from assessments.selectors.attempts import (
    AttemptPage,
    QuestionOnPage,
    attempt_page,
    attempts_of,
)
from assessments.selectors.grading import AttemptForGrading, QuestionForGrading, attempt_for_grading

__all__ = [
    "AttemptForGrading",
    "AttemptPage",
    "QuestionForGrading",
    "QuestionOnPage",
    "attempt_for_grading",
    "attempt_page",
    "attempts_of",
]
