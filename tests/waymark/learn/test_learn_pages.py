"""The learner's pages: what they show, what they withhold, and what they cost."""

from __future__ import annotations

from fractions import Fraction
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Activity, Enrolment, Entity, Program, Requirement, RequirementMember
from courses.selectors.edges import edges_forget
from courses.services.enrolment import enrolment_complete, enrolment_lock, enrolment_start
from grading.models import GradeEvent
from grading.services.completion import completion_set
from grading.services.ledger import Fact, ledger_append
from grading.structure import structure_forget
from tests.cast import Cast, person_make
from tests.waymark.learn.pages import text_of
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db

LOCKED_BODY = "The locked body of the north."
READING = "/learn/programs/north/activities/MOD-1/read/"
LOCKED = "/learn/programs/north/activities/MOD-2/read/"
PROGRAM = "/learn/programs/north/"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    edges_forget()
    structure_forget()


@pytest.fixture
def learner(cast: Cast) -> Client:
    return cast.browser("learner")


def tick(cast: Cast, path: str, name: str = "learner") -> None:
    activity = Activity.objects.get(program=cast.north, path=path)
    completion_set(actor=cast.actor(name), enrolment=cast.enrolments[name], activity=activity, done=True)


def score(cast: Cast, path: str, points: int) -> None:
    """A result of a quiz of ten points, given by staff."""
    activity = Activity.objects.get(program=cast.north, path=path)
    enrolment = enrolment_lock(cast.enrolments["learner"].pk)
    ledger_append(
        actor=Actor.system(), enrolment=enrolment,
        fact=Fact(
            kind=GradeEvent.Kind.OVERRIDE, activity_id=activity.pk, revision_id=activity.revision_id,
            share=Fraction(points, 10), out_of=Fraction(10),
        ),
    )  # fmt: skip


# -- today ------------------------------------------------------------------------------
def test_today_without_a_program_leads_to_the_catalogue(cast: Cast) -> None:
    page = cast.browser("stranger").get("/learn/")
    assert page.status_code == 200
    assert "You are in no program" in text_of(page)
    assert f'href="{reverse("catalogue")}"' in page.content.decode()


def test_today_has_one_next_step_and_why(learner: Client) -> None:
    page = learner.get("/learn/")
    step = page.context["step"]
    assert (step.row.shape.path, step.over) == ("MOD-1/read", "Begin MOD-1 First steps")
    assert step.why == "MOD-1 needs nothing before it, and is the first in the program that is not done."
    assert [each.row.shape.path for each in page.context["after"]] == ["MOD-1/quiz"]
    assert READING in page.content.decode()


def test_the_next_step_moves_on(cast: Cast, learner: Client) -> None:
    tick(cast, "MOD-1/read")
    step = learner.get("/learn/").context["step"]
    assert (step.row.shape.path, step.over) == ("MOD-1/quiz", "Continue with MOD-1 First steps")
    assert step.why == "It completes MOD-1, which MOD-2 needs."


def test_today_when_nothing_is_open(cast: Cast, learner: Client) -> None:
    Activity.objects.filter(program=cast.north, path__startswith="MOD-1/").update(required=False)
    structure_forget()
    page = learner.get("/learn/")
    assert page.context["step"] is None
    assert "Nothing is open right now" in text_of(page)


# -- program and module -----------------------------------------------------------------------
def test_today_of_a_completed_program_asks_for_nothing_more(cast: Cast, learner: Client) -> None:
    Activity.objects.filter(program=cast.north, path__startswith="MOD-1/").update(required=False)
    Requirement.objects.filter(owner__program=cast.north).update(
        form="skill", skill="Basic Python", target=None, target_ref=""
    )
    structure_forget()
    edges_forget()
    assert "Say what you bring" in text_of(learner.get("/learn/"))
    enrolment_complete(
        actor=Actor.system(), enrolment=cast.enrolments["learner"], release_id=cast.north.releases.get(current=True).pk
    )
    said = text_of(learner.get("/learn/"))
    assert "Everything that" in said
    assert "Say what you bring" not in said


def test_the_program_page_tells_why_something_is_locked(learner: Client) -> None:
    page = learner.get(PROGRAM)
    assert page.status_code == 200
    assert [(row.shape.key, row.state) for row in page.context["view"].modules] == [
        ("MOD-1", "open"), ("MOD-2", "locked"),
    ]  # fmt: skip
    assert "Needs: MOD-1" in text_of(page)
    assert page.context["locked"].shape.key == "MOD-2"
    assert len(page.context["across"].edges) == 1


