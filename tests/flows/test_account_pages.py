"""Sign-up to sign-out and the account area, as a person meets them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import Page

from tests.flows.browser import THEMES, WIDTHS, Walk, leave
from waymark.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough one"


@pytest.fixture
def learner() -> User:
    person = User.objects.create_user("learner@demo.test", PASSWORD, name="Demo Learner", time_zone="Europe/Berlin")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def submit(page: Page, name: str) -> None:
    leave(page.get_by_role("main").get_by_role("button", name=name, exact=True))


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    submit(page, "Sign in")


def confirm_it_is_still_me(page: Page) -> None:
    """What concerns the safety of the account asks for the password once more, even right after sign-in."""
    page.get_by_role("heading", name="Is it still you?").wait_for()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    submit(page, "Continue")


def one_time_code(secret: str) -> str:
    """The code of an authenticator app (RFC 6238: SHA-1, 30 s, six digits), with some time left to use it."""
    if (left := 30 - time.time() % 30) < 12:
        time.sleep(left)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_before_sign_in_are_finished(
    live_server: Any, walk: Callable[..., Walk], learner: User, width: int, theme: Any
) -> None:
    window = walk(width=width, theme=theme)
    page = window.page
    for name in ("login", "signup", "password/reset", "confirm-email", "password/reset/done", "inactive"):
        page.goto(f"{live_server.url}/accounts/{name}/")
        window.assert_finished(f"accounts-{name.replace('/', '-')}")
    page.goto(f"{live_server.url}/accounts/login/")
    sign_in(page, learner.email, "not it")
    assert page.get_by_role("alert").count() == 1
    assert page.get_by_label("Email").input_value() == learner.email
    window.assert_finished("accounts-login-refused")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_the_account_area_are_finished(
    live_server: Any, walk: Callable[..., Walk], learner: User, width: int, theme: Any
) -> None:
    window = walk(width=width, theme=theme)
    page = window.page
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/email/")
    sign_in(page, learner.email)
    for name in ("email", "password/change", "2fa", "sessions", "logout", "reauthenticate"):
        page.goto(f"{live_server.url}/accounts/{name}/")
        window.assert_finished(f"accounts-{name.replace('/', '-')}")
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    confirm_it_is_still_me(page)
    window.assert_finished("accounts-2fa-totp-activate")
    page.goto(f"{live_server.url}/help/")
    window.assert_finished("help")


def test_a_new_person_signs_up_confirms_and_comes_in(live_server: Any, walk: Callable[..., Walk]) -> None:
    page = walk().page
    page.goto(f"{live_server.url}/accounts/signup/?next=/help/")
    page.get_by_label("Email").fill("New@Demo.test")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Password (again)").fill("short")
    submit(page, "Create account")
    assert page.get_by_label("Email").input_value() == "New@Demo.test"
    assert page.get_by_label("Password", exact=True).get_attribute("aria-invalid") == "true"
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    submit(page, "Create account")
    page.get_by_role("heading", name="Look into your mail").wait_for()
    [message] = mail.outbox
    assert message.to == ["new@demo.test"]
    found = re.search(r"http://\S+/confirm-email/\S+", str(message.body))
    assert found
    page.goto(found[0])
    submit(page, "Yes, confirm it")
    assert EmailAddress.objects.get(email="new@demo.test").verified


def test_sign_up_suggests_the_zone_of_the_browser_and_keeps_another_choice(
    live_server: Any, walk: Callable[..., Walk]
) -> None:
    browser = walk().page.context.browser
    assert browser is not None
    for zone, options in (("Asia/Tokyo", {}), ("UTC", {"java_script_enabled": False})):
        page = browser.new_page(timezone_id="Asia/Tokyo", **options)
        page.goto(f"{live_server.url}/accounts/signup/")
        assert page.get_by_label("Time zone").input_value() == zone
        page.close()
    page = browser.new_page(timezone_id="Asia/Tokyo")
    page.goto(f"{live_server.url}/accounts/signup/")
    page.get_by_label("Email").fill("traveller@demo.test")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    submit(page, "Create account")
    assert page.get_by_label("Time zone").input_value() == "Europe/Berlin", "a page with faults suggests nothing anew"
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    submit(page, "Create account")
    page.get_by_role("heading", name="Look into your mail").wait_for()
    assert User.objects.get(email="traveller@demo.test").time_zone == "Europe/Berlin"
    page.close()


def test_two_factor_sign_in_from_setting_up_to_turning_off(
    live_server: Any, walk: Callable[..., Walk], learner: User
) -> None:
    window = walk()
    page = window.page
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/2fa/totp/activate/")
    sign_in(page, learner.email)
    confirm_it_is_still_me(page)
    secret = page.locator("main code").inner_text()
    page.get_by_label("Authenticator code").fill("000000")
    submit(page, "Turn on")
    assert page.get_by_label("Authenticator code").get_attribute("aria-invalid") == "true"
    assert page.locator("main code").inner_text() == secret
    page.get_by_label("Authenticator code").fill(one_time_code(secret))
    submit(page, "Turn on")
    page.get_by_role("heading", name="Recovery codes").first.wait_for()
    recovery = page.locator("main code").first.inner_text()
    window.assert_finished("accounts-2fa-recovery-codes")
    page.goto(f"{live_server.url}/accounts/2fa/")
    window.assert_finished("accounts-2fa-on")

    other = walk(width=360)
    other.page.goto(f"{live_server.url}/accounts/login/?next=/accounts/sessions/")
    sign_in(other.page, learner.email)
    other.assert_finished("accounts-2fa-authenticate")
    other.page.get_by_label("Code").fill(recovery)
    submit(other.page, "Sign in")
    assert other.page.locator("tbody tr").count() == 2

    page.goto(f"{live_server.url}/accounts/2fa/totp/deactivate/")
    submit(page, "Turn off")
    page.get_by_text("Works with any app").wait_for()


def test_signing_out_from_the_menu_works_without_scripts(
    live_server: Any, walk: Callable[..., Walk], learner: User
) -> None:
    page = walk(java_script_enabled=False).page
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/email/")
    sign_in(page, learner.email)
    leave(page.get_by_role("button", name="Dark theme"))
    assert page.locator("html").get_attribute("data-theme") == "waymark-dark"
    assert page.url.endswith("/accounts/email/")
    page.locator("details summary").click()
    leave(page.get_by_role("button", name="Sign out"))
    page.goto(f"{live_server.url}/accounts/email/")
    assert "/accounts/login/" in page.url
