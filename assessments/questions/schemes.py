"""Partial-credit schemes for a choice of several options (GRADING.md, *Questions*)."""

from __future__ import annotations

from collections.abc import Callable, Set
from fractions import Fraction

Ids = Set[str]
Scheme = Callable[[Ids, Ids, Ids], tuple[Fraction, str]]


def all_or_nothing(chosen: Ids, right: Ids, options: Ids) -> tuple[Fraction, str]:
    if chosen == right:
        return Fraction(1), "Exactly the right options are chosen."
    return Fraction(0), "All or nothing: the choice is not exactly the right one."


def proportion(chosen: Ids, right: Ids, options: Ids) -> tuple[Fraction, str]:
    """Each option is a decision: chosen if right, left if wrong."""
    decisions = len(options) - len(chosen ^ right)
    return Fraction(decisions, len(options)), f"{decisions} of {len(options)} options are decided rightly."


def right_minus_wrong(chosen: Ids, right: Ids, options: Ids) -> tuple[Fraction, str]:
    """A wrong choice takes away what a right one gives; never below zero."""
    hits, misses = len(chosen & right), len(chosen - right)
    share = max(Fraction(0), Fraction(hits - misses, len(right)))
    return share, f"{hits} of {len(right)} right options chosen, less {misses} wrong."


SCHEMES: dict[str, Scheme] = {
    "all_or_nothing": all_or_nothing,
    "proportion": proportion,
    "right_minus_wrong": right_minus_wrong,
}