def test_the_module_page_lists_its_activities_with_the_next_one(learner: Client) -> None:
    page = learner.get("/learn/programs/north/modules/MOD-1/")
    assert [row.shape.path for row in page.context["row"].activities] == ["MOD-1/read", "MOD-1/lab", "MOD-1/quiz"]
    assert page.context["step"].shape.path == "MOD-1/read"
    locked = text_of(learner.get("/learn/programs/north/modules/MOD-2/"))
    assert "Why this module is locked" in locked
    assert "It builds on the first steps." in locked


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/learn/programs/north/modules/mod-1/", "/learn/programs/north/modules/MOD-1/"),
        ("/learn/programs/north/modules/Module 1/", "/learn/programs/north/modules/MOD-1/"),
        ("/learn/programs/north/activities/mod-1/read/", READING),
        ("/learn/programs/north/activities/MOD-1/", "/learn/programs/north/modules/MOD-1/"),
    ],
)
def test_another_spelling_leads_to_the_canonical_address(learner: Client, address: str, canonical: str) -> None:
    answer = learner.get(quote(address))
    assert (answer.status_code, answer["Location"]) == (302, canonical)


# -- activities ----------------------------------------------------------------------------------
def test_an_open_reading_is_read_ticked_and_unticked(cast: Cast, learner: Client) -> None:
    page = learner.get(READING)
    assert "The body of the north reading." in text_of(page)
    assert page.context["may_tick"]
    answer = learner.post(f"{READING}tick/", {"done": "yes", "next": "following"})
    assert (answer.status_code, answer["Location"]) == (302, "/learn/programs/north/activities/MOD-1/lab/")
    assert "Ticked off" in text_of(learner.get(READING))
    learner.post(f"{READING}tick/", {"done": "yes"})
    kind = GradeEvent.Kind.COMPLETION
    assert GradeEvent.objects.filter(enrolment=cast.enrolments["learner"], kind=kind).count() == 1
    assert learner.post(f"{READING}tick/", {"done": "no"})["Location"] == READING
    assert "Ticked off" not in text_of(learner.get(READING))


def test_an_archived_program_is_read_and_offers_nothing_new(cast: Cast, learner: Client) -> None:
    Program.objects.filter(pk=cast.north.pk).update(archived_at=timezone.now())
    page = learner.get(READING)
    assert "The body of the north reading." in text_of(page)
    assert not page.context["may_tick"]
    refused = learner.post(f"{READING}tick/", {"done": "yes"})
    assert refused.status_code == 409
    assert "This program is archived; it can only be read." in text_of(refused)
    assert "Nothing new can be started, ticked off or stated." in text_of(learner.get(PROGRAM))


def test_the_body_of_what_is_locked_is_nowhere(cast: Cast, learner: Client) -> None:
    page = learner.get(LOCKED)
    assert (page.status_code, page.context["content"], page.context["may_tick"]) == (200, None, False)
    assert "Why this is locked" in text_of(page)
    for address in (LOCKED, PROGRAM, "/learn/", "/learn/programs/north/modules/MOD-2/", "/catalogue/north/"):
        assert LOCKED_BODY not in learner.get(address).content.decode(), address
    refused = learner.post(f"{LOCKED}tick/", {"done": "yes"})
    assert refused.status_code == 409
    assert LOCKED_BODY not in refused.content.decode()
    assert not GradeEvent.objects.filter(enrolment=cast.enrolments["learner"]).exists()


def test_what_may_be_read_while_locked_cannot_be_ticked(cast: Cast, learner: Client) -> None:
    Activity.objects.filter(program=cast.north, path="MOD-2/read").update(readable_while_locked=True)
    page = learner.get(LOCKED)
    assert LOCKED_BODY in page.content.decode()
    assert not page.context["may_tick"]
    assert f"{LOCKED}tick/" not in page.content.decode()


def test_a_result_comes_back_and_opens_what_waited_for_it(cast: Cast, learner: Client) -> None:
    tick(cast, "MOD-1/read")
    score(cast, "MOD-1/quiz", 9)
    page = learner.get("/learn/")
    assert [(each.title, each.figure) for each in page.context["came_back"]] == [("Check yourself", "9 of 10")]
    step = page.context["step"]
    assert (step.row.shape.path, step.why) == ("MOD-2/read", "It completes MOD-2.")
    assert LOCKED_BODY in learner.get(LOCKED).content.decode()


