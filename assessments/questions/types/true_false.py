"""A statement that is true or false."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from assessments.questions.base import (
    Choice,
    Control,
    DecimalMark,
    FormData,
    QuestionResult,
    QuestionType,
    Review,
    ReviewLine,
    UnreadableError,
    Value,
    one_text,
)

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody

_TEXTS = {True: "True", False: "False"}


class TrueFalse(QuestionType):
    """Value: true or false."""

    name: ClassVar[str] = "true_false"
    label: ClassVar[str] = gettext_noop("True or false")
    uses: ClassVar[frozenset[str]] = frozenset({"answer"})

    def check(self, body: QuestionBody) -> None:
        if not isinstance(body.answer, bool):
            raise ValueError("a true_false question needs answer: true or answer: false")

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        choices = tuple(Choice(str(truth).lower(), text, chosen=value is truth) for truth, text in _TEXTS.items())
        return Control("radio", body.stem, value, choices)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        said = one_text(data, name)
        return {"true": True, "false": False, "": None}.get(said, said)

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        if not isinstance(public, bool):
            raise UnreadableError("true or false is expected")
        return public

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        return value

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        right = value is body.answer
        return QuestionResult(Fraction(right), True, ("The answer is right." if right else "The answer is wrong.",))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        lines = tuple(
            ReviewLine("", text, chosen=value is truth, right=(truth is body.answer) if key else None)
            for truth, text in _TEXTS.items()
        )
        return Review(body.stem, lines)


TYPE = TrueFalse()
