"""Runs linters over the work as data: ``python3 -I lint.py`` with ``plan.json`` and ``given/`` in the work folder.

Nothing of the work is imported or started. Tools see a copy in which comments of
Python have lost their words, and other files the names of the tools, so none can
switch a finding off; no file that they are not asked about is in it. The answer
goes to ``result.json``.
"""

import ast
import io
import json
import os
import re
import sys
import tokenize
from collections.abc import Iterator

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from lint_tools import COPY, TOOLS, Row, missing

GIVEN = "given"
OFF = re.compile(r"noqa|nosec|type:\s*ignore|(ruff|mypy|pylint|isort|fmt|pyright|flake8)\s*:", re.IGNORECASE)
NAMES = re.compile(rb"yamllint|shellcheck|hadolint", re.IGNORECASE)
# A Dockerfile joins lines, between which it leaves out comments and empty ones.
JOINED = re.compile(rb"[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*")
# mypy takes these for settled, whatever they are.
SETTLED = {"TYPE_CHECKING", "MYPY", "PY2", "PY3"}
UNCHECKED = {"no_type_check", "no_type_check_decorator"}
MOST = 20
"""Findings of a set that are told, of LONGEST characters each: names in the work may be as long as they like."""
LONGEST = 300


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
        copied(path, bare.encode())
    return broken, escapes, off


def copied(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(f"{COPY}/{path}"), exist_ok=True)
    with open(f"{COPY}/{path}", "wb") as file:
        file.write(data)


def prepare_others(paths: list[str]) -> tuple[list[Row], list[Row]]:
    """The same for files that are no Python: x for each letter of a tool's name, wherever it stands.

    In another encoding than UTF-8 names would not be seen, and a file without anything is no work.
    """
    broken: list[Row] = []
    off: list[Row] = []
    for path in paths:
        with open(f"{GIVEN}/{path}", "rb") as file:
            data = file.read()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            broken.append([path, data.count(b"\n", 0, error.start) + 1, "unreadable", "This is no UTF-8."])
            continue
        if "\0" in text:
            broken.append([path, text.count("\n", 0, text.index("\0")) + 1, "unreadable", "There is a NUL in it."])
        elif not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
            broken.append([path, 1, "empty", "There is nothing in it."])
        elif len(NAMES.findall(JOINED.sub(b"", data))) > len(NAMES.findall(data)):
            broken.append([path, 1, "unreadable", "The name of a tool is spread over two lines."])
        else:
            off += [[path, data.count(b"\n", 0, found.start()) + 1] for found in NAMES.finditer(data)][:MOST]
            copied(path, NAMES.sub(lambda found: b"x" * len(found[0]), data))
    return broken, off


def main() -> None:
    with open("plan.json", encoding="utf-8") as file:
        plan = json.load(file)
    absent = sorted({ask["tool"] for ask in plan["sets"] if missing(ask["tool"])})
    if absent:
        answer = {"missing": absent, "undefined": [], "off": [], "sets": []}
    else:
        os.mkdir(COPY)
        broken, escapes, off = prepare(plan["given"])
        more, names = prepare_others(plan["others"])
        undefined = [
            [path, name] for path, names in plan["defines"].items() for name in names if name not in defined(path)
        ]
        answer = {
            "missing": [],
            "undefined": undefined,
            "off": [*off, *names][:MOST],
            "sets": [judged(ask, broken, more, escapes) for ask in plan["sets"]],
        }
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump(answer, file)


def judged(ask: dict[str, object], broken: list[Row], more: list[Row], escapes: list[Row]) -> dict[str, object]:
    """What one set finds. What Python cannot read counts wherever it is, since others may import it."""
    files = ask["files"]
    assert isinstance(files, list)
    tool = TOOLS[str(ask["tool"])]
    found = [*broken] if tool.python else [each for each in more if each[0] in files]
    unread = {each[0] for each in found}
    chosen = [path for path in files if path not in unread]
    if chosen:
        found += tool.findings(ask, chosen)
    if ask["tool"] == "mypy":
        found += [each for each in escapes if each[0] in chosen]
    found.sort(key=lambda each: (each[0], each[1], each[2]))
    first = [[path, line, code, message[:LONGEST]] for path, line, code, message in found[:MOST]]
    return {"count": len(found), "first": first}


if __name__ == "__main__":
    main()
