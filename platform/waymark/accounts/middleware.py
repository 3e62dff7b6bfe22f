"""Who a request is for: the person's language and zone, and act-as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from waymark.accounts.models import Acting
from waymark.accounts.services.acting import acting_current, acting_stop
from waymark.core.errors import Forbidden

SESSION_KEY: Final = "acting"
STOP_PATH: Final = "/account/act-as/stop/"
LOGOUT_PATH: Final = "/accounts/logout/"
CLOSED: Final = ("/accounts/", "/account/", "/identity/", "/admin/", "/api/", "/manage/", "/teach/", "/invitations/")
"""What is closed while acting: the account, tokens and archive, the API, and what staff use."""

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
            from django.http import JsonResponse

            item = {"code": error.code, "detail": error.message, "attr": None, "hint": error.hint}
            return JsonResponse({"type": "client_error", "errors": [item]}, status=error.status)
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
    """Lets the form of the consent page end at the program that asks.

    Browsers hold ``form-action`` also against the redirect that answers a form. The
    page is shown only for a request that the provider has checked, so its
    ``redirect_uri`` is one that the client registered.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        match = request.resolver_match
        asks = "client" in (response.context_data or {})
        if match is not None and match.view_name == "idp:oidc:authorization" and asks:
            target = urlsplit(request.GET.get("redirect_uri", ""))
            if target.scheme:
                source = f"{target.scheme}://{target.netloc}" if target.netloc else f"{target.scheme}:"
                response._csp_update = {"form-action": [source]}  # type: ignore[attr-defined]
        return response
