"""Input that no text of the site can be is refused by name, on every address; the API answers in its own shape."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.security.table import COLUMNS, PEOPLE, Row, Scene
from tests.security.test_permission_table import AREAS, rows_of, scene_of

ROOT = Path(__file__).resolve().parents[2]

ODD = {
    "NUL": "%00", "not UTF-8": "%ff%fe", "half a character": "%ed%a0%80", "huge number": str(2**63),
    "negative": "-1", "long": "x" * 5000, "words": "no-number",
}  # fmt: skip
PARAMETERS = (
    "q",
    "role",
    "program",
    "cohort",
    "after",
    "before",
    "cursor",
    "why",
    "limit",
    "state",
    "next",
    "known",
    "page_size",
    "enrolment",
    "hand_in",
    "show",
    "start",
    "against",
    "since",
    "activity",
)


def errors(answer: object) -> list[str]:
    return [item["code"] for item in json.loads(answer.content)["errors"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("odd", ODD)
def test_no_parameter_of_any_page_or_operation_breaks_it(cast: Cast, odd: str) -> None:
    scene = scene_of(cast)
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


def test_every_parameter_that_a_page_or_operation_reads_is_among_them() -> None:
    source = "".join(
        path.read_text()
        for app in ("platform/waymark", "courses", "assessments", "grading")
        for path in (ROOT / app).rglob("*.py")
    )
    read = set(re.findall(r"(?:\.GET|query_params)(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"", source))
    read |= set(re.findall(r"\.number\(\s*request, \"(\w+)\"", source))
    for names in re.findall(r"parameters(?:: [^=]+)? = frozenset\(\{([^}]*)\}\)", source):
        read |= set(re.findall(r"\"(\w+)\"", names))
    assert read, "nothing was found: the source is read in another way now"
    assert read <= set(PARAMETERS)


FIELDS: dict[str, str] = {
    "NUL": "a\0b", "huge number": str(2**63), "endless number": "9" * 5000, "negative": "-1", "long": "x" * 5000,
    "other digits": "\u0663\u00b2", "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("odd", FIELDS)
def test_no_field_of_any_form_or_operation_breaks_it(cast: Cast, odd: str) -> None:
    scene = scene_of(cast)
    broken = []
    for row in [row for area in AREAS for row in rows_of(area) if row.method != "GET" and row.data]:
        assert row.data is not None
        who = next(
            (name for name, status in zip(COLUMNS, row.expected, strict=True) if name in PEOPLE and status < 400), None
        )
        for field in row.data(scene):
            several = [[FIELDS[odd]] * 2] if row.name.startswith("api:") else []
            for sent in [{**row.data(scene), field: value} for value in (FIELDS[odd], *several)]:
                status = _sent(cast.browser(who) if who else Client(), row, scene, sent)
                # A page that has nothing to do for this person leads away before it reads a form.
                if status >= 500 or (odd == "NUL" and status not in (302, 400)):
                    broken.append(f"{row.label} {field} by {who}: {status}")
    assert not broken, f"{odd}: {broken}"


def _sent(browser: Client, row: Row, scene: Scene, data: dict[str, Any]) -> int:
    """The status of one request, whose writes are taken back."""
    browser.raise_request_exception = False
    address = reverse(row.name, kwargs=row.arguments(scene) if row.arguments else {})
    savepoint = transaction.savepoint()
    try:
        if row.name.startswith("api:"):
            return int(browser.generic(row.method, address, json.dumps(data), "application/json").status_code)
        return int(browser.post(address, data).status_code)
    finally:
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_no_number_in_an_address_breaks_it(cast: Cast, number: int) -> None:
    scene = scene_of(cast)
    tried = 0
    for row in [row for area in AREAS for row in rows_of(area) if row.arguments]:
        assert row.arguments is not None
        arguments = row.arguments(scene)
        for name in [name for name, value in arguments.items() if isinstance(value, int)]:
            address = reverse(row.name, kwargs={**arguments, name: number})
            for who in ("learner", "site_admin"):
                browser = cast.browser(who)
                browser.raise_request_exception = False
                body = json.dumps(row.data(scene) if row.data else {})
                answer = browser.generic(row.method, address, body, "application/json")
                assert answer.status_code in (302, 400, 403, 404), f"{row.label} {name} for {who}"
                tried += 1
    assert tried


def test_nul_is_refused_in_parameters_fields_and_paths(cast: Cast) -> None:
    browser = cast.browser("site_admin")
    assert browser.get("/manage/people/?q=a%00b").status_code == 400
    assert Client().post("/accounts/login/", {"login": "a\0b@example.test", "password": "x"}).status_code == 400
    upload = {"q": SimpleUploadedFile("a.txt", b"a"), "a\0b": "x"}
    assert browser.post("/theme/", upload).status_code == 400
    assert Client().post("/accounts/signup/", "email=a%00b", content_type="application/x-www-form-urlencoded",
                         ).status_code == 400  # fmt: skip
    assert browser.get("/catalogue/a%00b/").status_code == 404
    assert browser.get("/catalogue/?q=%ff").status_code == 400
    # Before somebody is looked up: a cookie may spell the NUL, and a client's name and secret are no fields.
    assert Client().get("/catalogue/", HTTP_COOKIE='sessionid="a\\000b"').status_code == 400
    basic = base64.b64encode(b"a\0b:secret").decode()
    answer = Client().post(
        "/identity/o/api/token", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code in (400, 401)


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
        ('{"program": "\\ud800"}', "application/json", 400, "null_characters_not_allowed"),
        ('{"a\\u0000b": 1}', "application/json", 400, "null_characters_not_allowed"),
        (b'{"program": "\xff"}', "application/json", 400, "parse_error"),
        ('{"program": NaN}', "application/json", 400, "parse_error"),
        ('{"program": 1e999}', "application/json", 400, "request_unreadable"),
        ('{"program": ' + "9" * 5000 + "}", "application/json", 400, "parse_error"),
        ("[" * 100_000, "application/json", 400, "request_unreadable"),
        ("[" * 100 + "]" * 100, "application/json", 400, "request_unreadable"),
        ("[]", "application/json", 400, "invalid"),
        ("null", "application/json", 400, "null"),
        ('{"program": "' + "x" * 3_000_000 + '"}', "application/json", 413, "request_too_large"),
        ("a=" + "x" * 3_000_000, "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("x", "multipart/form-data", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    cast: Cast, body: str | bytes, kind: str, status: int, code: str
) -> None:
    answer = cast.browser("learner").post("/api/v1/me/enrolments/", body, content_type=kind)
    assert (answer.status_code, errors(answer)[0]) == (status, code)


@pytest.mark.parametrize("value", ["a\0b", {"a": "\0"}, ["\0"], "\ud800", 10**400, [[[[]]]]])
def test_an_answer_that_cannot_be_stored_is_refused(cast: Cast, value: object) -> None:
    attempt = Scene(cast).attempt
    address = reverse("api:attempt-response", kwargs={"uuid": attempt.uuid, "number": 1})
    body = json.dumps({"value": value, "version": 0})
    answer = cast.browser("learner").put(address, body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_session_without_a_csrf_token_is_refused_in_the_shape_of_the_api(cast: Cast, kind: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.learner)
    answer = browser.post("/api/v1/me/enrolments/", "{}", content_type=kind)
    assert (answer.status_code, errors(answer)) == (403, ["csrf_failed"])


@pytest.mark.parametrize(
    ("method", "address"), [("DELETE", "/api/v1/me/"), ("POST", "/api/v1/docs/"), ("PUT", "/api/v1/me/enrolments/")]
)
def test_a_method_that_an_operation_does_not_have_is_405_with_those_it_has(
    cast: Cast, method: str, address: str
) -> None:
    for browser in (Client(), cast.browser("learner")):
        answer = browser.generic(method, address)
        assert (answer.status_code, errors(answer)) == (405, ["method_not_allowed"])
        assert "GET" in answer["Allow"]


def test_the_api_refuses_other_kinds_of_answer_in_its_own_shape(cast: Cast) -> None:
    answer = cast.browser("learner").get("/api/v1/me/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")
    assert errors(answer) == ["not_acceptable"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_pages_are_read_and_posted_to(cast: Cast, method: str) -> None:
    answer = cast.browser("learner").generic(method, "/accounts/email/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_a_form_that_is_too_large_is_413(cast: Cast) -> None:
    answer = cast.browser("learner").post("/account/", {"name": "x" * 3_000_000})
    assert answer.status_code == 413
    assert b"<h1" in answer.content


@pytest.mark.parametrize(
    "values", [["a\0b"], ["\ud800"], [2**63], [10**300], ["1", "2"], [], [[[]]], [True], [None], [{}], [1.5]]
)
def test_a_cursor_that_was_made_up_is_refused(cast: Cast, values: list[object]) -> None:
    browser = cast.browser("learner")
    genuine = browser.get("/api/v1/programs/?page_size=1").json()["next"]
    direction, digest, *_values = json.loads(base64.urlsafe_b64decode(genuine + "=" * (-len(genuine) % 4)))
    made = base64.urlsafe_b64encode(json.dumps([direction, digest, *values]).encode()).decode().rstrip("=")
    answer = browser.get(f"/api/v1/programs/?cursor={made}")
    assert (answer.status_code, errors(answer)) == (400, ["cursor_unreadable"])
    deep = base64.urlsafe_b64encode(b"[" * 20_000).decode()
    assert errors(browser.get(f"/api/v1/programs/?cursor={deep}")) == ["cursor_unreadable"]


def test_a_number_in_an_address_that_no_key_can_be_is_404(cast: Cast) -> None:
    person = cast.learner.uuid
    answer = cast.browser("site_admin").post(f"/manage/people/{person}/rights/{2**63}/withdraw/")
    assert answer.status_code in (302, 404)
