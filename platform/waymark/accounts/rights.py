"""Questions about rights that *accounts* has to ask, answered by a higher app.

*courses* owns the rows (``courses.StaffRight``) and registers its answers from
``AppConfig.ready()``. Until somebody answers, nobody has any right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

ADMINS_LOCK = 0x57_61_79_52  # "WayR": who administers the site changes one at a time


@dataclass(frozen=True, slots=True)
class Answers:
    """``is_site_admin`` and ``is_staff`` (holds any right) of a person, read from their rows at each call."""

    is_site_admin: Callable[[int], bool]
    is_staff: Callable[[int], bool]


_answers: Answers | None = None


def register(answers: Answers) -> None:
    """Say who answers; called once, by the app that owns the rights."""
    global _answers
    _answers = answers


def is_site_admin(person_id: int) -> bool:
    """Whether a person administers the whole site at this moment."""
    return _answers is not None and _answers.is_site_admin(person_id)


def admins_lock() -> None:
    """Hold back every other change of who administers the site until this transaction ends.

    Closing an account and withdrawing a right each ask whether an admin remains;
    without it two of them at once could leave none.
    """
    with connection.cursor() as cursor:
        cursor.execute("/* accounts.rights.admins_lock */ SELECT pg_advisory_xact_lock(%s)", [ADMINS_LOCK])


def is_staff(person_id: int) -> bool:
    """Whether a person holds any staff right at this moment."""
    return _answers is None or _answers.is_staff(person_id)
