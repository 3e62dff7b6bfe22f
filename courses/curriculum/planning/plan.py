"""What an import would change, and for whom: the plan that is shown is the one that is applied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.canonical import canonical
from courses.curriculum.compare import Change, Comparison, compare
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import Base
from courses.curriculum.planning.impact import Impacts
from courses.curriculum.references import unknown_references


@dataclass(slots=True)
class Plan:
    """:ivar reading: what will be current, of all sources together.

    :ivar base: what it is compared with, in words.
    :ivar settings: decisions and settings beside the sources; a part of the plan's id.
    :ivar impacts: None where nobody can be counted.
    """

    reading: Reading
    base: str
    comparisons: list[Comparison]
    findings: list[Finding] = field(default_factory=list)
    settings: Any = None
    impacts: Impacts | None = None

    @property
    def id(self) -> str:
        """Hash of what is incoming, of the base with its releases, and of decisions and settings."""
        parts = [
            [each.program, each.digest, each.current.number, each.current.digest, sorted(each.renamed)]
            for each in self.comparisons
        ]
        return hashlib.sha256(canonical([parts, self.base, self.settings]).encode()).hexdigest()[:32]

    @property
    def is_empty(self) -> bool:
        return all(comparison.is_empty for comparison in self.comparisons)

    def as_dict(self) -> dict[str, Any]:
        """The promised object (docs/import.md)."""
        return {
            "id": self.id,
            "base": self.base,
            "added": list(_once(self._added())),
            "changed": list(_once(self._changes("changed"))),
            "renamed": list(_once(self._former(renamed=True))),
            "moved": list(_once(self._former(renamed=False))),
            "reordered": list(_once(self._changes("reordered"))),
            "retired": list(_once(self._retired())),
            "restored": list(_once(self._restored())),
            "conflicts": [],
            "unchanged": self._unchanged(),
            "impact": self.impacts.total.as_dict() if self.impacts else None,
        }

    def draft(self, program: str, address: str) -> Draft:
        own = self.reading.drafts.get((program, address))
        return own if own is not None else self.reading.drafts[None, address]

    def _added(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for draft in comparison.added:
                yield _place(draft)

    def _restored(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for address in comparison.restored:
                yield _place(self.draft(comparison.program, address))

    def _changes(self, what: str) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            changes: list[Change] = getattr(comparison, what)
            for change in changes:
                yield {
                    "entity": change.entity,
                    "field": change.field,
                    "from": shown(change.before),
                    "to": shown(change.after),
                    "impact": self._impact(comparison.program, change.entity),
                }

    def _former(self, *, renamed: bool) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for pair in comparison.renamed:
                if (pair in comparison.moved) is not renamed:
                    yield {"entity": pair[1], "was": pair[0]}

    def _retired(self) -> Iterator[dict[str, Any]]:
        for comparison in self.comparisons:
            for address in comparison.retired:
                title = title_of(comparison.current.items[address].body)
                yield {"entity": address, "title": title, "impact": self._impact(comparison.program, address)}

    def _unchanged(self) -> int:
        """Entities; what several programs share counts once."""
        return len(
            {
                (None if comparison.current.items[address].shared else comparison.program, address)
                for comparison in self.comparisons
                for address in comparison.unchanged_entities
            }
        )

    def _impact(self, program: str, address: str) -> dict[str, Any] | None:
        return self.impacts.of(program, address).as_dict() if self.impacts else None


def plan_make(reading: Reading, base: Base, *, settings: Any = None) -> Plan:
    """Plan what *reading* would change in *base*.

    :param settings: plain data of which the plan's id is made beside the rest.
    """
    findings = [*reading.findings, *unknown_references(reading, base.known(reading))]
    if not reading.programs:
        file = reading.files[0] if reading.files else ""
        message, fix = "No program is stated here.", "Name a folder with a program."
        findings.append(Finding("native.empty", "error", file, 1, message, fix))
    current = {slug: base.current(slug) for slug in reading.programs}
    comparisons = [compare(slug, reading.of_program(slug), current[slug]) for slug in reading.programs]
    return Plan(reading, base.shown(current), comparisons, findings, settings)


def title_of(body: dict[str, Any]) -> str:
    """What to call an entity by its body."""
    for name in ("title", "text", "stem", "competency", "what", "covers", "to", "skill"):
        if isinstance(value := body.get(name), str) and value:
            return value.partition("\n")[0][:200]
    return ""


def shown(value: Any) -> Any:
    """As the export has it: numbers as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return [shown(each) for each in value]
    return {key: shown(each) for key, each in value.items()} if isinstance(value, dict) else value


def _place(draft: Draft) -> dict[str, Any]:
    return {"entity": draft.address, "title": title_of(draft.body), "file": draft.file, "line": draft.line}


def _once(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What several programs share is said once."""
    seen: set[str] = set()
    for row in rows:
        if (key := canonical(row)) not in seen:
            seen.add(key)
            yield row
