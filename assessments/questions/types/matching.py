"""Two columns whose entries belong together."""

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
    Row,
    UnreadableError,
    Value,
    ids_of,
    keys_of,
    letter,
    one_text,
    read_mapping,
)

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody


class Matching(QuestionType):
    """Value: pair id on the left -> pair id on the right, for the rows that are matched.

    Keys of the left column are the author's order; the order of an attempt is
    that of the right one. Pairs with the same right text share one entry there.
    """

    name: ClassVar[str] = "matching"
    label: ClassVar[str] = gettext_noop("Match")
    uses: ClassVar[frozenset[str]] = frozenset({"pairs", "scheme"})
    schemes: ClassVar[tuple[str, ...]] = ("by_pairs", "all_or_nothing")
    always_shuffled: ClassVar[bool] = True

    def check(self, body: QuestionBody) -> None:
        if not 2 <= len(body.pairs) <= MOST:
            raise ValueError(f"needs 2 to {MOST} pairs, has {len(body.pairs)}")
        if len(self.order(body)) < 2:
            raise ValueError("needs at least two different entries on the right")

    def order(self, body: QuestionBody) -> list[str]:
        first: dict[str, str] = {}
        for pair in body.pairs:
            first.setdefault(pair.right, pair.id)
        return list(first.values())

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        texts = {pair.id: pair.right for pair in body.pairs}
        given = value or {}
        rights = keys_of(order)
        rows = tuple(
            Row(
                letter(index),
                pair.left,
                rights.get(given.get(pair.id, ""), ""),
                tuple(Choice(rights[name], texts[name], chosen=given.get(pair.id) == name) for name in order),
            )
            for index, pair in enumerate(body.pairs)
        )
        entries = tuple(Choice(rights[name], texts[name]) for name in order)
        return Control("pairs", body.stem, self.public(body, value, order) if value else None, entries, rows)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        said = {letter(index): one_text(data, f"{name}.{letter(index)}") for index in range(len(body.pairs))}
        return {key: text for key, text in said.items() if text}

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        lefts, rights = ids_of([pair.id for pair in body.pairs]), ids_of(order)
        matched: dict[str, str] = {}
        for left, right in read_mapping(
            public, f"a letter of the right column for each row {', '.join(lefts)}"
        ).items():
            if left not in lefts:
                raise UnreadableError(f"there is no row {left}")
            if right is None:
                continue
            if not isinstance(right, str) or right not in rights:
                raise UnreadableError(f"one of the letters {', '.join(rights)} is expected for row {left}")
            matched[lefts[left]] = rights[right]
        return matched or None

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        lefts, rights = keys_of([pair.id for pair in body.pairs]), keys_of(order)
        return dict(sorted((lefts[left], rights[right]) for left, right in value.items()))

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        texts = {pair.id: pair.right for pair in body.pairs}
        good = sum(pair.id in value and texts.get(value[pair.id]) == pair.right for pair in body.pairs)
        share = Fraction(good, len(body.pairs))
        if self.scheme(body) == "all_or_nothing":
            share = Fraction(good == len(body.pairs))
        return QuestionResult(share, True, (f"{good} of {len(body.pairs)} pairs are matched rightly.",))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        texts = {pair.id: pair.right for pair in body.pairs}
        given = value or {}
        lines = tuple(
            ReviewLine(
                letter(index).upper(), pair.left, given=texts.get(given.get(pair.id, ""), ""), chosen=pair.id in given,
                right=texts.get(given.get(pair.id, "")) == pair.right if key else None,
                expected=pair.right if key else "",
            )
            for index, pair in enumerate(body.pairs)
        )  # fmt: skip
        return Review(body.stem, lines)


TYPE = Matching()
