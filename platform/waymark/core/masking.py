"""Paths as logs may hold them."""

from __future__ import annotations

import logging
import re
from typing import Final
from urllib.parse import quote

HIDDEN: Final = "[key]"
_KEYS = re.compile(r"(/(?:accounts/confirm-email|accounts/password/reset/key|invitations|demo/mail)/+)[^/]+")
"""Anywhere in a path: a link that was pasted wrongly opens as much."""


def masked(path: str) -> str:
    """A decoded path without its query, without the key of a mailed link, on one line."""
    plain = _KEYS.sub(rf"\1{HIDDEN}", path.partition("?")[0])
    return quote(plain, safe="/:@!$&'()*+,;=~[]%", errors="replace")


class MaskedPaths(logging.Filter):
    """Masks the paths among a record's arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                masked(each) if isinstance(each, str) and each.startswith("/") else each for each in record.args
            )
        return True
