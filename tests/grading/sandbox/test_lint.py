"""The *lint* kind: what an author may write, what is found, and that no work can switch a finding off."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.lint import KIND
from grading.sandbox.contract import Outcome
from tests.grading.sandbox.conftest import LEVELS, Watched

UNUSED = {"tool": "ruff", "select": ["F"]}
TYPES = {"tool": "mypy"}
STRICT = {"tool": "mypy", "strict": True}
CLEAN = '"""A module."""\n\n\ndef double(n: int) -> int:\n    return n * 2\n'


def checked(backend: Watched, files: str | dict[str, str | bytes], *sets: dict[str, Any], **spec: Any) -> CheckOutcome:
    work = {"main.py": files} if isinstance(files, str) else files
    given = {name: text.encode() if isinstance(text, str) else text for name, text in work.items()}
    return KIND.prepare({"sets": list(sets), **spec}, {}).run(backend, given, Seeds(1, 2))


def said(outcome: CheckOutcome) -> str:
    assert outcome.outcome is (Outcome.PASSED if outcome.share == 1 else Outcome.FAILED), outcome
    return outcome.message


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"sets": []}, "sets"),
        ({"sets": [{"tool": "flake8"}]}, "sets.0"),
        ({"sets": [{"tool": "ruff"}]}, "select"),
        ({"sets": [{"tool": "ruff", "select": ["f401"]}]}, "select"),
        ({"sets": [{"tool": "ruff", "select": ["F", "--fix"]}]}, "select"),
        ({"sets": [{"tool": "ruff", "select": ["ALL"]}]}, "words of comments"),
        ({"sets": [{"tool": "ruff", "select": ["ERA001"]}]}, "words of comments"),
        ({"sets": [{**UNUSED, "most": -1}]}, "most"),
        ({"sets": [{**TYPES, "select": ["F"]}]}, "select"),
        ({"sets": [{**TYPES, "ignore": ["a b"]}]}, "ignore"),
        ({"sets": [UNUSED], "only": []}, "only"),
        ({"sets": [UNUSED], "defines": {"main.py": ["a b"]}}, "defines"),
        ({"sets": [UNUSED], "plugins": ["x"]}, "plugins"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], problem: str) -> None:
    with pytest.raises(SpecProblem, match=problem):
        KIND.prepare(spec, {})


@pytest.mark.parametrize("tools", LEVELS, indirect=True)
def test_clean_work_passes_and_findings_are_told_by_place(tools: Watched) -> None:
    assert said(checked(tools, CLEAN, UNUSED, STRICT)) == "All 2 cases passed."
    wrong = "import os\nimport sys\n\n\ndef double(n: int) -> int:\n    return str(n)\n"
    outcome = checked(tools, {"pkg/a b.py": wrong, "pkg/__init__.py": ""}, UNUSED, TYPES)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    ruff, mypy = (case.message for case in outcome.cases)
    assert ruff == (
        "ruff F: 2 found, 0 allowed. pkg/a b.py:1: F401 `os` imported but unused;"
        " pkg/a b.py:2: F401 `sys` imported but unused."
    )
    assert mypy.startswith("mypy: 1 found, 0 allowed. pkg/a b.py:6: return-value Incompatible return value type")
    assert outcome.message == f"0 of 2 cases passed. {ruff}"


def test_so_many_findings_may_be_allowed_and_sets_may_count_in_proportion(tools: Watched) -> None:
    wrong = "import os\nimport sys\nx: int = ''\n"
    two = checked(tools, wrong, {**UNUSED, "most": 2}, TYPES, scoring="cases")
    assert (two.share, [case.passed for case in two.cases]) == (Fraction(1, 2), [True, False])
    assert checked(tools, wrong, {**UNUSED, "most": 1}).share == 0
    assert checked(tools, wrong, {**UNUSED, "ignore": ["F401"]}, {**TYPES, "ignore": ["assignment"]}).share == 1
    assert (
        checked(tools, "x = 1  " + "# " + "y" * 60, {"tool": "ruff", "select": ["E501"], "line_length": 60}).share == 0
    )
    many = "".join(f"import a{number}\n" for number in range(14))
    assert "14 found" in said(checked(tools, many, UNUSED))
    assert "; and 4 more." in said(checked(tools, many, UNUSED))
    assert "import-not-found" in said(checked(tools, many, TYPES))


def test_only_some_files_are_looked_at_and_others_are_known(tools: Watched) -> None:
    files: dict[str, str | bytes] = {
        "main.py": "from helper import double\n\nx: int = double(2)\n",
        "helper.py": "import os\n\n\ndef double(n: int) -> str:\n    return n\n",
    }
    outcome = checked(tools, files, UNUSED, TYPES, only=["main.*"])
    assert [case.passed for case in outcome.cases] == [True, False]
    assert "main.py:3: assignment" in outcome.cases[1].message
    assert "helper.py" not in outcome.cases[1].message
    assert said(checked(tools, files, UNUSED, only=["other.py"])) == "There is no Python file to look at."
    assert said(checked(tools, {"a.txt": ""}, UNUSED)) == "There is no Python file to look at."


def test_work_that_is_not_there_is_not_clean(tools: Watched) -> None:
    wanted = {"main.py": ["double"], "more.py": ["Thing"]}
    assert said(checked(tools, "", UNUSED, STRICT, defines=wanted)) == "There is no double in 'main.py'."
    files: dict[str, str | bytes] = {"main.py": CLEAN, "more.py": "Thing = 1\n"}
    assert said(checked(tools, files, UNUSED, defines=wanted, scoring="cases")) == "There is no Thing in 'more.py'."
    assert said(checked(tools, {"main.py": CLEAN}, UNUSED, defines=wanted)) == "There is no Thing in 'more.py'."
    there = {**files, "more.py": "class Thing:\n    pass\n"}
    assert checked(tools, there, UNUSED, defines=wanted).outcome is Outcome.PASSED


CONFIG = {
    "pyproject.toml": "[tool.ruff]\nexclude = ['*.py']\n[tool.mypy]\nignore_errors = true\nplugins = ['./evil.py']\n",
    "ruff.toml": "exclude = ['*.py']\n[lint]\nignore = ['F']\n",
    ".ruff.toml": "[lint]\nignore = ['F']\n",
    "mypy.ini": "[mypy]\nignore_errors = True\n",
    ".mypy.ini": "[mypy]\nignore_errors = True\n",
    "setup.cfg": "[mypy]\nignore_errors = True\n",
    ".gitignore": "*\n",
    "main.pyi": "def double(n: int) -> int: ...\n",
    "evil.py": "raise SystemExit\n",
    "plan.json": '{"sets": []}',
    "result.json": '{"missing": [], "undefined": [], "off": [], "sets": []}',
}


@pytest.mark.parametrize(
    "source",
    [
        "import os  # noqa\nx: int = ''  # type: ignore\n",
        "import os  # noqa: F401\nx: int = ''  # type: ignore[assignment]\n",
        "# ruff: noqa\n# mypy: ignore-errors\nimport os\nx: int = ''\n",
        "# flake8: noqa\n# type: ignore\nimport os\nx: int = ''\n",
        "# ruff: disable[F401]\nimport os\nx: int = ''\n# ruff: enable[F401]\n",
        "import os  # ruff: ignore[F401]\nx: int = ''  # pyright: ignore\n",
        "# ruff: file-ignore[F401]\nimport os\nx: int = ''\n",
        "import os  # NOQA # nosec # pylint: disable=all\nx: int = ''  # mypy: disable-error-code=assignment\n",
        "\ufeff# ruff: noqa\r\n# mypy: ignore-errors\r\nimport os  # noqa\r\nx: int = ''  # type: ignore\r\n",
        "# mypy: ignore-errors\rimport os # noqa\rx: int = '' # type: ignore\r",
    ],
)
def test_no_comment_and_no_file_switches_a_finding_off(tools: Watched, source: str) -> None:
    """Case 38: settings of the work are ignored, and it is told where."""
    outcome = checked(tools, {**CONFIG, "main.py": source}, UNUSED, TYPES, only=["main.py"])
    ruff, mypy = (case.message for case in outcome.cases)
    assert (outcome.share, [case.passed for case in outcome.cases]) == (0, [False, False]), source
    assert "F401 `os`" in ruff
    assert "assignment Incompatible types" in mypy
    assert ". Comments that switch findings off have no effect (main.py:" in ruff


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('"""\n# mypy: ignore-errors\n"""\nx: int = ""\n', "main.py:2: unreadable Settings of mypy have no place"),
        ("from typing import no_type_check\n", "main.py:1: unchecked no_type_check takes code out"),
        ("import typing\n@typing.no_type_check\ndef f() -> int:\n    return ''\n", "main.py:2: unchecked"),
        ("from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    x: int = ''\n", "main.py:2: unchecked"),
        ("import typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n    x: int = ''\n", "main.py:2: unchecked"),
        ("MYPY = False\nif MYPY:\n    pass\nelse:\n    x: int = ''\n", "main.py:1: unchecked MYPY"),
        ("def f(\n", "main.py:1: unreadable Python cannot read this"),
        (b"x = 1\ny = '\xff'\n", "main.py:2: unreadable This is no UTF-8."),
        ("x = 1\0\n", "main.py:1: unreadable Python cannot read this"),
        ("x = " + "(" * 250 + ")" * 250 + "\n", "unreadable"),
        ("x = " + "-" * 50_000 + "1\n", ""),
        ("x = a" + ".b" * 20_000 + "\n", ""),
    ],
)
def test_what_would_stay_unchecked_is_a_finding(tools: Watched, source: str | bytes, message: str) -> None:
    outcome = checked(tools, {"main.py": source}, TYPES)
    assert message in said(outcome)
    assert outcome.share == 0


