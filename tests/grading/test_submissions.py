"""From handing in a lab to its grade: each step once, whatever happens twice. The sandbox is a stand-in here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Blob, Submission
from assessments.services.blobs import blobs_sweep
from assessments.services.submitting import submission_create
from assessments.submissions.blobs import BLOBS
from assessments.submissions.intake import Work
from courses.models import Cohort, Enrolment, Program
from courses.services.enrolment import enrolment_withdraw
from grading.attempts import attempt_rules
from grading.checks import lab as lab_module
from grading.checks.contract import CaseResult, CheckOutcome, Seeds
from grading.models import CheckResult, Grade, GradeEvent, GradingRun, Progress
from grading.policy.compile import rules_for
from grading.sandbox import selection
from grading.sandbox.contract import Level, Outcome, SandboxUnavailable
from grading.services.giving_back import MOST_REQUEUES
from grading.services.progress import extra_attempts, policy_revision_of
from grading.structure import structure_of
from grading.tasks import run_checks
from tests.courses.projecting import write_tree
from tests.grading import labs
from waymark.core.actors import Actor
from waymark.core.blobs import BlobDamaged
from waymark.core.errors import Forbidden, Missing, Refused
from waymark.core.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db


class StandIn:
    """A backend that runs nothing."""

    name, level, image = "bubblewrap", Level.CGROUP, "sha256:image"

    def start(self, job: Any) -> Any:
        raise AssertionError("nothing is run")


@dataclass
class Checked:
    """A check that takes the work for what its first bytes say."""

    cases: int

    def run(self, backend: Any, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        data = files["words.py"]
        if data == labs.WRONG:
            return CheckOutcome(Outcome.FAILED, Fraction(0), "0 of 1 cases passed.")
        if data == labs.HALF and self.cases > 1:
            return CheckOutcome(
                Outcome.FAILED, Fraction(1, 3), "1 of 3", [CaseResult("case 2", False, False, "hidden")]
            )
        if data == b"loop":
            return CheckOutcome(Outcome.TIME, Fraction(0), "It took too long.")
        if data == b"down":
            return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), "The sandbox broke.")
        return CheckOutcome(Outcome.PASSED, Fraction(1), "All cases passed.")


class Kind:
    name, version = "call", 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> Checked:
        return Checked(len(spec["cases"]))


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(lab_module, "kind_named", lambda name: Kind())
    monkeypatch.setattr(selection, "_chosen", StandIn())
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "blobs"}},
    }


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return labs.released(tmp_path / "tree")


@pytest.fixture
def enrolment(program: Program, rung: list[str]) -> Enrolment:
    return labs.enrolled(program)


def grade_of(enrolment: Enrolment) -> Grade:
    return Grade.objects.get(enrolment=enrolment)


# -- handing in ------------------------------------------------------------------
def test_a_hand_in_pins_what_it_is_checked_by_and_waits(
    enrolment: Enrolment, rung: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        handed_in = labs.hand_in(enrolment)
        assert rung == [], "nothing is published before the commit"
    assert rung == ["grading.checks"]
    submission, run = handed_in.submission, GradingRun.objects.get()
    assert handed_in.created
    assert (submission.number, submission.files.get().name) == (1, "words.py")
    assert [each.lab_check.entity.key for each in submission.checks.all()] == ["shown", "held-back"]
    assert (run.submission, run.attempt, run.queue, run.state) == (submission, None, "grading.checks", "queued")
    assert (grade_of(enrolment).state, grade_of(enrolment).pending) == ("waiting", 1)


def test_a_check_run_gives_points_per_check_and_moves_progress(enrolment: Enrolment) -> None:
    labs.hand_in(enrolment, labs.HALF)
    assert run_checks() == 1
    run = GradingRun.objects.get()
    assert (run.state, run.outcome, run.detail["outcome"]) == ("finished", "scored", "failed")
    assert run.detail["image"] == "sha256:image"
    results = list(CheckResult.objects.order_by("position"))
    assert [(each.outcome, Fraction(each.points_numerator, each.points_denominator)) for each in results] == [
        ("passed", Fraction(6)), ("failed", Fraction(4, 3)),
    ]  # fmt: skip
    assert results[1].detail["cases"] == [{"id": "case 2", "visible": False, "passed": False, "message": "hidden"}]
    grade = grade_of(enrolment)
    assert (grade.state, Fraction(grade.numerator or 0, grade.denominator or 1)) == ("scored", Fraction(22, 3))
    assert GradeEvent.objects.filter(kind="score", submission__isnull=False, attempt=None).count() == 1
    assert Progress.objects.get(enrolment=enrolment).sequence == enrolment_sequence(enrolment)


def enrolment_sequence(enrolment: Enrolment) -> int:
    enrolment.refresh_from_db()
    return enrolment.sequence


def test_work_beyond_a_limit_scores_nothing_and_is_an_attempt(enrolment: Enrolment) -> None:
    labs.hand_in(enrolment, b"loop")
    run_checks()
    assert GradingRun.objects.get().detail["outcome"] == "time"
    assert (grade_of(enrolment).attempts_made, grade_of(enrolment).numerator) == (1, 0)


def test_a_failing_sandbox_is_no_grade_and_no_attempt(enrolment: Enrolment) -> None:
    labs.hand_in(enrolment, b"down")
    for _ in range(MOST_REQUEUES + 1):
        GradingRun.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        assert run_checks() == 0
    run = GradingRun.objects.get()
    assert (run.state, run.outcome, run.detail["error"]) == ("failed", "infrastructure", "SandboxUnavailable")
    assert not CheckResult.objects.exists()
    assert (grade_of(enrolment).state, grade_of(enrolment).attempts_made) == ("not_handed_in", 0)


def test_without_a_sandbox_work_waits_and_nothing_is_lost(
    enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(setting: str | None = None) -> Any:
        raise SandboxUnavailable("There is none here.")

    monkeypatch.setattr(selection, "chosen", none)
    labs.hand_in(enrolment)
    assert run_checks() == 0
    run = GradingRun.objects.get()
    assert (run.state, run.claim, run.requeues) == ("queued", 0, 0)


# -- the same work again ---------------------------------------------------------
def test_the_same_work_again_is_the_hand_in_it_was(enrolment: Enrolment) -> None:
    first = labs.hand_in(enrolment)
    again = labs.hand_in(enrolment)
    assert (again.created, again.submission) == (False, first.submission), "a double click"
    run_checks()
    assert labs.hand_in(enrolment).submission == first.submission, "its result stands"
    assert GradingRun.objects.count() == 1
    assert labs.hand_in(enrolment, labs.HALF).created
    assert grade_of(enrolment).attempts_made == 2


def test_the_same_work_is_checked_anew_in_another_image(enrolment: Enrolment) -> None:
    def worker(name: str, sandbox: str) -> None:
        now = timezone.now()
        WorkerHeartbeat.objects.create(name=name, queues="grading.checks", sandbox=sandbox, seen_at=now, started_at=now)

    labs.hand_in(enrolment)
    run_checks()
    image = GradingRun.objects.get().detail["image"]
    worker("broken", "missing: no image sha256:other")
    worker("old", "bubblewrap cgroup")
    assert not labs.hand_in(enrolment).created, "no worker says which image it has"
    worker("same", f"docker cgroup {image}")
    worker("other", "bubblewrap cgroup sha256:other")
    assert not labs.hand_in(enrolment).created, "one of two machines has the image of then"
    WorkerHeartbeat.objects.filter(name="same").delete()
    assert labs.hand_in(enrolment).created


def test_what_ran_into_a_limit_may_be_tried_again(enrolment: Enrolment) -> None:
    labs.hand_in(enrolment, b"loop")
    run_checks()
    assert labs.hand_in(enrolment, b"loop").created


def test_the_same_work_is_checked_anew_by_another_kit_or_other_checks(
    enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    labs.hand_in(enrolment)
    run_checks()
    GradingRun.objects.update(detail={**GradingRun.objects.get().detail, "kit_version": "sha256:older"})
    assert labs.hand_in(enrolment).created, "another kit"
    run_checks()
    labs.released(tmp_path / "tree", labs.MODULE.replace("points: 6", "points: 5"))
    assert labs.hand_in(enrolment).created, "another check"


def test_the_work_of_another_learner_is_never_shown(enrolment: Enrolment, program: Program) -> None:
    labs.hand_in(enrolment)
    other = labs.hand_in(labs.enrolled(program, "classmate@demo.test"))
    assert other.created
    assert Blob.objects.count() == 1, "the content is kept once"


# -- refusals --------------------------------------------------------------------
def refusal(enrolment: Enrolment, data: bytes = labs.RIGHT, key: str = "words") -> str:
    before = (Submission.objects.count(), GradingRun.objects.count())
    with pytest.raises((Refused, Missing)) as error:
        labs.hand_in(enrolment, data, key=key)
    assert (Submission.objects.count(), GradingRun.objects.count()) == before
    return error.value.code


def test_only_the_learner_hands_in(enrolment: Enrolment) -> None:
    for actor in (
        Actor.person(enrolment.learner_id + 1),
        Actor.system(),
        Actor.person(enrolment.learner_id, acting_as=enrolment.learner_id),
    ):
        with pytest.raises(Forbidden):
            submission_create(
                actor=actor, enrolment=enrolment, activity=labs.lab(enrolment.program), work=Work({"a": b""}),
                source=Submission.Source.FILES,
            )  # fmt: skip


def test_a_lab_without_checks_takes_nothing(enrolment: Enrolment) -> None:
    assert refusal(enrolment, key="unchecked") == "lab_without_checks"


@pytest.mark.parametrize("state", ["paused", "withdrawn", "requested"])
def test_who_may_not_work_hands_in_nothing(enrolment: Enrolment, state: str) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    assert refusal(enrolment) == f"enrolment_{state}"


def test_after_the_end_of_the_cohort_nothing_is_taken(enrolment: Enrolment) -> None:
    now = timezone.now()
    cohort = Cohort.objects.create(
        program=enrolment.program, title="Spring", starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=1)
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    assert refusal(enrolment) == "cohort_ended"


def test_attempts_are_limited_by_the_policy_and_repeats_use_none(tmp_path: Path, rung: list[str]) -> None:
    write_tree(tmp_path / "tree", {"junior/policy.yaml": POLICY})
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"))
    labs.hand_in(enrolment)
    run_checks()
    assert not labs.hand_in(enrolment).created
    labs.hand_in(enrolment, labs.WRONG)
    run_checks()
    assert refusal(enrolment, labs.HALF) == "attempts_used_up"
    assert not labs.hand_in(enrolment).created, "what was handed in is still shown"


POLICY = """
    kind: policy
    title: Rules
    components: [{id: labs, title: Labs, activities: lab, weight: 100}]
    default: {attempts: {choose: best, limit: 2}}
