"""What a plan is compared with: the database, a tree set beside, or nothing."""

from __future__ import annotations

from typing import Protocol

from courses.curriculum.current import Current, current_of, stated_by
from courses.curriculum.merge.join import STANDING
from courses.curriculum.native.reading import Reading
from courses.curriculum.references import Known, known_elsewhere


class Base(Protocol):
    """``known`` is what there is beside what a reading states itself."""

    def current(self, slug: str) -> Current: ...

    def known(self, reading: Reading) -> Known: ...

    def ids(self) -> set[str]:
        """The ids of all that documents may name."""

    def shown(self, current: dict[str, Current]) -> str:
        """How the plan calls it, by what it has of each program."""


class DatabaseBase:
    """The current releases of this installation."""

    def current(self, slug: str) -> Current:
        return current_of(slug)

    def known(self, reading: Reading) -> Known:
        return known_elsewhere(reading)

    def ids(self) -> set[str]:
        from courses.models import Entity

        rows = Entity.objects.filter(retired_at=None, kind__in=STANDING, program__isnull=False)
        return set(rows.values_list("path", flat=True))

    def shown(self, current: dict[str, Current]) -> str:
        return ", ".join(
            f"{slug}: {f'release {each.number}' if each.number else 'nothing'}" for slug, each in current.items()
        )


class TreeBase:
    """A tree as if it had been applied; an empty one is nothing."""

    def __init__(self, reading: Reading | None = None, name: str = "nothing") -> None:
        self._reading, self._name = reading or Reading(), name

    def current(self, slug: str) -> Current:
        return stated_by(self._reading.of_program(slug) if slug in self._reading.programs else [])

    def known(self, reading: Reading) -> Known:
        mine = set(reading.programs)
        return Known(frozenset(place for place in self._reading.drafts if place[0] not in mine))

    def ids(self) -> set[str]:
        return {draft.path for draft in self._reading.drafts.values() if draft.kind in STANDING}

    def shown(self, current: dict[str, Current]) -> str:
        return self._name
