"""Labs are tried after a release, and flaky checks are held back. The sandbox is a stand-in here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Cohort, Program, StaffRight
from grading import tasks
from grading.checks import gate
from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.lab import LabCheck
from grading.checks.runner import Judged, LabResult
from grading.graders import lab as grader
from grading.models import CheckResult, Grade, GradingRun, HeldCheck, LabHealth
from grading.sandbox.contract import Outcome, SandboxUnavailable, Usage
from grading.services import lab_health
from grading.services.grade import queue_drain
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import CATALOG, JUNIOR
from tests.grading import labs
from waymark.accounts.models import User

pytestmark = pytest.mark.django_db

TRIALS = """        trials:
          - {id: right, files: [{path: words.py, content: right}]}
          - {id: half, points: 6, files: [{path: words.py, content: half}]}
"""
MODULE = labs.MODULE.replace("        checks:\n", f"{TRIALS}        checks:\n", 1)
SHARES = {"right": (1, 1), "half": (1, 0)}
Share = Callable[[str, str], float]


class StandIn:
    name, level, image = "stand-in", "none", "sha256:1"


def honest(text: str, check: str) -> float:
    return SHARES.get(text, (0, 0))[check.endswith("held-back")]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Share], None]:
    """Have checks give what a function of the work's text and the check's id says; below 0 the sandbox fails.

    At -2 it would fail again and again.
    """

    def use(share: Share) -> None:
        def run(backend: Any, checks: list[LabCheck], files: Mapping[str, bytes], seeds: Seeds) -> LabResult:
            judged = []
            for check in checks:
                given = share(files["words.py"].decode(), check.id)
                outcome = Outcome.PASSED if given == 1 else Outcome.FAILED if given >= 0 else Outcome.INFRASTRUCTURE
                judged.append(Judged(check, CheckOutcome(outcome, Fraction(max(given, 0)), "", lasting=given == -2)))
            worst = (
                Outcome.INFRASTRUCTURE
                if any(each.outcome.outcome == Outcome.INFRASTRUCTURE for each in judged)
                else Outcome.PASSED
                if all(each.outcome.share == 1 for each in judged)
                else Outcome.FAILED
            )
            now = datetime.now(UTC)
            return LabResult(worst, judged, Usage(), {"started": now, "finished": now}, seeds, "b", "l", "i", "k")

        monkeypatch.setattr(gate, "lab_run", run)
        monkeypatch.setattr(grader, "lab_run", run)
        monkeypatch.setattr(grader, "chosen", StandIn)

    use(honest)
    return use


def flaky(name: str) -> Share:
    numbers: dict[str, Any] = defaultdict(count)

    def share(text: str, check: str) -> float:
        return next(numbers[check]) % 2 if check.endswith(name) else honest(text, check)

    return share


@pytest.fixture
def program(tmp_path: Path, own_storage: None, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setattr("waymark.core.ring.ring", lambda queue: True)
    return labs.released(tmp_path / "tree", MODULE)


def try_next() -> str | None:
    backend: Any = StandIn()
    return lab_health.labs_try(backend)


def test_a_lab_is_tried_once_and_again_when_it_or_the_image_is_another(
    program: Program, says: Callable[[Share], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert try_next() == "MOD-001/words"
    row = LabHealth.objects.get()
    assert (row.problems, row.lease_until, HeldCheck.objects.count()) == ([], None, 0)
    assert row.tried_at is not None
    assert try_next() is None, "nothing is another"
    monkeypatch.setattr(StandIn, "image", "sha256:2")
    assert try_next() == "MOD-001/words"
    released(tmp_path / "again", MODULE.replace("title: Counts any text", "title: Counts every text"))
    assert try_next() == "MOD-001/words"
    assert try_next() is None


def released(root: Path, module: str) -> None:
    tree = {name: JUNIOR[name] for name in ("junior/role.yaml", "junior/program.yaml")}
    release_tree(write_tree(root, {"catalog/all.yaml": CATALOG, **tree, "junior/mod-001.yaml": module}))


def test_what_is_wrong_is_kept_and_flaky_checks_are_held(program: Program, says: Callable[[Share], None]) -> None:
    says(flaky("held-back"))
    try_next()
    problems = dict(LabHealth.objects.get().problems)
    assert problems["right"] == "It does not always get the same: MOD-001/words/held-back."
    assert [each.lab_check.entity.path for each in HeldCheck.objects.all()] == ["MOD-001/words/held-back"]


def test_no_grade_is_made_of_a_held_check_until_it_is_mended(
    program: Program, says: Callable[[Share], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(flaky("held-back"))
    try_next()
    says(lambda text, check: float(check.endswith("shown")))
    enrolment = labs.enrolled(program)
    done = labs.hand_in(enrolment)
    queue_drain(queue="grading.checks", worker="test")
    run = GradingRun.objects.get()
    assert (run.state, run.detail["held"]) == ("finished", ["MOD-001/words/held-back"])
    assert [each.lab_check.entity.path for each in CheckResult.objects.all()] == ["MOD-001/words/shown"]
    grade = Grade.objects.get(enrolment=enrolment)
    assert (grade.points, grade.out_of) == (10, 10), "what is left is worth the whole"
    client = Client()
    client.force_login(enrolment.learner)
    page = client.get(done.submission.get_absolute_url()).content.decode()
    assert "One check does not count for now" in page
    says(honest)
    monkeypatch.setattr(StandIn, "image", "sha256:2")
    try_next()
    assert HeldCheck.objects.count() == 0, "found steady"


def test_a_lab_whose_checks_are_all_held_waits(program: Program, says: Callable[[Share], None]) -> None:
    says(flaky(""))
    try_next()
    assert HeldCheck.objects.count() == 2
    enrolment = labs.enrolled(program)
    labs.hand_in(enrolment)
    queue_drain(queue="grading.checks", worker="test")
    run = GradingRun.objects.get()
    assert (run.state, run.detail["error"]) == ("queued", "SandboxUnavailable"), "no attempt, and no grade"
    assert not Grade.objects.filter(points__isnull=False).exists()


def test_learners_come_first(program: Program, says: Callable[[Share], None]) -> None:
    labs.hand_in(labs.enrolled(program))
    assert try_next() is None
    assert not LabHealth.objects.exists()


def test_two_workers_do_not_try_the_same(program: Program, says: Callable[[Share], None]) -> None:
    LabHealth.objects.create(lab_id=labs.lab(program).pk, lease_until=timezone.now() + lab_health.LEASE)
    assert try_next() is None
    LabHealth.objects.update(lease_until=timezone.now() - lab_health.LEASE)
    assert try_next() == "MOD-001/words", "whoever had it is gone"


def test_a_sandbox_that_fails_says_nothing_of_a_lab_and_others_come_first(
    program: Program, says: Callable[[Share], None], tmp_path: Path
) -> None:
    words = MODULE[MODULE.index("      - id: words\n") : MODULE.index("      - id: unchecked")]
    another = words.replace("id: words", "id: another", 1)
    released(tmp_path / "two", MODULE.replace("    labs:\n", f"    labs:\n{another}", 1))
    says(lambda text, check: -1 if "/another/" in check else honest(text, check))
    with pytest.raises(SandboxUnavailable):
        try_next()
    row = LabHealth.objects.get()
    assert (row.tried, row.tried_at) == ("", None)
    assert try_next() == "MOD-001/words", "the one that failed rests"
    assert try_next() is None
    LabHealth.objects.update(lease_until=timezone.now() - lab_health.LEASE)
    says(honest)
    assert try_next() == "MOD-001/another"


def test_an_earlier_revision_stays_held(program: Program, says: Callable[[Share], None], tmp_path: Path) -> None:
    says(flaky("held-back"))
    try_next()
    earlier = HeldCheck.objects.get().revision_id
    released(tmp_path / "again", MODULE.replace("title: Counts any text", "title: Counts every text"))
    says(honest)
    assert try_next() == "MOD-001/words"
    assert [each.revision_id for each in HeldCheck.objects.all()] == [earlier]


@pytest.mark.parametrize(
    ("error", "problem"),
    [(SoftTimeLimitExceeded(), lab_health.TOO_LONG), (SpecProblem("check 'x': no cases."), "check 'x': no cases.")],
)
def test_a_lab_that_cannot_be_tried_is_not_sound(
    program: Program, error: Exception, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gate_fails(*arguments: Any) -> Any:
        raise error

    monkeypatch.setattr(lab_health, "lab_gate", gate_fails)
    try_next()
    assert LabHealth.objects.get().problems == [["checks", problem]]
    assert try_next() is None


def test_staff_see_it_on_the_content_page(program: Program, says: Callable[[Share], None]) -> None:
    staff = User.objects.create_user("staff@demo.test")
    cohort = Cohort.objects.create(program=program, title="First", slug="first")
    StaffRight.objects.create(person=staff, role="instructor", cohort=cohort)
    client = Client()
    client.force_login(staff)
    address = reverse("content_activity", args=["junior", "MOD-001/words"])
    assert "author&#x27;s own work" not in client.get(address).content.decode()
    try_next()
    assert "Sound" in client.get(address).content.decode()
    says(flaky("held-back"))
    LabHealth.objects.update(tried="")
    try_next()
    page = client.get(address).content.decode()
    assert "Not sound" in page
    assert "until it is mended: held-back." in page
    says(lambda text, check: -2)
    LabHealth.objects.update(tried="")
    try_next()
    page = client.get(address).content.decode()
    assert "Not checkable here" in page
    assert "Not sound" not in page


def test_the_task_does_nothing_without_a_sandbox(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "sandbox_holds", lambda: False)
    assert tasks.try_labs() is None
    assert not LabHealth.objects.exists()
