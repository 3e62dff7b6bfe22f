"""The tools beyond ruff and mypy: what each finds, and that nothing in the work switches a finding off."""

from __future__ import annotations

from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds import lint
from grading.checks.kinds.lint import KIND
from grading.checks.registry import kit_files
from grading.sandbox.contract import Outcome
from tests.grading.sandbox.conftest import Watched

PYLINT: dict[str, Any] = {"tool": "pylint", "select": ["E"]}
BANDIT: dict[str, Any] = {"tool": "bandit"}
YAML: dict[str, Any] = {"tool": "yamllint"}
SHELL: dict[str, Any] = {"tool": "shellcheck"}
DOCKER: dict[str, Any] = {"tool": "hadolint"}
WRONG = 'import os\nos.system("ls " + x)\n'
Files = dict[str, str | bytes]


def checked(backend: Watched, files: Files, *sets: dict[str, Any], **spec: Any) -> CheckOutcome:
    given = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    return KIND.prepare({"sets": list(sets), **spec}, {}).run(backend, given, Seeds(1, 2))


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (PYLINT | {"select": ["--load-plugins"]}, "select"),
        (PYLINT | {"ignore": ["a,b"]}, "ignore"),
        (BANDIT | {"select": ["B1"]}, "select"),
        (BANDIT | {"severity": "worst"}, "severity"),
        (YAML | {"extends": "/etc/passwd"}, "extends"),
        (YAML | {"rules": {"colons": {"ignore": "*"}}}, "files are chosen by only"),
        (YAML | {"rules": {"colons": 1}}, "rules"),
        (SHELL | {"shell": "fish"}, "shell"),
        (SHELL | {"enable": ["all"]}, "enable"),
        (SHELL | {"ignore": ["2086"]}, "ignore"),
        (DOCKER | {"ignore": ["X1"]}, "ignore"),
        (DOCKER | {"only": []}, "only"),
        (DOCKER | {"config": "x"}, "config"),
    ],
)
def test_a_set_that_cannot_be_asked_says_where(asked: dict[str, Any], problem: str) -> None:
    with pytest.raises(SpecProblem, match=problem):
        KIND.prepare({"sets": [asked]}, {})


ALL: list[dict[str, Any]] = [{"tool": "pylint"}, BANDIT, YAML, SHELL, DOCKER]
CLEAN: Files = {
    "main.py": '"""A module."""\n\nSIZE = 1\n',
    "a.yml": "---\na: 1\n",
    "a b.sh": '#!/bin/bash\necho "$1"\n',
    "Dockerfile": "FROM debian:12\nRUN true\n",
}


def test_clean_work_passes(tools: Watched) -> None:
    assert checked(tools, CLEAN, *ALL).message == "All 5 cases passed."


FOUND: list[tuple[dict[str, Any], Files, str]] = [
    (PYLINT, {"CVS/x.py": WRONG, ".#x.py": WRONG}, "pylint E: 2 found"),
    (BANDIT, {".tox/x.py": WRONG, "a.egg/x.py": WRONG}, ".tox/x.py:2: B605"),
    (BANDIT | {"select": ["B605"], "severity": "high"}, {"x.py": WRONG + "assert x\n"}, "bandit: 1 found"),
    (PYLINT | {"select": [], "ignore": ["C"]}, {"x.py": "x = 'y'\nx.z()\n"}, "1 found, 0 allowed. 1/x.py:2: no-member"),
    (PYLINT | {"select": ["C0301"], "line_length": 60}, {"x.py": f"x = '{'y' * 60}'\n"}, "line-too-long"),
    (YAML, {"a.yaml": "a:   1\n"}, "a.yaml:1: colons too many spaces after colon"),
    (YAML | {"rules": {"document-start": "enable", "colons": "disable"}}, {"a.yaml": "a:   1\n"}, "yamllint: 1 found"),
    (YAML | {"extends": "relaxed", "rules": {"colons": {"max-spaces-after": 2}}}, {"a.yaml": "a:   1\n"}, "colons"),
    (YAML, {"a.yaml": "a: [1\n"}, "syntax"),
    (YAML, {"a.yaml": "---\r\na: 1\r\n"}, "new-lines"),
    (SHELL, {"a.sh": "echo $1\n"}, "a.sh:1: SC2086"),
    (SHELL | {"shell": "sh"}, {"a.bash": "[[ a = b ]]\n"}, "SC3010"),
    (SHELL | {"only": ["bin/*"]}, {"bin/run": "echo $1\n", "other.sh": "if\n"}, "shellcheck: 1 found"),
    (SHELL | {"severity": "error"}, {"a.sh": "echo $1\nif x; then\n"}, "SC1073"),
    (SHELL | {"enable": ["require-variable-braces"], "ignore": ["SC2086"]}, {"a.sh": "echo $1 $a\n"}, "SC2250"),
    (DOCKER, {"app/web.Dockerfile": "FROM debian\n"}, "app/web.Dockerfile:1: DL3006"),
    (DOCKER | {"ignore": ["DL3006"]}, {"Dockerfile": "FROM debian\nRUN echo $X\n"}, "Dockerfile:2: SC2086"),
    (DOCKER, {"Dockerfile": "FROM a:1\nRUNN x\n"}, "DL1000"),
]  # fmt: skip


