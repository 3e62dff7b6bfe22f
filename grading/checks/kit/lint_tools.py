"""The tools that ``lint.py`` asks: how each is started, without a setting of the work, and how its answer is read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COPY = "copy"
BIN = "/opt/tools/bin"
MODULES = "/opt/tools/lib/python{0.major}.{0.minor}/site-packages"
PYTHON = f"{BIN}/python"
Row = list[Any]
"""Path, line, code and message."""
Ask = dict[str, Any]
LEVELS = ("style", "info", "warning", "error")


@dataclass(frozen=True)
class Tool:
    """:param program: in the folder of tools, else it is a module.
    :param python: it reads the copy of Python files.
    :param command: how it is started; the files come after it.
    :param read: its output as rows.
    :param statuses: with which it ends when it has come to its end.
    :param control: a file that nothing is wrong with: its name, and what is in it.
    """

    name: str
    program: bool
    python: bool
    command: Callable[[Ask], list[str]]
    read: Callable[[Ask, bytes], list[Row]]
    control: tuple[str, str] = ("empty_.py", "")
    statuses: range = range(2)

    def findings(self, ask: Ask, paths: list[str]) -> list[Row]:
        """What it finds in *paths*. Where it gives no verdict, that is the work's doing if it gives one of nothing."""
        # No name is taken for an option.
        done = self._run([*self.command(ask), *(f"./{path}" for path in paths)])
        if done.returncode in self.statuses:
            return self.read(ask, done.stdout)
        name, text = self.control
        with open(f"{COPY}/{name}", "x", encoding="utf-8") as file:
            file.write(text)
        control = self._run([*self.command(ask), f"./{name}"])
        os.unlink(f"{COPY}/{name}")
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        last = said[-1][:300] if said else f"status {done.returncode}"
        if control.returncode not in self.statuses:
            raise unusable(self.name, last)
        return [[paths[0], 1, "unreadable", f"The tool gave up on the work: {last}"]]

    def _run(self, command: list[str]) -> "subprocess.CompletedProcess[bytes]":
        home = {"HOME": os.getcwd(), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        return subprocess.run(command, cwd=COPY, capture_output=True, check=False, env=home)


def unusable(tool: str, why: str) -> SystemExit:
    return SystemExit(f"{tool} cannot be used as the check says: {why}")


def settings(name: str, text: str) -> str:
    """The path of a file of settings that is ours; without one a tool would look for the work's."""
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return os.path.abspath(name)


def kit(name: str) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def inside(path: str) -> str:
    """A path that a tool tells, as it is in the work."""
    return os.path.relpath(os.path.join(os.getcwd(), COPY, path), os.path.join(os.getcwd(), COPY))


def lines(stdout: bytes) -> list[Any]:
    return [json.loads(line) for line in stdout.splitlines() if line.startswith(b"{")]


def ruff(ask: Ask) -> list[str]:
    version = f"py3{sys.version_info.minor}"
    command = [f"{BIN}/ruff", "check", "--isolated", "--no-cache", "--ignore-noqa", "--no-respect-gitignore"]
    command += ["--output-format", "json-lines", "--target-version", version, "--line-length", str(ask["line_length"])]
    command += ["--select", ",".join(ask["select"])]
    command += ["--ignore", ",".join(ask["ignore"])] if ask["ignore"] else []
    return [*command, "--"]


def ruff_read(_ask: Ask, stdout: bytes) -> list[Row]:
    return [
        [inside(each["filename"]), each["location"]["row"], each["code"] or "unreadable", each["message"]]
        for each in lines(stdout)
    ]


def mypy(ask: Ask) -> list[str]:
    command = [PYTHON, "-I", "-B", "-m", "mypy", "--config-file", settings("mypy.ini", "[mypy]\n")]
    command += ["--cache-dir", "/dev/null", "--no-site-packages", "--explicit-package-bases", "--namespace-packages"]
    command += ["--follow-imports", "silent", "--check-untyped-defs", "--output", "json", "--no-error-summary"]
    command += ["--strict", "--warn-unreachable"] if ask["strict"] else []
    return [*command, "--"]


def mypy_read(ask: Ask, stdout: bytes) -> list[Row]:
    return [
        [inside(each["file"]), each["line"], each["code"] or "error", each["message"]]
        for each in lines(stdout)
        if each["severity"] == "error" and each["code"] not in ask["ignore"]
    ]


def pylint(ask: Ask) -> list[str]:
    command = [PYTHON, "-I", "-B", kit("only_tools.py"), "pylint", "--rcfile", settings("pylintrc", "[MAIN]\n")]
    command += ["--persistent=n", "--jobs=1", "--ignore=", "--ignore-patterns=", "--output-format=json2"]
    command += ["--score=n", f"--max-line-length={ask['line_length']}"]
    # Of a name that it does not know it says a warning, which has to be on.
    command += ["--disable=all", f"--enable={','.join(['W0012', *ask['select']])}"] if ask["select"] else []
    return [*command, f"--disable={','.join(['I', *ask['ignore']])}"]


def pylint_read(_ask: Ask, stdout: bytes) -> list[Row]:
    found = []
    for each in json.loads(stdout)["messages"]:
        path = inside(each["absolutePath"])
        if not os.path.isfile(f"{COPY}/{path}"):
            raise unusable("pylint", each["message"])
        found.append([path, each["line"], each["symbol"], each["message"]])
    return found


def bandit(ask: Ask) -> list[str]:
    command = [PYTHON, "-I", "-B", kit("only_tools.py"), "bandit", "--quiet", "--format", "json", "--ignore-nosec"]
    # Without folders of its own to leave out, bandit has some, such as .tox.
    command += ["--exclude", "/nothing", "--severity-level", ask["severity"]]
    command += ["--tests", ",".join(ask["select"])] if ask["select"] else []
    return command + (["--skip", ",".join(ask["ignore"])] if ask["ignore"] else [])


def bandit_read(_ask: Ask, stdout: bytes) -> list[Row]:
    said = json.loads(stdout)
    found = [
        [inside(each["filename"]), each["line_number"], each["test_id"], each["issue_text"]] for each in said["results"]
    ]
    return found + [[inside(each["filename"]), 1, "unreadable", each["reason"]] for each in said["errors"]]


def yamllint(ask: Ask) -> list[str]:
    config = json.dumps({"extends": ask["extends"], "rules": ask["rules"]})
    return [PYTHON, "-I", "-B", kit("only_tools.py"), "yaml_lint", settings("yamllint.json", config)]


def plain_read(_ask: Ask, stdout: bytes) -> list[Row]:
    return [[inside(path), line, code, message] for path, line, code, message in json.loads(stdout)]


def shellcheck(ask: Ask) -> list[str]:
    command = [f"{BIN}/shellcheck", "--norc", "--color=never", "--format=json1", f"--shell={ask['shell']}"]
    command += [f"--severity={ask['severity']}"]
    command += [f"--enable={','.join(ask['enable'])}"] if ask["enable"] else []
    return command + ([f"--exclude={','.join(ask['ignore'])}"] if ask["ignore"] else [])


def shellcheck_read(_ask: Ask, stdout: bytes) -> list[Row]:
    return [
        [inside(each["file"]), each["line"], f"SC{each['code']}", each["message"]]
        for each in json.loads(stdout)["comments"]
    ]


def hadolint(ask: Ask) -> list[str]:
    command = [f"{BIN}/hadolint", "--config", settings("hadolint.yaml", "no-color: true\n"), "--format", "json"]
    command += ["--disable-ignore-pragma"]
    return command + [f"--ignore={code}" for code in ask["ignore"]]


def hadolint_read(ask: Ask, stdout: bytes) -> list[Row]:
    least = LEVELS.index(ask["severity"])
    return [
        [inside(each["file"]), each["line"], each["code"], each["message"].strip()]
        for each in json.loads(stdout)
        if LEVELS.index(each["level"]) >= least
    ]


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("ruff", True, True, ruff, ruff_read),
        Tool("mypy", False, True, mypy, mypy_read),
        Tool("pylint", False, True, pylint, pylint_read, statuses=range(32)),
        Tool("bandit", False, True, bandit, bandit_read),
        Tool("yamllint", False, False, yamllint, plain_read, ("empty_.yaml", "---\n"), range(1)),
        Tool("shellcheck", True, False, shellcheck, shellcheck_read, ("empty_.sh", "true\n")),
        Tool("hadolint", True, False, hadolint, hadolint_read, ("empty_.Dockerfile", "FROM scratch\n")),
    )
}


def missing(name: str) -> bool:
    """Whether the image is without the tool."""
    places = [f"{BIN}/{name}"] if TOOLS[name].program else [PYTHON, f"{MODULES.format(sys.version_info)}/{name}"]
    return not all(os.path.exists(place) for place in places)
