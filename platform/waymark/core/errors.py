"""Errors that a person can meet: what was wrong, where, and what to do next."""

from django.http import JsonResponse
from django.utils.translation import gettext as _


class DomainError(Exception):
    """A refusal with a stable code.

    :param message: one sentence: what was wrong.
    :param code: stable, lower case with underscores; part of the API contract.
    :param where: file:line, field or question number, when there is one.
    :param hint: what to do next.
    """

    status = 409
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.where = where
        self.hint = hint


class Refused(DomainError):
    """The state does not allow it (locked, paused, closed): 409."""


class Forbidden(DomainError):
    """Seen but not changeable by this actor: 403."""

    status = 403
    code = "not_allowed"


class Missing(DomainError):
    """Unknown, or not visible to this actor; the same answer for both: 404."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "", **kwargs: str) -> None:
        super().__init__(message or _("There is no such thing here."), **kwargs)


class Invalid(DomainError):
    """What came in cannot be read or does not fit: 400."""

    status = 400
    code = "invalid"


def error_answer(status: int, code: str, detail: str, hint: str = "") -> JsonResponse:
    """An error in the API's one shape (``waymark.api.errors``), for what fails before or outside its views."""
    kind = "server_error" if status >= 500 else "client_error"
    item = {"code": code, "detail": detail, "attr": None, "hint": hint}
    return JsonResponse({"type": kind, "errors": [item]}, status=status)
