"""Whether two titles may be those of one thing."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def words(title: str) -> frozenset[str]:
    """The words of a title, without the s of a plural."""
    return frozenset(re.sub(r"(?<=[^\Ws_]{3})s$", "", word) for word in re.findall(r"[^\W_]+", title.casefold()))


def fit(one: str, other: str) -> bool:
    """The words of one contain those of the other, or they share two thirds of the longer one's. Nothing fits all."""
    first, second = words(one), words(other)
    return first <= second or second <= first or 3 * len(first & second) >= 2 * max(len(first), len(second))
