"""The demo's addresses, and the check that keeps them out of production."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError

DOMAIN: Final = "demo.test"


@register(Tags.database)
def no_demo_people(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """``waymark.E010``: a production database holds nobody of the demo, whose password is public.

    Runs with ``manage.py check --database default`` and before every ``migrate``.
    """
    from waymark.accounts.models import User

    if not settings.PRODUCTION or not databases:
        return []
    try:
        found = User.objects.filter(email__iendswith=f"@{DOMAIN}", is_active=True).count()
    except ProgrammingError:
        return []  # nothing is migrated yet
    if not found:
        return []
    return [
        Error(
            f"This database holds {found} demo people, whose password is public.",
            hint="Use another database, or close these accounts: they are for make up only.",
            id="waymark.E010",
        )
    ]
