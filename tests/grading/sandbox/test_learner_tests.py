"""The *tests* kind: which tests earn points, and that neither guessing nor looking behind the stub does."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds import tests as kind
from grading.checks.kinds.tests import KIND, TIMES
from grading.sandbox.contract import Evidence, Job, Level, Limits, Outcome, Result, Usage
from tests.grading.sandbox.conftest import Watched

RIGHT = """
class Refused(ValueError):
    pass

def pause(failures, cap):
    '''MARK-OF-THE-RIGHT-ONE'''
    if failures < 1:
        raise Refused(f"{failures} is no number of failures")
    return {"seconds": min(2 ** (failures - 1), cap)}
"""
SOURCES = {
    "right.py": RIGHT,
    "no_cap.py": RIGHT.replace("min(2 ** (failures - 1), cap)", "2 ** (failures - 1)"),
    "linear.py": RIGHT.replace("2 ** (failures - 1)", "failures"),
    "takes_zero.py": RIGHT.replace("failures < 1", "failures < 0"),
}
HONEST = """
from pace import Refused, pause

def test_doubles_up_to_the_cap():
    assert [pause(n, cap=5)["seconds"] for n in (1, 2, 3, 4)] == [1, 2, 4, 5]

def test_zero_is_refused():
    try:
        pause(0, 5)
    except Refused as error:
        assert isinstance(error, ValueError)
        assert "0 is no number" in str(error)
    else:
        raise AssertionError("0 was taken")
"""
SPEC: dict[str, Any] = {
    "file": "test_pace.py", "module": "pace", "functions": ["pause"], "exceptions": {"Refused": "ValueError"},
    "references": ["right.py"],
    "mutants": [
        {"id": "no-cap", "source": "no_cap.py", "title": "The pause has no end.", "visible": True},
        {"id": "linear", "source": "linear.py"}, {"id": "takes-zero", "source": "takes_zero.py"},
    ],
}  # fmt: skip
SEEDS = Seeds(1, 2)
ONE_LEVEL = pytest.mark.parametrize("backend", ["supervised"], indirect=True)
"""For what does not depend on who enforces limits."""


def prepared(sources: dict[str, str] | None = None, **spec: Any) -> kind.TestsCheck:
    return KIND.prepare(SPEC | spec, {name: text.encode() for name, text in (SOURCES | (sources or {})).items()})


def checked(backend: Any, source: str, more: dict[str, bytes] | None = None, **spec: Any) -> CheckOutcome:
    return prepared(**spec).run(backend, {"test_pace.py": source.encode(), **(more or {})}, SEEDS)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"mutants": SPEC["mutants"][:2]}, "mutants"), ({"references": []}, "references"),
        ({"functions": []}, "functions"), ({"functions": ["pause.__code__"]}, "functions.0"),
        ({"file": "../test_pace.py"}, "stay inside"), ({"file": "tests.txt"}, "file"),
        ({"module": "a.b"}, "module"), ({"exceptions": {"Refused": "print"}}, "no exception of Python"),
        ({"mutants": [SPEC["mutants"][0]] * 3}, "two mutants have the same id"),
        ({"mutants": [*SPEC["mutants"], {"id": "right-1", "source": "linear.py"}]}, "that of a right variant"),
        ({"references": ["absent.py"]}, "absent.py"), ({"points": 3}, "points"),
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        prepared(**spec)


# -- what tests get, in sandboxes ---------------------------------------------------
def test_tests_that_pass_the_right_module_and_fail_all_others_get_everything(backend: Watched) -> None:
    outcome = checked(backend, HONEST)
    assert (str(outcome.outcome), outcome.message) == ("passed", "The tests catch 3 of 3 wrong modules.")
    assert outcome.share == 1
    assert {case.id: case.passed for case in outcome.cases} == dict.fromkeys(
        ("right-1", "no-cap", "linear", "takes-zero"), True
    )
    assert outcome.runs["learner"].usage.wall > 0


def test_points_may_be_in_proportion_to_what_is_caught(backend: Watched) -> None:
    without_cap = HONEST.replace("(1, 2, 3, 4)] == [1, 2, 4, 5]", "(1, 2, 3)] == [1, 2, 4]")
    outcome = checked(backend, without_cap, scoring="cases")
    assert outcome.share == Fraction(2, 3)
    assert outcome.message == "The tests catch 2 of 3 wrong modules. Not caught: The pause has no end."
    assert checked(backend, without_cap).share == 0


@ONE_LEVEL
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "'test_pace.py has no function test_*.'"),
        ("def test_red(): assert False", "'test_red: AssertionError'"),
        ("def test_(: pass", "'SyntaxError: invalid syntax'"),
        ("raise SystemExit(0)", "'SystemExit: 0'"),
        ("def test_exit(): raise SystemExit(0)", "'test_exit: SystemExit 0'"),
        ("import os\nos._exit(1)", "It ended with status 1."),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "137"),
        ("def test_needs(fixture): pass", "missing 1 required positional argument"),
        ("from pace import absent", "cannot import name 'absent'"),
        ("def test_x(): print('1 passed')\ndef test_y(): raise ValueError('\\x1b[32m\\u202e')", "\\x1b[32m\\u202e"),
    ],
)  # fmt: skip
def test_tests_that_fail_for_the_right_module_get_nothing(backend: Watched, source: str, said: str) -> None:
    outcome = checked(backend, source, scoring="cases")
    assert (str(outcome.outcome), str(outcome.share)) == ("failed", "0")
    assert outcome.message.startswith("The tests fail for a module that does what the task says: ")
    assert said in outcome.message
    assert outcome.message.isascii()
    assert outcome.message.isprintable()
    assert backend.started == 2, "it is the first that they meet"


@ONE_LEVEL
@pytest.mark.parametrize(
    "source",
    [
        "def test_green(): pass", "import os\nos._exit(0)", "import os\ndef test_exit(): os._exit(0)",
        "import sys, os\ndef test_x():\n    sys.modules['__main__'].main = lambda: 1\n    os._exit(0)",
        "print('{\"outcome\": \"passed\", \"caught\": 3}')\ndef test_x(): open('result.json', 'w').write('passed')",
    ],
    ids=["green", "exit-at-import", "exit-in-test", "patches", "prints"],
)  # fmt: skip
def test_tests_that_never_fail_get_nothing(backend: Watched, source: str) -> None:
    outcome = checked(backend, source, scoring="cases")
    assert (str(outcome.outcome), str(outcome.share)) == ("failed", "0")
    assert outcome.message.startswith("The tests catch 0 of 3 wrong modules.")


LOOKS = """
import gc, glob, inspect, json, os, socket, sys
import pace

