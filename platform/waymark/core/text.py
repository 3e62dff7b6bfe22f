"""Which text can be kept."""

from __future__ import annotations

import re
from typing import Any

_IMPOSSIBLE = re.compile("[\\x00\\ud800-\\udfff]")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold *text*: no NUL, and no half of a surrogate pair, which UTF-8 does not have."""
    return _IMPOSSIBLE.search(text) is None


def storable(value: Any) -> Any:
    """Plain data with a replacement character for whatever PostgreSQL cannot hold."""
    if isinstance(value, str):
        return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
