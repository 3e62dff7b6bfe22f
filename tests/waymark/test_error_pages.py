"""Requests that fail say what was wrong and what next, whatever else is broken."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from waymark.core.errors import DomainError, Forbidden, Missing, Refused
from waymark.core.middleware import DomainErrorMiddleware, page_above
from waymark.dashboard.views import errors, theme


def request(path: str = "/learn/x/", **extra: Any) -> HttpRequest:
    made = RequestFactory().get(path, **extra)
    made.user = AnonymousUser()
    return made


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda r: errors.server_error(r), 500),
        (lambda r: errors.bad_request(r, ValueError()), 400),
        (lambda r: errors.csrf_failure(r), 403),
    ],
)
def test_pages_for_a_broken_site_need_no_database(view: Callable[[HttpRequest], HttpResponse], status: int) -> None:
    # The tests of this module have no access to a database: a query would fail them.
    response = view(request())
    assert response.status_code == status
    assert b"<h1" in response.content
    assert b"Go to the start page" in response.content


def test_server_error_keeps_the_theme() -> None:
    made = request()
    made.COOKIES["theme"] = "dark"
    assert b'data-theme="waymark-dark"' in errors.server_error(made).content


def test_a_missing_page_names_its_address_without_trusting_it() -> None:
    response = errors.not_found(request("/learn/<script>/"), Exception())
    assert response.status_code == 404
    assert b"<script>/" not in response.content
    assert "/learn/" in unescape(response.content.decode())


def test_htmx_gets_a_note_instead_of_a_page() -> None:
    response = errors.server_error(request(HTTP_HX_REQUEST="true"))
    assert b"<html" not in response.content
    assert b'role="alert"' in response.content


@pytest.mark.parametrize("kind", [Refused, Forbidden, Missing])
def test_a_refusal_says_what_where_and_what_next(kind: type[DomainError]) -> None:
    error = kind("The quiz is locked.", code="activity_locked", where="MOD-103, quiz", hint="Open the lab first.")
    middleware = DomainErrorMiddleware(lambda r: HttpResponse())
    response = middleware.process_exception(request(), error)
    assert response is not None
    assert response.status_code == kind.status
    for text in ("The quiz is locked.", "MOD-103, quiz", "Open the lab first.", "activity_locked"):
        assert text in response.content.decode()


def test_theme_is_kept_and_leads_back() -> None:
    made = RequestFactory().post("/theme/", {"theme": "dark", "next": "/learn/?a=1"})
    response = theme.theme_choose(made)
    assert (response.status_code, response["Location"]) == (302, "/learn/?a=1")
    assert response.cookies["theme"].value == "dark"


def test_theme_never_leads_to_another_site() -> None:
    response = theme.theme_choose(RequestFactory().post("/theme/", {"theme": "light", "next": "//elsewhere.test/"}))
    assert response["Location"] == "/"


def test_theme_can_follow_the_device_again() -> None:
    response = theme.theme_choose(RequestFactory().post("/theme/", {"theme": "device"}))
    assert response.cookies["theme"]["max-age"] == 0


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/learn/programs/north/activities/MOD-2/read/tick/", "/learn/programs/north/activities/MOD-2/read/"),
        ("/learn/programs/north/activities/MOD-1/quiz/start/", "/learn/programs/north/activities/MOD-1/quiz/"),
        ("/catalogue/north/enrol/", "/catalogue/north/"),
        ("/theme/", ""),
    ],
)
def test_what_was_refused_leads_back_to_the_page_it_was_about(path: str, above: str) -> None:
    sent = RequestFactory().post(path)
    sent.user = AnonymousUser()
    assert page_above(sent) == above
    answer = DomainErrorMiddleware(lambda r: HttpResponse()).process_exception(sent, Refused("It is locked."))
    assert answer is not None
    assert ("Back to where this belongs" in answer.content.decode()) == bool(above)
    assert f'href="{above or "/"}"' in answer.content.decode()


def test_a_page_that_cannot_be_opened_leads_to_the_start_only() -> None:
    assert page_above(request("/learn/programs/north/modules/MOD-9/")) == ""
