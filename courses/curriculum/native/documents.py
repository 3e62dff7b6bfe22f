"""Files of a native tree as mappings with the line of every key.

YAML goes through ruamel's round-trip loader, which keeps lines and refuses
duplicate keys; Markdown is front matter between ``---`` lines and a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.tokens import AliasToken

from courses.curriculum.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
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

    size = path.stat().st_size
    if size > MAX_BYTES:
        return refuse(f"The file has {size} bytes; the limit is {MAX_BYTES}.", "Split it.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return refuse(f"The file is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
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
        # Aliases are how a small file becomes a huge one; the format has no use for them.
        alias = next((token for token in _loader().scan(source) if isinstance(token, AliasToken)), None)
        if alias is not None:
            return refuse(
                "YAML aliases (*name) are not read.", "Write the value out.", alias.start_mark.line + 1 + offset
            )
        loaded = list(_loader().load_all(source))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1 + offset) if mark else 1
        return refuse(f"YAML: {error.problem or error.context}.", "Correct the line.", place)
    documents, findings = [], []
    for data in loaded:
        if data is None:
            continue
        if not isinstance(data, CommentedMap):
            findings.append(
                Finding("native.unreadable", "error", name, 1 + offset, "A document is a mapping of keys.", "")
            )
        elif depth(data) > MAX_DEPTH:
            findings.append(
                Finding("native.unreadable", "error", name, 1, f"Nested deeper than {MAX_DEPTH} levels.", "Flatten it.")
            )
        else:
            documents.append(Document(name, data, offset, markdown, line))
    return documents, findings


def _loader() -> YAML:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    return yaml


def depth(value: Any, seen: int = 0) -> int:
    """Nesting depth, stopping one past the limit (so an alias loop ends too)."""
    if seen > MAX_DEPTH:
        return seen
    if isinstance(value, CommentedMap):
        return max((depth(entry, seen + 1) for entry in value.values()), default=seen + 1)
    if isinstance(value, CommentedSeq):
        return max((depth(entry, seen + 1) for entry in value), default=seen + 1)
    return seen


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
