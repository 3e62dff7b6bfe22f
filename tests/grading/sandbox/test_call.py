"""The *call* kind: what an author may write, what decides, what is told to whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.call import KIND
from grading.checks.spec import BROKEN
from grading.sandbox.contract import Evidence, Level, Limits, Outcome, Result, Usage
from tests.grading.sandbox.conftest import Watched

SEEDS = Seeds(11, 22)
DOUBLE = "def double(n):\n    return n + n\n"
AUTHOR = b"""
def case(random):
    return [random.randint(1, 10**6)]
def expected(n):
    return 2 * n
"""


def checked(backend: Watched, source: str, author: bytes | None = None, **spec: Any) -> CheckOutcome:
    authored = {"double.py": author} if author is not None else {}
    prepared = KIND.prepare({"module": "answers", "function": "double"} | spec, authored)
    return prepared.run(backend, {"answers.py": source.encode()}, SEEDS)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"cases": []}, "there is no case"),
        ({"cases": [{"args": [1]}]}, "either expect or raises"),
        ({"cases": [{"args": [1], "expect": 2, "raises": "ValueError"}]}, "either expect or raises"),
        ({"cases": [{"args": [1], "expect": 2}], "function": "os.system('x')"}, "function"),
        ({"cases": [{"args": [1], "expect": 2}], "limits": {"memory": 10**9}}, "limits.memory"),
        ({"cases": [{"args": [1], "expect": float("nan")}]}, "plain form"),
        ({"cases": [{"args": [1], "expect": 2}], "module": "../x"}, "module"),
        ({"cases": [{"args": [1], "expect": 2}], "sequence": 1}, "sequence"),
        ({"generated": {"source": "absent.py", "hidden": 3}}, "absent.py"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare({"module": "m", "function": "f"} | spec, {})


def test_points_for_all_or_nothing_or_in_proportion(backend: Watched) -> None:
    cases = [{"args": [n], "expect": 2 * n, "visible": True} for n in (1, 2, 3)]
    wrong_once = "def double(n):\n    return 7 if n == 3 else n + n\n"
    assert checked(backend, wrong_once, cases=cases).share == 0
    outcome = checked(backend, wrong_once, cases=cases, scoring="cases")
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, Fraction(2, 3))
    assert outcome.message == "2 of 3 cases passed. double(3) returned 7, expected 6."


def test_an_exception_is_known_by_its_name_or_a_base_of_it(backend: Watched) -> None:
    source = "class Odd(KeyError): pass\ndef double(n):\n    raise Odd(n)\n"
    for name, outcome in (("Odd", "passed"), ("LookupError", "passed"), ("ValueError", "failed")):
        assert checked(backend, source, cases=[{"args": [1], "raises": name}]).outcome == outcome


def test_a_value_is_no_exception_and_an_exception_no_value(backend: Watched) -> None:
    outcome = checked(backend, DOUBLE, cases=[{"args": [1], "raises": "ValueError", "visible": True}])
    assert outcome.message == "0 of 1 cases passed. double(1) returned 2; it should raise ValueError."
    outcome = checked(backend, "def double(n):\n    1 / 0\n", cases=[{"args": [1], "expect": None, "visible": True}])
    assert outcome.message.endswith('double(1) raised "ZeroDivisionError": "division by zero".')
    assert b"ZeroDivisionError" in outcome.runs["learner"].evidence.stderr


def test_generated_calls_come_from_the_seeds(backend: Watched) -> None:
    generated = {"source": "double.py", "visible": 2, "hidden": 3}
    noisy = "def double(n):\n    print(n)\n    return n + n\n"
    first = checked(backend, noisy, AUTHOR, generated=generated)
    again = checked(backend, noisy, AUTHOR, generated=generated)
    assert first.outcome is Outcome.PASSED
    assert [case.id for case in first.cases] == ["visible-1", "visible-2", "hidden-1", "hidden-2", "hidden-3"]
    inputs = first.runs["learner"].evidence.stdout
    assert len(set(inputs.split())) == 5
    assert again.runs["learner"].evidence.stdout == inputs


def test_what_a_hidden_case_asks_is_not_told(backend: Watched) -> None:
    outcome = checked(backend, "def double(n): return 0\n", cases=[{"args": [4711], "expect": 9422}])
    assert outcome.message == "0 of 1 cases passed."
    assert "4711" in outcome.cases[0].message, "staff see it"


def test_a_call_that_is_late_ends_the_check(backend: Watched) -> None:
    source = "import time\ndef double(n):\n    if n == 2: time.sleep(60)\n    return n + n\n"
    cases = [{"args": [n], "expect": 2 * n, "visible": True} for n in (1, 2, 3)]
    outcome = checked(backend, source, cases=cases, seconds=0.5, scoring="cases", limits={"wall": 20})
    assert (outcome.outcome, outcome.share) == (Outcome.TIME, Fraction(1, 3))
    assert [case.passed for case in outcome.cases] == [True, False, False]
    assert outcome.runs["learner"].usage.wall < 5


@pytest.mark.parametrize(
    "author",
    [
        b"def case(random): return [1]\ndef expected(n): raise KeyError('author')\n",
        b"syntax error",
        b"import os; os._exit(0)\n",
    ],
    ids=["raises", "syntax", "ends"],
)  # fmt: skip
def test_an_authors_mistake_is_no_verdict_about_the_work(backend: Watched, author: bytes) -> None:
    outcome = checked(backend, DOUBLE, author, generated={"source": "double.py", "hidden": 1})
    assert (outcome.outcome, outcome.share) == (Outcome.INFRASTRUCTURE, 0)


def test_values_that_cannot_cross_are_named(backend: Watched) -> None:
    outcome = checked(backend, "def double(n): return {n}\n", cases=[{"args": [1], "expect": 2, "visible": True}])
    assert "a value of type set has no plain form" in outcome.message


@pytest.mark.parametrize("source", ["", "def other(): pass\n", "def double(:\n", "import absent\n"])
def test_work_that_cannot_be_called_fails(backend: Watched, source: str) -> None:
    assert checked(backend, source, cases=[{"args": [1], "expect": 2}]).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({f"{n}.txt": b"" for n in range(20)}, "more than 16 files and folders"),
        ({f"{n}/a.txt": b"" for n in range(9)}, "more than 16 files and folders"),
        ({"large": b"x" * 1_048_577}, "larger than 1048576 bytes"),
        ({"a": b"", "a/b": b""}, "'a' is both a file and a folder."),
    ],
    ids=["files", "folders", "large", "both"],
)
def test_files_that_do_not_fit_are_rejected_before_anything_runs(
    backend: Watched, files: dict[str, bytes], said: str
) -> None:
    spec = {"module": "m", "function": "f", "cases": [{"expect": 1}], "limits": {"disk": 1, "files": 16}}
    outcome = KIND.prepare(spec, {}).run(backend, files, SEEDS)
    assert outcome.outcome is Outcome.REJECTED
    assert said in outcome.message
    assert not backend.started


def test_files_that_just_fit_are_run(backend: Watched) -> None:
    spec = {"module": "m", "function": "f", "cases": [{"expect": 1}], "limits": {"disk": 1, "files": 16}}
    files = {f"{n}.txt": b"x" * (90 * 1024) for n in range(11)} | {"m.py": b"def f(): return 1"}
    assert KIND.prepare(spec, {}).run(backend, files, SEEDS).outcome is Outcome.PASSED


def test_a_missing_module_fails(backend: Watched) -> None:
    prepared = KIND.prepare({"module": "answers", "function": "f", "cases": [{"expect": 1, "visible": True}]}, {})
    outcome = prepared.run(backend, {"other.py": b""}, SEEDS)
    assert outcome.outcome is Outcome.FAILED
    assert "There is no module named answers in the submission." in outcome.message


@pytest.mark.parametrize("ended", sorted(BROKEN))
def test_a_learners_side_that_starves_the_other_one_has_its_own_outcome(ended: Outcome) -> None:
    """Else a fork bomb that leaves the grader's side no moment would be tried again, and be no submission."""
    check = KIND.prepare({"module": "words", "function": "count", "cases": [{"args": [1], "expect": 1}]}, {})

    def side(outcome: Outcome) -> Result:
        return Result(
            outcome, "The wall time was over.", Limits(), Usage(), Evidence(), {}, "docker", Level.CGROUP, "image"
        )

    assert check._outcome(side(Outcome.TIME), side(ended)).outcome is ended
    for asked, answered in ((Outcome.TIME, Outcome.FAILED), (Outcome.MEMORY, ended)):
        assert check._outcome(side(asked), side(answered)).outcome is Outcome.INFRASTRUCTURE
