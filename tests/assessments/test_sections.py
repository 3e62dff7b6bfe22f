"""Sections of a quiz: where they begin, what stands above them, and that shuffled questions stay in theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pydantic import ValidationError

from assessments.curriculum.bodies import QuizBody
from assessments.models import Attempt
from assessments.services import attempt_hand_in
from assessments.services.drawing import Drawable, questions_draw, section_at
from courses.curriculum.native.checks import checked
from courses.curriculum.native.reader import read_tree
from courses.models import Entity
from grading.tasks import grade_quizzes
from tests.assessments.conftest import Find, Start
from tests.assessments.tree import TREE
from tests.courses.projecting import write_tree
from waymark.core.actors import Actor

SECTIONS = [{"title": "One", "first": 2}, {"title": "Two", "first": 4}, {"first": 6}]


def test_a_question_stands_in_the_section_that_began_last() -> None:
    assert [section_at(SECTIONS, place) for place in range(1, 8)] == [None, 0, 0, 1, 1, 2, 2]
    assert section_at([], 1) is None


def test_shuffled_questions_stay_in_their_section_and_sections_in_order() -> None:
    questions = [Drawable(key, "", section_at(SECTIONS, key)) for key in range(1, 8)]
    orders = {tuple(questions_draw(questions, [], seed=seed, shuffle=True)) for seed in range(40)}
    assert {order[0] for order in orders} == {1}
    for part in (slice(1, 3), slice(3, 5), slice(5, 7)):
        assert len({order[part] for order in orders}) == 2
        assert len({frozenset(order[part]) for order in orders}) == 1


def test_drawn_questions_stand_in_their_section() -> None:
    questions = [Drawable(key, "p" if key in (2, 3) else "", section_at(SECTIONS, key)) for key in range(1, 8)]
    for seed in range(10):
        asked = questions_draw(questions, [("p", 1)], seed=seed, shuffle=True)
        assert asked[1] in (2, 3)
        assert set(asked[2:4]) == {4, 5}


@pytest.mark.parametrize("firsts", [(2, 2), (4, 2)])
def test_sections_out_of_order_are_refused(firsts: tuple[int, int]) -> None:
    sections = [{"title": f"At {first}", "first": first} for first in firsts]
    with pytest.raises(ValidationError, match="sections stand in the order of their questions"):
        QuizBody(title="Quiz", points=1, sections=sections)


def test_a_section_behind_the_last_question_and_a_draw_of_too_many_are_found(tmp_path: Path) -> None:
    module = TREE["junior/mod-001.yaml"].replace("{first: 7}", "{first: 8}")
    reading = read_tree(write_tree(tmp_path, TREE | {"junior/mod-001.yaml": module}))
    found = {each.rule: each for each in checked(reading)}
    assert set(found) == {"native.section_start", "native.draw_too_large"}
    assert found["native.section_start"].severity == "error"
    assert found["native.section_start"].message == "The section 3 begins with question 8; the quiz has 7."
    assert found["native.draw_too_large"].message == "9 questions are drawn from the pool hard, which has 1."
    lines = (tmp_path / "junior/mod-001.yaml").read_text().splitlines()
    assert "{first: 8}" in lines[found["native.section_start"].line - 1]
    assert "draws:" in lines[found["native.draw_too_large"].line - 1]


@pytest.fixture
def attempt(start: Start) -> Attempt:
    return start("parts", now=timezone.now())


@pytest.fixture
def client(attempt: Attempt) -> Client:
    client = Client()
    client.force_login(attempt.enrolment.learner)
    return client


def test_an_attempt_keeps_the_section_of_each_question(attempt: Attempt) -> None:
    asked = attempt.questions.select_related("revision").order_by("position")
    assert [each.section for each in asked] == [None, 0, 0, 0, 1, 1, 2]
    assert {each.revision.body["stem"] for each in asked[1:4]} == {"First one.", "First two.", "First three."}


def test_the_page_shows_each_section_above_its_first_question(client: Client, attempt: Attempt) -> None:
    page = client.get(attempt.get_absolute_url()).content.decode()
    places = [
        page.index(text)
        for text in ("Before all.", "Section 1: <code>docker</code>", "<strong>this</strong> first", "Section 2</h2>",
                     "Further questions", "Behind all.")
    ]  # fmt: skip
    assert places == sorted(places)
    assert page.index('id="q1"') < places[1] < page.index('id="q2"')
    assert page.index('id="q4"') < places[3] < page.index('id="q5"')


def test_clients_get_the_sections_with_the_number_of_their_first_question(client: Client, attempt: Attempt) -> None:
    assert client.get(f"/api/v1/attempts/{attempt.uuid}/").json()["sections"] == [
        {"first": 2, "title": "Section 1: `docker`", "text": "Read **this** first."},
        {"first": 5, "title": "Section 2", "text": ""},
        {"first": 7, "title": "", "text": ""},
    ]


def test_sections_that_no_longer_fit_the_questions_are_left_out(start: Start, quiz: Find) -> None:
    Entity.objects.filter(path="MOD-001/parts/d").update(retired_at=timezone.now())
    assert {each.section for each in start("parts").questions.all()} == {None}


def test_the_result_shows_each_section_above_its_first_question(client: Client, attempt: Attempt) -> None:
    attempt_hand_in(actor=Actor.person(attempt.enrolment.learner_id), attempt=attempt)
    grade_quizzes()
    page = client.get(f"/learn/attempts/{attempt.uuid}/result/").content.decode()
    assert page.index('id="question-2"') < page.index("Section 1: <code>docker</code>") < page.index('id="question-3"')
    assert page.index('id="question-7"') < page.index("Further questions")
    assert page.count("Section 2") == 1
