"""Paths as logs may hold them."""

from __future__ import annotations

import logging
import re

HIDDEN = "[key]"
_KEYS = re.compile(r"(/accounts/(?:confirm-email|password/reset/key)/)[^/]+")


def masked(path: str) -> str:
    """A path without its query, and without the key of a mailed link."""
    return _KEYS.sub(rf"\1{HIDDEN}", path.partition("?")[0])


class MaskedPaths(logging.Filter):
    """Masks the paths among a record's arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                masked(each) if isinstance(each, str) and each.startswith("/") else each for each in record.args
            )
        return True
