"""One right option out of several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from assessments.questions.base import (
    MOST,
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
    ids_of,
    keys_of,
    letter,
    one_text,
)

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody


class SingleChoice(QuestionType):
    """Value: the id of the chosen option."""

    name: ClassVar[str] = "single"
    label: ClassVar[str] = gettext_noop("One answer")
    uses: ClassVar[frozenset[str]] = frozenset({"options"})

    def check(self, body: QuestionBody) -> None:
        right = sum(option.right for option in body.options)
        if not 2 <= len(body.options) <= MOST or right != 1:
            raise ValueError(
                f"needs 2 to {MOST} options and exactly one right one, has {len(body.options)} with {right} right"
            )

    def order(self, body: QuestionBody) -> list[str]:
        return [option.id for option in body.options]

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        texts = {option.id: option.text for option in body.options}
        choices = tuple(Choice(letter(index), texts[name], chosen=name == value) for index, name in enumerate(order))
        return Control("radio", body.stem, self.public(body, value, order) if value else None, choices)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        return one_text(data, name) or None

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        known = ids_of(order)
        if not isinstance(public, str) or public not in known:
            raise UnreadableError(f"one of the letters {', '.join(known)} is expected")
        return known[public]

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        return keys_of(order)[value]

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        right = any(option.right and option.id == value for option in body.options)
        note = "The right option is chosen." if right else "The chosen option is not the right one."
        return QuestionResult(Fraction(right), True, (note,))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        return Review(body.stem, option_lines(body, frozenset([value]), order, key=key))


def option_lines(
    body: QuestionBody, chosen: frozenset[Any], order: Sequence[str], *, key: bool
) -> tuple[ReviewLine, ...]:
    """Every option in the order of the attempt; feedback of those that were chosen."""
    options = {option.id: option for option in body.options}
    return tuple(
        ReviewLine(
            letter(index).upper(),
            options[name].text,
            chosen=name in chosen,
            right=options[name].right if key else None,
            feedback=options[name].feedback if key and name in chosen else "",
        )
        for index, name in enumerate(order)
    )


TYPE = SingleChoice()
