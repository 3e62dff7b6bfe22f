"""Gaps in a text, each filled by a word or a few."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
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
    read_text,
)
from assessments.questions.types.short_text import check_accepted, is_accepted, shown_answers

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody

LONGEST = 200


class FillIn(QuestionType):
    """Value: blank id -> text, for the blanks that are filled. Blanks stay in the stem's order."""

    name: ClassVar[str] = "fill_in"
    label: ClassVar[str] = gettext_noop("Fill in the blanks")
    uses: ClassVar[frozenset[str]] = frozenset({"blanks", "scheme"})
    schemes: ClassVar[tuple[str, ...]] = ("all_or_nothing", "proportion")

    def check(self, body: QuestionBody) -> None:
        missing = [blank.id for blank in body.blanks if body.stem.count(f"{{{{{blank.id}}}}}") != 1]
        if missing or not body.blanks:
            raise ValueError(f"the stem needs exactly one place {{{{id}}}} for: {', '.join(missing) or 'a blank'}")
        if len(body.blanks) > MOST:
            raise ValueError(f"has {len(body.blanks)} blanks; at most {MOST} fit")
        for blank in body.blanks:
            try:
                check_accepted(blank.accepted)
            except ValueError as error:
                raise ValueError(f"blank {blank.id} {error}") from error

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        given = value or {}
        rows = tuple(Row(letter(index), "", given.get(name, "")) for index, name in enumerate(_names(body)))
        public = self.public(body, value, order) if value else None
        return Control("blanks", _stem(body), public, rows=rows, longest=LONGEST)

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        return {letter(index): one_text(data, f"{name}.{letter(index)}") for index in range(len(body.blanks))}

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        known = ids_of(_names(body))
        texts: dict[str, str] = {}
        for key, said in read_mapping(public, f"text for each blank {', '.join(known)}").items():
            if key not in known:
                raise UnreadableError(f"there is no blank {key}")
            if text := read_text(said, LONGEST):
                texts[known[key]] = text
        return texts or None

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        known = keys_of(_names(body))
        return dict(sorted((known[name], text) for name, text in value.items()))

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        right = sum(is_accepted(value.get(blank.id, ""), blank.accepted) for blank in body.blanks)
        share = Fraction(right, len(body.blanks))
        if self.scheme(body) == "all_or_nothing":
            share = Fraction(right == len(body.blanks))
        return QuestionResult(share, True, (f"{right} of {len(body.blanks)} blanks are right.",))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        given, blanks = value or {}, {blank.id: blank for blank in body.blanks}
        lines = tuple(
            ReviewLine(
                letter(index).upper(), "", given=given.get(name, ""), chosen=name in given,
                right=is_accepted(given.get(name, ""), blanks[name].accepted) if key else None,
                expected=", ".join(shown_answers(blanks[name].accepted)) if key else "",
            )
            for index, name in enumerate(_names(body))
        )  # fmt: skip
        return Review(_stem(body), lines)


def _names(body: QuestionBody) -> list[str]:
    """The blanks in the order in which the stem has them."""
    return sorted((blank.id for blank in body.blanks), key=lambda name: body.stem.index(f"{{{{{name}}}}}"))


def _stem(body: QuestionBody) -> str:
    """The stem with a lettered gap in each place."""
    stem = body.stem
    for index, name in enumerate(_names(body)):
        stem = stem.replace(f"{{{{{name}}}}}", f"[{letter(index).upper()} …]")
    return stem


TYPE = FillIn()
