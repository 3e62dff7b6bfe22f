"""What no view has to think of: unreadable requests, and domain errors as pages that say what to do next."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve

from waymark.core.errors import DomainError, error_answer
from waymark.core.text import is_storable

Handler = Callable[[HttpRequest], HttpResponse]
API = "/api/"
PAGE_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-create", "publickey-credentials-get", "serial", "usb",
    )
)  # fmt: skip


class PolicyMiddleware:
    """Headers that Django has no setting for: no page asks for a device, and no other site embeds what is ours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ReadableAddressMiddleware:
    """Refuses addresses and cookies with what no text of this site can hold, before anybody looks something up.

    A path with a NUL names nothing (404). Parameters, cookies and names of clients
    that hold one, and parameters that are not UTF-8, are 400.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_storable(request.path_info):
            raise Http404
        try:
            unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
        except UnicodeDecodeError as error:
            raise BadRequest("A parameter is not UTF-8.") from error
        if not (_is_storable(request.GET) and all(map(is_storable, request.COOKIES.values()))):
            raise BadRequest("A parameter or cookie holds a NUL character.")
        if b"\0" in _basic_credential(request):
            raise BadRequest("The name or secret of a client holds a NUL character.")
        return self.get_response(request)


class ReadableFormMiddleware:
    """The same for the fields of forms and the names of files, once it is clear that the form is ours.

    The API reads only JSON, and looks at it while it does (``waymark.core.parsers``).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method != "POST" or request.path_info.startswith(API):
            return
        names = [file.name or "" for files in request.FILES.lists() for file in files[1]]
        if not (_is_storable(request.POST) and all(map(is_storable, [*request.FILES, *names]))):
            raise BadRequest("A field holds a NUL character.")


def _basic_credential(request: HttpRequest) -> bytes:
    """Name and secret with which a client asks for its token; empty when it sends none that can be read."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded)
    except ValueError:
        return b""


def _is_storable(fields: QueryDict) -> bool:
    return all(is_storable(text) for name, entries in fields.lists() for text in (name, *entries))


class MethodMiddleware:
    """Which methods there are: pages are read and posted to; what else a form view would take is 405.

    Below ``/api/`` each operation says its own methods, and 405 has the API's shape
    for its pages (the guide) as well.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            known = request.method in PAGE_METHODS
            return self.get_response(request) if known else HttpResponseNotAllowed(PAGE_METHODS)
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        answer = error_answer(405, "method_not_allowed", f"Method {request.method!r} is not allowed.")
        answer["Allow"] = response["Allow"]
        return answer


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        context = {"error": exception, "above": page_above(request)}
        return render(request, "errors/domain.html", context, status=exception.status)


def page_above(request: HttpRequest) -> str:
    """The nearest page above the address that was refused, where the thing stands that it was about; empty without one.

    Only for what was sent: a page that cannot be opened may lie below others that cannot be either.
    """
    if request.method in ("GET", "HEAD"):
        return ""
    parts = [part for part in request.path_info.split("/") if part]
    for end in range(len(parts) - 1, 0, -1):
        path = f"/{'/'.join(parts[:end])}/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return ""
