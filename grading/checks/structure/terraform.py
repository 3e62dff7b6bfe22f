"""Terraform by structure: blocks as mappings below their type and labels, each a list of bodies.

``resource.aws_s3_bucket.logs[0].bucket``. Texts, numbers, truth, lists and objects are values; any other expression is
text with ``${`` around it, as in Terraform's own JSON. Nothing is evaluated, fetched or opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from grading.checks.structure.hcl_tokens import Lexer, Token
from grading.checks.structure.reading import DEPTH, Misread, Refused, at

LABELS: Final = {
    "terraform": 0, "locals": 0, "moved": 0, "import": 0, "removed": 0,
    "provider": 1, "module": 1, "variable": 1, "output": 1, "check": 1,
    "resource": 2, "data": 2, "ephemeral": 2,
}  # fmt: skip
ONCE: Final = ("module", "variable", "output", "resource", "data", "ephemeral")
FETCHING: Final = ("external", "http")
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}
_SIGNS: Final = frozenset({")", "]", "}"})


def terraform(texts: Iterable[str]) -> dict[str, Any]:
    """All files of a folder as one value."""
    whole: dict[str, Any] = {}
    for text in texts:
        _Parser(Lexer(text).tokens(), text).file(whole)
    if not whole:
        raise Misread("There is no block.")
    for kind in FETCHING:
        if kind in whole.get("data", {}):
            raise Refused(f'data "{kind}" asks something outside. Remove it.')
    for name, bodies in whole.get("module", {}).items():
        _module(name, bodies[0])
    return whole


def _module(name: str, body: dict[str, Any]) -> None:
    source = body.get("source")
    if not isinstance(source, str):
        raise Misread(f"module {name[:80]!a} has no source.")
    if not source.startswith(("./", "../")):
        raise Refused(f"module {name[:80]!a} would be fetched. Use one with a path that begins with ./ or ../.")


class _Parser:
    def __init__(self, tokens: list[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._at = 0

    # -- words -------------------------------------------------------------------------
    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _is(self, *signs: str) -> bool:
        return self._now.kind == "sign" and self._now.text in signs

    def _next(self) -> Token:
        token = self._now
        self._at += token.kind != "end"
        return token

    def _take(self, sign: str) -> None:
        if not self._is(sign):
            raise at(self._now.line, f"{sign} is missing.")
        self._next()

    def _newlines(self) -> None:
        while self._now.kind == "newline":
            self._next()

    # -- blocks ------------------------------------------------------------------------
    def file(self, whole: dict[str, Any]) -> None:
        self._newlines()
        while self._now.kind != "end":
            self._top(whole)
            self._newlines()

    def _top(self, whole: dict[str, Any]) -> None:
        line = self._now.line
        name = self._name()
        if name not in LABELS:
            raise at(line, f"{name[:40]!a} is no block of Terraform.")
        labels = self._labels()
        if len(labels) != LABELS[name]:
            raise at(line, f"{name} has {len(labels)} labels instead of {LABELS[name]}.")
        bodies = _list_at(whole, name, labels)
        if bodies and name in ONCE:
            raise at(line, f"{' '.join([name, *labels])[:120]} is there twice.")
        bodies.append(self._block(1))

    def _name(self) -> str:
        token = self._next()
        if token.kind != "name":
            raise at(token.line, "a name is missing.")
        return token.text

    def _labels(self) -> list[str]:
        labels = []
        while not self._is("{"):
            token = self._next()
            label = token.literal if token.kind == "text" else token.text if token.kind == "name" else None
            if label is None:
                raise at(token.line, "{ or = is missing.")
            labels.append(label)
        return labels

    def _block(self, level: int) -> dict[str, Any]:
        """From the opening brace to the end of its line."""
        self._deep(level)
        self._take("{")
        body: dict[str, Any] = {}
        self._newlines()
        while not self._is("}"):
            line = self._now.line
            name = self._name()
            if self._is("="):
                self._next()
                if name in body:
                    raise at(line, f"{name[:40]!a} is there twice.")
                body[name] = self._expression(level)
            else:
                nested = _list_at(body, name, self._labels(), line)
                nested.append(self._block(level + 1))
                continue
            if not self._is("}"):
                self._ended()
        self._next()
        if not self._is("}"):
            self._ended()
        return body

    def _ended(self) -> None:
        if self._now.kind not in ("newline", "end"):
            raise at(self._now.line, f"{self._now.text[:40]!a} cannot stand here.")
        self._newlines()

    def _deep(self, level: int) -> None:
        if level > DEPTH - 4:
            raise Refused(f"Line {self._now.line}: it is nested deeper than {DEPTH - 4} levels.")

    # -- expressions -------------------------------------------------------------------
    def _expression(self, level: int, *, lines: bool = True) -> Any:
        """:param lines: whether the end of a line ends it."""
        self._deep(level)
        first = self._at
        value = self._value(level)
        if value is not _OTHER and self._over(lines):
            return value
        self._at = first
        return self._other(lines)

    def _over(self, lines: bool) -> bool:
        if not lines:
            self._newlines()
        return self._now.kind in ("newline", "end") or self._is(",", ")", "]", "}")

    def _value(self, level: int) -> Any:
        token = self._next()
        if token.kind == "text":
            if token.literal is not None:
                return token.literal
            return token.text or self._text[token.start : token.end]
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "name" and token.text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token.text]
        if token.text == "-" and self._now.kind == "number":
            number = _number(self._next().text)
            return number if isinstance(number, str) else -number
        if token.kind == "sign" and token.text in "[{":
            self._newlines()
            if self._now.kind == "name" and self._now.text == "for":
                return _OTHER
            return self._list(level) if token.text == "[" else self._object(level)
        return _OTHER

    def _list(self, level: int) -> Any:
        found = []
        while not self._is("]"):
            found.append(self._expression(level + 1, lines=False))
            self._newlines()
            if not self._is("]"):
                self._take(",")
            self._newlines()
        self._next()
        return found

    def _object(self, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._is("}"):
            key = self._next()
            if key.kind == "sign" and key.text == "(":
                self._at -= 1
                name = self._source(self._group())
            elif key.kind in ("name", "number", "text"):
                name = key.literal if key.literal is not None else key.text
            else:
                raise at(key.line, "a key is missing.")
            if not self._is("=", ":"):
                raise at(self._now.line, "= is missing.")
            self._next()
            found[name] = self._expression(level + 1)
            if self._is(","):
                self._next()
            elif not self._is("}") and self._now.kind != "newline":
                raise at(self._now.line, "a comma or the end of the line is missing.")
            self._newlines()
        self._next()
        return found

    def _other(self, lines: bool) -> str:
        """An expression that is not read, as the text that it is."""
        first, operand = self._at, False
        while not self._over(lines):
            token = self._now
            if token.text == "=" or (operand and (token.kind != "sign" or token.text == "{")):
                raise at(token.line, f"{token.text[:40]!a} cannot stand here.")
            operand = token.kind != "sign" or token.text in _OPENING
            if token.kind == "sign" and token.text in _OPENING:
                self._group()
            else:
                self._next()
        if self._at == first:
            raise at(self._now.line, "a value is missing.")
        return "${" + self._source(first) + "}"

    def _group(self) -> int:
        """Go past a bracket and what it holds; answers where it began."""
        first = self._at
        waiting: list[str] = []
        while True:
            token = self._next()
            if token.kind == "end":
                raise at(self._tokens[first].line, f"{self._tokens[first].text} has no end.")
            if token.kind != "sign":
                continue
            if token.text in _OPENING:
                waiting.append(_OPENING[token.text])
            elif token.text in _SIGNS:
                if token.text != waiting.pop():
                    raise at(token.line, f"{token.text} closes nothing.")
                if not waiting:
                    return first

    def _source(self, first: int) -> str:
        return " ".join(self._text[self._tokens[first].start : self._tokens[self._at - 1].end].split())


_OTHER: Final = object()


def _number(text: str) -> int | float | str:
    """Numbers that no honest file has stay text."""
    if len(text) > 30:
        return text
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return text if number == float("inf") else number


def _list_at(body: dict[str, Any], name: str, labels: list[str], line: int = 1) -> list[Any]:
    """The bodies below *name* and *labels*, which are made when they are not there."""
    keys = [name, *labels]
    if len(keys) > 4:
        raise at(line, "a block has more than three labels.")
    for key in keys[:-1]:
        body = body.setdefault(key, {})
        if not isinstance(body, dict):
            raise at(line, f"{name[:40]!a} is there as another thing.")
    found = body.setdefault(keys[-1], [])
    if not isinstance(found, list):
        raise at(line, f"{name[:40]!a} is there as another thing.")
    return found
