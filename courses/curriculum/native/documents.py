"""Files of a native tree as mappings with the line of every key.

YAML is read as everywhere (``courses.curriculum.sources.yaml``); Markdown is front
matter between ``---`` lines and a body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from ruamel.yaml.comments import CommentedMap

from courses.curriculum.findings import Finding
from courses.curriculum.sources.reader import Form, SourceDocument
from courses.curriculum.sources.text import MAX_BYTES, UnreadableSource, source_text, too_large
from courses.curriculum.sources.yaml import line_of

FORMS: dict[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".md": "markdown"}


@dataclass(slots=True)
class Document:
    """One mapping of a file, with what stands below the front matter if it is Markdown."""

    file: str
    data: CommentedMap
    markdown: str | None = None
    markdown_line: int = 0


def tree_documents(root: Path, base: str) -> tuple[list[tuple[PurePath, SourceDocument]], list[Finding]]:
    """The files below *root* as text with their places, and why others could not be opened."""
    files: list[tuple[PurePath, SourceDocument]] = []
    faults: list[Finding] = []
    for path in _tree_files(root):
        shown = base if path == root else f"{base.rstrip('/')}/{path.relative_to(root).as_posix()}"
        try:
            if (size := path.stat().st_size) > MAX_BYTES:
                raise too_large(shown, size)
            source = source_text(shown, path.read_bytes())
        except UnreadableSource as refused:
            faults.append(replace(refused.finding, rule="native.unreadable"))
        except OSError as error:
            faults.append(_refusal(shown, 1, f"The file cannot be read: {error.strerror}.", "Check its permissions."))
        else:
            files.append((path, SourceDocument(source, FORMS.get(path.suffix, "yaml"))))
    return files, faults


def documents_of(document: SourceDocument) -> tuple[list[Document], list[Finding]]:
    """The documents of one file, or the findings that say why there are none."""
    name = document.source.file
    if document.form == "markdown" and not document.front_lines:
        message = "A Markdown document starts with front matter between --- lines."
        return [], [_refusal(name, 1, message, "Add kind: and title:.")]
    text = document.yaml
    if text.refused is not None:
        return [], [_refusal(name, text.refused.line, text.refused.message, text.refused.fix)]
    if document.form == "markdown":
        if not text.documents:
            return [], [_refusal(name, 1, "The front matter is empty.", "Add kind: and title:.")]
        below = document.source.lines[document.front_lines :]
        return _documents(document, "\n".join(below), document.front_lines + 1)
    return _documents(document, None, 0)


def _documents(document: SourceDocument, markdown: str | None, line: int) -> tuple[list[Document], list[Finding]]:
    name = document.source.file
    documents: list[Document] = []
    findings: list[Finding] = []
    for data, faults in document.yaml.each():
        if not isinstance(data, CommentedMap):
            message = "A document is a mapping of keys."
            fix = "Write kind: and the other fields, each on its line."
            findings.append(_refusal(name, line_of(data, 0, 2 if markdown is not None else 1), message, fix))
            continue
        findings += [Finding("native.bad_value", "error", name, each.line, each.message, each.fix) for each in faults]
        if not faults:
            documents.append(Document(name, data, markdown, line))
    return documents, findings


def _refusal(name: str, line: int, message: str, fix: str) -> Finding:
    return Finding("native.unreadable", "error", name, line, message, fix)


def _tree_files(root: Path) -> Iterator[Path]:
    """Documents below *root* in a stable order; dot folders and links are not read."""
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") for part in parts) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix in FORMS and path.name != "README.md":
            yield path
