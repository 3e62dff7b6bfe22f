"""From a document to what ``curriculum export`` writes of it, without a database: read, draft, plan, write."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from courses.curriculum.export.files import entry
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.identity import keep_ids
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.planning.plan import Incoming, plan_make
from courses.curriculum.report.model import Report
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import SourceDocument, read_document
from courses.curriculum.sources.text import SourceText
from tests.courses.sources.support import FORMS

Place = tuple[str | None, str]
Exported = dict[Place, dict[str, Any]]


def program_of(slug: str, role: str) -> Reading:
    """A program with nothing in it, for documents that only name their role."""
    bodies: dict[str, dict[str, Any]] = {
        "role": {"title": role, "level": "unstated", "order": 0, "summary": ""},
        "program": {"title": role, "role": slug, "summary": ""},
    }
    reading = Reading()
    for kind, body in bodies.items():
        owner = slug if kind == "program" else None
        whole = registry.get(kind).body.model_validate(body).model_dump(mode="json")
        reading.drafts[owner, f"{kind}:{slug}"] = Draft(kind, slug, whole, "program.yaml", 1, program=owner)
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
        return read_document(SourceDocument(SourceText(self.file, lines), FORMS[Path(self.file).suffix]))

    def drafts(self, statement: Statement) -> dict[Place, Draft]:
        reading = keep_ids(reading_of(Report([statement], natives=self.natives), TreeBase()), self.first)
        return plan_make(Incoming(reading), TreeBase()).reading.drafts

    def exported(self, statement: Statement) -> Exported:
        """Every entity as it is written, with what it stands under."""
        return {place: {**_written(draft), "under": draft.parent} for place, draft in self.drafts(statement).items()}


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
