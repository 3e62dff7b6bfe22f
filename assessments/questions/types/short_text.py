"""A word or a few, compared with what is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from assessments.questions.base import (
    Control,
    DecimalMark,
    FormData,
    QuestionResult,
    QuestionType,
    Review,
    Value,
    one_text,
    read_text,
)
from assessments.questions.texts import LONGEST, check_pattern, fold_answer, is_pattern, matches

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody


class ShortText(QuestionType):
    """Value: the text as it was typed, without blanks around."""

    name: ClassVar[str] = "short_text"
    label: ClassVar[str] = gettext_noop("A short text")
    uses: ClassVar[frozenset[str]] = frozenset({"accepted"})

    def check(self, body: QuestionBody) -> None:
        check_accepted(body.accepted)

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        return Control("text", body.stem, value, longest=LONGEST)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        return one_text(data, name)

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        return read_text(public, LONGEST)

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        return value

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        right = is_accepted(value, body.accepted)
        note = "The text is one of the accepted answers." if right else "The text is not one of the accepted answers."
        return QuestionResult(Fraction(right), True, (note,))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        return Review(body.stem, given=value or "", expected=shown_answers(body.accepted) if key else ())


def check_accepted(accepted: Sequence[str]) -> None:
    """At least one answer that can be read as such, and patterns that can be matched."""
    if not accepted:
        raise ValueError("needs accepted answers")
    if not shown_answers(accepted):
        raise ValueError("needs an accepted answer in words beside its patterns, to show as the solution")
    for each in accepted:
        if is_pattern(each):
            check_pattern(each)
        elif not fold_answer(each):
            raise ValueError("an accepted answer is empty")


def is_accepted(text: str, accepted: Sequence[str]) -> bool:
    folded = fold_answer(text)
    return any(matches(each, folded) for each in accepted)


def shown_answers(accepted: Sequence[str]) -> tuple[str, ...]:
    """The accepted answers that people can read: patterns stay inside."""
    return tuple(each for each in accepted if not is_pattern(each))


TYPE = ShortText()
