"""YAML as plain values, built from the parser's events so that nothing is made before it is counted.

Scalars are read by the core schema of YAML 1.2, so ``on`` and ``yes`` are text and dates stay text. Keys are text.
Anchors, aliases and merge keys are followed within limits; tags are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from grading.checks.structure.reading import CHARACTERS, DEPTH, VALUES, Misread, Refused, at

MERGE: Final = "<<"
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,30}|0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?")
# What the parser raises over texts that are no YAML, beside its own errors.
_BROKEN: Final = (YAMLError, ValueError, LookupError, TypeError, AttributeError)


@dataclass(slots=True)
class _Node:
    """A value with what it stands for: values, characters, levels."""

    value: Any
    values: int = 1
    characters: int = 0
    levels: int = 0
    plain_key: str | None = None


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come."""

    node: _Node
    anchor: str | None
    line: int
    key: str | None = None
    merge: bool = False
    merged: list[dict[str, Any]] = field(default_factory=list)


class _Builder:
    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Node] = {}
        self._values = self._characters = 0

    def event(self, event: Event) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._anchors.clear()
        elif isinstance(event, AliasEvent):
            self._place(self._alias(event.anchor, line), line)
        elif isinstance(event, ScalarEvent):
            self._untagged(event, line)
            node = _scalar(event)
            self._count(node)
            self._keep(event.anchor, node)
            self._place(node, line)
        elif isinstance(event, CollectionStartEvent):
            self._untagged(event, line)
            if len(self._open) >= DEPTH:
                raise Refused(f"Line {line}: it is nested deeper than {DEPTH} levels.")
            node = _Node({} if isinstance(event, MappingStartEvent) else [], levels=1)
            self._count(node)
            self._open.append(_Open(node, event.anchor, line))
        elif isinstance(event, CollectionEndEvent):
            ended = self._open.pop()
            for given in ended.merged:
                for name, entry in given.items():
                    ended.node.value.setdefault(name, entry)
            self._keep(ended.anchor, ended.node)
            self._place(ended.node, ended.line)

    def _untagged(self, event: Any, line: int) -> None:
        if event.ctag is not None:
            raise Refused(f"Line {line}: tags (!name) are not read.")

    def _count(self, node: _Node) -> None:
        self._values += node.values
        self._characters += node.characters
        if self._values > VALUES or self._characters > CHARACTERS:
            raise Refused(f"It stands for more than {VALUES} values or {CHARACTERS} characters.")

    def _keep(self, anchor: str | None, node: _Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _alias(self, name: str, line: int) -> _Node:
        if any(each.anchor == name for each in self._open):
            raise Refused(f"Line {line}: *{name} contains itself.")
        if name not in self._anchors:
            raise at(line, f"*{name} has no anchor before it.")
        node = self._anchors[name]
        self._count(node)
        return node

    def _place(self, node: _Node, line: int) -> None:
        if not self._open:
            self.documents.append(node.value)
            return
        parent = self._open[-1]
        whole = parent.node
        whole.values += node.values
        whole.characters += node.characters
        whole.levels = max(whole.levels, node.levels + 1)
        # Aliases nest without brackets, so levels are counted of what things stand for.
        if len(self._open) + node.levels > DEPTH:
            raise Refused(f"Line {line}: it is nested deeper than {DEPTH} levels.")
        if isinstance(whole.value, list):
            whole.value.append(node.value)
        elif parent.key is None:
            self._key(parent, node, line)
        else:
            self._entry(parent, node, line)

    def _key(self, parent: _Open, node: _Node, line: int) -> None:
        if node.levels or node.plain_key is None:
            raise at(line, "a key is no text.")
        parent.key = node.plain_key
        parent.merge = node.plain_key == MERGE
        if not parent.merge and parent.key in parent.node.value:
            raise at(line, f"the key {parent.key[:80]!a} is there twice.")

    def _entry(self, parent: _Open, node: _Node, line: int) -> None:
        assert parent.key is not None
        if parent.merge:
            given = node.value if isinstance(node.value, list) else [node.value]
            if not all(isinstance(each, dict) for each in given):
                raise at(line, "what << takes in is no mapping.")
            parent.merged.extend(given)
        else:
            parent.node.value[parent.key] = node.value
        parent.key = None


def documents(text: str) -> list[Any]:
    """The documents of *text* that are not empty."""
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.event(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise at(mark.line + 1 if mark else 1, f"it is no YAML: {error.problem or error.context}.") from None
    except _BROKEN as error:
        raise Misread(f"It is no YAML: {str(error)[:200]!a}.") from None
    return [each for each in builder.documents if each is not None]


def document(text: str) -> Any:
    """The one document of *text*."""
    found = documents(text)
    if len(found) != 1:
        raise Misread(f"It holds {len(found)} documents instead of one.")
    return found[0]


def _scalar(event: Any) -> _Node:
    text: str = event.value
    plain = event.implicit[0] and event.style is None
    return _Node(_plain(text) if plain else text, characters=len(text), plain_key=text)


def _plain(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _WHOLE.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text) and isfinite(number := float(text)):
        return number
    return text
