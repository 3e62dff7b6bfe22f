"""Stars and hours as an exercise index writes them."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim

_STARS = re.compile(r"[\u2b50\u2605\U0001f31f]\ufe0f?")
_EMPTY_STARS = re.compile(r"[\u2606]\ufe0f?")


def difficulty_read(claim: Claim, value: str, *lines: int) -> None:
    """Stars and label: the label is the level, the stars are stated beside it."""
    stars = len(_STARS.findall(value))
    label = _EMPTY_STARS.sub("", _STARS.sub("", value)).strip(" -\u2013()")
    if stars:
        claim.set("stated.stars", str(stars), *lines)
    if label:
        claim.set("difficulty", label, *lines)


def hours_read(claim: Claim, name: str, value: str, *lines: int) -> None:
    """An amount of hours; its wording stays where it says more."""
    amount = values.hours(value) or (values.amount(value) if re.fullmatch(r"[\d\s.+\u2013\u2014-]+", value) else None)
    if amount is not None:
        claim.set(name, amount.plain, *lines)
    if amount is None or not re.fullmatch(r"[\d\s.+\u2013\u2014-]+(?:hours|h)?", value):
        claim.set(f"stated.{name.rpartition('.')[2]}_text", value, *lines)
