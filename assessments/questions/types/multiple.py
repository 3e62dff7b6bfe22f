"""Any number of right options."""

from __future__ import annotations

from collections.abc import Sequence
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
    UnreadableError,
    Value,
    ids_of,
    keys_of,
    letter,
)
from assessments.questions.schemes import SCHEMES
from assessments.questions.types.single import option_lines

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody


class MultipleChoice(QuestionType):
    """Value: the ids of the chosen options, sorted; nothing chosen is None."""

    name: ClassVar[str] = "multiple"
    label: ClassVar[str] = gettext_noop("Any number of answers")
    uses: ClassVar[frozenset[str]] = frozenset({"options", "scheme"})
    schemes: ClassVar[tuple[str, ...]] = tuple(SCHEMES)

    def check(self, body: QuestionBody) -> None:
        if not 2 <= len(body.options) <= MOST or not any(option.right for option in body.options):
            raise ValueError(f"needs 2 to {MOST} options and at least one right one")

    def order(self, body: QuestionBody) -> list[str]:
        return [option.id for option in body.options]

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        texts = {option.id: option.text for option in body.options}
        choices = tuple(
            Choice(letter(index), texts[name], chosen=name in (value or ())) for index, name in enumerate(order)
        )
        return Control("checkbox", body.stem, self.public(body, value, order) if value else None, choices)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        return [key for key in data(name) if key]

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        known = ids_of(order)
        if not isinstance(public, list) or not all(isinstance(key, str) and key in known for key in public):
            raise UnreadableError(f"a list of the letters {', '.join(known)} is expected")
        return sorted({known[key] for key in public}) or None

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        known = keys_of(order)
        return sorted(known[name] for name in value)

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        right = frozenset(option.id for option in body.options if option.right)
        share, note = SCHEMES[self.scheme(body)](frozenset(value), right, frozenset(self.order(body)))
        return QuestionResult(share, True, (note,))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        return Review(body.stem, option_lines(body, frozenset(value or ()), order, key=key))


TYPE = MultipleChoice()
