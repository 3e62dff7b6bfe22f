"""Question types: one small contract (``base``), one module per type (``types``).

Grading is pure: it takes the body of a question's revision and a normalised
response and needs no database, so a regrade gives the same share for ever.
"""

from assessments.questions.base import Control, QuestionResult, QuestionType, Review
from assessments.questions.functions import (
    InvalidResponse,
    control_of,
    form_value,
    grade_question,
    is_answered,
    normalise_response,
    option_order,
    order_left,
    public_value,
    remark_on,
    review_question,
)
from assessments.questions.registry import question_type, question_types

__all__ = [
    "Control",
    "InvalidResponse",
    "QuestionResult",
    "QuestionType",
    "Review",
    "control_of",
    "form_value",
    "grade_question",
    "is_answered",
    "normalise_response",
    "option_order",
    "order_left",
    "public_value",
    "question_type",
    "question_types",
    "remark_on",
    "review_question",
]