def test_a_result_below_the_threshold_says_so(cast: Cast, learner: Client) -> None:
    tick(cast, "MOD-1/read")
    score(cast, "MOD-1/quiz", 3)
    assert "below the threshold" in learner.get("/learn/").context["step"].why
    assert learner.get(LOCKED).context["content"] is None


def test_who_paused_reads_and_ticks_nothing(cast: Cast) -> None:
    browser = cast.browser("paused")
    assert "Paused" in text_of(browser.get(PROGRAM))
    page = browser.get(READING)
    assert "The body of the north reading." in text_of(page)
    assert not page.context["may_tick"]
    assert browser.post(f"{READING}tick/", {"done": "yes"}).status_code == 409


PAGES = (PROGRAM, "/learn/programs/north/modules/MOD-1/", READING)


@pytest.mark.parametrize("name", ["withdrawn", "stranger", "other_program_admin"])
def test_others_find_what_strangers_find(cast: Cast, name: str) -> None:
    browser = cast.browser(name)
    unknown = text_of(browser.get("/learn/programs/no-such-program/"))
    for address in PAGES:
        answer = browser.get(address)
        assert answer.status_code == 404
        assert text_of(answer) == unknown
        assert "north" not in text_of(answer).lower()


@pytest.mark.parametrize(
    "address",
    [
        "/learn/programs/north/modules/MOD-9/", "/learn/programs/north/activities/MOD-1/none/",
        "/learn/programs/south/", "/learn/programs/north/activities/%00/", "/learn/programs/north/modules/%00/",
    ],
)  # fmt: skip
def test_unknown_things_are_404(learner: Client, address: str) -> None:
    assert learner.get(address).status_code == 404


# -- the plan ------------------------------------------------------------------------------------
def test_a_plan_is_saved(cast: Cast, learner: Client) -> None:
    answer = learner.post(f"{PROGRAM}plan/", {"hours_per_week": "12.5"})
    assert (answer.status_code, answer["Location"]) == (302, PROGRAM)
    assert Enrolment.objects.get(pk=cast.enrolments["learner"].pk).hours_per_week == 12.5


@pytest.mark.parametrize("typed", ["0", "81", "many", ""])
def test_a_fault_in_the_plan_keeps_what_was_typed(cast: Cast, learner: Client, typed: str) -> None:
    page = learner.post(f"{PROGRAM}plan/", {"hours_per_week": typed})
    assert page.status_code == 400
    form = page.context["plan"]
    assert "hours_per_week" in form.errors
    assert form["hours_per_week"].value() == typed
    assert str(form.errors["hours_per_week"][0]) in text_of(page)
    assert Enrolment.objects.get(pk=cast.enrolments["learner"].pk).hours_per_week == 10


# -- what it costs -------------------------------------------------------------------------------
COSTED = (
    "/learn/", PROGRAM, "/learn/programs/north/modules/MOD-1/", READING, LOCKED,
    "/learn/programs/north/activities/MOD-1/quiz/", "/catalogue/", "/catalogue/north/",
)  # fmt: skip


