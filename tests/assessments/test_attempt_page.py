"""The page of an attempt without scripts: answering, saving, handing in, closed attempts, who sees what."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt, Response
from assessments.questions import normalise_response
from assessments.selectors import AttemptPage, attempt_page
from assessments.services import SentResponse, attempt_hand_in, attempt_start, response_save
from courses.models import Cohort, Enrolment, Program, StaffRight
from tests.assessments.conftest import Find, Start, enrolled, named, person
from waymark.core.actors import Actor

SECRETS = ["correct", "wrong-1", "step-1", "right-one", "p1", "The runtime does.", "Yes it does.", "1500", "etcd"]


@pytest.fixture
def client(enrolment: Enrolment) -> Client:
    client = Client()
    client.force_login(enrolment.learner)
    return client


@pytest.fixture
def begin(start: Start) -> Start:
    """Start now, by the real clock, since pages read it."""
    return lambda key="quiz": start(key, now=timezone.now())


def shown(attempt: Attempt) -> AttemptPage:
    return attempt_page(Attempt.objects.select_related("enrolment__program").get(pk=attempt.pk), timezone.now())


def form(attempt: Attempt, **answers: Any) -> dict[str, Any]:
    """What a browser posts: every field as shown, with *answers* (``q5="etcd"``) in place of some."""
    data: dict[str, Any] = {}
    for question in shown(attempt).questions:
        control = question.control
        data[f"{question.field}.version"], data[f"{question.field}.known"] = question.version, question.known
        if chosen := [choice.key for choice in control.choices if choice.chosen]:
            data[question.field] = chosen
        if control.widget in ("text", "number"):
            data[question.field] = control.value or ""
        data |= {f"{question.field}.{row.key}": row.given for row in control.rows}
    return {**data, **answers}


def stored(attempt: Attempt) -> list[Any]:
    rows = Response.objects.filter(attempt_question__attempt=attempt).order_by("attempt_question__position")
    return list(rows.values_list("value", flat=True))


def letter(attempt: Attempt, number: int, option: str) -> str:
    return "abcdef"[attempt.questions.get(position=number).order.index(option)]


# -- starting --------------------------------------------------------------------
def test_the_start_button_leads_to_the_attempt(client: Client, program: Program) -> None:
    url = reverse("assessments:start", args=["junior", "MOD-001/quiz"])
    first, second = client.post(url), client.post(url)
    assert first.status_code == 302
    assert first["Location"] == second["Location"] == Attempt.objects.get().get_absolute_url()


def test_a_start_that_is_refused_says_why(client: Client, program: Program) -> None:
    response = client.post(reverse("assessments:start", args=["junior", "MOD-002/quiz"]))
    assert response.status_code == 409
    assert "MOD-001" in response.content.decode()


def test_a_quiz_one_is_not_enrolled_in_is_not_there(program: Program) -> None:
    client = Client()
    client.force_login(person("stranger@demo.test"))
    assert client.post(reverse("assessments:start", args=["junior", "MOD-001/quiz"])).status_code == 404
    assert client.get(reverse("assessments:start", args=["junior", "MOD-001/quiz"])).status_code == 405


# -- the page ----------------------------------------------------------------------
@pytest.mark.parametrize("key", ["quiz", "others", "drawn"])
def test_the_page_asks_everything_and_gives_nothing_away(client: Client, begin: Start, key: str) -> None:
    attempt = begin(key)
    page = client.get(attempt.get_absolute_url())
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("data-question=") == attempt.questions.count()
    assert not named(SECRETS, html)
    assert "no-store" in page["Cache-Control"]


def test_the_page_of_a_quiz_shows_what_was_saved(client: Client, begin: Start, actor: Actor) -> None:
    attempt = begin()
    letter_ = letter(attempt, 1, "correct")
    response_save(actor=actor, attempt=attempt, sent=SentResponse(1, letter_, 0))
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "consul", 0))
    html = client.get(attempt.get_absolute_url()).content.decode()
    assert f'id="q1-{letter_}" name="q1" value="{letter_}" aria-describedby="q1-stem" checked' in html
    assert 'name="q5" value="consul"' in html
    assert "<span data-answered-count>2</span> of 5" in html


def test_the_page_costs_the_same_however_many_learners_there_are(
    client: Client, begin: Start, quiz: Find, program: Program, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = begin().get_absolute_url()
    client.get(url)
    with CaptureQueriesContext(connection) as alone:
        client.get(url)
    for index in range(6):
        other = enrolled(person(f"learner-{index}@demo.test"), program)
        attempt_start(actor=Actor.person(other.learner_id), enrolment=other, activity=quiz("quiz"))
    with CaptureQueriesContext(connection) as among_others:
        client.get(url)
    assert len(among_others) == len(alone) <= 8


# -- saving and handing in ------------------------------------------------------------
def test_saving_keeps_what_was_touched(client: Client, begin: Start) -> None:
    attempt = begin()
    answer = letter(attempt, 1, "wrong-1")
    both = [letter(attempt, 2, "correct-1"), letter(attempt, 2, "wrong")]
    data = form(attempt, q1=answer, q2=both, q3="true", q4="1,5 GB", q5=" Consul ", action="save")
    response = client.post(attempt.get_absolute_url(), data)
    assert (response.status_code, response["Location"]) == (302, attempt.get_absolute_url())
    assert stored(attempt) == ["wrong-1", ["correct-1", "wrong"], True, "1,5 GB", "Consul"]
    attempt.refresh_from_db()
    assert attempt.state == "open"


def test_every_other_type_can_be_answered_without_scripts(client: Client, begin: Start) -> None:
    attempt = begin("others")
    order = attempt.questions.get(position=1).order
    answers = {f"q1.{letter(attempt, 1, step)}": order.index(step) + 1 for step in order}
    answers |= {"q2.a": letter(attempt, 2, "p2"), "q3.b": "image", "q4": letter(attempt, 4, "right-one")}
    client.post(attempt.get_absolute_url(), form(attempt, action="save", **answers))
    assert stored(attempt) == [
        {step: order.index(step) + 1 for step in order}, {"p1": "p2"}, {"from": "image"}, "right-one",
    ]  # fmt: skip


def test_handing_in_asks_once_about_what_is_open(client: Client, begin: Start) -> None:
    attempt = begin()
    sent = client.post(attempt.get_absolute_url(), form(attempt, q5="etcd", action="hand_in"))
    assert (sent.status_code, sent["Location"]) == (302, f"{attempt.get_absolute_url()}?hand_in=1#unanswered")
    html = client.get(sent["Location"]).content.decode()
    assert "4 questions have no answer yet" in html
    assert 'href="#q1"' in html
    assert 'name="confirm" value="1"' in html
    assert stored(attempt)[4] == "etcd"
    done = client.post(attempt.get_absolute_url(), form(attempt, action="hand_in", confirm="1"))
    assert done["Location"] == reverse("grading:attempt-result", args=[attempt.uuid])
    attempt.refresh_from_db()
    assert attempt.state == "handed_in"


def test_what_is_no_number_is_kept_and_asked_about(client: Client, begin: Start) -> None:
    attempt = begin()
    sent = client.post(attempt.get_absolute_url(), form(attempt, q4="abc", action="hand_in"))
    html = client.get(sent["Location"]).content.decode()
    assert stored(attempt)[3] == "abc"
    assert "5 questions have no answer yet" in html
    assert "This cannot be read as one number yet." in html
    assert "data-unreadable" in html


def test_the_question_whether_to_hand_in_goes_away_with_the_last_gap(client: Client, begin: Start) -> None:
    attempt = begin("plain")
    asked = f"{attempt.get_absolute_url()}?hand_in=1"
    assert "Hand in anyway" in client.get(asked).content.decode()
    client.post(attempt.get_absolute_url(), form(attempt, q1="true", action="save"))
    html = client.get(asked).content.decode()
    assert "Hand in anyway" not in html
    assert 'name="confirm"' not in html


def test_who_reads_along_is_not_asked_to_hand_in(begin: Start, program: Program) -> None:
    attempt = begin()
    staff = person("admin@demo.test")
    StaffRight.objects.create(person=staff, role="admin", program=program)
    browser = Client()
    browser.force_login(staff)
    page = browser.get(f"{attempt.get_absolute_url()}?hand_in=1")
    assert page.status_code == 200
    assert "Hand in anyway" not in page.content.decode()


def test_a_double_click_on_hand_in_is_one(client: Client, begin: Start) -> None:
    attempt = begin("plain")
    data = form(attempt, q1="true", action="hand_in")
    first, second = (client.post(attempt.get_absolute_url(), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Attempt.objects.filter(state="handed_in").count() == 1


def test_an_old_tab_overwrites_nothing_it_did_not_touch(client: Client, begin: Start, actor: Actor) -> None:
    attempt = begin()
    old_tab = form(attempt, q3="true", action="save")
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "etcd", 0))
    assert client.post(attempt.get_absolute_url(), old_tab).status_code == 302
    assert stored(attempt)[2:] == [True, None, "etcd"]


def test_a_conflict_shows_both_answers_and_loses_neither(client: Client, begin: Start, actor: Actor) -> None:
    attempt = begin()
    old_tab = form(attempt, q3="true", q5="consul", action="hand_in", confirm="1")
    response_save(actor=actor, attempt=attempt, sent=SentResponse(5, "zookeeper", 0))
    response = client.post(attempt.get_absolute_url(), old_tab)
    html = response.content.decode()
    assert response.status_code == 409
    assert "answered differently" in html
    assert "<li>zookeeper</li>" in html
    assert 'name="q5" value="consul"' in html
    assert stored(attempt)[2:] == [True, None, "zookeeper"]
    attempt.refresh_from_db()
    assert attempt.state == "open"
    again = form(attempt, q5="consul", action="save")
    client.post(attempt.get_absolute_url(), again)
    assert stored(attempt)[4] == "consul"


def test_an_answer_that_cannot_be_read_stays_on_the_page(client: Client, begin: Start) -> None:
    attempt = begin()
    response = client.post(attempt.get_absolute_url(), form(attempt, q5="x" * 501, q3="false", action="save"))
    assert response.status_code == 400
    assert "at most 500" in response.content.decode()
    assert "x" * 501 in response.content.decode()
    assert stored(attempt)[2:] == [False, None, None]


@pytest.mark.parametrize(
    "broken",
    [{"q1.version": "two"}, {"q1.version": "9" * 40}, {"q1.known": "{"}, {"q1": "z"}, {"q1": "id"}, {"q3": "maybe"}],
)
def test_a_form_that_was_tampered_with_is_refused_not_crashed(
    client: Client, begin: Start, broken: dict[str, Any]
) -> None:
    attempt = begin()
    data = form(attempt, q1="a", action="save") | broken
    assert client.post(attempt.get_absolute_url(), data).status_code in (302, 400, 409)


# -- over -------------------------------------------------------------------------------
def late(attempt: Attempt, minutes: int = 60) -> None:
    """As if it had been started *minutes* ago."""
    shift = timedelta(minutes=minutes)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - shift,
        deadline_at=attempt.deadline_at and attempt.deadline_at - shift,
        closes_at=attempt.closes_at and attempt.closes_at - shift,
    )


def test_what_is_over_leads_to_its_result(client: Client, begin: Start, actor: Actor) -> None:
    attempt = begin()
    result = reverse("grading:attempt-result", args=[attempt.uuid])
    late(attempt)
    assert client.get(attempt.get_absolute_url())["Location"] == result
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by_system) == ("handed_in", True)
    assert client.get(attempt.get_absolute_url())["Location"] == result


def test_answers_that_come_too_late_stay_on_the_page(client: Client, begin: Start) -> None:
    attempt = begin()
    data = form(attempt, q5="consul", action="hand_in", confirm="1")
    late(attempt)
    response = client.post(attempt.get_absolute_url(), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "What came too late" in html
    assert "consul" in html
    assert stored(attempt)[4] is None
    unchanged = form(attempt, action="hand_in", confirm="1")
    assert client.post(attempt.get_absolute_url(), unchanged).status_code == 302


# -- who ----------------------------------------------------------------------------------
def test_another_learner_does_not_see_it(begin: Start, program: Program) -> None:
    attempt = begin()
    other = Client()
    other.force_login(enrolled(person("classmate@demo.test"), program).learner)
    url = attempt.get_absolute_url()
    assert [other.get(url).status_code, other.post(url, {"action": "hand_in"}).status_code] == [404, 404]
    assert Client().get(url).status_code == 302


def test_staff_read_along_and_change_nothing(begin: Start, enrolment: Enrolment, program: Program) -> None:
    attempt = begin()
    cohort = Cohort.objects.create(program=program, slug="spring", title="Spring")
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    staff = person("instructor@demo.test")
    StaffRight.objects.create(person=staff, role="instructor", cohort=cohort)
    client = Client()
    client.force_login(staff)
    html = client.get(attempt.get_absolute_url()).content.decode()
    assert "Only the learner whose attempt this is can answer." in html
    assert 'value="hand_in"' not in html
    assert client.post(attempt.get_absolute_url(), form(attempt, q3="true", action="hand_in")).status_code == 403
    attempt.refresh_from_db()
    assert attempt.state == "open"


def test_one_who_left_still_reaches_their_result(client: Client, begin: Start, enrolment: Enrolment) -> None:
    attempt = begin()
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn", ended_at=timezone.now())
    assert client.get(attempt.get_absolute_url()).status_code == 302


def test_known_answers_are_json_that_reads_back(begin: Start, actor: Actor) -> None:
    attempt = begin("others")
    response_save(actor=actor, attempt=attempt, sent=SentResponse(3, {"a": '"quoted" <b>'}, 0))
    question = shown(attempt).questions[2]
    asked = attempt.questions.select_related("revision").get(position=3)
    value = normalise_response("fill_in", asked.revision.body, json.loads(question.known), asked.order)
    assert value == {"what": '"quoted" <b>'}
    attempt_hand_in(actor=actor, attempt=attempt)
