"""The *program* kind: what an author may write, what decides, what is told to whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.program import KIND
from grading.sandbox.contract import Outcome
from tests.grading.sandbox.conftest import Watched

SUM = {"args": ["1", "2"], "expect": {"stdout": "3"}, "visible": True}


def checked(
    backend: Watched, source: str, *cases: dict[str, Any], more: dict[str, bytes] | None = None, **spec: Any
) -> CheckOutcome:
    prepared = KIND.prepare({"file": "main.py", "cases": list(cases), **spec}, {})
    return prepared.run(backend, {"main.py": source.encode(), **(more or {})}, Seeds(1, 2))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"cases": []}, "cases"),
        ({"cases": [{"args": []}]}, "expect"),
        ({"cases": [SUM], "file": "../main.py"}, "stay inside"),
        ({"cases": [{**SUM, "files": {"/etc/passwd": ""}}]}, "stay inside"),
        ({"cases": [{"expect": {"files": {"a/../../b": ""}}}]}, "stay inside"),
        ({"cases": [{"expect": {"exit": 300}}]}, "exit"),
        ({"cases": [SUM], "shell": True}, "shell"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare({"file": "main.py"} | spec, {})


def test_arguments_input_files_and_exit_status_are_compared(backend: Watched) -> None:
    source = (
        "import sys\nfrom pathlib import Path\nfrom helpers.words import count\n"
        "Path('out').mkdir()\nPath('out/n.txt').write_text(f'{count(sys.stdin.read())}\\n')\n"
        "print(Path('given.txt').read_text(), *sys.argv[1:])\nsys.exit(4)\n"
    )
    more = {"helpers/__init__.py": b"", "helpers/words.py": b"def count(text): return len(text.split())\n"}
    case = {
        "args": ["a b", "\u00fc"], "stdin": "x y\nz", "files": {"given.txt": "given"},
        "expect": {"stdout": "given a b \u00fc\n", "exit": 4, "files": {"out/n.txt": "3"}},
    }  # fmt: skip
    outcome = checked(backend, source, case, more=more)
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.PASSED, 1, "All 1 cases passed.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("print(4)", 'main.py 1 2 printed "4\\n", expected "3".'),
        ("print(3)\nraise SystemExit(1)", "main.py 1 2 ended with status 1, expected 0."),
        ("import os; os._exit(0)", 'main.py 1 2 printed "", expected "3".'),
        ("import sys; sys.stdout.buffer.write(b'3\\xff')", "main.py 1 2 printed"),
        ("print('\\x1b[32mPASSED')", 'main.py 1 2 printed "\\u001b[32mPASSED\\n", expected "3".'),
    ],
)
def test_what_is_wrong_is_told_of_visible_cases(backend: Watched, source: str, said: str) -> None:
    outcome = checked(backend, source, SUM)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    assert said in outcome.message


def test_nothing_of_hidden_cases_is_told_and_points_may_be_in_proportion(backend: Watched) -> None:
    hidden = {"args": ["20", "22"], "expect": {"stdout": "42"}}
    outcome = checked(backend, "print(3)", SUM, hidden, scoring="cases")
    assert (outcome.share, outcome.message) == (Fraction(1, 2), "1 of 2 cases passed.")
    assert [(case.visible, case.passed) for case in outcome.cases] == [(True, True), (False, False)]
    assert "42" in outcome.cases[1].message, "staff see it"


def test_blanks_at_the_ends_matter_only_when_they_should(backend: Watched) -> None:
    source = "print('3  \\r\\n\\n', end='')"
    assert checked(backend, source, SUM).outcome is Outcome.PASSED
    assert checked(backend, source, SUM, whitespace="exact").outcome is Outcome.FAILED


def test_a_file_that_is_a_link_or_missing_is_none(backend: Watched) -> None:
    case = {"expect": {"files": {"out.txt": "root"}}, "visible": True}
    link = checked(backend, "import os; os.symlink('/etc/passwd', 'out.txt')", case)
    assert link.outcome is Outcome.FAILED
    assert "root:" not in link.message
    assert "left no file 'out.txt'" in checked(backend, "", case).message
    assert checked(backend, "", case).share == 0


def test_cases_do_not_see_one_another_and_python_is_not_shadowed(backend: Watched) -> None:
    source = "import json, os\nprint(os.path.exists('left'), json.dumps(1))\nopen('left', 'w').close()\n"
    case = {"expect": {"stdout": "False 1"}}
    outcome = checked(backend, source, case, case, more={"json.py": b"raise SystemExit('shadowed')"})
    assert outcome.outcome is Outcome.PASSED
    run = outcome.runs["learner"]
    assert run.usage.wall > 0


def test_a_hidden_case_that_breaks_a_limit_is_among_the_cases(backend: Watched) -> None:
    hidden = {"stdin": "held back", "expect": {"stdout": "x"}}
    source = "import sys\nprint(sys.stdin.read() or 3, flush=True)\nwhile len(sys.argv) < 2: pass\n"
    outcome = checked(backend, source, SUM, hidden, SUM, limits={"wall": 1, "cpu": 0.5})
    assert [(case.id, case.visible, case.passed) for case in outcome.cases] == [
        ("case-1", True, True), ("case-2", False, False), ("case-3", True, False),
    ]  # fmt: skip
    assert b"held back" in outcome.runs["learner"].evidence.stdout, "which is why its case must be known as hidden"


def test_a_limit_takes_all_points_and_work_without_the_file_fails(backend: Watched) -> None:
    outcome = checked(backend, "while True: pass", SUM, SUM, scoring="cases", limits={"wall": 1, "cpu": 0.5})
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.TIME, 0, "It took too long.")
    prepared = KIND.prepare({"file": "other.py", "cases": [SUM]}, {})
    missing = prepared.run(backend, {"main.py": b""}, Seeds(1, 2))
    assert (missing.outcome, missing.message) == (Outcome.FAILED, "There is no file 'other.py'.")