def cost(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", COSTED)
def test_queries_do_not_grow_with_learners(cast: Cast, learner: Client, address: str) -> None:
    tick(cast, "MOD-1/read")
    few = cost(learner, address)
    program = Program.objects.get(pk=cast.north.pk)
    for number in range(38):
        person = person_make(f"more-{number}")
        enrolment = enrolment_start(actor=Actor.system(), learner=person, program=program)
        completion_set(
            actor=Actor.person(person.pk), enrolment=enrolment, done=True,
            activity=Activity.objects.get(program=program, path="MOD-1/read"),
        )  # fmt: skip
    assert cost(learner, address) == few


# -- alternatives ---------------------------------------------------------------------------
def alternatives(cast: Cast, *texts: str, at_least: int = 1, strength: str = "needs") -> Requirement:
    """What stands before MOD-2 becomes some of several."""
    edge = Requirement.objects.get(owner__program=cast.north, owner__path="MOD-2")
    Requirement.objects.filter(pk=edge.pk).update(
        form="group", target=None, target_ref="", at_least=at_least, strength=strength
    )
    named = dict(Entity.objects.filter(program=cast.north, path__in=texts).values_list("path", "pk"))
    RequirementMember.objects.bulk_create(
        RequirementMember(requirement=edge, position=place, text=text, target_id=named.get(text))
        for place, text in enumerate(texts)
    )
    edges_forget()
    return edge


@pytest.mark.parametrize(
    ("language", "row", "why", "hint"),
    [
        ("en", "Needs: MOD-1 or equivalent", "One of these:", "if you say that you bring it"),
        ("de", "Braucht: MOD-1 oder Gleichwertiges", "Eines davon:", "wenn Sie angeben, es mitzubringen"),
    ],
)
def test_a_module_or_something_equivalent_is_called_so(
    cast: Cast, learner: Client, language: str, row: str, why: str, hint: str
) -> None:
    learner.post("/language/", {"language": language, "next": "/learn/"})
    edge = alternatives(cast, "MOD-1", "something equivalent to MOD-1")
    page = learner.get(PROGRAM)
    said = text_of(page)
    assert row in said
    assert why in said
    assert hint in said
    (bring,) = page.context["attest"]
    assert (bring.text, bring.value) == ("Something equivalent to MOD-1", str(edge.pk))
    learner.post(f"{PROGRAM}attest/", {"requirement": [bring.value]})
    assert learner.get(PROGRAM).context["view"].modules[1].state == "open"


def test_of_alternatives_by_work_each_is_named_with_its_state(cast: Cast, learner: Client) -> None:
    alternatives(cast, "MOD-1", "Some shell", at_least=2)
    said = text_of(learner.get("/learn/programs/north/modules/MOD-2/"))
    assert "Why this module is locked" in said
    assert "MOD-1 First steps" in said
    tick(cast, "MOD-1/read")
    step = learner.get("/learn/").context["step"]
    assert step.why == "It completes MOD-1, which MOD-2 needs."


def test_recommended_alternatives_have_their_titles(cast: Cast, learner: Client) -> None:
    alternatives(cast, "MOD-1", "Some shell", strength="recommended")
    said = text_of(learner.get("/learn/programs/north/modules/MOD-2/"))
    assert "One of MOD-1 First steps, Some shell" in said


def test_alternatives_cost_no_query_each(cast: Cast, learner: Client) -> None:
    def queries(strength: str, *texts: str) -> int:
        RequirementMember.objects.all().delete()
        alternatives(cast, *texts, strength=strength)
        learner.get("/learn/programs/north/modules/MOD-2/")
        with CaptureQueriesContext(connection) as captured:
            learner.get("/learn/programs/north/modules/MOD-2/")
        return len(captured)

    for strength in ("needs", "recommended"):
        assert queries(strength, "MOD-1", "Shell") == queries(strength, "MOD-1", *(f"Shell {n}" for n in range(30)))


def test_the_api_names_alternatives_with_their_titles_and_state(cast: Cast, learner: Client) -> None:
    address = "/api/v1/me/programs/north/openings/"
    alternatives(cast, "MOD-1", "MOD-1/read", "something equivalent to MOD-1", at_least=2)
    rows = {row["id"]: row for row in learner.get(address).json()["items"]}
    assert [key for key in rows if key.startswith("MOD-2")][:2] == ["MOD-2", "MOD-2/read"]
    assert (rows["MOD-1"]["open"], rows["MOD-1"]["needs"]) == (True, [])
    assert (rows["MOD-2"]["open"], rows["MOD-2/read"]["open"]) == (False, False)
    (need,) = rows["MOD-2"]["needs"]
    assert need == {
        "text": "2 of MOD-1 First steps, Read this, something equivalent to MOD-1",
        "reason": "It builds on the first steps.", "met": False, "attested": False, "at_least": 2,
        "any_of": [
            {"title": "MOD-1 First steps", "state": "not_done"}, {"title": "Read this", "state": "not_done"},
            {"title": "something equivalent to MOD-1", "state": "in_words"},
        ],
    }  # fmt: skip
    assert LOCKED_BODY not in str(rows)
    tick(cast, "MOD-1/read")
    (need,) = {row["id"]: row for row in learner.get(address).json()["items"]}["MOD-2/read"]["needs"]
    assert [each["state"] for each in need["any_of"]] == ["not_done", "done", "in_words"]
    schema = learner.get("/api/v1/schema/?format=json").json()
    assert schema["paths"]["/api/v1/me/programs/{slug}/openings/"]["get"]["operationId"] == "me_openings_read"
    assert "in_words" in str(schema["components"]["schemas"])


def test_the_api_costs_no_query_for_each_alternative(cast: Cast, learner: Client) -> None:
    def queries(*texts: str) -> int:
        RequirementMember.objects.all().delete()
        alternatives(cast, *texts)
        learner.get("/api/v1/me/programs/north/openings/")
        with CaptureQueriesContext(connection) as captured:
            learner.get("/api/v1/me/programs/north/openings/")
        return len(captured)

    assert queries("MOD-1", "Shell") == queries("MOD-1", *(f"Shell {n}" for n in range(30)))
