"""What a role never opens is refused before anything is looked up (ACCESS.md, *Answers*)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from courses import access
from waymark.core.actors import actor_of
from waymark.core.errors import Forbidden

View = Callable[..., HttpResponse]


def needs_area(area: str) -> Callable[[View], View]:
    """403 for who has no entry to ``teach`` or ``manage``."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if area not in access.areas_for(actor_of(request)):
                raise Forbidden(_("This page is for staff."), code="role_missing")
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def needs_site_admin(view: View) -> View:
    """403 for everybody but site admins."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.is_site_admin(actor_of(request)):
            raise Forbidden(_("This page is for site admins."), code="role_missing")
        return view(request, *args, **kwargs)

    return guarded
