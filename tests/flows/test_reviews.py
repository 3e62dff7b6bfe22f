"""Reviewing in a browser: ten projects by the keyboard alone, and two people at one review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from assessments.models import Mark, Submission
from courses.models import Program
from grading.models import Grade
from grading.policy.compile import rules_forget
from grading.services.review_drafts import review_begin
from grading.structure import structure_forget
from tests.flows.browser import Walk
from tests.grading import labs, projects
from waymark.accounts.models import User
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(tmp_path: Path, transactional_db: None) -> Program:
    structure_forget()
    rules_forget()
    return projects.released(tmp_path / "tree")


def signed_in(walk: Walk, person: User, address: str) -> Walk:
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    walk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
    return walk


def test_ten_projects_are_scored_with_the_keyboard_alone(
    program: Program, live_server: Any, walk: Callable[..., Walk]
) -> None:
    learners = [labs.enrolled(program, f"learner{number}@demo.test") for number in range(10)]
    for number, enrolment in enumerate(learners):
        projects.hand_in(enrolment, f"print({number})\n".encode())
    page = signed_in(walk(base_url=live_server.url), projects.reviewer(program), live_server.url).page
    page.goto("/teach/reviews/")
    press = page.keyboard.press
    press("n")
    for number in range(10):
        expect(page.get_by_role("heading", name="A service", level=1)).to_be_visible()
        expect(page.get_by_text(f"print({number})")).to_be_visible()
        expect(page.locator("[data-open]")).to_have_text("2 criteria are open")
        # The middle level of the first criterion; its comment; then typed points, and past the bonus.
        press("2")
        press("k")
        press("c")
        page.keyboard.type(f"Seen {number}")
        press("Escape")
        press("j")
        page.keyboard.type(str(number))
        press("Enter")
        expect(page.locator("[data-open]")).to_have_text("Every criterion has points")
        expect(page.locator("[data-given]")).to_have_text(str(40 + number))
        expect(page.locator("[data-save-state]")).to_contain_text("Saved")
        press("Shift+R")
        if number < 9:
            expect(page.locator("[data-open]")).to_have_text("2 criteria are open")
    expect(page.get_by_text("Nothing waits for a review")).to_be_visible()
    points = Grade.objects.order_by("enrolment_id").values_list("points", flat=True)
    assert [float(each) for each in points] == [(40 + number) / 2 for number in range(10)]
    comments = Mark.objects.filter(position=1).order_by("review_id").values_list("comment", flat=True)
    assert list(comments) == [f"Seen {number}" for number in range(10)]


def test_two_people_at_one_review_lose_nothing(program: Program, live_server: Any, walk: Callable[..., Walk]) -> None:
    submission = projects.hand_in(labs.enrolled(program)).submission
    first, second = projects.reviewer(program), projects.reviewer(program, "admin@demo.test")
    review = review_begin(actor=Actor.person(first.pk), submission=submission)
    key = review.marks.get(position=1).criterion_id
    one = signed_in(walk(base_url=live_server.url), first, live_server.url).page
    two = signed_in(walk(base_url=live_server.url), second, live_server.url).page
    one.goto(review.get_absolute_url())
    one.locator(f"#comment-{key}").fill("From the first")
    expect(one.locator("[data-save-state]")).to_contain_text("Saved")
    # A colleague sees that it is begun, and not what is in it, until they take it over.
    two.goto(review.get_absolute_url())
    expect(two.get_by_text("From the first")).to_have_count(0)
    two.get_by_role("button", name="Take it over").click()
    expect(two.locator(f"#comment-{key}")).to_have_value("From the first")
    two.locator(f"#comment-{key}").fill("From the second")
    expect(two.locator("[data-save-state]")).to_contain_text("Saved")
    # The first one types on: both versions stand on their page, theirs in the fields.
    one.locator(f"#points-{key}").fill("55")
    expect(one.get_by_role("alert")).to_contain_text("Somebody has taken this review over.")
    expect(one.locator(f"#comment-{key}")).to_have_value("From the first")
    expect(one.locator(f"#points-{key}")).to_have_value("55")
    expect(one.get_by_text("From the second")).to_be_visible()
    one.get_by_role("button", name="Take it over").first.click()
    expect(one.locator(f"#points-{key}")).to_have_value("55")
    one.get_by_role("button", name="Save draft").click()
    expect(one.locator(f"#comment-{key}")).to_have_value("From the first")
    mark = review.marks.get(position=1)
    assert (str(mark.points), mark.comment) == ("55.0000", "From the first")


def test_a_learner_hands_a_project_in_and_reads_its_review(
    program: Program, live_server: Any, walk: Callable[..., Walk], tmp_path: Path
) -> None:
    enrolment = labs.enrolled(program)
    window = signed_in(walk(base_url=live_server.url, width=360), enrolment.learner, live_server.url)
    page = window.page
    page.goto("/learn/programs/junior/activities/PROJ-01/")
    expect(page.get_by_text("As a stranger would try it.")).to_be_visible()
    window.assert_finished("project-open")
    work = tmp_path / "main.py"
    work.write_text("print('served')\n")
    page.get_by_label("Files").set_input_files(work)
    page.get_by_role("button", name="Hand in these files").click()
    expect(page.get_by_text("Your work is kept until somebody of the staff has looked at it.")).to_be_visible()
    window.assert_finished("project-waiting")
    projects.reviewed(projects.reviewer(program), Submission.objects.get(), works="40", tests="30")
    page.reload()
    expect(page.get_by_text("30 of 40")).to_be_visible()
    window.assert_finished("project-reviewed")
    page.goto("/learn/programs/junior/activities/PROJ-01/")
    window.assert_finished("project-again")
