"""What every operation of the API is built on, in whichever app it lives.

An operation is one class with one method (or few), its own serializers, and

``required_scope``  a scope (``waymark.accounts.scopes``) or a mapping from method
                    to scope; without it the operation is closed to everybody
``parameters``      the query parameters that it knows; any other one is 400
"""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.views import APIView

from waymark.core.errors import Invalid
from waymark.core.keyset import Page

ALWAYS = frozenset({"format"})
PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
    OpenApiParameter("page_size", int, description="1 to 200; 50 when not given."),
]


class Operation(APIView):
    """An API view that takes only what it knows."""

    required_scope: ClassVar[str | dict[str, str] | None] = None
    public: ClassVar[bool] = False
    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Rights first, then the parameters: a stranger learns nothing about either.

        Which methods there are is public (the schema says it), so any other is 405 for everybody.
        """
        if (request.method or "") not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        for name in request.query_params:
            if name not in self.parameters | ALWAYS:
                raise Invalid(
                    f"There is no parameter {name!r} here.", code="parameter_unknown", where=name,
                    hint=f"Known: {', '.join(sorted(self.parameters))}." if self.parameters else "",
                )  # fmt: skip

    def number(self, request: Request, name: str, *, default: int, low: int, high: int) -> int:
        """A whole number among the query parameters, within bounds."""
        stated = request.query_params.get(name)
        if stated is None:
            return default
        if not (stated.isascii() and stated.isdigit() and len(stated) < 20 and low <= int(stated) <= high):
            raise Invalid(f"{name} must be a whole number from {low} to {high}.", code="parameter_invalid", where=name)
        return int(stated)


class ListOperation(Operation):
    """An operation that answers with one page of a list (:func:`page_answer`); every list is one."""

    parameters = frozenset(parameter.name for parameter in PAGE_PARAMETERS)

    def asked_page(self, request: Request) -> dict[str, Any]:
        """Which page is asked for, as ``waymark.core.keyset`` takes it."""
        size = self.number(request, "page_size", default=50, low=1, high=200)
        return {"cursor": request.query_params.get("cursor", ""), "size": size}


class PageSerializer(serializers.Serializer[Any]):
    """What every list answers; a subclass adds ``items``."""

    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")
    previous = serializers.CharField(allow_null=True, help_text="Cursor of the previous page.")


class StrictSerializer(serializers.Serializer[Any]):
    """Input that takes only fields it knows: a misspelt one is 400 by name."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError(
                {
                    name: serializers.ErrorDetail("There is no such field here.", code="field_unknown")
                    for name in unknown
                }
            )
        return value


def page_answer(page: Page[Any], items: list[Any]) -> dict[str, Any]:
    """The body of a list: its items, and the cursors of the pages around it (null at the ends)."""
    return {"items": items, "next": page.next or None, "previous": page.previous or None}
