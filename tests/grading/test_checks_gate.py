"""The health gate: what it finds wrong with a lab. The sandbox is a stand-in here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from io import StringIO
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.curriculum.bodies import LabBody
from grading.checks import gate
from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.gate import Tried, lab_gate
from grading.checks.lab import LabCheck, checks_from
from grading.checks.runner import Judged, LabResult
from grading.management.commands import checks as command
from grading.sandbox.contract import Outcome, Usage
from tests.grading import labs

Says = Callable[[str], Fraction]
CHECK = {
    "title": "It works",
    "type": "call",
    "points": 4,
    "spec": {"module": "a", "function": "f", "cases": [{"expect": 1}]},
}


def file(text: str) -> dict[str, Any]:
    return {"path": "a.py", "content": text}


def lab(*trials: dict[str, Any], starter: str = "begin") -> LabBody:
    return LabBody.model_validate({"title": "Lab", "starter": [file(starter)], "trials": trials})


REFERENCE = {"id": "reference", "files": [file("right")]}


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Says], None]:
    def use(share: Says) -> None:
        def run(backend: Any, checks: list[LabCheck], files: Mapping[str, bytes], seeds: Seeds) -> LabResult:
            given = share(files["a.py"].decode())
            outcome = Outcome.PASSED if given == 1 else Outcome.FAILED if given >= 0 else Outcome.INFRASTRUCTURE
            said = "No ruff." if outcome is Outcome.INFRASTRUCTURE else "Something."
            told = CheckOutcome(outcome, max(given, Fraction(0)), said, lasting=given == -2)
            judged = [Judged(check, told) for check in checks]
            now = datetime.now(UTC)
            return LabResult(outcome, judged, Usage(), {"started": now}, seeds, "stand-in", "none", "none", "none")

        monkeypatch.setattr(gate, "lab_run", run)

    return use


def tried(body: LabBody, times: int = 3) -> dict[str, Tried]:
    backend: Any = object()
    return {each.name: each for each in lab_gate(backend, body, checks_from([("lab/works", CHECK)]), times=times)}


def honest(text: str) -> Fraction:
    return {"right": Fraction(1), "half": Fraction(1, 2)}.get(text, Fraction(0))


def test_a_sound_lab_has_no_problem(says: Callable[[Says], None]) -> None:
    says(honest)
    found = tried(lab(REFERENCE, {"id": "half", "points": 2, "files": [file("half")]}))
    assert {name: each.problem for name, each in found.items()} == dict.fromkeys(
        ("starter", "empty", "reference", "half"), ""
    )
    assert found["half"].points == (Fraction(2),) * 3


@pytest.mark.parametrize(
    ("body", "name", "problem"),
    [
        (lab(REFERENCE, starter="right"), "starter", "It passes, and nothing in it is a solution."),
        (lab({"id": "reference", "files": [file("half")]}), "reference", "It gets 2 and should get 4 of 4 points."),
        (lab({"id": "wrong", "points": 1, "files": [file("half")]}, REFERENCE), "wrong",
         "It gets 2 and should get 1 of 4 points."),
        (lab({"id": "wrong", "points": 0, "files": [file("no")]}), "reference",
         "There is none: nobody has shown that the lab can be solved."),
    ],
)  # fmt: skip
def test_each_fault_is_named(says: Callable[[Says], None], body: LabBody, name: str, problem: str) -> None:
    says(honest)
    found = tried(body)
    assert found[name].problem == problem
    assert [each.name for each in found.values() if each.problem] == [name]


def test_a_check_that_does_not_always_say_the_same_is_named(says: Callable[[Says], None]) -> None:
    turns = cycle([Fraction(1), Fraction(1), Fraction(1, 2)])
    says(lambda text: next(turns) if text == "right" else Fraction(0))
    found = tried(lab(REFERENCE))
    assert found["reference"].flaky == ("lab/works",)
    assert found["reference"].problem == "It does not always get the same: lab/works."


@pytest.mark.parametrize(
    ("share", "infrastructure", "problem"),
    [(-1, True, "The sandbox or the author's side failed: No ruff."), (-2, False, "Not checkable here. No ruff.")],
)
def test_a_failing_sandbox_is_no_verdict(
    says: Callable[[Says], None], share: int, infrastructure: bool, problem: str
) -> None:
    """Another try may say more, but not where the image lacks a tool."""
    says(lambda text: Fraction(share))
    found = tried(lab(REFERENCE), times=2)["reference"]
    assert found.problem == problem
    assert (found.infrastructure, found.checkable) == (infrastructure, infrastructure)


@pytest.mark.parametrize(
    ("wrong", "code", "said"), [(False, 2, "not checkable here"), (True, 1, "not sound")], ids=["alone", "and a fault"]
)
@pytest.mark.django_db
def test_a_lab_whose_tools_are_missing_is_not_called_unsound(
    wrong: bool, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Tried("right", Fraction(10), (Fraction(0),), (), "Not checkable here. No ruff.")]
    if wrong:
        found.append(Tried("starter", None, (Fraction(10),), (), "It passes."))
    monkeypatch.setattr(command, "chosen", lambda name: object())
    monkeypatch.setattr(command, "lab_gate", lambda *stated, **more: found)
    labs.released(tmp_path)
    given, out = ran("MOD-001/words")
    assert given == code
    assert out.splitlines()[:2] == [f"MOD-001/words: {said}", "  right: Not checkable here. No ruff."]
    [told] = json.loads(ran("MOD-001/words", "--format", "json")[1])
    assert (told["ok"], told["checkable"]) == (False, wrong)


def test_trials_have_names_and_files_of_their_own() -> None:
    with pytest.raises(ValueError, match="trial reference is there twice"):
        lab(REFERENCE, REFERENCE)
    with pytest.raises(ValueError, match=r"file a\.py is there twice"):
        lab({"id": "one", "files": [file("1"), file("2")]})


# -- the command -------------------------------------------------------------------
def ran(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("checks", "gate", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_the_command_tries_the_labs_of_current_releases(
    tmp_path: Path, says: Callable[[Says], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def use(backend: Any, body: LabBody, checks: list[LabCheck], *, times: int) -> list[Tried]:
        assert times == 2
        assert [check.id for check in checks] == ["MOD-001/words/shown", "MOD-001/words/held-back"]
        return [
            Tried("starter", None, (Fraction(0),), (), ""),
            Tried("right", Fraction(10), (Fraction(9),), ("x",), "No."),
        ]

    monkeypatch.setattr(command, "chosen", lambda name: object())
    monkeypatch.setattr(command, "lab_gate", use)
    labs.released(tmp_path)
    code, out = ran("--times", "2", "--format", "json")
    assert code == 1
    [found] = json.loads(out)
    assert (found["lab"], found["ok"]) == ("MOD-001/words", False)
    assert found["trials"][1] == {"id": "right", "wanted": "10", "points": ["9"], "flaky": ["x"], "problem": "No."}
    code, out = ran("MOD-001/words", "--times", "2")
    assert code == 1
    assert out.splitlines() == ["MOD-001/words: not sound", "  starter: as it should be", "  right: No."]
    assert ran("MOD-001/unchecked", "--times", "2") == (2, "There is no such lab with checks in a current release.")
