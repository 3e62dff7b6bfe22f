"""Orders drawn from a seed.

By hashes and not by ``random``: Python promises the same floats for a seed, not
the same shuffles, and an attempt must be reproducible after an upgrade.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item", str, int)


def in_seeded_order(items: Iterable[Item], *, seed: int, purpose: str) -> list[Item]:
    """*items* in the order of the SHA-256 of seed, purpose and item; equal inputs give equal orders."""

    def rank(item: Item) -> bytes:
        return hashlib.sha256(f"{seed}:{purpose}:{item}".encode()).digest()

    return sorted(items, key=rank)
