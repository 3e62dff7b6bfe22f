"""YAML as mappings with the lines of everything in them, guarded before anything is built.

ruamel's round-trip loader keeps lines and refuses duplicate keys. What could not
be stored, would read otherwise than it looks, or makes a small file huge is
refused: aliases, tags, merge keys, more than ``MAX_DEPTH`` levels, NUL and halves
of characters, infinite numbers. Lines are counted from 1 in the file, also where
the YAML is the front matter of a Markdown file (``offset`` lines stand before it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarfloat import ScalarFloat

MAX_DEPTH = 20
# More than any file within the limits holds when it is written out.
MAX_EXPANDED = 1_000_000
ALIASES = "source.yaml_alias"
_BROKEN = (YAMLError, ValueError, LookupError, TypeError, AttributeError)
_KEY = re.compile(r"^[A-Za-z_][\w.-]*[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Why a text, or a value in it, is not read: what is wrong, what to do, and the line in the file."""

    message: str
    fix: str
    line: int
    rule: str = "source.bad_yaml"


class YamlRefused(Exception):
    def __init__(self, message: str, fix: str, line: int, rule: str = "source.bad_yaml") -> None:
        super().__init__(message)
        self.fault = YamlFault(message, fix, line, rule)


@dataclass(slots=True)
class YamlText:
    """What a text of YAML holds.

    :ivar documents: the documents that are not empty, whatever they are (mappings, lists, words).
    :ivar refused: why it is not read; ``documents`` then is what stood before
        that, good for recognising a kind only.
    :ivar offset: lines of the file before it.
    """

    documents: list[Any] = field(default_factory=list)
    refused: YamlFault | None = None
    offset: int = 0

    @property
    def mapping(self) -> CommentedMap:
        """The first document that is a mapping; an empty one if there is none."""
        return next((data for data in self.documents if isinstance(data, CommentedMap)), CommentedMap())

    def each(self) -> Iterator[tuple[Any, list[YamlFault]]]:
        """The documents, each with the values in it that cannot be stored."""
        return ((data, list(bad_values(data, 1 + self.offset))) for data in self.documents)

    @property
    def faults(self) -> list[YamlFault]:
        return [self.refused] if self.refused else [fault for _, faults in self.each() for fault in faults]


def read_yaml(source: str, offset: int = 0) -> YamlText:
    """Everything that *source* holds; nothing is raised for what it says."""
    try:
        documents = load_yaml(source, offset)
    except YamlRefused as refused:
        fault = refused.fault
        if fault.rule == ALIASES and _expanded(source) > MAX_EXPANDED:
            message = f"YAML aliases that expand to more than {MAX_EXPANDED} values."
            fault = replace(fault, rule="source.alias_bomb", message=message)
        return YamlText(_before(source, fault.line - offset), fault, offset)
    return YamlText([data for data in documents if data is not None], None, offset)


def load_yaml(source: str, offset: int = 0) -> list[Any]:
    """The documents of *source*; an empty one is None.

    :raises YamlRefused: it cannot be read, or holds what is not read.
    """
    try:
        return list(_documents(source, offset))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line + 1 + offset) if mark else 1
        raise YamlRefused(f"YAML: {error.problem or error.context}.", "Correct the line.", line) from error
    except ReaderError as error:
        at = source[: error.position].count("\n") + 1 + offset if isinstance(error.position, int) else 1
        message = f"YAML: character #{error.character:04x} cannot stand here."
        raise YamlRefused(message, "Remove it.", at) from error
    except LookupError as error:
        # The parser breaks down over a directive where none may stand.
        found = re.search(r"^%", source, re.MULTILINE)
        at = source.count("\n", 0, found.start()) if found else 0
        raise YamlRefused("YAML: a directive (%NAME) cannot stand here.", "Remove it.", at + 1 + offset) from error
    except AssertionError as error:
        # The parser breaks down over a second comment at a block of text.
        found = re.search(r"[|>][-+0-9]*[ \t]+#", source)
        at = source.count("\n", 0, found.start()) if found else 0
        message = "YAML: a comment cannot stand before a block of text and behind its mark (| or >) as well."
        raise YamlRefused(message, "Move one of them.", at + 1 + offset) from error
    except _BROKEN as error:
        # Dates that no calendar has, numbers of thousands of digits: found while values are built.
        raise YamlRefused(f"YAML: {error}.", "Correct the value, or write it in quotes.", 1 + offset) from error