MARK = "MARK-OF-THE-" + "RIGHT-ONE"

def said(**question):
    text = json.dumps({"args": [], "kwargs": {}, **question}).encode()
    os.write(3, len(text).to_bytes(4, "big") + text)
    size = int.from_bytes(os.read(3, 4), "big")
    return os.read(3, size).decode()

def ways():
    yield lambda: pace.pause.__doc__ or ""
    yield lambda: inspect.getsource(pace)
    yield lambda: inspect.getsource(pace.pause)
    yield lambda: "".join(open(p, errors="replace").read() for p in glob.glob("/work/**", recursive=True)
                          if os.path.isfile(p) and p != __file__)
    yield lambda: "".join(open(p, errors="replace").read() for p in glob.glob("/kit/*"))
    yield lambda: "".join(open(p, errors="replace").read() for p in glob.glob("/proc/*/environ"))
    yield lambda: "".join(open(p, errors="replace").read() for p in glob.glob("/proc/*/cmdline"))
    yield lambda: "".join(str(thing) for thing in gc.get_objects() if isinstance(thing, dict) and "plan" in thing)
    yield lambda: "".join(os.readlink(p) for p in glob.glob("/proc/*/fd/*"))
    for name in ("pause.__doc__.upper", "pause.__doc__.__str__", "__doc__", "__dict__", "open", "os.system", "exec"):
        yield lambda: said(function=name)
    yield lambda: said(function="pause", args=[[], 1])
    yield lambda: said(function="pause", args=[1, 2], kwargs={"cap": 3})

def test_looks():
    found = []
    for way in ways():
        try:
            found.append(way())
        except Exception as error:
            found.append(str(error))
    assert not any(MARK in text.upper() for text in found)
    assert "<module 'pace'" in repr(pace)
