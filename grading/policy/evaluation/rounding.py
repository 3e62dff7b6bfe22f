"""Rounding where the policy says so, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, Protocol

from grading.policy.evaluation.types import Span

Place = Literal["item", "component", "average", "overall"]
Mode = Literal["half_up", "half_even", "down", "up"]


def rounded(value: Fraction, mode: Mode, digits: int) -> Fraction:
    """*value*, at least zero, with at most *digits* decimal places."""
    scale = 10**digits
    scaled = value * scale
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    half = Fraction(rest, scaled.denominator) - Fraction(1, 2)
    if mode == "up":
        whole += rest > 0
    elif mode == "half_up":
        whole += half >= 0
    elif mode == "half_even":
        whole += half > 0 or (half == 0 and whole % 2 == 1)
    return Fraction(whole, scale)


class _Rule(Protocol):
    @property
    def place(self) -> str: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def digits(self) -> int: ...
    @property
    def carried(self) -> bool: ...


class Rounder:
    """The roundings of one policy. Figures are in the unit of their place: points
    for an item and an average, percent for a component and the overall figure."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        self._rules = tuple(rules)

    def carry(self, place: Place, value: Fraction) -> Fraction:
        """What goes on from here."""
        for rule in self._rules:
            if rule.place == place and rule.carried:
                value = rounded(value, rule.mode, rule.digits)
        return value

    def show(self, place: Place, value: Fraction) -> Fraction:
        """What is shown at this place, given what is carried on."""
        for rule in self._rules:
            if rule.place == place and not rule.carried:
                value = rounded(value, rule.mode, rule.digits)
        return value

    def carry_share(self, place: Place, value: Fraction) -> Fraction:
        """As :meth:`carry`, for a share of 1 whose place counts in percent."""
        return self.carry(place, value * 100) / 100

    def carry_span(self, place: Place, span: Span) -> Span:
        """A span of shares; rounding never swaps two figures, so the ends stay ends."""
        now = None if span.so_far is None else self.carry_share(place, span.so_far)
        return Span(now, self.carry_share(place, span.low), self.carry_share(place, span.high))
