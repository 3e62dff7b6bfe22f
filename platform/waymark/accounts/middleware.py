"""Who a request is for: the person's language and zone, act-as, and the client that asks for consent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.idp.oidc.views import AuthorizationView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from waymark.accounts.models import Acting
from waymark.accounts.services.acting import acting_current, acting_stop
from waymark.core.errors import Forbidden, error_answer

SESSION_KEY: Final = "acting"
STOP_PATH: Final = "/account/act-as/stop/"
LOGOUT_PATH: Final = "/accounts/logout/"
CLOSED: Final = ("/accounts/", "/account/", "/identity/", "/admin/", "/api/", "/manage/", "/teach/", "/invitations/")
"""What is closed while acting: the account, tokens and archive, the API, and what staff use."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")

Handler = Callable[[HttpRequest], HttpResponse]


class ActAsMiddleware:
    """Swaps the person of the request while a site admin looks through their eyes.

    Sets ``request.user`` to the person, ``request.acting_admin_id`` to the admin
    and ``request.acting`` to the row. Rights are checked anew at each request.
    Stands behind everything that writes about the *session* (its activity, its
    sign-ins), so that those stay the admin's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        acting = acting_current(uuid=request.session[SESSION_KEY], admin_id=request.user.pk)
        if acting is None:
            del request.session[SESSION_KEY]
            messages.warning(
                request, _("You no longer act as somebody else: the time is over, or a right has changed.")
            )
            return self.get_response(request)
        if request.path == LOGOUT_PATH and request.method == "POST":
            acting_stop(acting=acting)
            return self.get_response(request)
        if request.path.startswith("/api/") and "Authorization" in request.headers:
            # Another credential speaks for itself; the session has no part in it.
            return self.get_response(request)
        return self._act(request, acting)

    def _act(self, request: HttpRequest, acting: Acting) -> HttpResponse:
        request.acting = acting  # type: ignore[attr-defined]
        request.acting_admin_id = acting.admin_id  # type: ignore[attr-defined]
        request.user = acting.person
        if request.path == STOP_PATH:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self._refuse(request, _("While acting as somebody else you can only read."))
        if request.path.startswith(CLOSED):
            return self._refuse(request, _("This part is closed while you act as somebody else."))
        return self.get_response(request)

    def _refuse(self, request: HttpRequest, message: str) -> HttpResponse:
        error = Forbidden(message, code="acting_reads_only", hint=_("Stop acting as this person first."))
        if request.path.startswith("/api/"):
            return error_answer(error.status, error.code, str(error.message), str(error.hint))
        return render(request, "errors/domain.html", {"error": error}, status=error.status)


class PersonMiddleware:
    """Writes pages in the language and the time zone of the person who reads them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session there is nobody to look up; public pages stay free of queries.
        if not request.session.session_key or not request.user.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        try:
            timezone.activate(ZoneInfo(request.user.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            timezone.deactivate()
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class ConsentMiddleware:
    """Lets the form of the consent page lead to the client that asks, and nowhere else.

    Chrome applies ``form-action`` to the redirects that follow a form as well
    (CSP level 3, 6.4.1), and consent ends with one to the client's address.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        view = (response.context_data or {}).get("view")
        if isinstance(view, AuthorizationView):
            # Checked against what is registered for the client before the page was made.
            source = form_source(view._request_info["redirect_uri"])
            if source:
                response._csp_update = {"form-action": [source]}  # type: ignore[attr-defined]
        return response


def form_source(address: str) -> str:
    """The source expression of *address*: its origin, or the scheme of an app; empty when it has none that is safe."""
    parts = urlsplit(address)
    if not _SCHEME.fullmatch(parts.scheme) or parts.scheme in ("data", "javascript", "blob", "filesystem"):
        return ""
    if not parts.netloc:
        return "" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    # Whatever else may stand in an address would end the directive.
    return f"{parts.scheme}://{parts.netloc}" if _HOST.fullmatch(parts.netloc) else ""
