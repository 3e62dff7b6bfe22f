"""Which text can be kept."""

from __future__ import annotations

import re

_IMPOSSIBLE = re.compile("[\\x00\\ud800-\\udfff]")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold *text*: no NUL, and no half of a surrogate pair, which UTF-8 does not have."""
    return _IMPOSSIBLE.search(text) is None
