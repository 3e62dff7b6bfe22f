"""Items to be brought into the right order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from assessments.questions.base import (
    MOST,
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


class Ordering(QuestionType):
    """Value: item id -> place from 1, for the items that have one. The author's order is the right one.

    Schemes: ``by_position`` (items in their right place), ``by_pairs`` (pairs of
    items in the right order), ``all_or_nothing``.
    """

    name: ClassVar[str] = "ordering"
    label: ClassVar[str] = gettext_noop("Put in order")
    uses: ClassVar[frozenset[str]] = frozenset({"items", "scheme"})
    schemes: ClassVar[tuple[str, ...]] = ("by_position", "by_pairs", "all_or_nothing")
    always_shuffled: ClassVar[bool] = True

    def check(self, body: QuestionBody) -> None:
        if not 2 <= len(body.items) <= MOST:
            raise ValueError(f"needs 2 to {MOST} items, has {len(body.items)}")

    def order(self, body: QuestionBody) -> list[str]:
        return [item.id for item in body.items]

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        texts = {item.id: item.text for item in body.items}
        places = value or {}
        rows = tuple(Row(letter(index), texts[name], str(places.get(name, ""))) for index, name in enumerate(order))
        return Control("places", body.stem, self.public(body, value, order) if value else None, rows=rows)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        said = {letter(index): one_text(data, f"{name}.{letter(index)}") for index in range(len(body.items))}
        return {key: int(text) if text.isascii() and text.isdigit() else text for key, text in said.items() if text}

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        known = ids_of(order)
        places: dict[str, int] = {}
        for key, place in read_mapping(public, f"the place of each item {', '.join(known)}").items():
            if key not in known:
                raise UnreadableError(f"there is no item {key}")
            if place is None:
                continue
            if isinstance(place, bool) or not isinstance(place, int) or not 1 <= place <= len(known):
                raise UnreadableError(f"a place from 1 to {len(known)} is expected for item {key}")
            places[known[key]] = place
        return places or None

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        return dict(sorted((keys_of(order)[name], place) for name, place in value.items()))

    def remark(self, body: QuestionBody, value: Value, mark: DecimalMark) -> str:
        if len(set(value.values())) < len(value):
            return "Two items have the same place."
        return "" if len(value) == len(body.items) else "Some items have no place yet."

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        ids = self.order(body)
        placed = sum(value.get(name) == place for place, name in enumerate(ids, start=1))
        scheme = self.scheme(body)
        if scheme == "by_pairs":
            pairs = list(combinations(ids, 2))
            good = sum(a in value and b in value and value[a] < value[b] for a, b in pairs)
            return QuestionResult(
                Fraction(good, len(pairs)), True, (f"{good} of {len(pairs)} pairs are in the right order.",)
            )
        share = Fraction(placed == len(ids)) if scheme == "all_or_nothing" else Fraction(placed, len(ids))
        return QuestionResult(share, True, (f"{placed} of {len(ids)} items are in their right place.",))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        places = value or {}
        items = body.items
        if not key:
            texts = {item.id: item for item in body.items}
            items = tuple(sorted((texts[name] for name in order), key=lambda item: places.get(item.id, MOST)))
        lines = tuple(
            ReviewLine(
                str(right) if key else "", item.text, chosen=item.id in places,
                given=str(places.get(item.id, "")),
                right=places.get(item.id) == right if key else None,
                expected=str(right) if key else "",
            )
            for right, item in enumerate(items, start=1)
        )  # fmt: skip
        return Review(body.stem, lines)


TYPE = Ordering()
