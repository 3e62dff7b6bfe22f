"""Gates that are promised in words: seen in every prose of a roadmap or plan, and only where they are promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.lint.promises import promise_of, promised_gates
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.gates import gates_add
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.report.own import Decision
from courses.curriculum.report.run import lint
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.projecting import write_tree
from tests.courses.sources.support import read_text

PLAN = "# Project Plan\n\n## Project Overview\n- **Project ID**: PROJ-901\n- **Title**: Pipes\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Trivy scan gated",
        "make the report a gated requirement",
        "Readiness checklist completed by the learner",
        "Spend simulation before project approval",
        "The architecture must be approved before implementation begins",
        "All tests must pass before submission",
        "Learners cannot proceed to lab 3 without a passing scan",
        "Phase 2 starts only after the design review passes",
        "Budget approved by the tutor before the build sprint begins",
        "The design review is a hard gate",
        "Lab 4 unlocks after the quiz is passed",
    ],
)
def test_what_learners_may_not_pass_is_a_promise(text: str) -> None:
    assert promise_of(f"Take the canvas. {text}. Then go on.") == f"{text}."


@pytest.mark.parametrize(
    "text",
    [
        "Promotion requires automated quality gates plus manual approval for production.",
        "Images must be approved before deployment to production.",
        "Automate workflows that gate deployments on quality signals.",
        "Compare gated recurrent units with transformers.",
        "A release is gated on the error budget.",
        "Explain why tests run before a merge.",
        "Data must be cleaned before training.",
        "Install Docker before starting.",
        "The report must be submitted before the project deadline.",
        "Instructor review before sharing publicly.",
        "Launch readiness review with the panel.",
        "Traffic must not reach a pod before it is ready.",
        "Learners skip backups - must read the guide before class starts.",
        "Learners need a laptop before the course starts.",
        "Students often need two weeks before they start the project.",
        "You cannot start a pod without an image.",
        "Containers need to start before the probe begins.",
        "The queue must be drained before the next phase of the rollout.",
        "Explain why migrations must run before the next deployment.",
        "Data must be cleaned before training starts.",
    ],
)
def test_other_words_with_gates_and_before_are_none(text: str) -> None:
    assert promise_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "must read the guide before class starts", "Learners must read the guide before the course starts",
        "Must be handed in before the end of week 3", "Require a laptop before the workshop",
    ],
)  # fmt: skip
def test_what_begins_by_the_calendar_waits_for_nobody(text: str) -> None:
    assert promise_of(text, remedy=True) == ""


@pytest.mark.parametrize(
    "text", ["scan gated", "Keep a readiness checklist", "Require spend simulation before approval",
             "Make the drill mandatory before lab 2", "Learners must take the drill before their first deployment"],
)  # fmt: skip
def test_what_a_risk_promises_stays_a_promise(text: str) -> None:
    assert promise_of(text, remedy=True) == text


@pytest.mark.parametrize(
    "text",
    [
        "Backups must be taken before upgrades.",
        "Snapshots are required before a schema change",
        "Require snapshots before migrations",
        "Add a retry before failing over",
        "Make sure data is validated before training",
        "Lock the table until the import is done",
        "Credentials must be rotated before deploying to production",
        "Teams must take backups before the cutover",
    ],
)
def test_advice_for_work_on_systems_promises_nothing(text: str) -> None:
    assert promise_of(text, remedy=True) == ""


def test_what_is_done_about_a_risk_needs_to_say_less() -> None:
    text = "Add a drill before the exam period"
    assert (promise_of(text), promise_of(text, remedy=True)) == ("", text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## Constraints\n- Small\n- The canvas must be approved before implementation\n", 9),
        ("## Phases\n- **Phase 1** (4h): Draw; sign-off is needed before phase 2\n", 8),
        ("## Phases\n| Phase | Hours | Instructor Touchpoint |\n|---|---|---|\n| Draw | 4 | Scan gated |\n", 10),
        ("## Validation\n- **Validation**: The scan must pass before hand-in\n", 8),
        ("## Deliverables\n- A diagram\n- Spend simulation before approval\n", 9),
        ("## Weather\nSunny.\nLearners cannot start unless the canvas is signed off.\n", 9),
        ("## Risks\n- Haste - make the scan a gated requirement\n", 8),
    ],
)
def test_every_prose_of_a_plan_is_looked_at(text: str, line: int) -> None:
    (found,) = promised_gates([read_text(PLAN + text)])
    assert (found.rule, found.line) == ("gates.promised", line)
    assert list(promised_gates([read_text(f"{PLAN}{text}\n- **Gate**: The tutor signs before MOD-902\n")])) == []


def test_every_prose_of_a_roadmap_is_looked_at_and_what_is_taught_is_not() -> None:
    more = (
        "\n## Learning Objectives\n- Explain why a scan must pass before the next phase\n"
        "\n## Quality Checklist\n- [ ] Scan gated\n"
    )
    found = list(promised_gates([read_text(f"{PIPES.lstrip()}{more}")]))
    assert ["Scan gated" in each.message for each in found] == [True]


def test_a_gate_is_made_of_prose_as_of_a_risk(tmp_path: Path) -> None:
    write_tree(tmp_path, {**DOCUMENTS, "pipes.md": f"{PIPES}- Readiness checklist before MOD-502\n"})
    report = lint([str(tmp_path)])
    (said,) = [each for each in report.said if each.finding.rule == "gates.promised"]
    gate = ("MOD-502", "MOD-501/lab-2")
    report.decided = [Decision("gates.promised", said.entity, "They skip it.", said.fingerprint, gate=gate)]
    reading = reading_of(report, TreeBase())
    gates_add(reading, report)
    (path,) = reading.drafts["data-engineer", "module:MOD-501"].children["gates"]
    body = reading.drafts["data-engineer", f"gate:{path}"].body
    assert (body["text"], body["blocks"], body["activity"]) == ("Readiness checklist before MOD-502", *gate)
    assert body["reason"] == "They skip it."