def test_a_block_for_the_type_check_alone_is_no_trick(tools: Watched) -> None:
    source = (
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from collections.abc import Sequence\n\n\ndef first(items: Sequence[int]) -> int:\n    return items[0]\n"
    )
    assert checked(tools, source, UNUSED, STRICT).outcome is Outcome.PASSED


def test_unusual_work_is_looked_at_like_any_other(tools: Watched) -> None:
    files: dict[str, str | bytes] = {
        "-x.py": CLEAN, "my-script.py": CLEAN, "a-b/c.py": CLEAN, "build/x.py": CLEAN, ".hidden/x.py": CLEAN,
        "one/x.py": CLEAN, "two/x.py": CLEAN, "crlf.py": CLEAN.replace("\n", "\r\n"), "\u00fc \u00df.py": CLEAN,
        "data.txt": b"\xff", "words.py": '# \u00fcber: \u00e4hnlich "so"\nx = "# noqa: nothing"\n',
    }  # fmt: skip
    assert said(checked(tools, files, UNUSED, TYPES)) == "All 2 cases passed."
    for name in ("build/x.py", ".hidden/x.py", "-x.py", "a-b/c.py"):
        message = said(checked(tools, {**files, name: "import os\n"}, UNUSED))
        assert f"{name}:1: F401" in message, "no name is left out"


