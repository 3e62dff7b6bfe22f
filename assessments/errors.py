"""Refusals of attempts that carry more than a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from waymark.core.errors import Refused


class AttemptClosed(Refused):
    """The attempt is over; what came is not counted: 409 ``attempt_closed``."""

    code = "attempt_closed"

    def __init__(self, ended_at: datetime | None) -> None:
        super().__init__(
            _("This attempt is over, so the answer was not saved."),
            hint=_("What you had saved before was handed in."),
        )
        self.ended_at = ended_at


class ResponseConflict(Refused):
    """Another tab or device has saved a newer answer: 409 ``response_conflict`` with both.

    ``extra`` is what a client needs to let the person choose: the answer that
    stands, its version, and the one that was sent.
    """

    code = "response_conflict"

    def __init__(self, *, number: int, saved: Any, sent: Any, version: int, saved_at: datetime | None) -> None:
        super().__init__(
            _("Question %(number)s was answered differently in another tab or on another device.") % {"number": number},
            where=f"question {number}",
            hint=_("Choose which of the two answers stays, and save that one."),
        )
        self.number = number
        self.extra = {
            "number": number,
            "saved": saved,
            "sent": sent,
            "version": version,
            "saved_at": saved_at.isoformat() if saved_at else None,
        }
