"""Writing the items of a release, and the typed rows that pages read."""

from __future__ import annotations

from functools import cached_property

from courses.curriculum.canonical import revision_body, revision_hash
from courses.curriculum.identities import Place
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.projection import Projection, project
from courses.models import Entity, Program, Release, ReleaseItem, Revision
from waymark.core.copying import rows_copy


class ReleaseWriter:
    """Writes the items and the typed rows of one program's release."""

    def __init__(self, reading: Reading, slug: str, release: Release, entities: dict[Place, Entity]) -> None:
        self.reading, self.slug, self.release, self.entities = reading, slug, release, entities
        self.drafts = reading.of_program(slug)
        self.others = [
            str(other) for other in Program.objects.exclude(slug=slug).order_by("pk").values_list("slug", flat=True)
        ]
        self.others += [other for other in reading.programs if other not in (slug, *self.others)]

    def entity(self, draft: Draft) -> Entity:
        return self.entities[draft.program, draft.address]

    def run(self) -> None:
        revisions = self._revisions()
        rows_copy(
            ReleaseItem(
                release=self.release, entity=self.entity(draft), revision=revisions[draft.address], path=draft.path
            )
            for draft in self.drafts
        )
        siblings = self._siblings()
        position = {child.pk: place for children in siblings.values() for place, child in enumerate(children)}
        for draft in self.drafts:
            entity = self.entity(draft)
            project(
                Projection(
                    entity=entity,
                    body=registry.get(draft.kind).body.model_validate(draft.body),
                    revision=revisions[draft.address],
                    release=self.release,
                    parent=self.entities[draft.program, draft.parent] if draft.parent else None,
                    position=position.get(entity.pk, 0),
                    children={key: siblings[draft.program, draft.address, key] for key in draft.children},
                    lookup=self.lookup,
                )
            )

    def _revisions(self) -> dict[str, Revision]:
        """The revision of every draft; what is known by its hash is not written again."""
        hashes = {draft.address: revision_hash(draft) for draft in self.drafts}
        Revision.objects.bulk_create(
            [
                Revision(
                    hash=hashes[draft.address], kind=draft.kind, schema=registry.get(draft.kind).schema,
                    body=revision_body(draft),
                )
                for draft in self.drafts
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        known = {revision.hash: revision for revision in Revision.objects.filter(hash__in=set(hashes.values()))}
        return {address: known[digest] for address, digest in hashes.items()}

    def _siblings(self) -> dict[tuple[str | None, str, str], list[Entity]]:
        found = {}
        for draft in self.drafts:
            kinds = registry.children_of(draft.kind)
            for key, paths in draft.children.items():
                found[draft.program, draft.address, key] = [
                    self.entities[draft.program, f"{kinds[key]}:{path}"] for path in paths
                ]
        return found

    def lookup(self, ref: str, kinds: tuple[str, ...]) -> Entity | None:
        """See ``Projection.resolve``."""
        program, _, path = ref.rpartition(":")
        wanted = kinds or tuple(kind.name for kind in registry.all())
        for places in ([program],) if program else ([self.slug], [None], self.others):
            hits = [
                entity
                for place in places
                for kind in wanted
                if (entity := self._known(place, f"{kind}:{path}")) is not None
            ]
            if len(hits) == 1 or (hits and len(places) == 1):
                return hits[0]
        return None

    def _known(self, program: str | None, address: str) -> Entity | None:
        """What is stated, else what is current in a program (or among the shared things) that the tree leaves out."""
        place = (program, address)
        if place in self.reading.drafts:
            return self.entities[place]
        return self._elsewhere.get(place)

    @cached_property
    def _elsewhere(self) -> dict[Place, Entity]:
        others = Entity.objects.filter(retired_at=None).exclude(program__slug__in=self.reading.programs)
        return {(entity.program.slug if entity.program else None, entity.address): entity
                for entity in others.select_related("program")}  # fmt: skip