def bad_values(value: Any, line: int = 1) -> Iterator[YamlFault]:
    """Values that PostgreSQL cannot store: NUL and halves of characters (both by escapes), infinite numbers."""
    if isinstance(value, CommentedMap):
        for key, entry in value.items():
            at = line_of(value, key, line)
            yield from bad_values(key, at)
            yield from bad_values(entry, at)
    elif isinstance(value, CommentedSeq):
        for index, entry in enumerate(value):
            yield from bad_values(entry, line_of(value, index, line))
    elif isinstance(value, str):
        if "\0" in value:
            yield YamlFault("The text holds a NUL character.", "Correct it.", line)
        elif any("\ud800" <= character <= "\udfff" for character in value):
            yield YamlFault("The text holds half of a character (\\ud800 to \\udfff).", "Correct it.", line)
    elif isinstance(value, float) and not isfinite(value):
        yield YamlFault(f"{value} is not a number.", "Correct it.", line)


def plain(value: Any, *, floats: bool = False) -> Any:
    """Round-trip values as plain Python; numbers as they were written.

    :param floats: leave fractions what they are, where they are data and no figures; else they are text.
    """
    if isinstance(value, CommentedMap):
        return {str(key): plain(entry, floats=floats) for key, entry in value.items()}
    if isinstance(value, CommentedSeq | list):
        return [plain(entry, floats=floats) for entry in value]
    if isinstance(value, bool | None):
        return value
    if isinstance(value, ScalarFloat):
        return float(value) if floats else repr(float(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value
    return value


def line_of(data: Any, key: Any, fallback: int = 1) -> int:
    """The line in the file of a key of a mapping, or of an entry of a list."""
    span = _spans(data).get(key)
    return span[0] if span else fallback


def lines_of(data: Any, key: Any) -> range:
    """All lines in the file of a key with its value, or of an entry of a list; empty if it is not there."""
    span = _spans(data).get(key)
    return range(span[0], span[1] + 1) if span else range(0)


def leaves(data: Any, place: str = "") -> Iterator[tuple[str, Any, range]]:
    """Every value inside *data* that is no mapping and no list, as plain data: dotted place, value, its lines.

    An empty mapping or list is a value too; a document that is words alone has no entries.
    """
    if not isinstance(data, CommentedMap | CommentedSeq):
        return
    for key, entry in data.items() if isinstance(data, CommentedMap) else enumerate(data):
        inner = f"{place}.{key}" if place else str(key)
        if isinstance(entry, CommentedMap | CommentedSeq) and entry:
            yield from leaves(entry, inner)
        else:
            yield inner, plain(entry), lines_of(data, key)


def structure(data: Any) -> Iterator[tuple[int, int]]:
    """Lines that only open what stands below them (``modules:``), each with the line that it opens."""
    if not isinstance(data, CommentedMap | CommentedSeq):
        return
    for key, entry in data.items() if isinstance(data, CommentedMap) else enumerate(data):
        if isinstance(entry, CommentedMap | CommentedSeq) and entry:
            first = line_of(entry, next(iter(entry)) if isinstance(entry, CommentedMap) else 0)
            if (line := line_of(data, key)) < first:
                yield line, first
            yield from structure(entry)


def _before(source: str, line: int) -> list[Any]:
    """What stands above the entry with the fault, as far as it can be read: enough to recognise a kind."""
    starts = [found.start() for found in _KEY.finditer(source) if source.count("\n", 0, found.start()) < line]
    for start in reversed(starts[-2:]):
        try:
            return [data for data in load_yaml(source[:start]) if data is not None]
        except YamlRefused:
            continue
    return []


def _expanded(source: str) -> int:
    """How many values a text with aliases stands for when they are written out; as far as it can be read."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = [(None, 0)]

    def add(size: int) -> None:
        anchor, count = open_nodes.pop()
        open_nodes.append((anchor, count + size))

    try:
        for event in YAML(typ="rt").parse(source):
            if isinstance(event, AliasEvent):
                add(sizes.get(event.anchor, 1))
            elif isinstance(event, CollectionStartEvent):
                open_nodes.append((event.anchor, 1))
            elif isinstance(event, CollectionEndEvent):
                anchor, count = open_nodes.pop()
                sizes.update({anchor: count} if anchor else {})
                add(count)
            elif isinstance(event, NodeEvent):
                sizes.update({event.anchor: 1} if event.anchor else {})
                add(1)
    except _BROKEN:
        pass
    return max(count for _, count in open_nodes)


def _spans(data: Any) -> dict[Any, tuple[int, int]]:
    found: dict[Any, tuple[int, int]] = getattr(getattr(data, "lc", None), "spans", {})
    return found


class _Guarded(Composer):
    """Refuses while nodes are composed, before values are built; composing is recursive, so depth is counted."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise YamlRefused("YAML aliases (&name, *name) are not read.", "Write the value out.", line, ALIASES)
        if event.ctag is not None:
            raise YamlRefused("YAML tags (!name) are not read.", "Remove the tag.", line)
        if self.depth >= MAX_DEPTH and isinstance(event, CollectionStartEvent):
            raise YamlRefused(f"Nested deeper than {MAX_DEPTH} levels.", "Flatten it.", line, "source.too_deep")
        node = super().compose_node(parent, index)
        if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:merge":
            raise YamlRefused("YAML merge keys (<<) are not read.", "Write the value out.", line)
        return node


def _documents(source: str, offset: int) -> Iterator[Any]:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    yaml.Composer = _Guarded
    constructor, parser = yaml.get_constructor_parser(source)
    lines = source.split("\n")
    try:
        while constructor.composer.check_node():
            node = constructor.composer.get_node()
            data = constructor.construct_document(node)
            _keep_spans(node, data, lines, offset)
            yield data
    except YamlRefused as refused:
        fault = refused.fault
        raise YamlRefused(fault.message, fault.fix, fault.line + offset, fault.rule) from None
    finally:
        parser.dispose()


def _keep_spans(node: Any, data: Any, lines: list[str], offset: int) -> int:
    """Give a mapping or list the lines of its entries; answers the last line of *node*, from 1 in the file."""
    end = int(node.end_mark.line) + 1 + offset
    if isinstance(node, ScalarNode):
        if node.style in ("|", ">"):
            # A block's mark stands behind it, before what follows.
            end = int(node.end_mark.line) + (1 if node.end_mark.column else 0) + offset
            while end > node.start_mark.line + 1 + offset and not lines[end - 1 - offset].strip():
                end -= 1
        return end
    spans: dict[Any, tuple[int, int]] = {}
    last = int(node.start_mark.line) + 1 + offset
    if isinstance(node, MappingNode):
        for (key, value), (name, entry) in zip(node.value, data.items(), strict=True):
            last = max(_keep_spans(value, entry, lines, offset), int(key.end_mark.line) + 1 + offset)
            spans[name] = (int(key.start_mark.line) + 1 + offset, last)
    elif isinstance(node, SequenceNode):
        for place, (value, entry) in enumerate(zip(node.value, data, strict=True)):
            last = _keep_spans(value, entry, lines, offset)
            spans[place] = (int(value.start_mark.line) + 1 + offset, last)
    data.lc.spans = spans
    return max(end, last) if node.flow_style else last
