"""Metadata of one asset (YAML): what it is, for whom, what it needs, and how far it is.

Recognised by at least four keys of its schema; :class:`AssetMetadata` is that schema.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.entries import UNKNOWN_KEY, Entries, finish, folded_key, known_keys, needs, scalar
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.yaml import line_of

Level = Literal["awareness", "working", "proficient", "expert"]
KINDS = {"module": "module", "exercise": "lab", "project": "project", "assessment": "quiz", "solution": "solution"}
_PREFIX = {"MOD": "module", "PROJ": "project", "EX": "lab", "LAB": "lab", "QUIZ": "quiz", "SOL": "solution"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Competency(_Part):
    id: str
    level: Level


class Owner(_Part):
    name: str
    github: str | None = None
    role: Literal["author", "reviewer", "approver"] | None = None


class AssetMetadata(_Part):
    """The fields that the metadata's JSON schema has, with its choices."""

    id: str
    type: Literal["module", "exercise", "project", "assessment", "solution"]
    title: str
    version: str | None = None
    roles: list[str] = Field(min_length=1)
    stage: Literal["foundational", "core", "advanced", "capstone"] | None = None
    proficiency_target: Level | None = None
    competencies: list[Competency]
    dependencies: list[str] = []
    validation_profile: str | None = None
    shared_components: list[str] = []
    status: Literal["draft", "in-review", "approved", "released"]
    owners: list[Owner] = []
    evidence: list[str] = []
    metadata_version: Literal["1.0.0"] | None = None


_KEYS = tuple(AssetMetadata.model_fields)


def recognises(document: SourceDocument) -> float:
    known = known_keys(document.data, _KEYS)
    return 0.9 if known >= 4 and known_keys(document.data, ("modules", "questions", "kind")) == 0 else 0


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    key, title = top.peek("id"), top.peek("title")
    prefix = re.match(r"[A-Z]+", key.upper())
    kind = KINDS.get(top.peek("type")) or _PREFIX.get(prefix[0] if prefix else "", "module")
    asset = statement.claim(kind, title or key or "Asset", line_of(document.data, next(iter(document.data))), key=key)
    _schema(document, statement, asset.address)
    for field, name in (
        ("id", "id"), ("stated.type", "type"), ("title", "title"), ("about.version", "version"), ("stage", "stage"),
        ("proficiency_target", "proficiency_target"), ("profile", "validation_profile"), ("status", "status"),
        ("summary", "description"), ("owners", "owners"), ("about.metadata_version", "metadata_version"),
    ):  # fmt: skip
        top.value(asset, field, name)
    for field, name in (("roles", "roles"), ("shared_assets", "shared_components"), ("evidence", "evidence")):
        top.texts(asset, field, name)
    needs(top, asset, "dependencies")
    for entry in top.each(asset, "competencies", word="id"):
        label = entry.name[0] if entry.name else entry.peek("id") or "Competency"
        target = statement.claim("competency_target", label, entry.line, parent=asset)
        entry.named(target, "competency", "id")
        entry.value(target, "level", "level")
        entry.rest(target)
    top.rest(asset)
    finish(document, statement)


def _schema(document: SourceDocument, statement: Statement, address: str) -> None:
    """What the schema has against the document: keys it has not, keys it needs, values out of its choices."""
    data = _told(document.data)
    try:
        AssetMetadata.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            last = fault["loc"][-1]
            place = ".".join(map(str, fault["loc"]))
            line = _line(document.data, fault["loc"])
            match fault["type"]:
                case "extra_forbidden":
                    if place == "description":
                        statement.report(
                            UNKNOWN_KEY, "info", line,
                            f"The schema of metadata has no key 'description'; it is read as the summary of {address}.",
                            "Leave it, or add it to the schema.",
                        )  # fmt: skip
                case "missing":
                    statement.report(
                        "source.missing_key", "warning", line, f"{address} has no {place!r}, which its schema needs.",
                        f"Add {last!r}.",
                    )  # fmt: skip
                case _:
                    what = fault["msg"][:1].lower() + fault["msg"][1:]
                    statement.report(
                        "source.bad_value", "warning", line, f"{place} of {address} does not fit its schema: {what}.",
                        "Write one of the values that the schema has.",
                    )  # fmt: skip


def _told(data: Any) -> Any:
    """The mapping as the schema compares it: keys as they are meant, numbers and dates as text."""
    if isinstance(data, dict):
        return {folded_key(key): _told(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_told(value) for value in data]
    return scalar(data)


def _line(data: Any, place: tuple[int | str, ...]) -> int:
    """The line of a value, or of the nearest thing above it that is there."""
    line = line_of(data, next(iter(data), None))
    for part in place:
        key: Any = part
        if isinstance(data, dict):
            key = next((each for each in data if folded_key(each) == part), part)
        line = line_of(data, key, line)
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            break
    return line


register.register(DocumentKind("asset_metadata", "yaml", recognises, read))
