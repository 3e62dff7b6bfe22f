"""The adversarial cases and the honest ones, each beside right work that must keep its verdict.

Everything that loads the machine is in this file, so that one process at a time does.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import pytest

from grading.sandbox.contract import Outcome
from grading.sandbox.image import Image
from grading.sandbox.lifted import Lifted
from tests.grading.sandbox.cases import ALL, Case
from tests.grading.sandbox.conftest import LEVELS, Watched, backend_at, report_write
from tests.grading.sandbox.judge import NARROW, beside_control, judged


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_case_has_its_outcome_and_the_control_keeps_its_verdict(
    backend: Watched, case: Case, rows: list[dict[str, Any]]
) -> None:
    began = time.monotonic()
    outcome, control = beside_control(backend, case.all_files(), case.limits)
    seconds = time.monotonic() - began
    learner = outcome.runs["learner"]
    row = {"case": case.id, "backend": backend.name, "level": str(backend.level), "outcome": str(outcome.outcome)}
    rows.append(row | {"seconds": round(seconds, 3), "wall": learner.usage.wall, "cpu": learner.usage.cpu,
                       "memory": learner.usage.memory, "processes": learner.usage.processes})  # fmt: skip
    assert str(outcome.outcome) == case.outcome, (outcome.message, learner.reason, learner.evidence.stderr[-500:])
    assert outcome.share == (1 if case.outcome == "passed" else 0)
    assert control.outcome is Outcome.PASSED, control.message
    assert learner.usage.wall <= 2 * (NARROW | case.limits)["wall"]
    assert b"LOADED" not in learner.evidence.stdout
    assert len(learner.evidence.stdout) + len(learner.evidence.stderr) <= learner.limits.output
    assert outcome.message.isascii()
    assert outcome.message.isprintable()


@pytest.mark.parametrize("case", [case for case in ALL if case.lifted is not None], ids=lambda case: case.id)
@pytest.mark.parametrize("level", LEVELS)
def test_the_same_work_passes_with_that_one_defence_lifted(sandbox_image: Image, level: str, case: Case) -> None:
    lifted = case.lifted if isinstance(case.lifted, Lifted) else Lifted()
    limits = case.lifted if isinstance(case.lifted, dict) else case.limits
    outcome = judged(backend_at(sandbox_image, level, lifted), case.all_files(), limits)
    assert outcome.outcome is Outcome.PASSED, (outcome.message, outcome.runs["learner"].reason)


def test_the_report_has_one_row_for_every_case_on_every_backend(
    request: pytest.FixtureRequest, rows: list[dict[str, Any]]
) -> None:
    """The last of this file: of what was asked for, nothing is left out or there twice.

    A backend counts when it works here; without an engine the cases on docker are skipped, and none has a row.
    """
    name = test_case_has_its_outcome_and_the_control_keeps_its_verdict.__name__
    asked = [each for each in request.session.items if isinstance(each, pytest.Function) and each.originalname == name]
    cases = {each.callspec.params["case"].id for each in asked}
    report = json.loads(report_write(rows).read_text())
    found = Counter((row["case"], row["backend"], row["level"]) for row in report)
    places = {(backend, level) for _, backend, level in found}
    assert found == Counter((case, *place) for case in cases for place in places)
    levels = {each.callspec.params["backend"] for each in asked} - {"docker"}
    assert {("bubblewrap", level) for level in levels} <= places
    assert len(report) == len(cases) * len(places)
    for row in report:
        assert row.keys() >= {"outcome", "seconds", "wall", "cpu", "memory", "processes"}
