"""Files of a native tree as mappings with the line of every key.

YAML is read as everywhere (``courses.curriculum.sources.yaml``); Markdown is front
matter between ``---`` lines and a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.findings import Finding
from courses.curriculum.sources.text import MAX_BYTES, MAX_LINES
from courses.curriculum.sources.yaml import YamlRefused, bad_values, line_of, load_yaml

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n?", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Document:
    """One mapping of a file, with what stands below the front matter if it is Markdown."""

    file: str
    data: CommentedMap
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
        loaded = load_yaml(source, offset)
    except YamlRefused as refused:
        fault = refused.fault
        return refuse(fault.message, fault.fix, fault.line)
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
            at = line_of(data, 0, 1 + offset)
            findings.append(
                Finding(
                    "native.unreadable", "error", name, at, "A document is a mapping of keys.",
                    "Write kind: and the other fields, each on its line.",
                )
            )  # fmt: skip
            continue
        faults = [
            Finding("native.bad_value", "error", name, fault.line, fault.message, fault.fix)
            for fault in bad_values(data, 1 + offset)
        ]
        findings += faults
        if not faults:
            documents.append(Document(name, data, markdown, line))
    return documents, findings
