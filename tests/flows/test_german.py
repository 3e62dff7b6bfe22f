"""In German, whose words are longer, the pages still fit a phone and read well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from grading.policy.compile import rules_forget
from grading.structure import structure_forget
from tests.flows.browser import Walk
from tests.flows.scene import JUNIOR, scene_make
from waymark.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

LEARN = ("/learn/", f"/learn/programs/{JUNIOR}/", f"/learn/programs/{JUNIOR}/modules/MOD-002/",
         f"/learn/programs/{JUNIOR}/activities/MOD-002/quiz/", f"/learn/grades/{JUNIOR}/", "/catalogue/",
         f"/catalogue/{JUNIOR}/", "/account/", "/account/tokens/", "/accounts/2fa/")  # fmt: skip
STAFF = ("/manage/people/", "/teach/joining/", "/manage/clients/", "/help/")


def test_pages_fit_a_phone_in_german(walk: Callable[..., Walk], live_server: Any) -> None:
    structure_forget()
    rules_forget()
    scene = scene_make()
    User.objects.update(language="de")
    faults = []
    for who, paths in ((None, ("/accounts/login/", "/accounts/signup/")), ("learner", LEARN), ("site_admin", STAFF)):
        window = walk(width=360, theme="light", base_url=live_server.url, locale="de-DE")
        if who and (cookie := scene.browser(who).cookies.get(settings.SESSION_COOKIE_NAME)):
            window.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        for path in paths:
            answer = window.page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert window.page.locator("html").get_attribute("lang") == "de"
            try:
                window.assert_finished(f"german{path.replace('/', '-').rstrip('-')}")
            except AssertionError as error:
                window.complaints.clear()
                faults.append(f"{path}: {error}")
    structure_forget()
    rules_forget()
    assert not faults, "\n".join(faults)
