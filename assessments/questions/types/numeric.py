"""A number within a tolerance, perhaps with a unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
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
from assessments.questions.numbers import Typed, fold_unit, read_number
from courses.curriculum.bodies.base import number_text

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody

LONGEST = 64


class Numeric(QuestionType):
    """Value: the number as it was typed, with its unit.

    Both ends of the tolerance are inclusive and compared exactly. A unit is
    converted when the question declares it and needed when ``unit_required``.
    """

    name: ClassVar[str] = "numeric"
    label: ClassVar[str] = gettext_noop("A number")
    uses: ClassVar[frozenset[str]] = frozenset(
        {"answer", "tolerance", "tolerance_percent", "unit", "units", "unit_required"}
    )

    def check(self, body: QuestionBody) -> None:
        if body.answer is None or isinstance(body.answer, bool):
            raise ValueError("a numeric question needs a number as its answer")
        if body.tolerance is not None and body.tolerance_percent is not None:
            raise ValueError("give tolerance or tolerance_percent, not both")
        if (body.units or body.unit_required) and not body.unit:
            raise ValueError("other units and unit_required need `unit`, the one that the answer is in")
        if any(factor <= 0 for factor in body.units.values()):
            raise ValueError("a unit's factor must be greater than 0")
        names = [fold_unit(name) for name in (body.unit or "", *body.units)]
        if len(names) != len(set(names)):
            raise ValueError("units repeat one")

    def control(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Control:
        return Control(
            "number", body.stem, value, unit=body.unit or "", unit_required=body.unit_required, longest=LONGEST
        )

    def from_form(self, body: QuestionBody, name: str, data: FormData) -> Any:
        return one_text(data, name)

    def normalise(self, body: QuestionBody, public: Any, order: Sequence[str]) -> Value:
        if isinstance(public, int | Decimal) and not isinstance(public, bool):
            public = f"{public:f}" if isinstance(public, Decimal) else str(public)
        return read_text(public, LONGEST)

    def public(self, body: QuestionBody, value: Value, order: Sequence[str]) -> Any:
        return value

    def remark(self, body: QuestionBody, value: Value, mark: DecimalMark) -> str:
        typed = read_number(value, mark)
        if typed is None:
            return "This cannot be read as one number yet."
        if fault := _unit_fault(body, typed):
            return fault
        return f"Read as {_shown(typed.number)}{' ' if typed.unit else ''}{typed.unit}."

    def can_be_read(self, body: QuestionBody, value: Value, mark: DecimalMark) -> bool:
        return read_number(value, mark) is not None

    def grade(self, body: QuestionBody, value: Value, mark: DecimalMark) -> QuestionResult:
        typed = read_number(value, mark)
        if typed is None:
            return QuestionResult(Fraction(0), True, ("What was typed cannot be read as one number.",))
        if fault := _unit_fault(body, typed):
            return QuestionResult(Fraction(0), True, (fault,))
        factor = _factor(body, typed.unit)
        assert factor is not None, "a unit without a factor is a fault"
        number, answer = typed.number * factor, Fraction(_answer(body))
        read = f"Read as {_shown(number)}{' ' + body.unit if body.unit else ''}"
        right = abs(number - answer) <= _tolerance(body, answer)
        return QuestionResult(Fraction(right), True, (f"{read}: {'within' if right else 'outside'} the tolerance.",))

    def review(self, body: QuestionBody, value: Value, order: Sequence[str], *, key: bool, mark: DecimalMark) -> Review:
        expected: tuple[str, ...] = ()
        if key:
            unit = f" {body.unit}" if body.unit else ""
            tolerance = _tolerance(body, Fraction(_answer(body)))
            expected = (f"{_shown(Fraction(_answer(body)))}{unit}",)
            if tolerance:
                expected = (f"{expected[0]}, give or take {_shown(tolerance)}{unit}",)
        return Review(body.stem, given=value or "", expected=expected)


def _answer(body: QuestionBody) -> Decimal:
    assert body.answer is not None, "checked when the body was read"
    return Decimal(body.answer)


def _tolerance(body: QuestionBody, answer: Fraction) -> Fraction:
    if body.tolerance_percent is not None:
        return abs(answer) * Fraction(body.tolerance_percent) / 100
    return Fraction(body.tolerance or 0)


def _factor(body: QuestionBody, unit: str) -> Fraction | None:
    """What a number in *unit* is multiplied by; None for an unknown unit.

    The exact spelling goes first (``Gb`` is not ``GB``); another case is taken
    where only one of the declared units can be meant.
    """
    if not unit:
        return Fraction(1)
    declared = {fold_unit(name): Fraction(factor) for name, factor in body.units.items()}
    if body.unit:
        declared[fold_unit(body.unit)] = Fraction(1)
    said = fold_unit(unit)
    if said in declared:
        return declared[said]
    alike = [factor for name, factor in declared.items() if name.casefold() == said.casefold()]
    return alike[0] if len(alike) == 1 else None


def _unit_fault(body: QuestionBody, typed: Typed) -> str:
    if not typed.unit:
        return "The unit is missing." if body.unit_required else ""
    if _factor(body, typed.unit) is None:
        return f"The unit {typed.unit} is not one that this question takes."
    return ""


def _shown(number: Fraction) -> str:
    """Exact where it has few places, else twelve significant digits."""
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    if Fraction(decimal) != number or len(decimal.as_tuple().digits) > 15:
        return f"{decimal:.12g}"
    return number_text(decimal) if -12 <= decimal.adjusted() <= 20 else f"{decimal:.12g}"


TYPE = Numeric()
