"""The whole way with a real sandbox: hand in, run, points; and the labs that ship, against right and wrong work."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assessments.curriculum.bodies import LabBody
from courses.curriculum.native.reader import read_tree
from grading.checks.gate import lab_gate
from grading.checks.lab import LabCheck, checks_from
from grading.models import CheckResult, Grade, GradingRun
from grading.sandbox import image, selection
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


@pytest.mark.django_db
@pytest.mark.usefixtures("own_storage")
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


# -- the labs that ship: each once, since what differs between levels is tried by the cases -----------
@cache
def shipped() -> list[tuple[str, LabBody, list[LabCheck]]]:
    """The labs of ``fixtures/`` that have checks."""
    drafts = list(read_tree(ROOT / "fixtures").drafts.values())
    found = []
    for lab in (each for each in drafts if each.kind == "lab"):
        checks = [(each.path, each.body) for each in drafts if each.kind == "check" and each.parent == lab.address]
        if checks:
            found.append((lab.path, LabBody.model_validate(lab.body), checks_from(checks)))
    return found


WITH_TOOLS = ("typed-settings",)
LABS = sorted(path.stem for path in ROOT.glob("fixtures/*/modules/*/labs/*.yaml"))


def test_every_lab_that_ships_with_checks_is_tried() -> None:
    assert sorted(path.rpartition("/")[2] for path, _, _ in shipped()) == LABS


@pytest.mark.parametrize(
    ("name", "level"), [*((name, "cgroup") for name in LABS), ("retry", "supervised"), ("retry", "docker")]
)
def test_a_lab_that_ships_gives_right_work_everything_and_wrong_work_its_share(
    request: pytest.FixtureRequest, name: str, level: str
) -> None:
    [(path, body, checks)] = [each for each in shipped() if each[0].rpartition("/")[2] == name]
    of = request.getfixturevalue("tools_image" if name in WITH_TOOLS else "sandbox_image")
    tried = lab_gate(backend_at(of, level), body, checks, times=2)
    assert [f"{path}, {each.name}: {each.problem}" for each in tried if each.problem] == []
    assert len(body.trials) >= 4, "several pieces of wrong work, and a reference"
