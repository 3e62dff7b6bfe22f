"""One shape for every error of the API, with codes that stay.

``{"type": "validation_error|client_error|server_error", "errors": [{"code", "detail",
"attr", "hint"}]}``: ``attr`` names the field, parameter or place that was wrong, or
is null; ``hint`` says what to do next, or is empty. What a person may not see
answers exactly like what does not exist.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from waymark.core.errors import DomainError, Missing
from waymark.core.parsers import TooLarge

NOT_FOUND = str(Missing().message)


class DomainProblem(exceptions.APIException):
    """A :class:`DomainError` on its way out, with its own status."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message, error.code)
        self.status_code = error.status
        self.where = error.where or None
        self.hint = error.hint


class ScopeMissing(exceptions.PermissionDenied):
    """The credential does not name the scope of this operation; decided before any look-up."""

    default_code = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This operation needs the scope {scope!r}, which this credential does not have.")
        self.hint = "Ask for a credential with this scope."


class _Handler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DomainError):
            return DomainProblem(exc)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, BadRequest | SuspiciousOperation):
            return exceptions.ParseError()
        converted = super().convert_known_exceptions(exc)
        if isinstance(converted, exceptions.NotFound):
            return exceptions.NotFound(NOT_FOUND)
        return converted


class _Formatter(ExceptionFormatter):
    def format_error_response(self, error_response: Any) -> dict[str, Any]:
        where = getattr(self.exc, "where", None)
        hint = getattr(self.exc, "hint", "")
        return {
            "type": error_response.type,
            "errors": [
                {"code": error.code, "detail": error.detail, "attr": error.attr or where, "hint": hint}
                for error in error_response.errors
            ],
        }


def exception_handler(exc: Exception, context: Any) -> Response | None:
    """DRF's ``EXCEPTION_HANDLER``."""
    handler = _Handler(exc, context)
    converted = handler.convert_unhandled_exceptions(handler.convert_known_exceptions(exc))
    data = _Formatter(converted, context, exc).run()
    handler.set_rollback()
    response = handler.get_response(converted, data)
    handler.report_exception(converted, response)
    return response


class ErrorItemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable; switch on this.")
    detail = serializers.CharField(help_text="One sentence for a person.")
    attr = serializers.CharField(allow_null=True, help_text="Field, parameter or place; null when there is none.")
    hint = serializers.CharField(allow_blank=True, help_text="What to do next.")


class ErrorAnswerSerializer(serializers.Serializer[Any]):
    """The body of every answer from 400 on."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorItemSerializer(many=True)  # type: ignore[assignment]