def all_at_once(tools: Watched, cases: list[tuple[dict[str, Any], Files, str]]) -> None:
    """Each case in a folder of its own, all in one sandbox; every one fails, and says why."""
    files: Files = {}
    sets = []
    for number, (asked, given, _) in enumerate(cases):
        files |= {f"{number}/{name}": text for name, text in given.items()}
        sets.append(asked | {"only": [f"{number}/{each}" for each in asked.get("only", ["*"])]})
    outcome = checked(tools, files | SETTINGS, *sets)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0), outcome
    for number, (case, (_, _, message)) in enumerate(zip(outcome.cases, cases, strict=True)):
        assert message in case.message, cases[number]
        assert not case.passed


def of_tool(tool: str, cases: list[tuple[dict[str, Any], Files, str]]) -> list[tuple[dict[str, Any], Files, str]]:
    return [each for each in cases if each[0]["tool"] == tool]


@pytest.mark.parametrize("tool", ["pylint", "bandit", "yamllint", "shellcheck", "hadolint"])
def test_each_tool_says_what_it_finds_and_where(tools: Watched, tool: str) -> None:
    all_at_once(tools, of_tool(tool, FOUND))


SETTINGS: Files = {
    ".pylintrc": "[MAIN]\ndisable=all\n",
    "pylintrc": "[MAIN]\ninit-hook=raise SystemExit\n",
    "setup.cfg": "[pylint]\ndisable=all\n[bandit]\nskips=B605\n",
    ".bandit": "[bandit]\nskips: B605\n",
    ".yamllint": "rules: {}\n",
    ".yamllint.yaml": "---\nrules: {}\n",
    ".shellcheckrc": "disable=all\n",
    ".hadolint.yaml": "---\nignored: [DL3006]\n",
}
SWITCHED: list[tuple[dict[str, Any], Files, str]] = [
    (PYLINT, {"x.py": "# pylint: skip-file\n# pylint: disable=all\n" + WRONG}, "undefined-variable"),
    (PYLINT, {"x.py": WRONG.replace("\n", "  # pylint: disable=undefined-variable\n")}, "undefined-variable"),
    (BANDIT, {"x.py": WRONG.replace("\n", "  # nosec B605\n")}, "B605"),
    (YAML, {"a.yaml": "# yamllint disable-file\na:   1\n"}, "colons"),
    (YAML, {"a.yaml": "# yamllint disable\na:   1\n"}, "colons"),
    (YAML, {"a.yaml": "a:   1  # yamllint disable-line rule:colons\n"}, "colons"),
    (YAML, {"a.yaml": "# yamllint disable\na:   1\n".encode("utf-16")}, "unreadable This is no UTF-8"),
    (YAML, {"a.yaml": "# yamllint disable\na:   1\n".encode("utf-16-le")}, "unreadable There is a NUL"),
    (YAML, {"a.yaml": "# nothing\n\n"}, "empty There is nothing in it"),
    (SHELL, {"a.sh": "# shellcheck disable=all\necho $1\n"}, "SC2086"),
    (SHELL, {"a.sh": "#\u00a0shellcheck disable=SC2086\necho $1\n"}, "SC2086"),
    (SHELL, {"a.sh": "# shellcheck shell=sh\n[[ -n $1 ]] # shellcheck disable=all\necho $1\n"}, "SC2086"),
    (DOCKER, {"Dockerfile": "# hadolint global ignore=DL3006\nFROM debian\n"}, "DL3006"),
    (DOCKER, {"Dockerfile": "# hadolint ignore=DL3006\nFROM debian\n"}, "DL3006"),
    (DOCKER, {"Dockerfile": "FROM a:1\nRUN <<E\n# shellcheck disable=SC2086\necho $X\nE\n"}, "SC2086"),
    (DOCKER, {"Dockerfile": "FROM a:1\nRUN # shell\\\ncheck disable=SC2086\\\n echo $X\n"}, "over two lines"),
    (DOCKER, {"Dockerfile": "FROM a:1\nRUN # shell\\\n# b\n\r\n check disable=SC2086\\\n echo $X\n"}, "over two lines"),
    (DOCKER, {"Dockerfile": "# escape=`\nFROM a:1\nRUN # shell`\ncheck disable=SC2086`\n echo $X\n"}, "over two lines"),
]  # fmt: skip


