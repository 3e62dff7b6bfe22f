"""Metadata of one asset (YAML): what it is, for whom, what it needs, and how far it is.

Recognised by at least four keys of its schema; :class:`AssetMetadata` is that schema.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.entries import UNKNOWN_KEY, Entries, folded_key, known_keys, needs, scalar
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.yaml import line_of
from waymark.core.faults import said_of

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


_WHOLE = ("owners", "competencies", "dependencies")
_KEYS = tuple(AssetMetadata.model_fields)
# What other hands call the keys of the schema.
_CALLED = {
    "module_id": "id", "project_id": "id", "asset_id": "id", "name": "title", "role": "roles", "target_roles": "roles",
    "asset_type": "type", "proficiency": "proficiency_target", "target_proficiency": "proficiency_target",
    "prerequisites": "dependencies", "depends_on": "dependencies", "owner": "owners", "authors": "owners",
    "skills": "competencies", "profile": "validation_profile", "state": "status",
}  # fmt: skip


def _names(name: str) -> tuple[str, ...]:
    """A key of the schema with all that it is called; the schema's own word first."""
    return (name, *(called for called, key in _CALLED.items() if key == name))


def recognises(document: SourceDocument) -> float:
    known = known_keys(document.data, {*_KEYS, *_CALLED})
    return 0.9 if known >= 4 and known_keys(document.data, ("modules", "questions", "kind")) == 0 else 0


def read(document: SourceDocument, statement: Statement) -> None:
    top = Entries(statement, document.data, 1)
    key, title = top.peek(*_names("id")), top.peek(*_names("title"))
    prefix = re.match(r"[A-Z]+", key.upper())
    kind = KINDS.get(top.peek(*_names("type")).casefold()) or _PREFIX.get(prefix[0] if prefix else "", "module")
    asset = statement.claim(kind, title or key or "Asset", line_of(document.data, next(iter(document.data))), key=key)
    _schema(document, statement, asset.address)
    for field, name in (
        ("id", "id"), ("stated.type", "type"), ("title", "title"), ("about.version", "version"), ("stage", "stage"),
        ("proficiency_target", "proficiency_target"), ("profile", "validation_profile"), ("status", "status"),
        ("summary", "description"), ("owners", "owners"), ("about.metadata_version", "metadata_version"),
    ):  # fmt: skip
        top.value(asset, field, *_names(name))
    for field, name in (
        ("hours", "estimated_hours"),
        ("hours", "duration_hours"),
        ("difficulty", "difficulty"),
        ("stated.tags", "tags"),
    ):
        top.value(asset, field, name)
    for field, name in (("roles", "roles"), ("shared_assets", "shared_components"), ("evidence", "evidence")):
        top.texts(asset, field, *_names(name))
    needs(top, asset, *_names("dependencies"))
    for entry in top.each(asset, *_names("competencies"), word="id"):
        _target(statement, entry, asset)
    top.rest(asset)


def _target(statement: Statement, entry: Entries, asset: Claim) -> None:
    """A competency with its level, as keys of their own or as ``competency: level``."""
    alone = next(iter(entry.data)) if len(entry.data) == 1 and not entry.name else None
    if alone is not None and folded_key(alone) not in ("id", "level", "competency", "name", "skill"):
        target = statement.claim("competency_target", str(alone), entry.line, parent=asset)
        target.set("competency", str(alone), line_of(entry.data, alone))
        entry.value(target, "level", folded_key(alone))
    else:
        label = entry.name[0] if entry.name else entry.peek("id", "competency", "name", "skill") or "Competency"
        target = statement.claim("competency_target", label, entry.line, parent=asset)
        entry.named(target, "competency", "id", "competency", "name", "skill")
        # Beside a name a text alone is the level.
        entry.value(target, "level", "level", "proficiency", "target_level", *(("title",) if entry.name else ()))
    entry.rest(target)


def _schema(document: SourceDocument, statement: Statement, address: str) -> None:
    """What the schema has against the document: keys it has not, keys it needs, values out of its choices."""
    told = _told(document.data)
    data = {key: value for key, value in told.items() if key not in _CALLED}
    for key, value in told.items():
        name = _CALLED.get(key)
        if name is not None and name not in data:
            data[name] = value
    for name in ("roles", "owners", "evidence"):
        if isinstance(data.get(name), str):
            data[name] = [data[name]]
    data |= {name: [_whole(name, each) for each in data[name]] for name in _WHOLE if isinstance(data.get(name), list)}
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
                    statement.report(
                        "source.bad_value", "warning", line,
                        f"{place} of {address} does not fit its schema: it {said_of(fault)}.",
                        "Write one of the values that the schema has.",
                    )  # fmt: skip


def _whole(name: str, value: Any) -> Any:
    """An entry in the short form that is read as well, in the form that the schema has."""
    if name == "dependencies":
        return value.get("id", value) if isinstance(value, dict) else value
    if isinstance(value, str):
        return {"name" if name == "owners" else "id": value}
    if name == "competencies" and isinstance(value, dict) and len(value) == 1 and not {"id", "level"} & value.keys():
        [(key, level)] = value.items()
        return {"id": key, "level": level}
    return value


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
            key = next((each for each in data if folded_key(each) in _names(str(part))), part)
        line = line_of(data, key, line)
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            break
    return line


register.register(DocumentKind("asset_metadata", "yaml", recognises, read))
