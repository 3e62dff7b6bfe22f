"""What is read of attempts and quizzes."""

from assessments.selectors.attempts import (
    AttemptPage,
    QuestionAsked,
    QuestionOnPage,
    SectionShown,
    attempt_page,
    attempts_of,
    questions_asked,
    sections_opened,
)
from assessments.selectors.grading import AttemptForGrading, QuestionForGrading, attempt_for_grading

__all__ = [
    "AttemptForGrading",
    "AttemptPage",
    "QuestionAsked",
    "QuestionForGrading",
    "QuestionOnPage",
    "SectionShown",
    "attempt_for_grading",
    "attempt_page",
    "attempts_of",
    "questions_asked",
    "sections_opened",
]
