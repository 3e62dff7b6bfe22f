"""The pages of accounts, People and the API guide in a real browser: axe, width, console, a picture of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from courses.models import Invitation
from courses.services.enrolment import enrolment_start
from tests.cast import Cast, cast_make
from tests.flows.browser import Walk, leave
from waymark.accounts.services.acting import acting_start, acting_stop
from waymark.accounts.services.tokens import token_create

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Cast:
    """The cast, with something on every page."""
    cast = cast_make()
    enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.south)
    for number, email in enumerate(("new@example.test", "late@example.test", "stranger@example.test")):
        Invitation.objects.create(
            email=email, program=cast.south, cohort=cast.south_cohort if number else None, invited_by=cast.site_admin,
            expires_at=timezone.now() + timedelta(days=number * 7),
        )  # fmt: skip
    token_create(actor=cast.actor("learner"), name="Weekly report", scopes=["me", "grades:read"], days=90)
    look = acting_start(actor=cast.actor("site_admin"), person=cast.learner, reason="The quiz page looked wrong")
    acting_stop(acting=look)
    return cast


def sign_in(walk: Walk, server: LiveServer, browser: Client) -> None:
    """Give the window the session of a signed-in test client."""
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    walk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "light"), (1280, "dark"), (360, "dark")])
def test_pages_are_finished(
    walk: Callable[..., Walk], live_server: LiveServer, scene: Cast, width: int, theme: str
) -> None:
    window = walk(width=width, theme=theme)
    for name in ("api:docs", "demo_mail"):
        window.page.goto(live_server.url + reverse(name))
        window.assert_finished(name.replace(":", "-"))
    pages = {
        "learner": [
            ("account-profile", reverse("account_profile")),
            ("account-tokens", reverse("account_tokens")),
            ("account-access", reverse("account_access")),
        ],
        "stranger": [
            ("invitation", reverse("invitation", args=[Invitation.objects.get(email=scene.stranger.email).uuid]))
        ],
        "site_admin": [
            ("people", reverse("people")),
            ("people-nobody", reverse("people") + "?q=nobody-fits"),
            ("person", reverse("person", args=[scene.learner.uuid])),
            ("person-staff", reverse("person", args=[scene.instructor.uuid])),
            ("joining", reverse("joining")),
            ("clients", reverse("clients")),
        ],
    }
    for who, listed in pages.items():
        window.context.clear_cookies()
        sign_in(window, live_server, scene.browser(who))
        for name, address in listed:
            window.page.goto(live_server.url + address)
            window.assert_finished(name)


def test_a_token_and_an_act_as_by_hand(walk: Callable[..., Walk], live_server: LiveServer, scene: Cast) -> None:
    window = walk(width=360)
    sign_in(window, live_server, scene.browser("learner"))
    page = window.page
    page.goto(live_server.url + reverse("account_tokens"))
    page.get_by_label("Name", exact=True).fill("Weekly report")
    page.get_by_label("Read grades", exact=True).check()
    leave(page.get_by_role("button", name="Make token"))
    expect(page.locator("#token")).to_have_text(re.compile("^wmp_"))
    window.assert_finished("account-tokens-made")
    window.context.clear_cookies()
    sign_in(window, live_server, scene.browser("site_admin"))
    page.goto(live_server.url + reverse("person", args=[scene.learner.uuid]))
    page.get_by_label("Reason", exact=True).fill("A page looks wrong")
    leave(page.get_by_role("button", name="Act as"))
    page.get_by_text("reading only").wait_for()
    window.assert_finished("acting")
    leave(page.get_by_role("button", name="Stop"))
    page.get_by_role("heading", name="Act as this person").wait_for()