def test_what_a_tool_quotes_is_told_in_one_line_and_cut(tools: Watched) -> None:
    long = "a" * 400_000
    odd = 'T = TypedDict("T", {"a": int})\n\n\ndef f(t: T) -> None:\n    t["\\ud800\\n\\x1b[32m"]\n'
    work = f"from typing import TypedDict\nimport {long}\nimport {long}b\n{odd}"
    outcome = checked(tools, work, UNUSED, TYPES)
    assert [case.passed for case in outcome.cases] == [False, False], outcome.message
    assert all(len(case.message) < 1200 and case.message.isprintable() for case in outcome.cases)


def test_nothing_of_the_work_is_started(tools: Watched) -> None:
    """A module with the name of one that the tools use, or a plugin, stays data."""
    evil = "import os\nos.kill(os.getppid(), 9)\nraise SystemExit(0)\n"
    names = ("json.py", "ast.py", "sitecustomize.py", "conftest.py", "mypy.py", "typing_extensions.py")
    outcome = checked(tools, {**dict.fromkeys(names, evil), "main.py": "import os\n"}, UNUSED)
    assert "main.py:1: F401 `os`" in said(outcome)
    types = checked(tools, {**dict.fromkeys(names, evil), "main.py": "x: int = ''\n"}, TYPES, only=["main.py"])
    assert types.share == 0


def test_limits_hold_and_an_author_hears_of_what_cannot_be_asked(tools: Watched) -> None:
    late = checked(tools, CLEAN, STRICT, limits={"cpu": 0.1, "wall": 10, "memory": 512})
    assert (late.outcome, late.share, late.message) == (Outcome.TIME, 0, "It took too long.")
    unknown = checked(tools, CLEAN, {"tool": "ruff", "select": ["ZZZ9"]})
    assert unknown.outcome is Outcome.INFRASTRUCTURE
    assert "ruff cannot be used as the check says" in unknown.message
    large = checked(tools, {"main.py": "x = 1\n" * 400_000}, UNUSED, limits={"disk": 1})
    assert large.outcome is Outcome.REJECTED


def test_an_image_without_the_tools_says_so(backend: Watched) -> None:
    outcome = checked(backend, CLEAN, UNUSED, TYPES)
    assert (outcome.outcome, outcome.share, outcome.lasting) == (Outcome.INFRASTRUCTURE, 0, True)
    assert outcome.message == "The sandbox image has no mypy and no ruff: run make sandbox-image."
