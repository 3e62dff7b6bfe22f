"""The whole way with a real sandbox: hand in, run, points; and the labs that ship, against right and wrong work."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.native.reader import read_tree
from grading.checks.lab import LabCheck, checks_from
from grading.checks.runner import lab_run, seeds_new
from grading.models import CheckResult, Grade, GradingRun
from grading.sandbox import image, selection
from grading.sandbox.contract import Outcome
from grading.tasks import run_checks
from tests.conftest import ROOT
from tests.grading import labs
from tests.grading.sandbox.conftest import LEVELS, backend_at

LIMIT = b"def count(text):\n    while True: pass\n"


@pytest.fixture(params=LEVELS)
def sandbox(request: pytest.FixtureRequest, sandbox_image: image.Image, monkeypatch: pytest.MonkeyPatch) -> Any:
    backend = backend_at(sandbox_image, request.param)
    monkeypatch.setattr(selection, "_chosen", backend)
    return backend


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> None:
    options = {"location": tmp_path / "blobs"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.mark.django_db
@pytest.mark.usefixtures("storage")
def test_work_is_run_and_graded(sandbox: Any, tmp_path: Path, rung: list[str]) -> None:
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"))
    for data, points, outcomes in (
        (labs.WRONG, 0, ["failed", "failed"]),
        (labs.HALF, 6, ["passed", "failed"]),
        (LIMIT, 0, ["time", "time"]),
        (labs.RIGHT, 10, ["passed", "passed"]),
    ):
        submission = labs.hand_in(enrolment, data).submission
        assert run_checks() == 1
        run = GradingRun.objects.get(submission=submission)
        assert Fraction(run.points_numerator or 0, run.points_denominator or 1) == points
        found = CheckResult.objects.filter(run=run).order_by("position").values_list("outcome", flat=True)
        assert list(found) == outcomes
        assert (run.detail["backend"], run.detail["level"]) == (sandbox.name, str(sandbox.level))
    grade = Grade.objects.get(enrolment=enrolment)
    assert (grade.attempts_made, grade.counted_attempt, grade.passed) == (4, 4, True)


# -- the labs that ship ------------------------------------------------------------
REFERENCE = """def plan(answers, attempts, base, cap):
    steps, pause = [], base
    calls = answers[:attempts]
    for number, status in enumerate(calls, 1):
        steps.append(["call", status])
        if status < 500 and status != 429:
            break
        if number < len(calls):
            steps.append(["wait", min(pause, cap)])
            pause *= 2
    return steps
"""
RETRY = {
    "reference": (REFERENCE, 10),
    "starter": ("def plan(answers, attempts, base, cap):\n    raise NotImplementedError\n", 0),
    "empty": ("", 0),
    "gives up on 429": (REFERENCE.replace(" and status != 429", ""), 5),
    "waits for longer than the cap": (REFERENCE.replace("min(pause, cap)", "pause"), 6),
    "waits after the last call": (REFERENCE.replace("number < len(calls)", "True"), 6),
    "asks for ever": (REFERENCE.replace("answers[:attempts]", "answers"), 6),
    "never stops at what stays": (REFERENCE.replace("            break", "            pass"), 4),
    "prints the answer": ("print('PASSED')\ndef plan(*args): return 'PASSED'\n", 0),
}
"""Work for MOD-001/retry by name, with the points that it must get."""


@cache
def shipped(lab: str) -> list[LabCheck]:
    """The checks of a lab in ``fixtures/``, by its path."""
    drafts = read_tree(ROOT / "fixtures").drafts.values()
    checks = [each for each in drafts if each.kind == "check" and each.path.startswith(f"{lab}/")]
    return checks_from([(each.path, each.body) for each in checks])


@pytest.mark.parametrize("name", RETRY)
def test_the_retry_lab_gives_right_work_everything_and_wrong_work_its_share(sandbox: Any, name: str) -> None:
    text, points = RETRY[name]
    result = lab_run(sandbox, shipped("MOD-001/retry"), {"retry.py": text.encode()}, seeds_new())
    assert result.points == points, [(each.check.id, each.outcome.message) for each in result.judged]
    assert (result.outcome == Outcome.PASSED) is (points == 10)
