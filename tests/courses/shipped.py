"""What ships in ``fixtures/``, read once per test process."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from courses.curriculum.kinds import Draft
from courses.curriculum.native.reader import read_tree
from courses.curriculum.native.reading import Reading

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
JUNIOR = "junior-ai-infrastructure-engineer"
ENGINEER = "ai-infrastructure-engineer"


@cache
def shipped() -> Reading:
    """The whole tree. Nothing of it may be changed by a test."""
    return read_tree(FIXTURES, name="fixtures")


class Shipped:
    """One program of the tree (or, without an owner, what all programs share), by ``kind:path``."""

    def __init__(self, owner: str | None) -> None:
        self.drafts: dict[str, Draft] = {
            address: draft for (of, address), draft in shipped().drafts.items() if of == owner
        }

    def body(self, kind: str, path: str) -> dict[str, Any]:
        return self.drafts[f"{kind}:{path}"].body

    def children(self, kind: str, path: str, key: str, child: str) -> dict[str, dict[str, Any]]:
        """Bodies of the children under *key* which are of kind *child*, by their own id, in order."""
        paths = self.drafts[f"{kind}:{path}"].children.get(key, [])
        return {each.rpartition("/")[2]: self.body(child, each) for each in paths if f"{child}:{each}" in self.drafts}

    def needs(self, kind: str, path: str) -> set[str]:
        """What locks a module or project, as the document names it."""
        found = self.children(kind, path, "requirements", "requirement").values()
        return {each["to"].rpartition(":")[2] for each in found if each["to"] and each["strength"] == "needs"}

    def competencies(self, kind: str, path: str) -> dict[str, str]:
        found = self.children(kind, path, "competencies", "competency_target").values()
        return {each["competency"]: each["level"] for each in found}

    def hours_by_kind(self, path: str) -> dict[str, Decimal]:
        hours = self.body("module", path)["hours_by_kind"] or {}
        return {kind: Decimal(value) for kind, value in hours.items() if value is not None}

    def exercises(self) -> dict[str, dict[str, Any]]:
        """Labs that need not be done, by path."""
        labs = {draft.path: draft.body for draft in self.drafts.values() if draft.kind == "lab"}
        return {path: body for path, body in labs.items() if not body["required"]}


def hours(of: dict[str, Any]) -> tuple[str, str]:
    return of["hours"]["low"], of["hours"]["high"]
