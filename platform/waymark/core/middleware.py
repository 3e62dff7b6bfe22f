"""What no view has to think of: unreadable requests, and domain errors as pages that say what to do next."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from waymark.core.errors import DomainError


class ReadableRequestMiddleware:
    """Refuses NUL, which no text of this site can hold and PostgreSQL cannot store.

    A path with one names nothing (404); parameters and fields of forms are 400.
    Uploads are left to their forms, which look at each field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        sent = [request.GET]
        if request.content_type == "application/x-www-form-urlencoded":
            sent.append(request.POST)
        if any("\0" in text for fields in sent for name, entries in fields.lists() for text in (name, *entries)):
            raise BadRequest("A parameter holds a NUL character.")
        return self.get_response(request)


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        return render(request, "errors/domain.html", {"error": exception}, status=exception.status)
