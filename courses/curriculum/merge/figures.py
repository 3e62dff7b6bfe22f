"""What a claim says in figures, whichever way its document writes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from courses.curriculum.sources.claims import Claim

MAX_DIGITS = 30
Span = tuple[Decimal | None, Decimal | None]
"""Low and high; an open end is None."""


def span(value: Any) -> Span | None:
    """``"40"`` and ``{"low": "6", "high": "8"}`` as low and high; None for what is no figure."""
    low, high = (value.get("low"), value.get("high")) if isinstance(value, dict) else (value, value)
    if any(len(str(each)) > MAX_DIGITS for each in (low, high)):
        return None
    try:
        found = tuple(None if each is None else Decimal(str(each)) for each in (low, high))
    except ArithmeticError:
        return None
    return None if found == (None, None) else (found[0], found[1])


def total(spans: list[Span]) -> Span | None:
    """The sum of both ends; an open end leaves the sum open."""
    if not spans:
        return None
    lows, highs = [each[0] for each in spans], [each[1] for each in spans]
    return (
        None if None in lows else sum((each for each in lows if each is not None), Decimal()),
        None if None in highs else sum((each for each in highs if each is not None), Decimal()),
    )


def parts_of(claim: Claim) -> Span | None:
    """The sum of the hours by kind, else of the topics where each has hours; None without parts."""
    names = [name for name in claim.fields if name.startswith("hours_by_kind.")]
    kinds = [found for name in names if (found := span(claim.get(name))) is not None]
    if kinds:
        return total(kinds)
    topics = [span(topic.get("hours")) for topic in claim.under("topic")]
    return total([each for each in topics if each is not None]) if topics and None not in topics else None


def hours_of(claim: Claim) -> tuple[Span, str] | None:
    """Hours of a module, lab or project, and the field that says them: its parts, else the stated figure."""
    parts = parts_of(claim)
    if parts is not None:
        field = next((name for name in claim.fields if name.startswith("hours_by_kind.")), "")
        return parts, field
    for name in ("hours", "stated.hours", "stated.in_table"):
        if (found := span(claim.get(name))) is not None:
            return found, name
    return None


def shown(value: Span) -> str:
    """``40``, ``6-8``, ``50+``, ``up to 8``."""
    low, high = (None if each is None else f"{each.normalize():f}" for each in value)
    if low is None:
        return f"up to {high}"
    return low if low == high else f"{low}+" if high is None else f"{low}-{high}"
