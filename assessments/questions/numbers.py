"""Numbers as people type them: signs, groups of three, either decimal mark, exponent, unit.

``1,234`` and ``1.234`` can be read in two ways; there the program's own mark
decides. Everywhere else both marks are accepted (GRADING.md, *Questions*).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from assessments.questions.base import DecimalMark

LARGEST_EXPONENT = 99

_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{FULLWIDTH PLUS SIGN}": "+"})
_NUMBER = re.compile(
    r"(?P<before>[^\d+\-.,]*)(?P<sign>[+-]?)\s*(?P<digits>\d[\d .,'_]*|[.,]\d+)"
    r"(?:[eE](?P<exponent>[+-]?\d{1,3}))?\s*(?P<after>[^\d]*)"
)
_GROUPS = re.compile(r"\d{1,3}(?:([ '_])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that was typed and the unit beside it, as it was written."""

    number: Fraction
    unit: str


def read_number(text: str, mark: DecimalMark) -> Typed | None:
    """The number in *text*, with the unit before or after it; None when it is not one number."""
    match = _NUMBER.fullmatch(_plain(text))
    if match is None:
        return None
    digits = _canonical(match["digits"].strip(" '_"), mark)
    if digits is None:
        return None
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > LARGEST_EXPONENT:
        return None
    before, after = match["before"].strip(), match["after"].strip()
    if before and after:
        return None
    number = Fraction(digits) * Fraction(10) ** exponent
    return Typed(-number if match["sign"] == "-" else number, before or after)


def fold_unit(unit: str) -> str:
    """One spelling per unit: compatibility forms together, single spaces; case stays."""
    return " ".join(unicodedata.normalize("NFKC", unit).split())


def _plain(text: str) -> str:
    """Digits of any script as 0 to 9 (superscripts are not digits), any blank as a space."""
    figures = []
    for character in text.translate(_SIGNS).strip():
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            figures.append(str(digit))
        elif character in "\N{RIGHT SINGLE QUOTATION MARK}":
            figures.append("'")
        else:
            figures.append(" " if character.isspace() else character)
    return "".join(figures)


def _canonical(digits: str, mark: DecimalMark) -> str | None:
    """*digits* with a point and without groups; None when the groups are not of three."""
    if any(character in digits for character in " '_"):
        whole = re.split("[.,]", digits, maxsplit=1)[0]
        if not _GROUPS.fullmatch(whole):
            return None
        digits = re.sub("[ '_]", "", whole) + digits[len(whole) :]
        if any(character in digits for character in " '_"):
            return None
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = "." if digits.rindex(".") > digits.rindex(",") else ","
        return _split(digits, decimal=last, group="," if last == "." else ".")
    if not points and not commas:
        return digits
    used = "." if points else ","
    other = "," if used == "." else "."
    if points + commas > 1:
        return _split(digits, decimal=other, group=used)
    if used != mark and re.fullmatch(rf"[1-9]\d{{0,2}}{re.escape(used)}\d{{3}}", digits):
        return digits.replace(used, "")
    return _split(digits, decimal=used, group=other)


def _split(digits: str, *, decimal: str, group: str) -> str | None:
    if digits.count(decimal) > 1:
        return None
    whole, _, rest = digits.partition(decimal)
    if group in rest:
        return None
    if group in whole:
        if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole):
            return None
        whole = whole.replace(group, "")
    return f"{whole or '0'}.{rest or '0'}"
