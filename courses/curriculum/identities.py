"""Identity rows of what an import states: found, renamed, restored, created or retired."""

from __future__ import annotations

from django.utils import timezone

from courses.curriculum.aliases import ADDRESSED, fold
from courses.curriculum.compare import Comparison
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.refused import ImportRefused
from courses.models import Entity, EntityAlias, Succession

Place = tuple[str | None, str]
ASIDE = "~"
"""In the path of what gave its id to a new thing; no authored id has it."""


class Identities:
    """Identity rows of everything the tree states: found, renamed, restored, created or retired."""

    def __init__(self, reading: Reading, todo: list[Comparison]) -> None:
        self.reading, self.todo = reading, todo
        self.found: dict[Place, Entity] = {}
        self.aside: dict[Place, Entity] = {}

    def write(self) -> dict[Place, Entity]:
        slugs = self.reading.programs
        programs = {entity.path: entity for entity in Entity.objects.filter(kind="program", path__in=slugs)}
        for slug in slugs:
            if slug not in programs:
                entity = Entity.objects.create(kind="program", path=slug)
                # A program is its own entity's program, so the key comes first.
                Entity.objects.filter(pk=entity.pk).update(program_id=entity.pk)
                entity.program_id = entity.pk
                programs[slug] = entity
        known = Entity.objects.filter(program_id__in=[entity.pk for entity in programs.values()])
        slug_of = {entity.pk: slug for slug, entity in programs.items()}
        self.found = {(slug_of[entity.program_id or 0], entity.address): entity for entity in known}
        self.found |= {(None, entity.address): entity for entity in Entity.objects.filter(program=None)}
        self._set_aside()
        self._rename()
        self._create(programs)
        self._place()
        self._retire_and_restore()
        self._succeed()
        return self.found

    def _set_aside(self) -> None:
        """What had the id of a new thing keeps its work, under an id that nobody can write."""
        for comparison in self.todo:
            for address in comparison.fresh:
                place = self.reading.place(comparison.program, address)
                if place in self.found:
                    self._move_aside(place)
        aside = [entity.pk for entity in self.aside.values()]
        EntityAlias.objects.filter(entity__in=aside, former=False).delete()

    def _move_aside(self, place: Place) -> None:
        entity = self.aside[place] = self.found.pop(place)
        entity.path = f"{entity.path[:180]}{ASIDE}{entity.pk}"
        entity.save(update_fields=["path"])
        for below in [each for each, child in self.found.items() if child.parent_id == entity.pk]:
            self._move_aside(below)

    def _rename(self) -> None:
        for comparison in self.todo:
            for old, new in comparison.renamed:
                draft = self._draft(comparison.program, new)
                entity = self.found.pop((draft.program, old), None)
                if entity is None:
                    continue  # shared, and renamed already for another program of the tree
                if (taken := self.found.get((draft.program, new))) is not None:
                    raise ImportRefused([_taken(draft, taken)])
                if entity.kind in ADDRESSED and ASIDE not in entity.path:
                    EntityAlias.objects.update_or_create(
                        entity=entity, alias=fold(entity.path)[:200], defaults={"former": True}
                    )
                entity.path = draft.path
                entity.save(update_fields=["path"])
                self.found[draft.program, new] = entity

    def _draft(self, program: str, address: str) -> Draft:
        return self.reading.drafts[self.reading.place(program, address)]

    def _create(self, programs: dict[str, Entity]) -> None:
        """Level by level, so that a parent has its key before its children need it."""
        drafts = sorted(self.reading.drafts.items(), key=lambda item: _depth(self.reading, item[0]))
        level: list[tuple[Place, Entity]] = []
        at = 0
        for place, draft in drafts:
            if place in self.found:
                continue
            if (deep := _depth(self.reading, place)) != at:
                level, at = self._insert(level), deep
            parent = self.found[draft.program, draft.parent] if draft.parent else None
            owner = programs[draft.program].pk if draft.program else None
            level.append((place, Entity(kind=draft.kind, path=draft.path, program_id=owner, parent=parent)))
        self._insert(level)

    def _insert(self, level: list[tuple[Place, Entity]]) -> list[tuple[Place, Entity]]:
        Entity.objects.bulk_create([entity for _, entity in level])
        self.found.update(level)
        return []

    def _place(self) -> None:
        """What moved stands under its new parent."""
        moved = []
        for place, draft in self.reading.drafts.items():
            entity = self.found[place]
            parent = self.found[draft.program, draft.parent] if draft.parent else None
            if entity.parent_id != (parent.pk if parent else None):
                entity.parent = parent
                moved.append(entity)
        Entity.objects.bulk_update(moved, ["parent"], batch_size=500)

    def _retire_and_restore(self) -> None:
        stated = [self.found[place].pk for place in self.reading.drafts]
        Entity.objects.filter(pk__in=stated, retired_at__isnull=False).update(retired_at=None)
        places = [(comparison.program, address) for comparison in self.todo for address in comparison.retired]
        gone = [(self.aside.get(place) or self.found[place]).pk for place in places]
        Entity.objects.filter(pk__in=gone).update(retired_at=timezone.now())

    def _succeed(self) -> None:
        """What took the place of several, or with others that of one, is remembered with them."""
        pairs = [(each.program, old, new) for each in self.todo for old, new in each.succeeded]
        rows = [Succession(entity=self.found[slug, new], part=self.found[slug, old]) for slug, old, new in pairs]
        Succession.objects.bulk_create(rows, ignore_conflicts=True)


def _taken(draft: Draft, entity: Entity) -> Finding:
    return Finding(
        "native.former_id_in_use", "error", draft.file, draft.lines.get("was", draft.line),
        f"{entity.address} was the id of something that is retired; its work stays with it.",
        "Choose another id, or leave out `was:` to bring that one back.",
    )  # fmt: skip


def _depth(reading: Reading, place: Place) -> int:
    depth, draft = 0, reading.drafts[place]
    while draft.parent is not None:
        depth, draft = depth + 1, reading.drafts[draft.program, draft.parent]
    return depth
