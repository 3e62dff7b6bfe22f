"""Files of a native tree as mappings with the line of every key.

YAML goes through ruamel's round-trip loader, which keeps lines and refuses
duplicate keys; Markdown is front matter between ``---`` lines and a body. What
could not be stored, or would read otherwise than it looks, is refused before
anything is built from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import tokens as yaml_tokens
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarfloat import ScalarFloat

from courses.curriculum.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 50_000
MAX_DEPTH = 20
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n?", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Document:
    """One mapping of a file; ``offset`` lines stand before it in the file."""

    file: str
    data: CommentedMap
    offset: int
    markdown: str | None = None
    markdown_line: int = 0


def tree_files(root: Path) -> Iterator[Path]:
    """Documents below *root* in a stable order; dot folders and links are not read."""
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") for part in parts) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix in (".yaml", ".yml", ".md") and path.name != "README.md":
            yield path


def read_documents(path: Path, name: str) -> tuple[list[Document], list[Finding]]:
    """The documents of one file, or the findings that say why there are none."""

    def refuse(message: str, fix: str, line: int = 1) -> tuple[list[Document], list[Finding]]:
        return [], [Finding("native.unreadable", "error", name, line, message, fix)]

    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return refuse(f"The file has {size} bytes; the limit is {MAX_BYTES}.", "Split it.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return refuse(f"The file is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.")
    except OSError as error:
        return refuse(f"The file cannot be read: {error.strerror}.", "Check its permissions.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (lines := text.count("\n")) > MAX_LINES:
        return refuse(f"The file has {lines} lines; the limit is {MAX_LINES}.", "Split it.")
    if "\0" in text:
        return refuse("The file holds a NUL character.", "Remove it.", text[: text.index("\0")].count("\n") + 1)
    markdown, line = None, 0
    if path.suffix == ".md":
        match = _FRONT.match(text)
        if match is None:
            return refuse("A Markdown document starts with front matter between --- lines.", "Add kind: and title:.")
        markdown, line = text[match.end() :], text[: match.end()].count("\n") + 1
        source, offset = match[1], 1
    else:
        source, offset = text, 0
    try:
        fault = _refused(source)
        if fault is not None:
            return refuse(fault[0], fault[1], fault[2] + 1 + offset)
        loaded = list(_loader().load_all(source))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1 + offset) if mark else 1
        return refuse(f"YAML: {error.problem or error.context}.", "Correct the line.", place)
    except ReaderError as error:
        at = source[: error.position].count("\n") + 1 + offset if isinstance(error.position, int) else 1
        return refuse(f"YAML: character #{error.character:04x} cannot stand here.", "Remove it.", at)
    except (YAMLError, ValueError) as error:
        # Dates that no calendar has, numbers of thousands of digits: found while values are built.
        return refuse(f"YAML: {error}.", "Correct the value, or write it in quotes.", 1 + offset)
    return _documents(name, loaded, offset, markdown, line)


def _documents(
    name: str, loaded: list[Any], offset: int, markdown: str | None, line: int
) -> tuple[list[Document], list[Finding]]:
    documents: list[Document] = []
    findings: list[Finding] = []
    if markdown is not None and not any(data is not None for data in loaded):
        loaded = [markdown]
    for data in loaded:
        if data is None:
            continue
        if not isinstance(data, CommentedMap):
            at = data.lc.line + 1 + offset if isinstance(data, CommentedSeq) else 1 + offset
            findings.append(
                Finding(
                    "native.unreadable", "error", name, at, "A document is a mapping of keys.",
                    "Write kind: and the other fields, each on its line.",
                )
            )  # fmt: skip
            continue
        faults = [
            Finding("native.bad_value", "error", name, at, message, "Correct it.")
            for message, at in _bad_values(data, offset, 1 + offset)
        ]
        findings += faults
        if not faults:
            documents.append(Document(name, data, offset, markdown, line))
    return documents, findings


def _refused(source: str) -> tuple[str, str, int] | None:
    """What is refused by its tokens alone, before anything is built: message, remedy, line from 0.

    Aliases are how a small file becomes a huge one; tags make values of other
    kinds; nesting is counted here because building it is recursive.
    """
    depth = 0
    for token in _loader().scan(source):
        at = token.start_mark.line
        if isinstance(token, yaml_tokens.AliasToken | yaml_tokens.AnchorToken):
            return "YAML aliases (&name, *name) are not read.", "Write the value out.", at
        if isinstance(token, yaml_tokens.TagToken):
            return "YAML tags (!name) are not read.", "Remove the tag.", at
        if isinstance(token, _OPENING):
            depth += 1
            if depth > MAX_DEPTH:
                return f"Nested deeper than {MAX_DEPTH} levels.", "Flatten it.", at
        elif isinstance(token, _CLOSING):
            depth -= 1
    return None


_OPENING = (
    yaml_tokens.BlockMappingStartToken, yaml_tokens.BlockSequenceStartToken,
    yaml_tokens.FlowMappingStartToken, yaml_tokens.FlowSequenceStartToken,
)  # fmt: skip
_CLOSING = (yaml_tokens.BlockEndToken, yaml_tokens.FlowMappingEndToken, yaml_tokens.FlowSequenceEndToken)


def _bad_values(value: Any, offset: int, line: int) -> Iterator[tuple[str, int]]:
    """Values that PostgreSQL cannot store: NUL and halves of characters (both by escapes), infinite numbers."""
    if isinstance(value, CommentedMap):
        for key, entry in value.items():
            at = line_of(value, key, offset, line)
            yield from _bad_values(key, offset, at)
            yield from _bad_values(entry, offset, at)
    elif isinstance(value, CommentedSeq):
        for index, entry in enumerate(value):
            yield from _bad_values(entry, offset, line_of(value, index, offset, line))
    elif isinstance(value, str):
        if "\0" in value:
            yield "The text holds a NUL character.", line
        elif any("\ud800" <= character <= "\udfff" for character in value):
            yield "The text holds half of a character (\\ud800 to \\udfff).", line
    elif isinstance(value, float) and not isfinite(value):
        yield f"{value} is not a number.", line


def _loader() -> YAML:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    return yaml


def plain(value: Any) -> Any:
    """Round-trip values as plain Python; numbers as they were written."""
    if isinstance(value, CommentedMap):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, CommentedSeq | list):
        return [plain(entry) for entry in value]
    if isinstance(value, bool | None):
        return value
    if isinstance(value, ScalarFloat):
        return repr(float(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value
    return value


def line_of(data: Any, key: Any, offset: int, fallback: int = 1) -> int:
    """The 1-based line of *key* in the file."""
    try:
        return int(data.lc.key(key)[0]) + 1 + offset
    except (AttributeError, KeyError, TypeError, IndexError):
        try:
            return int(data.lc.item(key)[0]) + 1 + offset
        except (AttributeError, KeyError, TypeError, IndexError):
            return fallback
