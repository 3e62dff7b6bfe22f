"""Pages for requests that fail; each says what was wrong and what to do next.

``server_error`` must work with the database away, so it renders without a
request: no session, no person, no navigation.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from waymark.dashboard.context import theme_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``."""
    return _plain(request, "errors/400.html", 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``; the same for what does not exist and for what this person may not see."""
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler429``, used by the rate limits of sign-in, sign-up and codes."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    return _plain(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: mostly a form that was open while one signed in or out elsewhere."""
    return _plain(request, "errors/csrf.html", 403)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page without a request in its context, so that nothing is read from the database."""
    context = {"theme": theme_of(request), "is_fragment": request.headers.get("HX-Request") == "true"}
    return HttpResponse(render_to_string(template, context), status=status)
