"""What the catalogue says of passing, before anybody enrols."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Program
from grading.models import Policy
from grading.selectors.policy_about import policy_about
from tests.cast import Cast
from tests.flows.scene import ENGINEER, JUNIOR, curriculum_load
from tests.waymark.learn.pages import text_of

pytestmark = pytest.mark.django_db


def test_the_rules_stand_in_the_catalogue_before_enrolling(cast: Cast) -> None:
    said = text_of(cast.browser("stranger").get("/catalogue/north/"))
    assert "What it takes to pass" in said
    assert "At least 70 % overall" in said


def test_the_shipped_program_says_rules_advice_and_bands(cast: Cast) -> None:
    curriculum_load()
    said = text_of(cast.browser("stranger").get(f"/catalogue/{JUNIOR}/")).replace("\N{NO-BREAK SPACE}", " ")
    for sentence in (
        "At least 70 of 100 points in every project",
        "Advice, with no say in passing At least 70 % in the prerequisites quiz",
        "The overall figure is the sum of points of: Module quizzes, Projects.",
        "The best attempt at a quiz counts. There are 3 attempts, unless a quiz says otherwise.",
        "A Excellent 90 %",
        "F Not passing 0 %",
    ):
        assert sentence in said


def test_the_bands_come_from_the_highest_down(cast: Cast) -> None:
    curriculum_load()
    policy = policy_about(Program.objects.get(slug=JUNIOR))
    assert policy is not None
    assert [band.label for band in policy.bands] == ["A", "B", "C", "F"]


def test_weights_are_shares_of_all_weights(cast: Cast) -> None:
    curriculum_load()
    policy = policy_about(Program.objects.get(slug=ENGINEER))
    assert policy is not None
    assert "Module quizzes 40 %, Projects 60 %." in policy.made_of[0].replace("\N{NO-BREAK SPACE}", " ")


def test_a_program_without_a_policy_says_nothing_of_passing(cast: Cast) -> None:
    Policy.objects.filter(program=cast.north).delete()
    assert policy_about(cast.north) is None
    assert "What it takes to pass" not in text_of(cast.browser("stranger").get("/catalogue/north/"))


def test_the_rules_cost_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert policy_about(cast.north)
    assert len(queries) == 1


def test_what_a_program_builds_on_is_called_by_its_title(cast: Cast) -> None:
    curriculum_load()
    page = cast.browser("stranger").get(f"/catalogue/{ENGINEER}/")
    said = text_of(page)
    assert "Junior AI Infrastructure Engineer helps" in said
    assert "junior-ai-infrastructure-engineer helps" not in said
    assert "Difficulty" not in said, "no module of it says how hard it is"