"""


# -- contents --------------------------------------------------------------------
def test_a_content_that_was_damaged_is_no_verdict(enrolment: Enrolment) -> None:
    submission = labs.hand_in(enrolment).submission
    digest = submission.files.get().blob_id
    BLOBS.delete(digest)
    assert run_checks() == 0
    assert GradingRun.objects.get().detail["error"] == "BlobDamaged"
    with pytest.raises(BlobDamaged):
        BLOBS.read(digest)


def test_a_submission_is_never_changed_and_names_its_contents(enrolment: Enrolment) -> None:
    submission = labs.hand_in(enrolment).submission
    assert BLOBS.read(submission.files.get().blob_id) == labs.RIGHT
    assert BLOBS.write(labs.RIGHT) == submission.files.get().blob_id


def test_contents_that_nothing_names_are_taken_back_after_a_day(enrolment: Enrolment, tmp_path: Path) -> None:
    submission = labs.hand_in(enrolment).submission
    named, old = submission.files.get().blob_id, timezone.now() - timedelta(days=3)
    refused, lost, young = BLOBS.write(b"refused"), BLOBS.write(b"lost"), BLOBS.write(b"young")
    Blob.objects.create(digest=refused, size=7)
    Blob.objects.update(stored_at=old)
    for digest in (refused, lost, named):
        os.utime(tmp_path / "blobs" / "submissions" / digest[:2] / digest[2:], (old.timestamp(), old.timestamp()))
    (tmp_path / "blobs" / "submissions" / "no").mkdir()
    (tmp_path / "blobs" / "submissions" / "no" / "digest").write_bytes(b"somebody else's")
    assert blobs_sweep() == 2
    assert blobs_sweep() == 0
    assert BLOBS.read(named) == labs.RIGHT
    assert BLOBS.read(young) == b"young"
    for digest in (refused, lost):
        with pytest.raises(BlobDamaged):
            BLOBS.read(digest)
    labs.hand_in(enrolment, b"refused")
    assert BLOBS.read(refused) == b"refused"


def test_nothing_kept_is_nothing_to_sweep(db: None) -> None:
    assert blobs_sweep() == 0


def test_submissions_of_earlier_enrolments_count_against_the_limit(tmp_path: Path, rung: list[str]) -> None:
    write_tree(tmp_path / "tree", {"junior/policy.yaml": POLICY})
    first = labs.enrolled(labs.released(tmp_path / "tree"))
    labs.hand_in(first)
    run_checks()
    enrolment_withdraw(actor=Actor.person(first.learner_id), enrolment=first)
    second = Enrolment.objects.create(
        learner=first.learner, program=first.program, state="active", started_at=timezone.now()
    )
    assert not Grade.objects.filter(enrolment=second).exists()
    assert labs.hand_in(second).created, "never across enrolments"
    assert refusal(second, labs.HALF) == "attempts_used_up"
    lab = labs.lab(first.program)
    structure = structure_of(first.program_id)
    rules = rules_for(structure, policy_revision_of(second, structure))
    assert extra_attempts(second.pk, rules)[lab.pk] == -1
    assert attempt_rules(second, lab).earlier == 1
    GradingRun.objects.filter(enrolment=first).update(state="failed", outcome="infrastructure")
    assert attempt_rules(second, lab).earlier == 0
