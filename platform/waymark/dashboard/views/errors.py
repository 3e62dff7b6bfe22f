"""Answers to requests that fail before or outside a view; each says what was wrong and what to do next.

Below ``/api/`` they have the API's one shape. ``server_error`` must work with the
database away, so it renders without a request: no session, no person, no navigation.
"""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from waymark.core.errors import Missing, error_answer
from waymark.dashboard.context import theme_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``; 413 for a form or an object that is too large."""
    if isinstance(exception, RequestDataTooBig):
        if _of_api(request):
            return error_answer(413, "request_too_large", _("The request is too large."))
        return _plain(request, "errors/400.html", 413)
    if _of_api(request):
        return error_answer(
            400, "request_unreadable", _("The request cannot be read."), _("Send UTF-8 text without NUL.")
        )
    return _plain(request, "errors/400.html", 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``."""
    if _of_api(request):
        return error_answer(403, "permission_denied", _("You may not do this."))
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``; the same for what does not exist and for what this person may not see."""
    if _of_api(request):
        return error_answer(404, "not_found", str(Missing().message))
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler429``, used by the rate limits of sign-in, sign-up and codes; no operation has one."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    if _of_api(request):
        return error_answer(500, "error", _("Something went wrong on our side."), _("Try again; it is in the log."))
    return _plain(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: mostly a form that was open while one signed in or out elsewhere."""
    if _of_api(request):
        hint = _("Send the token of the cookie, or use an Authorization header.")
        return error_answer(403, "csrf_failed", _("The request has no valid CSRF token."), hint)
    return _plain(request, "errors/csrf.html", 403)


def _of_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page without a request in its context, so that nothing is read from the database."""
    context = {"theme": theme_of(request), "is_fragment": request.headers.get("HX-Request") == "true"}
    return HttpResponse(render_to_string(template, context), status=status)
