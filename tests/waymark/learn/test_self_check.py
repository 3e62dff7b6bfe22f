"""The quiz that tells a beginner whether to prepare first: offered before everything else, and never again after it."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.models import Quiz
from courses.models import Activity, Enrolment
from courses.services.enrolment import enrolment_pause, enrolment_start
from tests.cast import Cast
from tests.flows.scene import JUNIOR, begun_module, curriculum_load, read
from tests.waymark.learn.pages import text_of

pytestmark = pytest.mark.django_db

QUIZ = f"/learn/programs/{JUNIOR}/activities/prerequisites-quiz/"


@pytest.fixture
def begun(cast: Cast) -> Enrolment:
    """The stranger, who has just begun the Junior program."""
    program = curriculum_load()[JUNIOR]
    return enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=program)


@pytest.fixture
def browser(cast: Cast, begun: Enrolment) -> Client:
    return cast.browser("stranger")


def test_who_begins_is_offered_the_self_check_first(browser: Client) -> None:
    page = browser.get("/learn/")
    assert page.context["check"].row.shape.path == "prerequisites-quiz"
    html, said = page.content.decode(), text_of(page)
    assert said.index("Prerequisites quiz") < said.index("Say what you bring")
    assert "Before you begin, if you like" in said
    assert "It counts nothing and locks nothing." in said
    assert f'href="{QUIZ}"' in html
    assert html.count("btn-primary") == 1, "one next step"


def test_it_stays_first_beside_the_way_to_begin_at_once(browser: Client, begun: Enrolment) -> None:
    begun_module(begun)
    page = browser.get("/learn/")
    assert page.context["check"].row.shape.path == "prerequisites-quiz"
    assert page.context["after"][0].row.shape.module_id is not None
    assert "Or begin with" in text_of(page)


def test_once_something_is_begun_it_is_not_offered_any_more(browser: Client, begun: Enrolment) -> None:
    read(begun, begun_module(begun), most=1)
    page = browser.get("/learn/")
    assert page.context["check"] is None
    assert page.context["step"].why == "You have begun MOD-001, and this is the next step in it."


def test_who_paused_is_offered_nothing(cast: Cast, browser: Client, begun: Enrolment) -> None:
    enrolment_pause(actor=cast.actor("stranger"), enrolment=begun)
    assert browser.get("/learn/").context["check"] is None


def test_a_quiz_that_counts_is_no_self_check(browser: Client, begun: Enrolment) -> None:
    quiz = Activity.objects.get(program=begun.program, path="prerequisites-quiz")
    Quiz.objects.filter(pk=quiz.pk).update(advice_only=False)
    assert browser.get("/learn/").context["check"] is None
