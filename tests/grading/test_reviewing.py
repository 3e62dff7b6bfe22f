"""Checks that people do: they wait for staff, and what staff tick is the result, once."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.curriculum.checks import BY_PEOPLE
from assessments.models import Submission
from courses.curriculum.native.checks import checked
from courses.curriculum.native.reader import read_tree
from courses.models import Enrolment, Program, StaffRight
from grading.checks.contract import Seeds, SpecProblem
from grading.checks.registry import kind_named
from grading.models import CheckResult, Grade, GradingRun, LabHealth
from grading.selectors.stuck import runs_count
from grading.services.lab_health import labs_try
from grading.services.reviewing import LONGEST, review_record
from grading.services.sweep import rings_for_waiting
from tests.courses.projecting import write_tree
from tests.courses.small_tree import CATALOG, JUNIOR
from tests.grading import labs
from tests.grading.test_lab_health import StandIn
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.audit import AuditEntry
from waymark.core.errors import DomainError, Forbidden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
CHECKS = """
          - {id: runbook, title: Runbook, type: checklist, points: 6, spec: {items: [When, How, Back]}}
          - {id: read, title: Read by a peer, type: peer_review, points: 4, spec: {items: [Clear]}}
"""
HEAD, REST = labs.MODULE.split("        checks:\n", 1)
MODULE = HEAD + "        checks:" + CHECKS + REST[REST.index("      - id: unchecked") :]


@pytest.fixture
def program(tmp_path: Path, rung: list[str]) -> Program:
    return labs.released(tmp_path / "tree", MODULE)


@pytest.fixture
def enrolment(program: Program) -> Enrolment:
    return labs.enrolled(program)


@pytest.fixture
def submission(enrolment: Enrolment) -> Submission:
    return labs.hand_in(enrolment).submission


@pytest.fixture
def staff(program: Program) -> User:
    person = User.objects.create_user("admin@demo.test")
    StaffRight.objects.create(person=person, role="admin", program=program)
    return person


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def keys(submission: Submission) -> list[int]:
    return list(submission.checks.order_by("position").values_list("lab_check", flat=True))


def test_the_types_are_kinds_that_no_machine_decides() -> None:
    for name in BY_PEOPLE:
        kind = kind_named(name)
        nobody: Any = None
        outcome = kind.prepare({"items": ["Clear"]}, {}).run(nobody, {}, Seeds(1, 2))
        assert (str(outcome.outcome), outcome.share, outcome.lasting) == ("infrastructure", 0, True)
        with pytest.raises(SpecProblem, match="items"):
            kind.prepare({"items": []}, {})


def test_such_work_waits_for_staff_and_is_no_matter_of_workers(submission: Submission, rung: list[str]) -> None:
    GradingRun.objects.update(queued_at=timezone.now() - timedelta(days=1))
    assert GradingRun.objects.get().queue == "grading.people"
    assert (rings_for_waiting(), rung) == (0, [])
    assert not runs_count().stuck
    assert labs_try(StandIn()) is None  # type: ignore[arg-type]
    assert not LabHealth.objects.exists()


def test_what_staff_tick_is_the_result_once(submission: Submission, enrolment: Enrolment, staff: User) -> None:
    actor, (runbook, read) = Actor.person(staff.pk), keys(submission)
    run = review_record(actor=actor, submission=submission, ticked={runbook: [0, 2], read: [0]}, note=" Good. ")
    assert (run.state, run.detail["outcome"], run.grader) == ("finished", "failed", "people")
    results = list(CheckResult.objects.order_by("position"))
    assert [(each.outcome, Fraction(each.points_numerator, each.points_denominator)) for each in results] == [
        ("failed", Fraction(4)), ("passed", Fraction(4)),
    ]  # fmt: skip
    assert [each["passed"] for each in results[0].detail["cases"]] == [True, False, True]
    assert {each.message for each in results} == {"Good."}
    grade = Grade.objects.get(enrolment=enrolment)
    assert (grade.state, Fraction(grade.numerator or 0, grade.denominator or 1)) == ("scored", Fraction(8))
    assert AuditEntry.objects.filter(action="grading.reviewed").count() == 1
    with pytest.raises(DomainError) as refused:
        review_record(actor=actor, submission=submission, ticked={})
    assert refused.value.code == "run_over"
    assert labs.hand_in(enrolment).created is False, "the same work again is the result that is known"


@pytest.mark.parametrize(
    ("ticked", "note", "code"),
    [({0: [3]}, "", "no_item"), ({-1: [0]}, "", "no_check"), ({}, "x" * (LONGEST + 1), "too_long")],
)
def test_what_is_not_there_cannot_be_ticked(
    ticked: dict[int, list[int]], note: str, code: str, submission: Submission, staff: User
) -> None:
    first = keys(submission)[0]
    given = {first if key == 0 else key: places for key, places in ticked.items()}
    with pytest.raises(DomainError) as refused:
        review_record(actor=Actor.person(staff.pk), submission=submission, ticked=given, note=note)
    assert refused.value.code == code
    assert GradingRun.objects.get().state == "queued"


def test_nobody_checks_their_own_work_nor_that_of_others_without_the_right(
    submission: Submission, enrolment: Enrolment, program: Program
) -> None:
    StaffRight.objects.create(person=enrolment.learner, role="admin", program=program)
    stranger = User.objects.create_user("stranger@demo.test")
    for person in (enrolment.learner, stranger):
        with pytest.raises(Forbidden):
            review_record(actor=Actor.person(person.pk), submission=submission, ticked={})


def test_the_page_has_a_form_for_staff_and_the_result_for_the_learner(
    submission: Submission, enrolment: Enrolment, staff: User
) -> None:
    page, learner = submission.get_absolute_url(), client_of(enrolment.learner)
    shown = learner.get(page).content.decode()
    assert "until somebody of the staff has looked at it" in shown
    assert "Record the result" not in shown
    lab = learner.get(reverse("activity", args=["junior", "MOD-001/words"])).content.decode()
    assert "Staff look at your work" in lab
    browser, first = client_of(staff), keys(submission)[0]
    form = browser.get(page).content.decode()
    assert f'value="{first}:2"' in form
    assert 'hx-trigger="every 30s"' not in form, "what is being ticked stays"
    address = reverse("grading:submission-review", args=[submission.uuid])
    assert browser.post(address, {"item": ["x:y"]}).status_code == 400
    assert browser.post(address, {"item": [f"{first}:0"], "note": "See <b>again</b>."}, follow=True).status_code == 200
    shown = learner.get(page).content.decode()
    assert "See &lt;b&gt;again&lt;/b&gt;." in shown
    assert "Processor time" not in shown


def test_work_that_machines_check_is_not_for_people(tmp_path: Path, rung: list[str]) -> None:
    program = labs.released(tmp_path / "tree")
    person = User.objects.create_user("admin@demo.test")
    StaffRight.objects.create(person=person, role="admin", program=program)
    done = labs.hand_in(labs.enrolled(program))
    with pytest.raises(DomainError) as refused:
        review_record(actor=Actor.person(person.pk), submission=done.submission, ticked={})
    assert refused.value.code == "not_for_people"


def test_a_lab_is_checked_by_people_or_by_machines(tmp_path: Path) -> None:
    mixed = labs.MODULE.replace("        checks:\n", f"        checks:{CHECKS}", 1)
    tree = {name: JUNIOR[name] for name in ("junior/role.yaml", "junior/program.yaml")}
    for module, found in ((mixed, 1), (MODULE, 0), (labs.MODULE, 0)):
        files = {"catalog/all.yaml": CATALOG, **tree, "junior/mod-001.yaml": module}
        reading = read_tree(write_tree(tmp_path / str(hash(module)), files))
        rules = [each for each in checked(reading) if each.rule == "native.mixed_checks"]
        assert len(rules) == found
        assert all("MOD-001/words/runbook" in each.message for each in rules)
