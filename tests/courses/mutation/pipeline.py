"""From a document to what ``curriculum export`` writes of it, without a database: read, draft, plan, write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from courses.curriculum.export.files import entry
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reader import read_files
from courses.curriculum.native.reading import Reading
from courses.curriculum.native.statements import is_native, statements_of
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.identity import keep_ids
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.planning.plan import Incoming, Plan, plan_make
from courses.curriculum.report.model import Report
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import SourceDocument, read_document
from courses.curriculum.sources.text import SourceText
from tests.courses.sources.support import FORMS

Place = tuple[str | None, str]
Exported = dict[Place, dict[str, Any]]


def program_of(
    slug: str, role: str, projects: Mapping[str, str] | None = None, modules: Mapping[str, str] | None = None
) -> Reading:
    """A program for documents that only name their role, with nothing in it but titles by id."""
    bodies: dict[tuple[str, str], dict[str, Any]] = {
        ("role", slug): {"title": role, "level": "unstated", "order": 0, "summary": ""},
        ("program", slug): {"title": role, "role": slug, "summary": ""},
        **{("module", path): {"title": title, "summary": ""} for path, title in (modules or {}).items()},
        **{("project", path): {"title": title, "points": "100"} for path, title in (projects or {}).items()},
    }
    reading = Reading()
    for (kind, path), body in bodies.items():
        owner = None if kind == "role" else slug
        parent = f"program:{slug}" if kind in ("module", "project") else None
        whole = registry.get(kind).body.model_validate(body).model_dump(mode="json")
        reading.drafts[owner, f"{kind}:{path}"] = Draft(kind, path, whole, "program.yaml", 1, parent, owner)
    return reading


@dataclass(slots=True)
class Pipeline:
    """What a document becomes. After the first time things keep their ids, as they do at every later import.

    :ivar natives: what stands beside the document.
    """

    file: str
    natives: list[Reading] = field(default_factory=list)
    first: dict[Place, Draft] = field(default_factory=dict)

    def read(self, lines: tuple[str, ...]) -> Statement:
        document = self._document(lines)
        if not is_native(document):
            return read_document(document)
        [statement] = statements_of(self._native(document), [(PurePath(self.file), document)])
        return statement

    def plan(self, statement: Statement) -> Plan:
        natives = [self._native(self._document(statement.source.lines))] if statement.kind == "native" else []
        report = Report([statement], natives=[*self.natives, *natives])
        reading = keep_ids(reading_of(report, TreeBase()), self.first)
        return plan_make(Incoming(reading), TreeBase())

    def _document(self, lines: tuple[str, ...]) -> SourceDocument:
        return SourceDocument(SourceText(self.file, lines), FORMS[Path(self.file).suffix])

    def _native(self, document: SourceDocument) -> Reading:
        return read_files([(PurePath(self.file), document)])


def exported(plan: Plan) -> Exported:
    """Every entity as it is written, with what it stands under."""
    return {place: {**_written(draft), "under": draft.parent} for place, draft in plan.reading.drafts.items()}


def _written(draft: Draft) -> dict[str, Any]:
    return _entry(draft.kind, draft.path, json.dumps(draft.body, sort_keys=True))


@lru_cache(maxsize=100_000)
def _entry(kind: str, path: str, body: str) -> dict[str, Any]:
    return entry(Draft(kind, path, json.loads(body), "", 1))


def differences(before: Exported, after: Exported) -> set[tuple[str, str]]:
    """Address and field of everything that differs; the field is empty where the entity is there only once."""
    found = set()
    for place in before.keys() | after.keys():
        old, new = before.get(place), after.get(place)
        if old is None or new is None:
            found.add((place[1], ""))
        elif old != new:
            found |= {(place[1], name) for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return found
