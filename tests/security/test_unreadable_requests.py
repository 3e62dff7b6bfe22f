"""Input that no text of the site can be is refused by name, on every address; the API answers in its own shape."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.security.table import Scene
from tests.security.test_permission_table import AREAS, rows_of

ODD = {
    "NUL": "%00", "not UTF-8": "%ff%fe", "half a character": "%ed%a0%80", "huge number": str(2**63),
    "negative": "-1", "long": "x" * 5000, "words": "no-number",
}  # fmt: skip
PARAMETERS = ("q", "role", "program", "cohort", "after", "before", "cursor", "why", "limit", "state", "next", "known")


def errors(answer: object) -> list[str]:
    return [item["code"] for item in json.loads(answer.content)["errors"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("odd", ODD)
def test_no_parameter_of_any_page_or_operation_breaks_it(cast: Cast, odd: str) -> None:
    scene = Scene(cast)
    for thing in ("attempt", "request", "invitation", "token", "right"):
        getattr(scene, thing)
    browsers = {name: cast.browser(name) for name in ("learner", "site_admin")}
    query = "&".join(f"{name}={ODD[odd]}" for name in PARAMETERS)
    broken = []
    for row in [row for area in AREAS for row in rows_of(area) if row.method == "GET" and row.name != "api:schema"]:
        address = reverse(row.name, kwargs=row.arguments(scene) if row.arguments else {})
        for name, browser in browsers.items():
            browser.raise_request_exception = False
            status = browser.get(f"{address}?{query}").status_code
            if status >= 500:
                broken.append(f"{row.name} for {name}: {status}")
    assert not broken, f"{odd}: {broken}"


def test_nul_is_refused_in_parameters_fields_and_paths(cast: Cast) -> None:
    browser = cast.browser("site_admin")
    assert browser.get("/manage/people/?q=a%00b").status_code == 400
    assert browser.post("/accounts/login/", {"login": "a\0b@example.test", "password": "x"}).status_code in (302, 400)
    assert Client().post("/accounts/signup/", "email=a%00b", content_type="application/x-www-form-urlencoded",
                         ).status_code == 400  # fmt: skip
    assert browser.get("/catalogue/a%00b/").status_code == 404


def test_the_api_answers_what_is_not_there_in_its_own_shape(cast: Cast) -> None:
    for browser in (Client(), cast.browser("learner")):
        for address in ("/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/me/"):
            answer = browser.get(address)
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/json"), address
            assert errors(answer) == ["not_found"]
    answer = cast.browser("learner").get("/api/v1/me/?x=%00")
    assert (answer.status_code, errors(answer)) == (400, ["request_unreadable"])


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "parse_error"),
        ("a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ('{"program": "a\\u0000b"}', "application/json", 400, "null_characters_not_allowed"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(cast: Cast, body: str, kind: str, status: int, code: str) -> None:
    answer = cast.browser("learner").post("/api/v1/me/enrolments/", body, content_type=kind)
    assert (answer.status_code, errors(answer)[0]) == (status, code)


@pytest.mark.parametrize("value", ["a\0b", {"a": "\0"}, ["\0"], "\ud800", 10**400, [[[[]]]]])
def test_an_answer_that_cannot_be_stored_is_refused(cast: Cast, value: object) -> None:
    attempt = Scene(cast).attempt
    address = reverse("api:attempt-response", kwargs={"uuid": attempt.uuid, "number": 1})
    body = json.dumps({"value": value, "version": 0})
    answer = cast.browser("learner").put(address, body, content_type="application/json")
    assert answer.status_code == 400


def test_a_session_without_a_csrf_token_is_refused_in_the_shape_of_the_api(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.learner)
    answer = browser.post("/api/v1/me/enrolments/", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert len(errors(answer)) == 1


def test_a_method_that_an_operation_does_not_have_is_405_with_those_it_has(cast: Cast) -> None:
    answer = cast.browser("learner").delete("/api/v1/me/")
    assert (answer.status_code, errors(answer)) == (405, ["method_not_allowed"])
    assert "GET" in answer["Allow"]


def test_a_number_in_an_address_that_no_key_can_be_is_404(cast: Cast) -> None:
    person = cast.learner.uuid
    answer = cast.browser("site_admin").post(f"/manage/people/{person}/rights/{2**63}/withdraw/")
    assert answer.status_code in (302, 404)
