"""Exact scores: fractions for rules, four-place decimals for showing and sorting.

Source: GRADING.md, *Arithmetic*. Three thirds are one, not 0.9999.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

FOUR_PLACES = Decimal("0.0001")


def shown(value: Fraction) -> Decimal:
    """The four-place figure of a column ``numeric(12,4)``; never feeds a rule."""
    with_more = Decimal(value.numerator) / Decimal(value.denominator)
    return with_more.quantize(FOUR_PLACES, rounding=ROUND_HALF_EVEN)


def exact(numerator: Decimal | int, denominator: Decimal | int) -> Fraction:
    """The fraction that two whole-number columns of type ``numeric`` hold."""
    return Fraction(int(numerator), int(denominator))


def plain(value: Decimal | Fraction | int) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    number = shown(value) if isinstance(value, Fraction) else Decimal(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