"""


def test_nothing_but_answers_is_seen_of_a_variant(backend: Watched) -> None:
    outcome = checked(backend, LOOKS)
    assert outcome.message.startswith("The tests catch 0 of 3 wrong modules."), "it passes everywhere: nothing found"


def test_the_same_look_would_find_the_text_if_it_were_there(backend: Watched) -> None:
    outcome = checked(backend, LOOKS, {"notes.txt": b"MARK-OF-THE-RIGHT-ONE"})
    assert outcome.message.startswith("The tests fail for a module that does what the task says"), "it is not blind"


@ONE_LEVEL
def test_files_of_the_work_stand_in_for_nothing(backend: Watched) -> None:
    hostile = dict.fromkeys(
        ("pace.py", "json.py", "plain.py", "frames.py", "suite.py", "conftest.py", "sitecustomize.py"),
        b"raise SystemExit('LOADED')",
    )
    helped = f"from helper import FIVE\nassert FIVE == 5\n{HONEST}".replace("\n", "\r\n")
    outcome = checked(backend, helped, {**hostile, "helper.py": b"FIVE = 5", "pytest.ini": b"[pytest]"})
    assert outcome.outcome is Outcome.PASSED
    assert b"LOADED" not in outcome.runs["learner"].evidence.stderr


@ONE_LEVEL
@pytest.mark.parametrize(
    "before",
    [
        "import os\nfor n in range(3, 32):\n    try: os.write(n, b'\\0\\0\\0\\x02{}' * 8)\n    except OSError: pass\n",
        "import os\nos.write(3, b'\\xff' * 4096)\n", "import os\nos.closerange(3, 256)\n",
        "import os\nos.write(3, b'[' * 500000)\n",
    ],
    ids=["sprays", "oversized", "closes", "deep"],
)  # fmt: skip
def test_who_breaks_the_channel_only_has_no_answers(backend: Watched, before: str) -> None:
    outcome = checked(backend, before + HONEST, scoring="cases", limits={"wall": 3})
    assert (str(outcome.outcome) in ("failed", "time"), str(outcome.share)) == (True, "0")


@ONE_LEVEL
def test_variants_that_hang_end_or_answer_oddly_are_caught(backend: Watched) -> None:
    body = "\ndef pause(failures, cap):\n    {}\n"
    odd = {
        "no_cap.py": body.format("while True: pass"),
        "linear.py": "import os" + body.format("os._exit(0)"),
        "takes_zero.py": body.format("return {failures}"),
    }
    outcome = checked(backend, HONEST, sources=odd, seconds=0.5)
    assert outcome.outcome is Outcome.PASSED
    assert outcome.runs["learner"].usage.wall < 10


@ONE_LEVEL
def test_exceptions_arrive_as_themselves_or_as_a_base_of_them(backend: Watched) -> None:
    source = """
import pace

def test_raises():
    for number, kind in ((1, pace.Refused), (2, KeyError), (3, UnicodeError), (4, Exception), (5, TypeError)):
        try:
            pace.pause(number, 0)
        except kind as error:
            assert type(error) is kind
        else:
            assert False
"""
    right = """
class Refused(ValueError): pass
class Own(Exception): pass
def pause(n, cap):
    if n == 1: raise Refused("x")
    if n == 2: return {}["x"]
    if n == 3: b"\\xff".decode()
    if n == 4: raise Own("x")
    return {n}
