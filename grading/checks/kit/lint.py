"""Runs linters over the work as data: ``python3 -I lint.py`` with ``plan.json`` and ``given/`` in the work folder.

Nothing of the work is imported or started. Tools see a copy in which every comment
has lost its words, so none can switch a finding off; no file but Python sources is
in it. The answer goes to ``result.json``.
"""

import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from typing import Any

GIVEN, COPY = "given", "copy"
TOOLS = "/opt/tools/bin"
MODULES = "/opt/tools/lib/python{0.major}.{0.minor}/site-packages"
OFF = re.compile(r"noqa|nosec|type:\s*ignore|(ruff|mypy|pylint|isort|fmt|pyright|flake8)\s*:", re.IGNORECASE)
# mypy takes these for settled, whatever they are.
SETTLED = {"TYPE_CHECKING", "MYPY", "PY2", "PY3"}
UNCHECKED = {"no_type_check", "no_type_check_decorator"}
MOST = 20
"""Findings of a set that are told, of LONGEST characters each: names in the work may be as long as they like."""
LONGEST = 300
Row = list[Any]
"""Path, line, code and message; of mypy the severity as well."""


class Unreadable(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def text_of(data: bytes) -> str:
    """The source, with one kind of line ends; :class:`Unreadable` when it is no Python in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(data.count(b"\n", 0, error.start) + 1, "This is no UTF-8.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(error.lineno or 1, f"Python cannot read this: {error.msg}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(1, "Python cannot read this.") from error


def alike(one: ast.Module, other: ast.Module) -> bool:
    try:
        return ast.dump(one) == ast.dump(other)
    except RecursionError as error:
        raise Unreadable(1, "This is nested too deeply.") from error


def without_words(text: str) -> tuple[str, list[int]]:
    """*text* with x for each letter and digit of its comments, and where comments meant to switch something off."""
    lines = text.split("\n")
    off = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                (row, start), (_, end) = token.start, token.end
                if OFF.search(token.string):
                    off.append(row)
                blank = "".join("x" if each.isalnum() else each for each in token.string)
                lines[row - 1] = lines[row - 1][:start] + blank + lines[row - 1][end:]
    except (tokenize.TokenError, SyntaxError, RecursionError) as error:
        raise Unreadable(1, "Python cannot read this.") from error
    # mypy reads settings from lines of strings as well.
    for number, line in enumerate(lines, 1):
        if re.match(r"#\s*mypy\s*:", line):
            raise Unreadable(number, "Settings of mypy have no place in the work.")
    return "\n".join(lines), off


def unchecked(tree: ast.Module) -> Iterator[tuple[int, set[str]]]:
    """Lines that would take code out of the type check."""
    plain = {
        id(node.test)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.test, (ast.Name, ast.Attribute))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found = {node.name.rpartition(".")[2]} & UNCHECKED
        elif isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            found = {name} & (UNCHECKED if id(node) in plain else UNCHECKED | SETTLED)
        else:
            continue
        if found:
            yield node.lineno, found


def defined(path: str) -> set[str]:
    """Functions and classes at the top of a file of the copy; none when it is not there."""
    try:
        with open(f"{COPY}/{path}", encoding="utf-8") as file:
            body = ast.parse(file.read()).body
    except FileNotFoundError:
        return set()
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}


def prepare(paths: list[str]) -> tuple[list[Row], list[Row], list[Row]]:
    """Write the copy; what cannot be read, what would stay unchecked, and where comments have lost their effect."""
    broken: list[Row] = []
    escapes: list[Row] = []
    off: list[Row] = []
    for path in paths:
        try:
            with open(f"{GIVEN}/{path}", "rb") as file:
                text = text_of(file.read())
            tree = parsed(text)
            bare, rows = without_words(text)
            if not alike(parsed(bare), tree):
                raise Unreadable(1, "Python cannot read this in one way only.")
        except Unreadable as error:
            broken.append([path, error.line, "unreadable", error.message])
            continue
        off += [[path, row] for row in rows]
        for line, names in unchecked(tree):
            message = f"{', '.join(sorted(names))} takes code out of the type check here."
            escapes.append([path, line, "unchecked", message])
        os.makedirs(os.path.dirname(f"{COPY}/{path}"), exist_ok=True)
        with open(f"{COPY}/{path}", "w", encoding="utf-8", newline="") as file:
            file.write(bare)
    return broken, escapes, off


def run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=COPY, capture_output=True, check=False)


def findings(command: list[str], paths: list[str], read: Callable[[Any], Row]) -> list[Row]:
    """What a tool finds in *paths*. Where it gives no verdict, that is the work's doing if it gives one of nothing."""
    done = run([*command, "--", *paths])
    if done.returncode in (0, 1):
        return [read(json.loads(line)) for line in done.stdout.splitlines() if line.startswith(b"{")]
    with open(f"{COPY}/empty_.py", "x"):
        pass
    control = run([*command, "--", "empty_.py"])
    os.unlink(f"{COPY}/empty_.py")
    said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
    last = said[-1][:300] if said else f"status {done.returncode}"
    if control.returncode not in (0, 1):
        raise SystemExit(f"{os.path.basename(command[0])} cannot be used as the check says: {last}")
    return [[paths[0], 1, "unreadable", f"The tool gave up on the work: {last}"]]


def ruff(ask: dict[str, Any], paths: list[str], _escapes: list[Row]) -> list[Row]:
    version = f"py3{sys.version_info.minor}"
    command = [f"{TOOLS}/ruff", "check", "--isolated", "--no-cache", "--ignore-noqa", "--no-respect-gitignore"]
    command += ["--output-format", "json-lines", "--target-version", version, "--line-length", str(ask["line_length"])]
    command += ["--select", ",".join(ask["select"])]
    command += ["--ignore", ",".join(ask["ignore"])] if ask["ignore"] else []

    def read(found: Any) -> Row:
        path = os.path.relpath(found["filename"], os.path.join(os.getcwd(), COPY))
        return [path, found["location"]["row"], found["code"] or "unreadable", found["message"]]

    return findings(command, paths, read)


def mypy(ask: dict[str, Any], paths: list[str], escapes: list[Row]) -> list[Row]:
    with open("mypy.ini", "w", encoding="utf-8") as file:
        # Everything that decides is on the command line; without a file of its own mypy would look for one.
        file.write("[mypy]\n")
    command = [f"{TOOLS}/python", "-I", "-B", "-m", "mypy", "--config-file", os.path.abspath("mypy.ini")]
    command += ["--cache-dir", "/dev/null", "--no-site-packages", "--explicit-package-bases", "--namespace-packages"]
    command += ["--follow-imports", "silent", "--check-untyped-defs", "--output", "json", "--no-error-summary"]
    command += ["--strict", "--warn-unreachable"] if ask["strict"] else []

    def read(found: Any) -> Row:
        return [found["file"], found["line"], found["code"] or "error", found["message"], found["severity"]]

    found = findings(command, paths, read)
    errors = [each[:4] for each in found if each[4:] in ([], ["error"]) and each[2] not in ask["ignore"]]
    return errors + [each for each in escapes if each[0] in paths]


RUNS = {"ruff": ruff, "mypy": mypy}


def missing(tool: str) -> bool:
    modules = MODULES.format(sys.version_info)
    places = {"ruff": [f"{TOOLS}/ruff"], "mypy": [f"{TOOLS}/python", f"{modules}/mypy"]}[tool]
    return not all(os.path.exists(place) for place in places)


def main() -> None:
    with open("plan.json", encoding="utf-8") as file:
        plan = json.load(file)
    absent = sorted({ask["tool"] for ask in plan["sets"] if missing(ask["tool"])})
    if absent:
        answer = {"missing": absent, "undefined": [], "off": [], "sets": []}
    else:
        os.mkdir(COPY)
        broken, escapes, off = prepare(plan["given"])
        undefined = [
            [path, name] for path, names in plan["defines"].items() for name in names if name not in defined(path)
        ]
        unread = {each[0] for each in broken}
        chosen = [path for path in plan["chosen"] if path not in unread]
        sets = []
        for ask in plan["sets"]:
            found = broken + (RUNS[ask["tool"]](ask, chosen, escapes) if chosen else [])
            found.sort(key=lambda each: (each[0], each[1], each[2]))
            first = [[path, line, code, message[:LONGEST]] for path, line, code, message in found[:MOST]]
            sets.append({"count": len(found), "first": first})
        answer = {"missing": [], "undefined": undefined, "off": off[:MOST], "sets": sets}
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main()
