"""The solution of a lab: who may open it, what that gives up, and that nothing else shows it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import SolutionShown, Submission
from courses.models import Enrolment, Extension
from courses.services.enrolment import enrolment_lock
from grading.models import GradeEvent
from grading.services.ledger import Fact, ledger_append
from grading.services.runs import run_claim, run_store
from grading.services.solutions import solution_open, solution_state
from tests.courses.projecting import write_tree
from tests.flows.labs import checked
from tests.grading import labs
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden, Missing
from waymark.core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
POLICY = """
    kind: policy
    title: Rules
    components: [{id: labs, title: Labs, activities: lab, weight: 100}]
    default: {passing_percent: 60, attempts: {choose: best LIMIT}}
"""
MODULE = labs.MODULE.replace(
    "        points: 10\n",
    "        points: 10\n"
    "        solutions:\n"
    "          - {id: way, covers: The short way, location: solutions/words.py, visibility: after_passing,\n"
    "             note: Count with a dictionary.}\n"
    "          - {id: trap, covers: Staff only, visibility: staff}\n",
)
LAB = reverse("activity", args=["junior", "MOD-001/words"])
PAGE = reverse("solution", args=["junior", "MOD-001/words"])


@pytest.fixture
def limit() -> str:
    return ", limit: 2"


@pytest.fixture
def enrolment(tmp_path: Path, rung: list[str], limit: str) -> Enrolment:
    write_tree(tmp_path / "tree", {"junior/policy.yaml": POLICY.replace(" LIMIT", limit)})
    return labs.enrolled(labs.released(tmp_path / "tree", MODULE))


def hand_in(enrolment: Enrolment, data: bytes = labs.RIGHT, *, right: bool = True) -> Submission:
    submission = labs.hand_in(enrolment, data).submission
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    assert run_store(claim=claim, score=checked(submission, right=right))
    return submission


def opened(enrolment: Enrolment, *, give_up: bool = False, actor: Actor | None = None) -> SolutionShown:
    return solution_open(
        actor=actor or Actor.person(enrolment.learner_id), enrolment=enrolment, activity=labs.lab(enrolment.program),
        give_up=give_up,
    )  # fmt: skip


def refused(enrolment: Enrolment, *, give_up: bool = False) -> str:
    with pytest.raises(DomainError) as refusal:
        opened(enrolment, give_up=give_up)
    return refusal.value.code


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_it_stays_closed_before_passing_whatever_is_given_up(enrolment: Enrolment) -> None:
    assert refused(enrolment, give_up=True) == "not_passed"
    hand_in(enrolment, labs.WRONG, right=False)
    assert refused(enrolment, give_up=True) == "not_passed"
    hand_in(enrolment, labs.HALF, right=False)
    assert refused(enrolment) == "not_passed", "used up, and not passed"
    assert not SolutionShown.objects.exists()


def test_with_attempts_left_it_opens_by_giving_them_up(enrolment: Enrolment) -> None:
    hand_in(enrolment)
    assert refused(enrolment) == "attempts_left"
    shown = opened(enrolment, give_up=True)
    assert shown.gave_up
    assert opened(enrolment) == shown, "asking again changes nothing"
    with pytest.raises(DomainError) as refusal:
        labs.hand_in(enrolment, labs.HALF)
    assert refusal.value.code == "attempts_given_up"
    assert not labs.hand_in(enrolment).created, "what was handed in is still shown"
    entry = AuditEntry.objects.get(action="solution.opened")
    assert entry.details == {"activity": "MOD-001/words", "gave_up": True}


def test_with_none_left_nothing_is_given_up(enrolment: Enrolment) -> None:
    hand_in(enrolment, labs.WRONG, right=False)
    hand_in(enrolment)
    assert not opened(enrolment).gave_up


@pytest.mark.parametrize("limit", [""])
def test_where_any_number_may_follow_they_are_given_up_too(enrolment: Enrolment) -> None:
    hand_in(enrolment)
    assert refused(enrolment) == "attempts_left"
    opened(enrolment, give_up=True)
    with pytest.raises(DomainError) as refusal:
        labs.hand_in(enrolment, labs.HALF)
    assert refusal.value.code == "attempts_given_up"


def test_what_staff_grant_afterwards_can_be_handed_in_and_is_marked(enrolment: Enrolment) -> None:
    first = hand_in(enrolment)
    opened(enrolment, give_up=True)
    extension = Extension.objects.create(
        enrolment=enrolment, activity=labs.lab(enrolment.program), extra_attempts=1, granted_by=enrolment.learner
    )
    Extension.objects.filter(pk=extension.pk).update(granted_at=timezone.now() + timedelta(seconds=1))
    again = hand_in(enrolment, labs.HALF)
    assert (first.after_solution, again.after_solution) == (False, True)
    assert "after the solution was shown" in browser(enrolment.learner).get(again.get_absolute_url()).content.decode()
    assert browser(enrolment.learner).get(f"/api/v1/submissions/{again.uuid}/").json()["after_solution"]
    assert opened(enrolment), "once shown it stays"


def test_work_of_a_later_enrolment_is_marked_too(enrolment: Enrolment) -> None:
    hand_in(enrolment)
    opened(enrolment, give_up=True)
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    second = Enrolment.objects.create(
        learner=enrolment.learner, program=enrolment.program, state="active", started_at=timezone.now()
    )
    assert labs.hand_in(second).submission.after_solution
    state = solution_state(second, labs.lab(enrolment.program).lab, left=None)
    assert state is not None
    assert state.shown is None
    other = labs.enrolled(enrolment.program, "classmate@demo.test")
    assert not labs.hand_in(other).submission.after_solution


def test_neither_an_override_nor_credit_opens_it(enrolment: Enrolment) -> None:
    lab = labs.lab(enrolment.program)
    for kind in (GradeEvent.Kind.CREDIT, GradeEvent.Kind.OVERRIDE):
        with transaction.atomic():
            fact = Fact(kind, lab.pk, lab.revision_id, share=Fraction(1), out_of=Fraction(10))
            ledger_append(actor=Actor.system(), enrolment=enrolment_lock(enrolment.pk), fact=fact)
        assert refused(enrolment, give_up=True) == "not_passed"


def test_only_the_learner_opens_it_and_only_where_something_opens(enrolment: Enrolment) -> None:
    hand_in(enrolment)
    learner = enrolment.learner_id
    for actor in (Actor.person(learner + 1), Actor.system(), Actor.person(learner, acting_as=learner)):
        with pytest.raises(Forbidden):
            opened(enrolment, give_up=True, actor=actor)
    with pytest.raises(Missing):
        solution_open(
            actor=Actor.person(learner), enrolment=enrolment, activity=labs.lab(enrolment.program, "unchecked")
        )


def test_the_page_asks_first_and_shows_it_to_this_learner_only(enrolment: Enrolment) -> None:
    hand_in(enrolment)
    client = browser(enrolment.learner)
    assert PAGE in client.get(LAB).content.decode()
    asked = client.get(PAGE).content.decode()
    assert "You give up the 1 submission that you have left" in asked
    assert "solutions/words.py" not in asked
    assert client.post(PAGE).status_code == 409, "without the word of the page nothing is given up"
    page = client.post(PAGE, {"give_up": "1"}, follow=True).content.decode()
    for text in ("The short way", "solutions/words.py", "Count with a dictionary."):
        assert text in page
    assert "Staff only" not in page
    classmate = browser(labs.enrolled(enrolment.program, "classmate@demo.test").learner)
    page = classmate.get(PAGE).content.decode()
    assert "You have not passed this lab with your own work yet." in page
    assert "solutions/words.py" not in page
    assert classmate.get(reverse("solution", args=["junior", "MOD-001/unchecked"])).status_code == 404


def test_giving_up_shows_what_the_policy_opens_after_the_last_submission(tmp_path: Path, rung: list[str]) -> None:
    policy = POLICY.replace(" LIMIT", ", limit: 2").replace(
        "attempts:", "feedback: {what: explanation, when: attempts_used_up}, attempts:"
    )
    write_tree(tmp_path / "tree", {"junior/policy.yaml": policy})
    enrolment = labs.enrolled(labs.released(tmp_path / "tree", MODULE))
    submission = hand_in(enrolment)
    client, address = browser(enrolment.learner), f"/api/v1/submissions/{submission.uuid}/"
    assert client.get(address).json()["result"]["checks"] == []
    opened(enrolment, give_up=True)
    result = client.get(address).json()["result"]
    assert (result["attempts_left"], len(result["checks"])) == (0, 2)