"""
    outcome = checked(backend, source, sources={"right.py": right})
    assert (str(outcome.outcome), outcome.message) == ("passed", "The tests catch 3 of 3 wrong modules.")


@ONE_LEVEL
@pytest.mark.parametrize("wrong", ["def pause(:", "x = 1", "raise KeyError('author')", "import os; os._exit(70)"])
@pytest.mark.parametrize("name", ["right.py", "linear.py"])
def test_an_authors_mistake_is_no_verdict_about_the_work(backend: Watched, name: str, wrong: str) -> None:
    outcome = checked(backend, HONEST, sources={name: wrong})
    assert (str(outcome.outcome), str(outcome.share)) == ("infrastructure", "0")
    assert "cannot be loaded" in outcome.message


def test_a_limit_with_the_right_module_takes_all_points_after_one_run(backend: Watched) -> None:
    outcome = checked(backend, "while True: pass", limits={"wall": 1, "cpu": 0.3}, scoring="cases")
    assert (str(outcome.outcome), str(outcome.share), outcome.message) == ("time", "0", "It took too long.")
    assert backend.started == 2
    assert not any(case.passed for case in outcome.cases)


@ONE_LEVEL
def test_a_limit_with_a_wrong_module_is_a_failed_run(backend: Watched) -> None:
    loops = (
        "from pace import pause\ndef test_ends():\n    n = 1\n    while pause(n, 5)['seconds'] < 5: n = min(n + 1, 4)\n"
    )
    never = SOURCES["linear.py"].replace("min(failures, cap)", "min(failures, cap - 1)")
    outcome = checked(backend, loops + HONEST, sources={"linear.py": never}, limits={"wall": 3})
    assert outcome.outcome is Outcome.PASSED


@ONE_LEVEL
def test_work_without_the_file_fails_and_what_does_not_fit_is_rejected(backend: Watched) -> None:
    missing = prepared().run(backend, {"other.py": b""}, SEEDS)
    assert (str(missing.outcome), missing.message) == ("failed", "There is no file 'test_pace.py'.")
    assert checked(backend, HONEST, {f"{n}.txt": b"" for n in range(20)}, limits={"files": 16}).outcome == "rejected"
    assert not backend.started


# -- the vector, with runs that are made up -----------------------------------------
class Runs:
    """Stands in for the two sandboxes: *says* gives the outcome of the tests for the text of a variant."""

    def __init__(self, says: Any, wall: float = 0.1) -> None:
        self.says, self.wall = says, wall
        self.asked: list[Job] = []
        self.met: list[str] = []

    def __call__(self, backend: Any, *, asks: Job, answers: Job) -> tuple[Result, Result]:
        source = answers.files["variant_source.py"].decode()
        self.asked.append(asks)
        self.met.append(next(name for name, text in SOURCES.items() if text == source))
        return self._result(self.says(self.met[-1])), self._result(Outcome.PASSED)

    def _result(self, outcome: Outcome) -> Result:
        usage = Usage(wall=self.wall)
        return Result(outcome, "made up", Limits(), usage, Evidence(), {}, "none", Level.SUPERVISED, "none")


def judged(monkeypatch: pytest.MonkeyPatch, runs: Runs, seeds: Seeds = SEEDS, **spec: Any) -> CheckOutcome:
    monkeypatch.setattr(kind, "run_pair", runs)
    return prepared(**spec).run(object(), {"test_pace.py": b"x"}, seeds)  # type: ignore[arg-type]


def by_name(name: str) -> Outcome:
    return Outcome.PASSED if name == "right.py" else Outcome.FAILED


def test_tests_meet_every_variant_in_the_same_way_and_in_an_order_that_the_seed_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders = set()
    for number in range(20):
        runs = Runs(by_name)
        assert judged(monkeypatch, runs, Seeds(0, number)).share == 1
        assert all(job == runs.asked[0] for job in runs.asked), "to the byte"
        assert not any(b"failures" in text for text in (*runs.asked[0].files.values(), *runs.asked[0].kit.values()))
        assert runs.met[0] == "right.py"
        assert sorted(runs.met[1:]) == sorted([*SOURCES] * TIMES)
        orders.add(tuple(runs.met))
        slow = Runs(lambda name: by_name(name) if name == "right.py" else Outcome.TIME)
        judged(monkeypatch, slow, Seeds(0, number))
        assert slow.met == runs.met, "what a run did must not bring about which variant is next"
    assert len(orders) > 10


def test_guessing_is_worth_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for odds in (0.2, 0.4, 0.5, 0.7):
        coin = random.Random(odds)
        runs = Runs(lambda name, coin=coin, odds=odds: Outcome.FAILED if coin.random() < odds else Outcome.PASSED)
        shares = [judged(monkeypatch, runs, Seeds(0, n), scoring="cases").share for n in range(500)]
        assert sum(shares) / len(shares) < Fraction(6, 100)


def test_a_wrong_module_that_is_caught_only_sometimes_is_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([Outcome.FAILED, Outcome.PASSED])
    outcome = judged(monkeypatch, Runs(lambda name: next(turns) if name == "linear.py" else by_name(name)))
    assert [case.id for case in outcome.cases if not case.passed] == ["linear"]
    assert outcome.message == "The tests catch 2 of 3 wrong modules.", "of a hidden one no more is told"


def test_tests_that_only_sometimes_pass_the_right_module_get_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([Outcome.PASSED, Outcome.FAILED])
    runs = Runs(lambda name: next(turns) if name == "right.py" else Outcome.FAILED)
    outcome = judged(monkeypatch, runs, scoring="cases")
    assert outcome.message == "The tests fail for a module that does what the task says, but not always."
    assert outcome.share == 0


def test_every_right_variant_must_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(lambda name: Outcome.PASSED if name in ("right.py", "linear.py") else Outcome.FAILED)
    others = [{"id": name, "source": "no_cap.py"} for name in ("a", "b", "c")]
    both = {"references": ["right.py", "linear.py"], "mutants": others}
    assert judged(monkeypatch, runs, **both).share == 1
    refused = judged(monkeypatch, Runs(by_name), **both, scoring="cases")
    assert (str(refused.outcome), str(refused.share)) == ("failed", "0")


def test_all_runs_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(by_name, wall=3)
    outcome = judged(monkeypatch, runs, limits={"wall": 2})
    assert (str(outcome.outcome), str(outcome.share), len(runs.met)) == ("time", "0", 3)


def test_a_failing_sandbox_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, Runs(lambda name: Outcome.INFRASTRUCTURE)).outcome is Outcome.INFRASTRUCTURE
