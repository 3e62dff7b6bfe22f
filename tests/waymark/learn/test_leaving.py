"""Leaving a program: asked first, undone by nobody, and the grades stay within reach."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from assessments.services import attempt_hand_in, attempt_start
from courses.models import Activity, Enrolment, Program
from courses.services.enrolment import enrolment_start
from grading.tasks import grade_quizzes
from tests.cast import Cast
from tests.waymark.learn.pages import text_of

pytestmark = pytest.mark.django_db

ABOUT = "/catalogue/north/"
LEAVE = "/catalogue/north/leave/"


def state_of(cast: Cast, name: str) -> str:
    return Enrolment.objects.get(pk=cast.enrolments[name].pk).state


@pytest.fixture
def learner(cast: Cast) -> Client:
    return cast.browser("learner")


def test_leaving_is_asked_first(cast: Cast, learner: Client) -> None:
    about = learner.get(ABOUT).content.decode()
    assert f'href="{LEAVE}"' in about
    assert 'value="leave"' not in about
    said = text_of(learner.get(LEAVE))
    assert "grades and your history are kept" in said
    assert "You can enrol again at any time." in said
    assert "under way" not in said
    assert state_of(cast, "learner") == "active"


def test_one_click_of_the_old_button_leaves_nothing(cast: Cast, learner: Client) -> None:
    assert learner.post("/catalogue/north/change/", {"change": "leave"}).status_code == 400
    assert state_of(cast, "learner") == "active"


def test_leaving_twice_is_once(cast: Cast, learner: Client) -> None:
    for _ in range(2):
        answer = learner.post(LEAVE)
        assert (answer.status_code, answer["Location"]) == (302, ABOUT)
    assert state_of(cast, "learner") == "withdrawn"
    assert learner.get(LEAVE)["Location"] == ABOUT
    assert Enrolment.objects.filter(learner=cast.learner, program=cast.north).count() == 1


def test_a_quiz_under_way_is_named(cast: Cast, learner: Client) -> None:
    quiz = Activity.objects.get(program=cast.north, path="MOD-1/quiz")
    actor = cast.actor("learner")
    attempt = attempt_start(actor=actor, enrolment=cast.enrolments["learner"], activity=quiz)
    assert "It ends when you leave" in text_of(learner.get(LEAVE))
    attempt_hand_in(actor=actor, attempt=attempt)
    assert "It ends when you leave" not in text_of(learner.get(LEAVE))


@pytest.mark.parametrize(
    ("mode", "said"),
    [("approval", "You can ask for a place again."), ("invitation", "You can come back with a new invitation.")],
)
def test_the_way_back_is_that_of_the_program(cast: Cast, learner: Client, mode: str, said: str) -> None:
    Program.objects.filter(pk=cast.north.pk).update(enrolment_mode=mode)
    assert said in text_of(learner.get(LEAVE))


def test_a_request_is_taken_back(cast: Cast) -> None:
    stranger = cast.browser("stranger")
    request = enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.south)
    page = stranger.get("/catalogue/south/leave/")
    assert "Take the request back" in text_of(page)
    assert "your grades" not in text_of(page)
    said = text_of(stranger.post("/catalogue/south/leave/", follow=True))
    assert "Your request is taken back." in said
    request.refresh_from_db()
    assert request.state == "declined"


# -- what stays within reach ---------------------------------------------------------------
GRADES = "/learn/grades/north/"


def left_link(cast: Cast) -> str:
    return f'href="{GRADES}?enrolment={cast.enrolments["withdrawn"].uuid}"'


def test_today_and_grades_lead_to_what_was_left(cast: Cast) -> None:
    browser = cast.browser("withdrawn")
    today = browser.get("/learn/")
    assert "You are in no program" in text_of(today)
    assert left_link(cast) in today.content.decode()
    assert browser.get("/learn/grades/")["Location"] == GRADES
    said = text_of(browser.get(GRADES))
    assert "You left this program" in said
    assert "left on" in said


@pytest.mark.parametrize("address", ["/catalogue/", ABOUT])
def test_the_catalogue_leads_to_the_grades(cast: Cast, address: str) -> None:
    assert f'href="{GRADES}"' in cast.browser("withdrawn").get(address).content.decode()
    assert f'href="{GRADES}"' not in cast.browser("stranger").get(address).content.decode()


def test_a_new_start_leaves_the_earlier_grades_within_reach(cast: Cast) -> None:
    browser = cast.browser("withdrawn")
    again = enrolment_start(actor=cast.actor("withdrawn"), learner=cast.withdrawn, program=cast.north)
    for address in ("/learn/", GRADES):
        assert left_link(cast) in browser.get(address).content.decode()
    assert browser.get(GRADES).context["grades"].enrolment == again
    earlier = browser.get(f"{GRADES}?enrolment={cast.enrolments['withdrawn'].uuid}")
    assert earlier.context["grades"].enrolment == cast.enrolments["withdrawn"]
    assert left_link(cast) not in earlier.content.decode()


@pytest.mark.parametrize("stated", ["", "none", "00000000-0000-7000-8000-000000000000"])
def test_an_enrolment_that_is_none_is_not_found(cast: Cast, stated: str) -> None:
    assert cast.browser("withdrawn").get(f"{GRADES}?enrolment={stated}").status_code == 404


def test_the_enrolment_of_somebody_else_is_not_found(cast: Cast) -> None:
    theirs = cast.enrolments["learner"].uuid
    assert cast.browser("withdrawn").get(f"{GRADES}?enrolment={theirs}").status_code == 404


def test_the_grades_of_what_was_left_lead_nowhere_closed(cast: Cast, learner: Client) -> None:
    """Every link of the grades and of the result still answers."""
    quiz = Activity.objects.get(program=cast.north, path="MOD-1/quiz")
    actor = cast.actor("learner")
    attempt = attempt_start(actor=actor, enrolment=cast.enrolments["learner"], activity=quiz)
    attempt_hand_in(actor=actor, attempt=attempt)
    grade_quizzes()
    learner.post(LEAVE)
    for address in (GRADES, f"/learn/attempts/{attempt.uuid}/result/"):
        page = learner.get(address)
        assert page.status_code == 200
        found = set(re.findall(r'href="(/(?:learn|catalogue)/[^"#]*)"', page.content.decode()))
        assert found
        for link in found:
            assert learner.get(link, follow=True).status_code == 200, f"{address} leads to {link}"
