"""Hours as an exercise index writes them."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim


def hours_read(claim: Claim, name: str, value: str, *lines: int) -> None:
    """An amount of hours; its wording stays where it says more."""
    amount = values.hours(value) or (values.amount(value) if re.fullmatch(r"[\d\s.+\u2013\u2014-]+", value) else None)
    if amount is not None:
        claim.set(name, amount.plain, *lines)
    if amount is None or not re.fullmatch(r"[\d\s.+\u2013\u2014-]+(?:hours|h)?", value):
        claim.set(f"stated.{name.rpartition('.')[2]}_text", value, *lines)
