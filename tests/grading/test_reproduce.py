"""``manage.py checks reproduce RUN``: the same again, or why that cannot be. The sandbox is a stand-in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Submission
from grading.checks.contract import CaseResult, CheckOutcome, Seeds
from grading.checks.registry import kit_version
from grading.checks.runner import Judged, LabResult
from grading.management.commands import checks as command
from grading.models import GradeEvent, GradingRun
from grading.sandbox.contract import Outcome, Usage
from grading.services import reproducing
from grading.services.runs import run_claim, run_store
from tests.flows.labs import checked
from tests.grading import labs

pytestmark = pytest.mark.django_db


@dataclass
class StandIn:
    """A backend, and what running checks with it gives."""

    image: str = "sha256:demo"
    share: Fraction = Fraction(0)
    outcome: Outcome = Outcome.FAILED
    asked: list[Any] = field(default_factory=list)

    def lab_run(self, backend: Any, checks: Any, files: Any, seeds: Seeds) -> LabResult:
        self.asked.append((sorted(check.id for check in checks), dict(files), seeds))
        cases = [CaseResult("case 1", True, self.share == 1, "")]
        judged = [Judged(check, CheckOutcome(self.outcome, self.share, "took 7 ms", cases)) for check in checks]
        now = {"started": datetime.now(UTC)}
        return LabResult(self.outcome, judged, Usage(), now, seeds, "stand-in", "none", self.image)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(command, "chosen", lambda setting: stand_in)
    monkeypatch.setattr(reproducing, "lab_run", stand_in.lab_run)
    return stand_in


@pytest.fixture
def submission(tmp_path: Path, own_storage: None, rung: list[str]) -> Submission:
    made = labs.hand_in(labs.enrolled(labs.released(tmp_path / "tree")), labs.WRONG).submission
    claim = run_claim(queue="grading.checks", worker="test")
    assert claim is not None
    assert run_store(claim=claim, score=checked(made, right=False))
    return made


def reproduce(name: object, *options: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("checks", "reproduce", str(name), "--format", "json", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def refused(name: object) -> str:
    with pytest.raises(CommandError) as error:
        reproduce(name)
    assert error.value.returncode == 2
    return str(error.value)


def test_the_same_work_checks_and_seeds_are_run_and_nothing_is_written(
    submission: Submission, sandbox: StandIn
) -> None:
    events = GradeEvent.objects.count()
    run = submission.runs.get()
    for name in (run.uuid, submission.uuid):
        code, said = reproduce(name)
        assert (code, said["same"], said["differences"]) == (0, True, []), said
        assert said["run"] == str(run.uuid)
    ids = sorted(check.lab_check.entity.path for check in run.check_results.all())
    assert sandbox.asked[0] == (ids, {"words.py": labs.WRONG}, Seeds(1, 2))
    assert (GradeEvent.objects.count(), GradingRun.objects.count()) == (events, 1)


def test_checks_are_run_in_the_revisions_of_the_run(submission: Submission, sandbox: StandIn) -> None:
    submission.runs.get().check_results.filter(position=2).delete()
    reproduce(submission.uuid)
    assert len(sandbox.asked[0][0]) == 1, "a check that was held back is not run now"


def test_what_came_out_otherwise_is_named(submission: Submission, sandbox: StandIn) -> None:
    sandbox.share, sandbox.outcome = Fraction(1), Outcome.PASSED
    code, said = reproduce(submission.uuid)
    assert code == 1
    first = said["differences"][0]
    assert (first["check"], first["what"], first["was"], first["now"]) == ("", "outcome", "failed", "passed")
    points = [each for each in said["differences"] if each["what"] == "points"]
    assert [(each["was"], each["now"]) for each in points] == [("0", "6"), ("0", "4")]
    assert {each["what"] for each in said["differences"]} == {"outcome", "points", "case case 1"}
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("checks", "reproduce", str(submission.uuid), stdout=out)
    assert "points: was '0', is '6'" in out.getvalue()


def test_another_image_is_refused_unless_it_is_wanted(submission: Submission, sandbox: StandIn) -> None:
    sandbox.image = "sha256:other"
    assert "used the image sha256:demo, and this machine has sha256:other" in refused(submission.uuid)
    assert not sandbox.asked
    code, said = reproduce(submission.uuid, "--anyway")
    assert (code, said["other"]) == (0, [{"check": "", "what": "image", "was": "sha256:demo", "now": "sha256:other"}])


def test_another_kit_is_refused(submission: Submission, sandbox: StandIn) -> None:
    run = submission.runs.get()
    run.detail["kit_version"] = "f" * 64
    run.save()
    said = refused(run.uuid)
    assert f"used the check kit {'f' * 12}" in said
    assert kit_version()[:12] in said


def test_what_is_no_finished_run_of_checks_is_refused(submission: Submission, sandbox: StandIn) -> None:
    unknown = uuid4()
    assert refused(unknown) == f"There is no run or submission {unknown}."
    waiting = labs.hand_in(submission.enrolment, labs.HALF).submission
    assert "is queued: it has no result" in refused(waiting.uuid)


def test_a_sandbox_that_fails_is_no_difference(submission: Submission, sandbox: StandIn) -> None:
    sandbox.outcome = Outcome.INFRASTRUCTURE
    assert "nothing was compared" in refused(submission.uuid)
