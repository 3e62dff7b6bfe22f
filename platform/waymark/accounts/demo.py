"""The demo's addresses, and the check that keeps them out of production."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

DOMAIN: Final = "demo.test"


@register(Tags.security)
def no_demo_people(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``waymark.E010``: a production database holds nobody of the demo, whose password is public.

    Runs with every ``manage.py check`` and before every ``migrate``. A database that
    does not answer is the finding of another check (``waymark.E004``).
    """
    from waymark.accounts.models import User

    if not settings.PRODUCTION:
        return []
    try:
        found = User.objects.filter(email__iendswith=f"@{DOMAIN}", is_active=True).count()
    except DatabaseError:
        return []  # not there, or nothing is migrated yet
    if not found:
        return []
    return [
        Error(
            f"This database holds {found} demo people, whose password is public.",
            hint="Use another database, or close these accounts: they are for make up only.",
            id="waymark.E010",
        )
    ]
