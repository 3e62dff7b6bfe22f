"""Results and grades in a real browser, on the shipped Junior curriculum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from assessments.models import Attempt
from assessments.services import attempt_hand_in, attempt_start
from courses.curriculum.apply import curriculum_apply
from courses.curriculum.planning.plan import Incoming
from courses.models import Activity, Enrolment, Module, Program
from courses.selectors.openings import openings_of
from courses.services.attestation import attestation_give
from courses.services.enrolment import enrolment_start
from grading.policy.compile import rules_forget
from grading.services.giving_back import MOST_REQUEUES, run_give_back
from grading.services.runs import run_claim
from grading.structure import structure_forget
from grading.tasks import grade_quizzes
from tests.flows.answers import fill
from tests.flows.browser import THEMES, WIDTHS, Walk
from tests.flows.scene import shipped
from waymark.accounts.models import User
from waymark.core import ring
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
QUIZ = "MOD-001/quiz"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No worker and nothing kept of an earlier test: the test itself grades, when it says so."""
    monkeypatch.setattr(ring, "ring", lambda queue: False)
    structure_forget()
    rules_forget()
    yield
    structure_forget()
    rules_forget()


@pytest.fixture
def enrolment(transactional_db: None) -> Enrolment:
    curriculum_apply(actor=Actor.system(), incoming=Incoming(shipped(), "fixtures"))
    program = Program.objects.get(slug__startswith="junior")
    Program.objects.filter(pk=program.pk).update(enrolment_mode="open", published_at="2025-09-01T00:00:00Z")
    program.refresh_from_db()
    learner = User.objects.create_user("learner@demo.test", "waymark-demo", name="Demo Learner")
    actor = Actor.person(learner.pk)
    enrolment = enrolment_start(actor=actor, learner=learner, program=program)
    for condition in openings_of(enrolment).of(Module.objects.get(key="MOD-001").pk).unmet:
        assert condition.requirement_id is not None, condition
        attestation_give(actor=actor, enrolment=enrolment, requirement_id=condition.requirement_id)
    return enrolment


def answered(enrolment: Enrolment, *, wrong_every: int = 0) -> Attempt:
    """A handed-in attempt at the quiz, with every *wrong_every*-th question left empty."""
    actor = Actor.person(enrolment.learner_id)
    activity = Activity.objects.get(path=QUIZ, kind="quiz")
    attempt = attempt_start(actor=actor, enrolment=enrolment, activity=activity)
    fill(attempt, empty_every=wrong_every)
    return attempt_hand_in(actor=actor, attempt=attempt)


def enter(window: Walk, live_server: Any, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def test_the_result_appears_by_itself(enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]) -> None:
    attempt = answered(enrolment, wrong_every=4)
    window = walk()
    enter(window, live_server, enrolment.learner)
    window.page.goto(f"{live_server.url}/learn/attempts/{attempt.uuid}/result/")
    window.page.get_by_text("It is next in the queue.").wait_for()
    window.assert_finished("result-waiting")
    grade_quizzes()
    window.page.get_by_role("heading", name="Questions").wait_for()
    expect(window.page.locator("#live")).to_have_text("Graded.")
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.wait_for_timeout(2500)
    assert not asked, "it has stopped asking"


def test_results_and_grades_are_finished_pages(
    enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]
) -> None:
    grades = f"{live_server.url}/learn/grades/{enrolment.program.slug}/"
    windows = [walk(width=width, theme=theme) for width in WIDTHS for theme in THEMES]

    def finished(url: str, name: str) -> None:
        for window in windows:
            window.page.goto(url)
            window.assert_finished(name)

    for window in windows:
        enter(window, live_server, enrolment.learner)
    finished(grades, "grades-empty")
    first, second = answered(enrolment, wrong_every=2), answered(enrolment)
    grade_quizzes()
    finished(f"{live_server.url}/learn/attempts/{first.uuid}/result/", "result-partly")
    finished(f"{live_server.url}/learn/attempts/{second.uuid}/result/", "result-passed")
    finished(grades, "grades")
    given_up = answered(enrolment)
    claim = run_claim(queue="grading.quiz", worker="w")
    assert claim is not None
    given_up.runs.update(requeues=MOST_REQUEUES)
    run_give_back(claim=claim, error="KeyError")
    finished(f"{live_server.url}/learn/attempts/{given_up.uuid}/result/", "result-failed")


def test_without_scripts_the_result_page_reloads_itself(
    enrolment: Enrolment, live_server: Any, walk: Callable[..., Walk]
) -> None:
    attempt = answered(enrolment)
    window = walk(java_script_enabled=False)
    enter(window, live_server, enrolment.learner)
    window.page.goto(f"{live_server.url}/learn/attempts/{attempt.uuid}/result/")
    grade_quizzes()
    window.page.get_by_role("heading", name="Questions").wait_for()
