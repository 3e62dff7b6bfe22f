"""Amounts that are written as text: of Kubernetes, of Docker, and durations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, Literal

Unit = Literal["number", "quantity", "bytes", "duration"]
_BINARY: Final = {name: Fraction(1024) ** power for power, name in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
QUANTITY: Final = {name: Fraction(10) ** power for name, power in _DECIMAL.items()} | _BINARY
BYTES: Final = {name: Fraction(1024) ** power for power, name in enumerate(("b", "k", "m", "g", "t"))}
SECONDS: Final = {
    "ns": Fraction(1, 10**9), "us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60),
    "h": Fraction(3600), "d": Fraction(86400), "w": Fraction(604800), "y": Fraction(31536000),
}  # fmt: skip
_NUMBER: Final = r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_AMOUNT: Final = re.compile(rf"({_NUMBER})(?:[eE]([-+]?[0-9]{{1,2}}))?([A-Za-z]{{0,3}})")
_SPAN: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ns|us|ms|[smhdwy])")


def amount(value: Any, unit: Unit | None) -> Fraction | None:
    """*value* as a number: bytes, seconds, or as it is. None when it is none in that unit.

    Without a unit only numbers are; with one text may be too.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(str(value))
    if unit is None or not isinstance(value, str) or len(value) > 64:
        return None
    if unit == "duration":
        parts = _SPAN.findall(value)
        whole = "".join(number + name for number, name in parts) == value
        return (
            sum((Fraction(number) * SECONDS[name] for number, name in parts), Fraction(0)) if parts and whole else None
        )
    if unit == "bytes":
        text = value.lower()
        return _scaled(
            text.removesuffix("ib") if text.endswith("ib") else re.sub(r"(?<=[kmgt])b$", "", text),
            BYTES | {"": Fraction(1)},
        )
    return _scaled(value, QUANTITY if unit == "quantity" else {"": Fraction(1)})


def _scaled(text: str, suffixes: Mapping[str, Fraction]) -> Fraction | None:
    found = _AMOUNT.fullmatch(text)
    if found is None or found[3] not in suffixes:
        return None
    return Fraction(found[1]) * Fraction(10) ** int(found[2] or 0) * suffixes[found[3]]
