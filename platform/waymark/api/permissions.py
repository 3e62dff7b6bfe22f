"""Deny by default: every operation says which scope opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from waymark.accounts.scopes import ME
from waymark.core.actors import Actor

if TYPE_CHECKING:
    from rest_framework.views import APIView


class DenyByDefault(BasePermission):
    """Lets in who is signed in and holds the operation's scope, before anything is looked up.

    A view declares ``required_scope``: one scope, or a mapping from method to
    scope. What no scope names declares ``ME``. A view that is open to
    everybody declares ``public = True``; one that declares nothing is closed.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if getattr(view, "public", False):
            return True
        actor = getattr(request, "actor", None)
        if not isinstance(actor, Actor):
            return False
        scope = scope_of(view, request.method or "")
        if scope is None:
            return False
        if not actor.has_scope(scope):
            from waymark.api.errors import ScopeMissing

            raise ScopeMissing(scope)
        return True


__all__ = ["ME", "DenyByDefault", "scope_of"]


def scope_of(view: Any, method: str) -> str | None:
    """The scope that a view (or its class) declares for a method; None when it declares none."""
    declared = getattr(view, "required_scope", None)
    if isinstance(declared, Mapping):
        return declared.get("GET" if method == "HEAD" else method)
    return declared if isinstance(declared, str) else None
