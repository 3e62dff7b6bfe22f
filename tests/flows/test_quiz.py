"""Taking a quiz in a browser: autosave, a lost connection, a second device, the clock, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Attempt, Response
from assessments.services import SentResponse, attempt_hand_in, attempt_start, response_save
from courses.models import Activity, Enrolment, Program
from tests.assessments.conftest import enrolled, person
from tests.assessments.tree import released
from tests.flows.browser import THEMES, WIDTHS, Walk
from tests.workers import wait_for
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


@pytest.fixture
def enrolment(transactional_db: None, tmp_path: Path) -> Enrolment:
    released(tmp_path)
    return enrolled(person("learner@demo.test"), Program.objects.get(slug="junior"))


@pytest.fixture
def begin(enrolment: Enrolment) -> Callable[..., Attempt]:
    def begin(key: str = "quiz") -> Attempt:
        activity = Activity.objects.get(path=f"MOD-001/{key}")
        return attempt_start(actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=activity)

    return begin


@pytest.fixture
def signed_in(walk: Callable[..., Walk], live_server: Any, enrolment: Enrolment) -> Callable[..., Walk]:
    """A window of the learner; each is a device of its own."""

    def opened(**options: Any) -> Walk:
        client = Client()
        client.force_login(enrolment.learner)
        window = walk(base_url=live_server.url, **options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        window.context.add_cookies([cookie])
        return window

    return opened


def value(attempt: Attempt, number: int) -> Any:
    rows = Response.objects.filter(attempt_question__attempt=attempt, attempt_question__position=number)
    return rows.values_list("value", flat=True).get()


def comes_true(attempt: Attempt, number: int, expected: Any) -> None:
    wait_for(lambda: value(attempt, number) == expected, what=f"the answer {expected!r} to question {number}")


def question(page: Page, number: int) -> Any:
    return page.locator(f"#q{number}")


def test_answers_are_saved_as_one_goes_and_are_there_after_a_reload(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt]
) -> None:
    attempt, window = begin(), signed_in()
    page = window.page
    page.goto(attempt.get_absolute_url())
    question(page, 1).get_by_role("radio", name="containerd").check()
    question(page, 2).get_by_label("Base").check()
    question(page, 2).get_by_label("Dependencies").check()
    question(page, 3).get_by_role("radio", name="True").check()
    question(page, 4).get_by_label("Your answer, a number").fill("1,5 GB")
    question(page, 5).get_by_label("Your answer").fill("etcd")
    for number, expected in enumerate(["correct", ["correct-1", "correct-2"], True, "1,5 GB", "etcd"], start=1):
        comes_true(attempt, number, expected)
    expect(question(page, 4).locator("[data-remark]")).to_have_text("Read as 1.5 GB.")
    expect(question(page, 5).locator("[data-state]")).to_have_text(SAVED)
    expect(page.get_by_role("complementary").locator("[data-save-state]")).to_have_text(SAVED)
    expect(page.locator("[data-answered-count]")).to_have_text("5")
    page.reload()
    expect(question(page, 1).get_by_role("radio", name="containerd")).to_be_checked()
    expect(question(page, 5).get_by_label("Your answer")).to_have_value("etcd")
    window.assert_quiet()


def test_an_answer_can_be_cleared(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, page = begin(), signed_in().page
    page.goto(attempt.get_absolute_url())
    question(page, 3).get_by_role("radio", name="False").check()
    comes_true(attempt, 3, False)
    question(page, 3).get_by_role("button", name="Clear the answer").click()
    comes_true(attempt, 3, None)
    expect(page.locator("[data-answered-count]")).to_have_text("0")


def test_every_other_type_is_saved_too(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, page = begin("others"), signed_in().page
    page.goto(attempt.get_absolute_url())
    for place, text in enumerate(["Build", "Push", "Run"], start=1):
        question(page, 1).get_by_role("combobox", name=f"Place of {text}").select_option(str(place))
    question(page, 2).get_by_label("Image").select_option(label=_entry(page, "Immutable"))
    question(page, 3).get_by_label("Gap B").fill("image")
    question(page, 4).get_by_role("radio", name="[0, 1, 2]").check()
    comes_true(attempt, 1, {"step-1": 1, "step-2": 2, "step-3": 3})
    comes_true(attempt, 2, {"p1": "p1"})
    comes_true(attempt, 3, {"from": "image"})
    comes_true(attempt, 4, "right-one")


def _entry(page: Page, text: str) -> str:
    entries = question(page, 2).get_by_label("Image").locator("option").all_text_contents()
    return next(entry for entry in entries if entry.endswith(text))


def test_without_a_connection_nothing_is_lost(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, window = begin(), signed_in()
    page = window.page
    page.goto(attempt.get_absolute_url())
    window.context.set_offline(True)
    question(page, 3).get_by_role("radio", name="True").check()
    question(page, 5).get_by_label("Your answer").fill("etcd")
    state = page.get_by_role("complementary").locator("[data-save-state]")
    expect(state).to_have_text("Not saved: no connection, kept on this device")
    page.get_by_role("complementary").get_by_role("button", name="Hand in").click()
    expect(state).to_contain_text("Not handed in: no connection")
    assert (value(attempt, 3), value(attempt, 5)) == (None, None)
    window.context.set_offline(False)
    comes_true(attempt, 3, True)
    comes_true(attempt, 5, "etcd")
    expect(state).to_have_text(SAVED)
    expect(page.locator("#live")).to_have_text(SAVED)


def test_what_was_kept_is_sent_at_the_next_visit(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, window = begin(), signed_in()
    page = window.page
    page.goto(attempt.get_absolute_url())
    page.route("**/api/v1/**", lambda route: route.abort())
    question(page, 5).get_by_label("Your answer").fill("etcd")
    expect(page.get_by_role("complementary").locator("[data-save-state]")).to_have_text(
        "Not saved: no connection, kept on this device"
    )
    page.goto("about:blank")
    page.unroute("**/api/v1/**")
    page.goto(attempt.get_absolute_url())
    expect(question(page, 5).get_by_label("Your answer")).to_have_value("etcd")
    comes_true(attempt, 5, "etcd")
    wait_for(lambda: page.evaluate("localStorage.length") == 0, what="an empty shelf")


def test_a_second_device_is_told_and_the_person_decides(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt]
) -> None:
    attempt, first, second = begin(), signed_in().page, signed_in().page
    for page in (first, second):
        page.goto(attempt.get_absolute_url())
    question(first, 5).get_by_label("Your answer").fill("etcd")
    comes_true(attempt, 5, "etcd")
    question(second, 5).get_by_label("Your answer").fill("consul")
    note = question(second, 5).get_by_role("alert")
    expect(note).to_contain_text("answered differently in another tab")
    expect(note.locator("[data-theirs]")).to_have_text("etcd")
    expect(note.locator("[data-mine]")).to_have_text("consul")
    assert value(attempt, 5) == "etcd"
    state = second.get_by_role("complementary").locator("[data-save-state]")
    question(second, 3).get_by_role("radio", name="True").check()
    expect(question(second, 3).locator("[data-state]")).to_have_text(SAVED)
    expect(state).to_contain_text("question 5 has two answers")
    second.get_by_role("complementary").get_by_role("button", name="Hand in").click()
    expect(state).to_contain_text("Not handed in")
    expect(question(second, 5)).to_be_focused()
    note.get_by_role("button", name="Keep mine").click()
    comes_true(attempt, 5, "consul")
    expect(note).to_have_count(0)
    expect(state).to_have_text(SAVED)
    question(first, 5).get_by_label("Your answer").fill("zookeeper")
    question(first, 5).get_by_role("button", name="Take the other").click()
    expect(question(first, 5).get_by_label("Your answer")).to_have_value("consul")
    assert value(attempt, 5) == "consul"


def test_handing_in_names_what_is_open_then_shows_the_result(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt]
) -> None:
    attempt, window = begin(), signed_in()
    page = window.page
    page.goto(attempt.get_absolute_url())
    question(page, 5).get_by_label("Your answer").fill("etcd")
    page.get_by_role("complementary").get_by_role("button", name="Hand in").dblclick()
    expect(page.get_by_role("alert")).to_contain_text("4 questions have no answer yet")
    assert value(attempt, 5) == "etcd"
    page.get_by_role("button", name="Hand in anyway").dblclick()
    page.wait_for_url(f"**/learn/attempts/{attempt.uuid}/result/")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by_system) == ("handed_in", False)
    window.assert_quiet()


def test_an_attempt_closed_elsewhere_keeps_the_late_answer_on_the_page(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt]
) -> None:
    attempt, page = begin(), signed_in().page
    page.goto(attempt.get_absolute_url())
    attempt_hand_in(actor=Actor.person(attempt.enrolment.learner_id), attempt=attempt)
    question(page, 5).get_by_label("Your answer").fill("etcd")
    expect(question(page, 5).locator("[data-state]")).to_contain_text("came too late")
    expect(question(page, 5).get_by_label("Your answer")).to_have_value("etcd")
    page.get_by_role("link", name="See the result").click()
    page.wait_for_url("**/result/")
    assert value(attempt, 5) is None


def shift(attempt: Attempt, by: timedelta) -> None:
    """As if the attempt had begun earlier by *by*."""
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - by, deadline_at=attempt.deadline_at - by, closes_at=attempt.closes_at - by
    )


def test_the_clock_warns_and_hands_in_what_was_answered(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt]
) -> None:
    attempt, page = begin(), signed_in().page
    shift(attempt, attempt.deadline_at - timezone.now() - timedelta(seconds=69))
    page.goto(attempt.get_absolute_url())
    left = page.get_by_role("complementary").locator("[data-time-left]")
    expect(left).to_have_text(re.compile(r"^1:0\d left$"))
    expect(page.locator("#live")).to_have_text("One minute left")
    attempt.refresh_from_db()
    shift(attempt, attempt.deadline_at - timezone.now() - timedelta(seconds=10))
    page.goto(attempt.get_absolute_url())
    question(page, 5).get_by_label("Your answer").fill("etcd")
    page.wait_for_url("**/result/")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by_system, value(attempt, 5)) == ("handed_in", False, "etcd")


def test_it_works_without_scripts(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, window = begin(), signed_in(java_script_enabled=False)
    page = window.page
    page.goto(attempt.get_absolute_url())
    question(page, 1).get_by_role("radio", name="containerd").check()
    question(page, 5).get_by_label("Your answer").fill("etcd")
    question(page, 5).get_by_label("Your answer").press("Enter")
    expect(question(page, 5).locator("[data-state]")).to_have_text(SAVED)
    assert (value(attempt, 1), value(attempt, 5)) == ("correct", "etcd")
    attempt.refresh_from_db()
    assert attempt.state == "open"
    page.get_by_role("complementary").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("3 questions have no answer yet")
    page.get_by_role("button", name="Hand in anyway").click()
    page.wait_for_url("**/result/")


def test_everything_can_be_done_by_keyboard(signed_in: Callable[..., Walk], begin: Callable[..., Attempt]) -> None:
    attempt, page = begin("plain"), signed_in().page
    page.goto(attempt.get_absolute_url())
    question(page, 1).get_by_role("radio", name="True").focus()
    page.keyboard.press("ArrowDown")
    comes_true(attempt, 1, False)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "hand_in":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_finished(
    signed_in: Callable[..., Walk], begin: Callable[..., Attempt], width: int, theme: Any
) -> None:
    attempt, others = begin(), begin("others")
    actor = Actor.person(attempt.enrolment.learner_id)
    response_save(actor=actor, attempt=attempt, sent=SentResponse(3, True, 0))
    response_save(actor=actor, attempt=attempt, sent=SentResponse(4, "1,5 GB", 0))
    window = signed_in(width=width, theme=theme)
    page = window.page
    page.goto(attempt.get_absolute_url())
    expect(page.get_by_role("complementary").locator("[data-time-left]")).to_be_visible()
    window.assert_finished("attempt")
    page.goto(others.get_absolute_url())
    window.assert_finished("attempt-types")
    page.get_by_role("complementary").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    window.assert_finished("attempt-confirm")
    page.goto(attempt.get_absolute_url())
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0))
    question(page, 5).get_by_label("Your answer").fill("consul")
    expect(page.get_by_role("alert")).to_be_visible()
    window.complaints.clear()  # the browser writes the refused save (409) into its console
    window.assert_finished("attempt-conflict")
