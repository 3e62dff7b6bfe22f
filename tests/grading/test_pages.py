"""The result and grades pages, and the progress operation of the API."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt
from assessments.services import attempt_hand_in
from courses.models import Cohort, Enrolment, StaffRight
from grading.models import GradeEvent, GradingRun, Progress
from grading.policy.bodies import Feedback
from grading.selectors.feedback import shown_feedback
from grading.services.giving_back import MOST_REQUEUES, run_give_back
from grading.services.runs import run_claim
from grading.services.stale import stale_refresh
from grading.tasks import grade_quizzes
from tests.grading import build
from tests.grading.test_progress import append, finish
from waymark.core.actors import Actor
from waymark.core.keyset import keyset_window
from waymark.core.models import AuditEntry, WorkerHeartbeat


@pytest.fixture
def attempt(world: build.World, enrolment: Enrolment, rung: list[str]) -> Attempt:
    return build.begin(enrolment, world, answers=["right", False])


def hand_in(attempt: Attempt) -> None:
    attempt_hand_in(actor=Actor.person(attempt.enrolment.learner_id), attempt=attempt)


def browse(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, attempt: Attempt, rest: str = "") -> Any:
    return client.get(f"/learn/attempts/{attempt.uuid}/result/{rest}")


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# -- result --------------------------------------------------------------------------
def test_an_attempt_under_way_has_no_result(attempt: Attempt) -> None:
    answer = page(browse(attempt.enrolment.learner), attempt)
    assert (answer.status_code, answer["Location"]) == (302, f"/learn/attempts/{attempt.uuid}/")


def test_the_page_asks_again_until_the_run_is_over(attempt: Attempt) -> None:
    client = browse(attempt.enrolment.learner)
    hand_in(attempt)
    waiting = page(client, attempt)
    assert "It is next in the queue." in text(waiting)
    assert f'hx-get="/learn/attempts/{attempt.uuid}/result/run/?known=queued"' in waiting.content.decode()
    assert '<meta http-equiv="refresh"' in waiting.content.decode(), "without scripts as well"
    assert run_claim(queue="grading.quiz", worker="w")
    fragment = page(client, attempt, "run/?known=queued").content.decode()
    assert 'hx-swap-oob="innerHTML:#live">It is being graded.<' in fragment
    assert "<html" not in fragment
    again = page(client, attempt, "run/?known=claimed").content.decode()
    assert "hx-swap-oob" not in again, "a state is announced once"
    GradingRun.objects.update(state="queued", lease_until=None)
    grade_quizzes()
    over = page(client, attempt, "run/?known=claimed").content.decode()
    assert "hx-get" not in over
    assert "Graded." in over


def test_a_result_says_score_passing_and_what_it_changed(attempt: Attempt) -> None:
    hand_in(attempt)
    grade_quizzes()
    said = text(page(browse(attempt.enrolment.learner), attempt))
    assert "6.67 of 10" in said
    assert "Not passed yet" in said
    assert "70 % is needed to pass" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "Question 1 Right 2 of 2" in said
    assert "Question 2 Not right 0 of 1" in said
    assert "Because." in said
    assert re.search(r"[AB] This Your answer, and right", said), "an explanation may call options by their letters"
    assert "0 of 3 done" in said


def test_who_left_has_no_attempts_left(db: None) -> None:
    world = build.make_world(limit=3)
    enrolment = build.enrol(world)
    attempt = build.begin(enrolment, world)
    hand_in(attempt)
    grade_quizzes()
    client = browse(enrolment.learner)
    assert "2 attempts are left." in text(page(client, attempt))
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn", ended_at=timezone.now())
    said = text(page(client, attempt))
    assert "This attempt counts." in said
    assert "attempts are left" not in said


def test_others_positions_are_counted_and_a_missing_worker_is_said(attempt: Attempt, world: build.World) -> None:
    for number in range(3):
        hand_in(build.begin(build.enrol(world, f"before{number}"), world))
    hand_in(attempt)
    client = browse(attempt.enrolment.learner)
    assert "3 are before it in the queue" in text(page(client, attempt))
    GradingRun.objects.filter(attempt=attempt).update(queued_at=timezone.now() - timedelta(minutes=2))
    assert "No grading worker is running" in text(page(client, attempt))
    WorkerHeartbeat.objects.create(
        name="w", queues="default,grading.quiz", seen_at=timezone.now(), started_at=timezone.now()
    )
    assert "No grading worker is running" not in text(page(client, attempt))


def test_a_run_that_was_given_up_says_whose_fault_it_is(attempt: Attempt) -> None:
    hand_in(attempt)
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    claim = run_claim(queue="grading.quiz", worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="KeyError")
    answer = page(browse(attempt.enrolment.learner), attempt)
    assert "does not count against your limit" in text(answer)
    assert "hx-get" not in answer.content.decode()
    assert "KeyError" not in answer.content.decode()


def test_staff_have_an_attempt_graded_again_and_the_learner_does_not(attempt: Attempt, world: build.World) -> None:
    hand_in(attempt)
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    claim = run_claim(queue="grading.quiz", worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="KeyError")
    admin = build.person("admin")
    StaffRight.objects.create(person=admin, role="admin", program=world.program)
    address = reverse("grading:attempt-retry", args=[attempt.uuid])
    assert browse(attempt.enrolment.learner).post(address).status_code == 403
    assert "Grade it again" in text(page(browse(admin), attempt))
    assert browse(admin).post(address).status_code == 302
    assert grade_quizzes() == 1
    assert browse(admin).post(address).status_code == 409, "what was graded is not graded again by this"


def test_staff_find_what_is_stuck_and_have_it_graded_again(attempt: Attempt, world: build.World) -> None:
    admin, elsewhere = build.person("admin"), build.person("elsewhere")
    StaffRight.objects.create(person=admin, role="admin", program=world.program)
    StaffRight.objects.create(person=elsewhere, role="admin", program=build.make_world(slug="other").program)
    address = reverse("stuck")
    assert "Nothing is stuck" in text(browse(admin).get(address))
    hand_in(attempt)
    assert "Nothing is stuck" in text(browse(admin).get(address)), "it only waits"
    GradingRun.objects.update(requeues=MOST_REQUEUES)
    claim = run_claim(queue="grading.quiz", worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="KeyError")
    shown = text(browse(admin).get(address))
    assert "Attempt 1, handed in" in shown
    assert "KeyError" in shown
    assert "Nothing is stuck" in text(browse(elsewhere).get(address)), "of their own programs only"
    assert browse(attempt.enrolment.learner).get(address).status_code == 403
    retry = reverse("grading:attempt-retry", args=[attempt.uuid])
    assert browse(admin).post(retry, {"back": "list"}).headers["Location"] == address
    assert AuditEntry.objects.filter(action="grading.retried", person=admin).exists()
    assert "Nothing is stuck" in text(browse(admin).get(address))
    assert grade_quizzes() == 1


def test_the_list_of_what_is_stuck_costs_the_same_for_few_and_many(
    world: build.World, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = build.person("admin")
    StaffRight.objects.create(person=admin, role="admin", program=world.program)
    browser, counts = browse(admin), []
    for size in (2, 7):
        for number in range(size):
            hand_in(build.begin(build.enrol(world, f"learner{size}{number}"), world))
        GradingRun.objects.filter(state="queued").update(requeues=MOST_REQUEUES)
        while (claim := run_claim(queue="grading.quiz", worker="w")) is not None:
            run_give_back(claim=claim, error="KeyError")
        browser.get(reverse("stuck"))
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(reverse("stuck"))
        assert answer.content.decode().count("Attempt 1, handed in") == GradingRun.objects.count()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    monkeypatch.setattr("waymark.dashboard.views.stuck.PAGE_SIZE", 5)
    first = browser.get(reverse("stuck"))
    assert first.content.decode().count("Attempt 1, handed in") == 5
    following = browser.get(reverse("stuck") + first.context["next_url"])
    assert following.content.decode().count("Attempt 1, handed in") == 4


def test_a_run_that_rests_says_when_it_is_tried_again(attempt: Attempt) -> None:
    hand_in(attempt)
    claim = run_claim(queue="grading.quiz", worker="w")
    assert claim is not None
    run_give_back(claim=claim, error="OSError")
    assert "tried again by itself at" in text(page(browse(attempt.enrolment.learner), attempt))


def test_only_the_learner_and_their_staff_see_a_result(attempt: Attempt, world: build.World) -> None:
    hand_in(attempt)
    grade_quizzes()
    stranger, instructor, elsewhere = (build.person(name) for name in ("stranger", "instructor", "elsewhere"))
    cohort = Cohort.objects.create(program=world.program, slug="c", title="C")
    other = Cohort.objects.create(program=world.program, slug="d", title="D")
    Enrolment.objects.filter(pk=attempt.enrolment_id).update(cohort=cohort)
    StaffRight.objects.create(person=instructor, role="instructor", cohort=cohort)
    StaffRight.objects.create(person=elsewhere, role="instructor", cohort=other)
    build.enrol(world, learner=stranger)
    for person, status in ((stranger, 404), (elsewhere, 404), (instructor, 200)):
        for rest in ("", "run/"):
            assert page(browse(person), attempt, rest).status_code == status
    assert page(Client(), attempt).status_code == 302


@pytest.mark.parametrize(
    ("feedback", "left", "shown"),
    [
        (Feedback(), None, "explanation"),
        (Feedback(what="points"), 0, "points"),
        (Feedback(what="total"), 0, "total"),
        (Feedback(when="attempts_used_up"), None, "total"),
        (Feedback(when="attempts_used_up"), 1, "total"),
        (Feedback(when="attempts_used_up"), 0, "explanation"),
    ],
)
def test_what_feedback_shows(feedback: Feedback, left: int | None, shown: str) -> None:
    said = set()
    for kind in ("quiz", "lab", "project"):
        what, withheld = shown_feedback(feedback, left, kind=kind)
        assert what == shown
        assert bool(withheld) == (shown != "explanation")
        said.add(withheld)
    assert len(said) == (1 if shown == "explanation" else 3)


@pytest.mark.parametrize(("what", "key", "points"), [("total", False, False), ("points", False, True)])
def test_the_solution_stays_hidden_where_the_policy_says_so(
    what: str, key: bool, points: bool, db: None, rung: list[str]
) -> None:
    world = build.make_world(policy={**build.POLICY, "default": {"feedback": {"what": what}}})
    enrolment = build.enrol(world)
    attempt = build.begin(enrolment, world, answers=["wrong", False])
    hand_in(attempt)
    grade_quizzes()
    answer = page(browse(enrolment.learner), attempt)
    said = text(answer)
    assert ("Question 1 Not right" in said) == points
    assert "Because." not in said
    assert "A right answer" not in said
    assert "right:" not in said


# -- a completed program --------------------------------------------------------------
def test_a_completed_program_is_said_plainly(enrolment: Enrolment, world: build.World) -> None:
    browser = browse(enrolment.learner)
    today, grades, program = "/learn/", "/learn/grades/small/", "/learn/programs/small/"
    before = text(browser.get(today))
    assert "was done on" not in before
    finish(enrolment, world)
    for page in (today, program):
        assert "Everything that Small asks for was done on" in text(browser.get(page)), page
    assert "you finish" not in text(browser.get(today))
    assert "Set by staff." in text(browser.get(today)), "the project was set without an attempt"
    assert "None" not in text(browser.get(today))
    assert "completed on" in text(browser.get(grades))
    assert "not by the grades of today" not in text(browser.get(grades))
    append(enrolment, world, "PROJ-1", GradeEvent.Kind.OVERRIDE, "10/100")
    assert "not by the grades of today" in text(browser.get(grades))
    assert "Everything that Small asks for was done on" in text(browser.get(today))
    about = browser.get(reverse("catalogue_program", args=["small"]))
    assert "Enrol" in text(about), "one may begin anew"


# -- grades ------------------------------------------------------------------------------
def test_the_grades_page_opens_down_to_the_attempt(attempt: Attempt, world: build.World) -> None:
    hand_in(attempt)
    grade_quizzes()
    second = build.begin(attempt.enrolment, world)
    hand_in(second)
    grade_quizzes()
    answer = browse(attempt.enrolment.learner).get("/learn/grades/small/")
    said = text(answer)
    assert "Quizzes" in said
    assert "1 of 2 graded" in said
    assert "10 of 10" in said
    assert "Attempt 1 6.67 of 10" in said
    assert "It counts." in said
    assert "On track" in said
    assert "Withheld while a rule is open." in said
    for each in (attempt, second):
        assert f"/learn/attempts/{each.uuid}/result/" in answer.content.decode()


def test_grades_before_anything_is_graded_show_no_zero(enrolment: Enrolment) -> None:
    said = text(browse(enrolment.learner).get("/learn/grades/small/"))
    assert "nothing is graded yet" in said
    assert "none yet" in said
    assert "0 %" not in said.replace("70 %", "").replace("80 %", "").replace("20 %", "")


def test_grades_say_when_they_are_behind(enrolment: Enrolment, world: build.World) -> None:
    stale_refresh()
    client = browse(enrolment.learner)
    assert "being brought up to date" not in text(client.get("/learn/grades/small/"))
    Progress.objects.update(release=None)
    assert "being brought up to date" in text(client.get("/learn/grades/small/"))


def test_grades_stay_after_leaving_and_are_nobody_elses(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    assert browse(enrolment.learner).get("/learn/grades/small/").status_code == 200
    assert browse(build.person("stranger")).get("/learn/grades/small/").status_code == 404
    assert browse(enrolment.learner).get("/learn/grades/unknown/").status_code == 404


@pytest.mark.parametrize("others", [0, 8])
def test_pages_cost_the_same_with_more_learners_and_attempts(
    others: int, world: build.World, enrolment: Enrolment, rung: list[str]
) -> None:
    for number in range(others):
        hand_in(build.begin(build.enrol(world, f"other{number}"), world))
    for _ in range(1 + others // 4):
        attempt = build.begin(enrolment, world)
        hand_in(attempt)
    grade_quizzes()
    client = browse(enrolment.learner)
    for url, most in ((f"/learn/attempts/{attempt.uuid}/result/", 9), ("/learn/grades/small/", 6)):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked = ours(queries)
        assert len(asked) == counted.setdefault(url.split("/")[2], len(asked))
        assert len(asked) <= most, "\n".join(asked)


counted: dict[str, int] = {}


def ours(queries: CaptureQueriesContext) -> list[str]:
    """Queries on what the page is about: signing in and the navigation have their own tests."""
    tables = ("grading_", "assessments_", "courses_enrolment", "courses_release", "courses_programmodule", "core_")
    return [query["sql"] for query in queries if any(f'"{table}' in query["sql"] for table in tables)]


# -- API ------------------------------------------------------------------------------------
def test_my_progress_over_the_api(attempt: Attempt) -> None:
    hand_in(attempt)
    grade_quizzes()
    client = browse(attempt.enrolment.learner)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/api/v1/me/progress/")
    assert answer.status_code == 200
    assert len(queries) == 3  # session, person, progress
    (mine,) = answer.json()["items"]
    assert mine["overall"]["percent"] == "66.6667"
    assert mine["activities"] == {"done": 0, "total": 6}
    assert Client().get("/api/v1/me/progress/").status_code == 401
    refused = client.get("/api/v1/me/progress/?cohrt=1")
    assert refused.status_code == 400
    assert "cohrt" in refused.content.decode(), "named"


def test_my_progress_comes_in_pages_like_every_list(attempt: Attempt) -> None:
    learner = attempt.enrolment.learner
    for number in range(4):
        build.enrol(build.make_world(slug=f"more{number}"), learner=learner)
    client = browse(learner)

    def page(**asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client.get("/api/v1/me/progress/", {"page_size": 2, **asked}).json()
        return answer

    def slugs(answer: dict[str, Any]) -> list[str]:
        return [row["program"]["slug"] for row in answer["items"]]

    first = page()
    second = page(cursor=first["next"])
    third = page(cursor=second["next"])
    assert [slugs(each) for each in (first, second, third)] == [["more3", "more2"], ["more1", "more0"], ["small"]]
    assert (first["previous"], third["next"]) == (None, None)
    back = page(cursor=third["previous"])
    assert (slugs(back), slugs(page(cursor=back["previous"]))) == (slugs(second), slugs(first))


@pytest.mark.parametrize(
    "values", [["n", "x", 1], ["n", "2026-01-01T00:00:00", 1], ["n", 5, 1], ["n", "2026-01-01T00:00:00+00:00", "x"]]
)
def test_a_cursor_of_something_else_is_refused(attempt: Attempt, values: list[Any]) -> None:
    direction, *rest = values
    known = keyset_window(order=["id"]).digest
    made = base64.urlsafe_b64encode(json.dumps([direction, known, *rest]).encode()).decode()
    answer = browse(attempt.enrolment.learner).get("/api/v1/me/progress/", {"cursor": made})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "cursor_unreadable")


def test_the_schema_describes_the_operation(db: None) -> None:
    answer = Client().get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    operation = answer.json()["paths"]["/api/v1/me/progress/"]["get"]
    assert operation["operationId"] == "me_progress_read"