@pytest.mark.parametrize("tool", ["pylint", "bandit", "yamllint", "shellcheck", "hadolint"])
def test_no_pragma_and_no_file_of_the_work_switches_a_finding_off(tools: Watched, tool: str) -> None:
    """Case 38."""
    all_at_once(tools, of_tool(tool, SWITCHED))


def test_comments_without_effect_are_told_of(tools: Watched) -> None:
    outcome = checked(tools, {"a.sh": "true\n# shellcheck disable=all\necho $1\n"}, SHELL)
    assert ". Comments that switch findings off have no effect (a.sh:2)" in outcome.message


EVIL = "open('/work/copy/x.py', 'w').close()\nimport os\nos._exit(0)\n"


def test_no_tool_imports_a_module_of_the_work(tools: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pylint needs late on would come from the work, whose folder it puts in front: seen with the wall lifted."""
    late = ("difflib", "textwrap", "tomllib", "isort", "dill", "colorama", "multiprocessing", "fractions", "string")
    files: Files = {**{f"{name}.py": EVIL for name in late}, "-x.py": WRONG}
    asked = (PYLINT | {"only": ["-x.py"]}, BANDIT | {"only": ["-x.py"]})
    outcome = checked(tools, files, *asked)
    assert [case.passed for case in outcome.cases] == [False, False]
    assert "-x.py:2: undefined-variable" in outcome.cases[0].message
    wall = b"places = [place for place in (sys.path if path is None else path) if not self._in_work(place)]"
    kit = kit_files()
    assert wall in kit["only_tools.py"]
    program = b"import sys\nsys.path.insert(0, '/work/copy')\nimport evil\n"
    probe = kit | {"yaml_lint.py": program}
    files = {"evil.py": "import sys\nsys.stdout.write('[]')\n", "a.yaml": "a:   1\n"}
    sets = (YAML, BANDIT)
    monkeypatch.setattr(lint, "kit_files", lambda: probe)
    assert "No module named 'evil'" in checked(tools, files, *sets).message
    lifted = kit["only_tools.py"].replace(wall, b"places = sys.path if path is None else path")
    monkeypatch.setattr(lint, "kit_files", lambda: probe | {"only_tools.py": lifted})
    assert checked(tools, files, *sets).cases[0].passed


def test_an_author_hears_of_what_a_tool_does_not_know(tools: Watched) -> None:
    for asked, files in (
        (PYLINT | {"select": ["E", "no-such-thing"]}, {"x.py": WRONG}),
        (BANDIT | {"select": ["B999"]}, {"x.py": WRONG}),
        (YAML | {"rules": {"no-such-rule": "enable"}}, {"a.yaml": "a: 1\n"}),
    ):
        outcome = checked(tools, files, asked)
        assert outcome.outcome is Outcome.INFRASTRUCTURE
        assert f"{asked['tool']} cannot be used as the check says" in outcome.message


@pytest.mark.parametrize(
    ("asked", "what"),
    [(BANDIT, "Python file"), (YAML, "YAML file"), (SHELL, "shell script"), (DOCKER, "Dockerfile")],
)
def test_no_file_is_not_clean(asked: dict[str, Any], what: str) -> None:
    backend: Any = None
    outcome = checked(backend, {"a.txt": "x", "x.py.txt": "x"}, asked)
    assert (outcome.outcome, outcome.message) == (Outcome.FAILED, f"There is no {what} to look at.")


def test_an_image_without_a_tool_gives_no_verdict(backend: Watched) -> None:
    """And the gate, for which it is not a matter of trying again, names the tool."""
    outcome = checked(backend, CLEAN, *ALL)
    assert (outcome.outcome, outcome.share, outcome.lasting) == (Outcome.INFRASTRUCTURE, 0, True)
    absent = "no bandit and no hadolint and no pylint and no shellcheck and no yamllint"
    assert outcome.message == f"The sandbox image has {absent}: run make sandbox-image."
