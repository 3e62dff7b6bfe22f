"""The main job, whole, as somebody who has never been here: from the sign-up to the graded quiz.

On the shipped curriculum, with a real Celery worker; once with scripts, once without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from assessments.models import Attempt
from assessments.questions.registry import question_types
from courses.models import Enrolment
from grading.policy.compile import rules_forget
from grading.structure import structure_forget
from tests.flows.answers import answer_on_page, asked_in
from tests.flows.browser import Walk, leave
from tests.flows.scene import JUNIOR, curriculum_load
from tests.workers import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ADDRESS, PASSWORD = "first.learner@demo.test", "a long enough one"
PROGRAM = "Junior AI Infrastructure Engineer"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Iterator[str]:
    """The address of a site as ``make up`` leaves it, without its demo people."""
    structure_forget()
    rules_forget()
    curriculum_load()
    yield live_server.url
    structure_forget()
    rules_forget()


def press(page: Page, name: str) -> None:
    leave(page.get_by_role("main").get_by_role("button", name=name, exact=True).first)


def follow(page: Page, name: str) -> None:
    leave(page.get_by_role("main").get_by_role("link", name=name, exact=True).first)


def section(page: Page, name: str) -> None:
    leave(page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first)


def heading(page: Page, name: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("main").get_by_role("heading", name=name).first).to_be_visible()


def sign_up(page: Page, site: str) -> None:
    """From the front door to being in: the address is confirmed by the link of the mail."""
    page.goto(site)
    leave(page.get_by_role("link", name="Create an account"))
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    press(page, "Create account")
    heading(page, "Look into your mail")
    link = re.search(r"http://\S+/confirm-email/\S+", str(mail.outbox[-1].body))
    assert link, mail.outbox[-1].body
    page.goto(link[0])
    press(page, "Yes, confirm it")
    if page.get_by_role("heading", name="Sign in").count():
        page.get_by_label("Email").fill(ADDRESS)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Sign in")
    heading(page, "Today")


def enrol(page: Page) -> None:
    """From having no program to having said what one brings."""
    follow(page, "Open the catalogue")
    follow(page, PROGRAM)
    press(page, "Enrol")
    heading(page, "What you bring")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Confirm what I know")
    heading(page, "Map")
    expect(page.get_by_role("heading", name="What you bring")).to_have_count(0)


def read_first_module(page: Page) -> int:
    """Pass the self-check over and follow Today through the readings of the first module; how many there are."""
    section(page, "Today")
    heading(page, "Prerequisites quiz")
    leave(page.get_by_role("main").get_by_role("listitem").get_by_role("link").first)
    read = 0
    while page.get_by_role("button", name="Done reading, go on").count():
        press(page, "Done reading, go on")
        read += 1
    heading(page, "Hand in")  # an elective lab comes next
    leave(page.get_by_role("navigation", name="Activities of MOD-001").get_by_role("link", name=re.compile("Quiz")))
    return read


def take(page: Page) -> set[str]:
    """Start the quiz whose page is open and answer everything rightly; the types of its questions."""
    press(page, "Start the quiz")
    expect(page.get_by_role("group", name="Question 1").first).to_be_visible()
    attempt = Attempt.objects.get(state="open")
    return {answer_on_page(page, asked) for asked in asked_in(attempt)}


def progress(page: Page) -> dict[str, Any]:
    """What the API says, in the session of the page."""
    answer = page.request.get("/api/v1/me/progress/")
    assert answer.status == 200
    [enrolment] = answer.json()["items"]
    return dict(enrolment)


def assert_everybody_agrees(page: Page, *, quizzes: int, read: int) -> None:
    """Today, the list of modules and the API tell the same."""
    told = progress(page)
    assert told["program"]["slug"] == JUNIOR
    assert told["activities"]["done"] == quizzes + read
    [module] = [each for each in told["module_states"] if each["id"] == "MOD-001"]
    assert (module["complete"], module["done"]) == (True, module["total"])
    section(page, "Today")
    hours = page.get_by_role("img", name=re.compile("hours done")).get_attribute("aria-label") or ""
    assert hours.startswith(f"{told['hours']['done']} of {told['hours']['total']} hours"), hours
    expect(page.get_by_role("main").get_by_text("10 of 10").first).to_be_visible()
    section(page, "My program")
    row = page.get_by_role("row").filter(has_text="MOD-001")
    expect(row).to_contain_text("Done")


def test_from_sign_up_to_a_graded_quiz(site: str, walk: Callable[..., Walk], celery_worker: Worker) -> None:
    window = walk(base_url=site)
    page = window.page
    sign_up(page, site)
    enrol(page)
    read = read_first_module(page)
    assert read == 4
    heading(page, re.compile("Quiz"))
    types = take(page)
    expect(page.locator("[data-answered-count]")).to_have_text("10")
    press(page, "Hand in")
    page.wait_for_url("**/result/")
    heading(page, "Questions")
    expect(page.get_by_role("main")).to_contain_text("10 of 10")
    window.assert_quiet()
    assert_everybody_agrees(page, quizzes=1, read=read)
    page.goto(f"/learn/programs/{JUNIOR}/activities/MOD-003/quiz/")
    types |= take(page)
    press(page, "Hand in")
    page.wait_for_url("**/result/")
    heading(page, "Questions")
    expect(page.get_by_role("main")).to_contain_text("10 of 10")
    assert types == set(question_types())
    window.assert_quiet()


def test_the_same_without_scripts(site: str, walk: Callable[..., Walk], celery_worker: Worker) -> None:
    page = walk(base_url=site, java_script_enabled=False, width=360).page
    sign_up(page, site)
    enrol(page)
    read = read_first_module(page)
    take(page)
    press(page, "Save")
    expect(page.locator("[data-answered-count]")).to_have_text("10")
    press(page, "Hand in")
    page.wait_for_url("**/result/")
    heading(page, "Questions")
    expect(page.get_by_role("main")).to_contain_text("10 of 10")
    assert_everybody_agrees(page, quizzes=1, read=read)
    assert Enrolment.objects.get().learner.email == ADDRESS
