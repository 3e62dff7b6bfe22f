"""The rules that every operation of the API keeps (ACCESS.md, *Answers*)."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from tests.cast import Cast
from waymark.api.checks import operations_name_their_scope
from waymark.core.api import Operation
from waymark.core.errors import Refused

ME = "/api/v1/me/"
PROGRAMS = "/api/v1/programs/"


def error(answer: object) -> dict[str, object]:
    found: dict[str, object] = answer.json()["errors"][0]  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    "header", ["Bearer unknown", "Bearer wmp_unknown", "Bearer", "Basic abc", "Token abc", "nonsense", "Bearer \u00e9"]
)
def test_a_bad_header_never_falls_back_to_the_session(cast: Cast, header: str) -> None:
    browser = cast.browser("learner")
    answer = browser.get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert browser.get(ME).status_code == 200


def test_without_a_credential_it_is_401_with_a_way_in(client: Client, db: None) -> None:
    answer = client.get(ME)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert error(answer)["code"] == "not_authenticated"


def test_a_session_needs_its_csrf_token_to_write(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.stranger)
    answer = browser.post("/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json")
    assert answer.status_code == 403
    assert error(answer)["code"] == "csrf_failed"


def test_a_token_needs_no_csrf_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(
        "/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json",
        headers={"Authorization": cast.bearer("stranger")},
    )  # fmt: skip
    assert answer.status_code == 201


@pytest.mark.parametrize("slug", ["north", "unknown"])
def test_a_missing_scope_is_told_before_anything_is_looked_up(cast: Cast, slug: str) -> None:
    bearer = cast.bearer("learner", scopes=("grades:read",))
    answer = Client().get(f"{PROGRAMS}{slug}/", headers={"Authorization": bearer})
    assert answer.status_code == 403
    assert error(answer)["code"] == "scope_missing"


def test_what_one_may_not_see_answers_like_what_is_not_there(cast: Cast) -> None:
    headers = {"Authorization": cast.bearer("limited_client")}
    outside = Client().get(f"{PROGRAMS}south/", headers=headers)
    unknown = Client().get(f"{PROGRAMS}unknown/", headers=headers)
    assert outside.status_code == unknown.status_code == 404
    assert outside.content == unknown.content


def test_a_limited_client_lists_only_what_is_inside_its_limit(cast: Cast) -> None:
    answer = Client().get(PROGRAMS, headers={"Authorization": cast.bearer("limited_client")})
    assert [program["slug"] for program in answer.json()["items"]] == ["north"]


@pytest.mark.parametrize("address", [PROGRAMS, ME, f"{PROGRAMS}north/", "/api/v1/me/enrolments/"])
def test_an_unknown_parameter_is_400_by_name(cast: Cast, address: str) -> None:
    answer = cast.browser("learner").get(address, {"chort": "one"})
    assert answer.status_code == 400
    assert (error(answer)["code"], error(answer)["attr"]) == ("parameter_unknown", "chort")


def test_an_unknown_parameter_tells_strangers_nothing(db: None, client: Client) -> None:
    assert client.get(PROGRAMS, {"chort": "one"}).status_code == 401


@pytest.mark.parametrize("value", ["0", "201", "-1", "x", "1.5", "²"])
def test_a_page_size_outside_its_bounds_is_400_by_name(cast: Cast, value: str) -> None:
    answer = cast.browser("learner").get(PROGRAMS, {"page_size": value})
    assert answer.status_code == 400
    assert error(answer)["attr"] == "page_size"


@pytest.mark.parametrize(
    ("body", "attr"), [({"program": "north", "chort": 1}, "chort"), ({}, "program"), ({"program": 5.5}, "program")]
)
def test_an_unknown_missing_or_unreadable_field_is_400_by_name(cast: Cast, body: dict[str, object], attr: str) -> None:
    answer = cast.browser("stranger").post("/api/v1/me/enrolments/", body, content_type="application/json")
    assert answer.status_code == 400
    assert attr in {item["attr"] for item in answer.json()["errors"]}


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", "\x00"])
def test_a_body_that_is_no_object_is_400(cast: Cast, body: str) -> None:
    answer = cast.browser("stranger").generic("POST", "/api/v1/me/enrolments/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_refusal_by_state_is_409_with_its_code(cast: Cast) -> None:
    cast.north.enrolment_mode = "invitation"
    cast.north.save()
    answer = cast.browser("learner").post(
        "/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json"
    )
    # The learner is in already, so they know the program; a stranger would not.
    assert answer.status_code == 409
    assert error(answer)["code"] == "enrolment_closed"
    stranger = cast.browser("stranger").post(
        "/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json"
    )
    assert stranger.status_code == 404


def test_joining_twice_is_one_enrolment(cast: Cast) -> None:
    browser = cast.browser("stranger")
    first = browser.post("/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json")
    second = browser.post("/api/v1/me/enrolments/", {"program": "north"}, content_type="application/json")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_pages_of_programs_follow_by_cursor_and_refuse_nonsense(cast: Cast) -> None:
    browser = cast.browser("learner")
    first = browser.get(PROGRAMS, {"page_size": 1}).json()
    second = browser.get(PROGRAMS, {"page_size": 1, "cursor": first["next"]}).json()
    assert [page["items"][0]["slug"] for page in (first, second)] == ["north", "south"]
    assert second["next"] is None
    assert browser.get(PROGRAMS, {"page_size": 1, "cursor": second["previous"]}).json()["items"] == first["items"]
    assert error(browser.get(PROGRAMS, {"cursor": "nonsense"}))["code"] == "cursor_unreadable"


def test_the_catalogue_shows_no_bodies(cast: Cast) -> None:
    answer = cast.browser("stranger").get(f"{PROGRAMS}north/")
    assert answer.json()["outline"][0]["title"] == "First steps"
    assert answer.json()["hours"] == "10"
    assert b"The body of the north reading" not in answer.content


def test_the_schema_and_the_guide_are_public_and_name_every_operation(db: None, client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    assert schema["openapi"].startswith("3.1")
    guide = client.get("/api/v1/docs/")
    page = guide.content.decode()
    for address, item in schema["paths"].items():
        for method in set(item) & {"get", "post", "put", "patch", "delete"}:
            assert f"{method.upper()} {address}" in page
            assert item[method]["security"], address
    assert "<script>" not in page
    assert "style=" not in page


class Silent(Operation):
    def get(self, request: Request) -> Response:
        return Response({})


class Refusing(Operation):
    required_scope = "me"

    def get(self, request: Request) -> Response:
        raise Refused("Closed.", code="closed_for_now", where="here", hint="Come back.")


class Failing(Operation):
    required_scope = "me"

    def get(self, request: Request) -> Response:
        raise RuntimeError("a secret")


urlpatterns = [
    path("silent/", Silent.as_view()),
    path("refusing/", Refusing.as_view()),
    path("failing/", Failing.as_view()),
]


@pytest.mark.urls(__name__)
def test_an_operation_without_a_scope_is_closed_even_to_site_admins(cast: Cast) -> None:
    assert cast.browser("site_admin").get("/silent/").status_code == 403


@pytest.mark.urls(__name__)
def test_an_operation_without_a_scope_stops_the_start() -> None:
    assert [fault.id for fault in operations_name_their_scope(None)] == ["waymark.E011"]


def test_every_operation_of_the_product_names_its_scope() -> None:
    assert not [fault for fault in run_checks() if fault.id == "waymark.E011"]


@pytest.mark.urls(__name__)
def test_a_domain_error_keeps_status_code_place_and_hint(cast: Cast) -> None:
    answer = cast.browser("learner").get("/refusing/")
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "client_error",
        "errors": [{"code": "closed_for_now", "detail": "Closed.", "attr": "here", "hint": "Come back."}],
    }


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_tells_nothing(cast: Cast) -> None:
    browser = cast.browser("learner")
    browser.raise_request_exception = False
    answer = browser.get("/failing/")
    assert answer.status_code == 500
    assert b"secret" not in answer.content
