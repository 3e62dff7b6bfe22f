"""The marker that a learner puts into evidence of work done elsewhere: theirs alone, for one lab alone.

It fits where clouds and clusters keep labels, tags and names: lower case, digits and one dash, 19 characters.
"""

from __future__ import annotations

import base64
import re
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

SALT: Final = "waymark.evidence"
MARKER: Final = re.compile(r"(?<![A-Za-z0-9])wm-[a-z2-7]{16}(?![A-Za-z0-9])")
PLACE: Final = "{{marker}}"
"""Stands for the marker in texts of authors."""


def marker_of(enrolment: UUID, lab_id: int) -> str:
    """The marker of one enrolment for one lab; another once the installation's key is another."""
    digest = salted_hmac(SALT, f"{enrolment}:{lab_id}", algorithm="sha256").digest()
    return "wm-" + base64.b32encode(digest[:10]).decode().lower()
