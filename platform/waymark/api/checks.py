"""An operation that says nothing about its scope stops the start, instead of being closed silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, get_resolver

from waymark.accounts.scopes import PERSONAL_SCOPES
from waymark.api.permissions import scope_of

METHODS = ("get", "post", "put", "patch", "delete")


@register(Tags.urls)
def operations_name_their_scope(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``waymark.E011``: every method of every operation has a known ``required_scope``, or is ``public``."""
    faults: list[CheckMessage] = []
    for pattern in _patterns(get_resolver()):
        view = getattr(pattern.callback, "cls", None)
        if view is None or getattr(view, "public", False):
            continue
        faults += [
            Error(
                f"{view.__module__}.{view.__name__} declares no known scope for {method.upper()}.",
                hint="Set required_scope (waymark.accounts.scopes), or public = True.",
                id="waymark.E011",
            )
            for method in METHODS
            if hasattr(view, method) and scope_of(view, method.upper()) not in PERSONAL_SCOPES
        ]
    return faults


def _patterns(resolver: Any) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry)
