"""Attempts through the API: the same services, the same refusals."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt, Response
from courses.models import Enrolment, Program
from tests.assessments.conftest import Start, enrolled, named, person

ATTEMPTS = "/api/v1/activities/MOD-001/quiz/attempts/"
SECRETS = ["correct", "wrong-1", "wrong", "The runtime does.", "Yes it does.", "1500", "accepted", "etcd", "right"]


@pytest.fixture
def client(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.learner)
    return client


@pytest.fixture
def attempt(start: Start) -> Attempt:
    return start(now=timezone.now())


def url(attempt: Attempt, name: str = "attempt", *more: int) -> str:
    return reverse(f"api:{name}", args=[attempt.uuid, *more])


def put(client: Client, attempt: Attempt, number: int, body: Any) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, str) else json.dumps(body)
    answer = client.put(url(attempt, "attempt-response", number), text, content_type="application/json")
    return answer.status_code, answer.json()


def code(answer: Any) -> str:
    return str(answer.json()["errors"][0]["code"])


def test_starting_gives_the_attempt_and_repeating_it_the_same(client: Client, program: Program) -> None:
    made = client.post(ATTEMPTS, "{}", content_type="application/json")
    again = client.post("/api/v1/activities/junior:mod-001/quiz/attempts/", "{}", content_type="application/json")
    assert (made.status_code, again.status_code) == (201, 200)
    body = made.json()
    assert body["id"] == again.json()["id"]
    assert (body["activity"], body["program"], body["number"], body["state"]) == ("MOD-001/quiz", "junior", 1, "open")
    assert [question["widget"] for question in body["questions"]] == ["radio", "checkbox", "radio", "number", "text"]
    assert body["questions"][0]["points"] == "2"


def test_an_attempt_holds_nothing_of_its_solutions(client: Client, attempt: Attempt) -> None:
    text = client.get(url(attempt)).content.decode()
    assert "Which *one* runs containers?" in text
    assert not named(SECRETS, text)


def test_refusals_are_409_with_their_code(client: Client, program: Program) -> None:
    locked = client.post("/api/v1/activities/MOD-002/quiz/attempts/", "{}", content_type="application/json")
    assert (locked.status_code, code(locked)) == (409, "locked")
    missing = client.post("/api/v1/activities/MOD-009/quiz/attempts/", "{}", content_type="application/json")
    assert (missing.status_code, code(missing)) == (404, "not_found")


def test_an_answer_is_saved_with_its_version(client: Client, attempt: Attempt) -> None:
    status, answer = put(client, attempt, 4, {"value": "1,500", "version": 0})
    assert status == 200
    assert (answer["value"], answer["version"], answer["answered"], answer["remark"]) == (
        "1,500", 1, True, "Read as 1500.",
    )  # fmt: skip
    status, answer = put(client, attempt, 4, {"value": None, "version": 1})
    assert (status, answer["value"], answer["version"], answer["answered"]) == (200, None, 2, False)


def test_a_stale_save_gets_both_answers(client: Client, attempt: Attempt) -> None:
    put(client, attempt, 5, {"value": "etcd", "version": 0})
    status, answer = put(client, attempt, 5, {"value": "consul", "version": 0})
    assert status == 409
    assert answer["errors"][0]["code"] == "response_conflict"
    conflict = answer["conflict"]
    assert (conflict["saved"], conflict["sent"], conflict["version"]) == ("etcd", "consul", 1)
    assert Response.objects.get(attempt_question__attempt=attempt, attempt_question__position=5).value == "etcd"


@pytest.mark.parametrize(
    ("number", "body", "expected", "where"),
    [
        (1, {"value": "z", "version": 0}, "response_unreadable", "question 1"),
        (1, {"value": ["a"], "version": 0}, "response_unreadable", "question 1"),
        (2, {"value": "a", "version": 0}, "response_unreadable", "question 2"),
        (3, {"value": 1, "version": 0}, "response_unreadable", "question 3"),
        (5, {"value": "x" * 501, "version": 0}, "response_unreadable", "question 5"),
        (5, '{"value": "\\ud800", "version": 0}', "response_unreadable", "question 5"),
        (5, '{"value": "\\u0000", "version": 0}', "response_unreadable", "question 5"),
        (5, {"value": "x" * 20_000, "version": 0}, "response_too_large", "question 5"),
        (5, "[" * 10_000, "response_unreadable", "question 5"),
        (5, {"version": 0}, "required", "value"),
        (5, {"value": "x"}, "required", "version"),
        (5, {"value": "x", "version": -1}, "min_value", "version"),
        (5, {"value": "x", "version": 0, "valeu": 1}, "field_unknown", "valeu"),
        (5, "{", "parse_error", None),
    ],
)
def test_what_cannot_be_read_is_400_by_name(
    client: Client, attempt: Attempt, number: int, body: Any, expected: str, where: str | None
) -> None:
    status, answer = put(client, attempt, number, body)
    assert status == 400
    assert (answer["errors"][0]["code"], answer["errors"][0]["attr"]) == (expected, where)


def test_there_is_no_question_beyond_the_last(client: Client, attempt: Attempt) -> None:
    for number in (0, 6, 10**30):
        assert put(client, attempt, number, {"value": "a", "version": 0})[0] == 404


def test_handing_in_twice_is_one(client: Client, attempt: Attempt) -> None:
    first, second = (client.post(url(attempt, "attempt-hand-in"), "{}", content_type="application/json") for _ in "ab")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["state"] == "handed_in"
    assert first.json()["handed_in_at"] == second.json()["handed_in_at"]
    status, answer = put(client, attempt, 3, {"value": True, "version": 0})
    assert (status, answer["errors"][0]["code"]) == (409, "attempt_closed")


def test_other_people_find_nothing(attempt: Attempt, program: Program) -> None:
    other = Client()
    other.force_login(enrolled(person("classmate@demo.test"), program).learner)
    assert other.get(url(attempt)).status_code == 404
    assert put(other, attempt, 3, {"value": True, "version": 0})[0] == 404
    assert other.post(url(attempt, "attempt-hand-in"), "{}", content_type="application/json").status_code == 404
    assert Client().get(url(attempt)).status_code == 401


def test_a_page_of_another_site_cannot_save(attempt: Attempt, enrolment: Enrolment) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(enrolment.learner)
    status, answer = put(strict, attempt, 3, {"value": True, "version": 0})
    assert (status, answer["errors"][0]["code"]) == (403, "csrf_failed")


def test_reading_costs_the_same_however_many_questions(client: Client, attempt: Attempt, start: Start) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for each in (attempt, start("plain", now=timezone.now())):
        client.get(url(each))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(each))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
