"""Taking back a submission that waits: it uses no attempt, and a worker that was quicker wins."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Submission
from assessments.policy import attempt_rules
from courses.models import Enrolment
from grading.models import Grade, GradeEvent, GradingRun
from grading.selectors.stuck import runs_count
from grading.services.cancelling import submission_cancel
from grading.services.giving_back import run_retry
from grading.services.runs import run_claim
from tests.courses.projecting import write_tree
from tests.grading import labs
from waymark.core.actors import Actor
from waymark.core.errors import Forbidden, Refused
from waymark.core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
POLICY = """
    kind: policy
    title: Rules
    components: [{id: labs, title: Labs, activities: lab, weight: 100}]
    default: {attempts: {choose: best, limit: 1, wait_minutes: 60}}
"""


@pytest.fixture
def enrolment(tmp_path: Path, rung: list[str]) -> Enrolment:
    write_tree(tmp_path / "tree", {"junior/policy.yaml": POLICY})
    return labs.enrolled(labs.released(tmp_path / "tree"))


@pytest.fixture
def submission(enrolment: Enrolment) -> Submission:
    return labs.hand_in(enrolment).submission


def cancel(submission: Submission) -> GradingRun:
    return submission_cancel(actor=Actor.person(submission.enrolment.learner_id), submission=submission)


def test_a_cancelled_submission_counts_for_nothing_and_is_never_run(
    enrolment: Enrolment, submission: Submission
) -> None:
    run = cancel(submission)
    assert (run.state, run.is_over) == ("cancelled", True)
    assert run_claim(queue="grading.checks", worker="test") is None
    grade = Grade.objects.get(enrolment=enrolment)
    assert (grade.state, grade.attempts_made, grade.pending) == ("not_handed_in", 0, 0)
    assert AuditEntry.objects.filter(action="grading.cancelled", subject=f"run:{run.uuid}").count() == 1
    assert runs_count().counts["queued"] == 0
    again = labs.hand_in(enrolment)
    assert (again.created, again.submission.number) == (True, 2), "neither the limit nor the pause holds it back"


def test_cancelling_again_writes_nothing(submission: Submission) -> None:
    cancel(submission)
    events = GradeEvent.objects.count()
    assert cancel(submission).state == "cancelled"
    assert GradeEvent.objects.count() == events
    assert AuditEntry.objects.filter(action="grading.cancelled").count() == 1


@pytest.mark.parametrize(
    ("state", "outcome", "code"),
    [("finished", "scored", "run_over"), ("failed", "infrastructure", "run_over")],
)
def test_what_is_over_is_not_taken_back(submission: Submission, state: str, outcome: str, code: str) -> None:
    points = {"points_numerator": 1, "points_denominator": 1, "out_of": 1} if outcome == "scored" else {}
    GradingRun.objects.update(state=state, outcome=outcome, **points)
    with pytest.raises(Refused) as refused:
        cancel(submission)
    assert refused.value.code == code


def test_a_worker_that_was_quicker_wins(enrolment: Enrolment, submission: Submission) -> None:
    assert run_claim(queue="grading.checks", worker="test") is not None
    with pytest.raises(Refused) as refused:
        cancel(submission)
    assert refused.value.code == "run_under_way"
    assert Grade.objects.get(enrolment=enrolment).attempts_made == 1


def test_one_that_rests_after_a_failure_is_taken_back(submission: Submission) -> None:
    GradingRun.objects.update(not_before=timezone.now() + timedelta(minutes=3), requeues=1)
    assert cancel(submission).not_before is None


def test_nobody_else_takes_it_back_and_staff_do_not_run_it_again(submission: Submission) -> None:
    learner = submission.enrolment.learner_id
    for actor in (Actor.person(learner + 1), Actor.system(), Actor.person(learner, acting_as=learner)):
        with pytest.raises(Forbidden):
            submission_cancel(actor=actor, submission=submission)
    run = cancel(submission)
    with pytest.raises(Refused):
        run_retry(actor=Actor.person(learner + 1), run=run)


def test_it_counts_for_nothing_in_a_later_enrolment_either(enrolment: Enrolment, submission: Submission) -> None:
    cancel(submission)
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    second = Enrolment.objects.create(
        learner=enrolment.learner, program=enrolment.program, state="active", started_at=timezone.now()
    )
    assert attempt_rules(second, labs.lab(enrolment.program)).earlier == 0


def test_the_page_offers_it_while_it_waits_and_says_what_became_of_it(submission: Submission) -> None:
    client = Client()
    client.force_login(submission.enrolment.learner)
    page, address = submission.get_absolute_url(), reverse("grading:submission-cancel", args=[submission.uuid])
    assert address in client.get(page).content.decode()
    answer = client.post(address, follow=True).content.decode()
    for text in ("You took it back. No submission was used.", "This work was taken back", "Back to the lab"):
        assert text in answer
    assert address not in answer
    assert "Taken back" in client.get(reverse("activity", args=["junior", "MOD-001/words"])).content.decode()


def test_the_page_says_when_it_is_too_late(submission: Submission) -> None:
    client = Client()
    client.force_login(submission.enrolment.learner)
    run_claim(queue="grading.checks", worker="test")
    address = reverse("grading:submission-cancel", args=[submission.uuid])
    assert address not in client.get(submission.get_absolute_url()).content.decode()
    assert "A worker has taken it already" in client.post(address, follow=True).content.decode()


def test_the_api_takes_it_back(submission: Submission) -> None:
    client = Client()
    client.force_login(submission.enrolment.learner)
    address = f"/api/v1/submissions/{submission.uuid}/cancel/"
    for _ in range(2):
        answer = client.post(address, {}, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    other = labs.hand_in(submission.enrolment).submission
    run_claim(queue="grading.checks", worker="test")
    answer = client.post(f"/api/v1/submissions/{other.uuid}/cancel/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "run_under_way")
