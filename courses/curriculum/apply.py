"""Making a release out of a tree, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from courses.access import is_site_admin
from courses.curriculum.aliases import ADDRESSED, fold
from courses.curriculum.canonical import revision_body, revision_hash
from courses.curriculum.compare import Comparison
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.keep import statements_keep
from courses.curriculum.planning.plan import Incoming, Plan, plan_make
from courses.curriculum.projection import Projection, project
from courses.curriculum.projectors import finish, writing
from courses.curriculum.references import RULE as UNKNOWN_REFERENCE
from courses.models import Entity, EntityAlias, Program, Release, ReleaseItem, Revision
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Refused
from waymark.core.feed import feed_append

APPLY_LOCK = 0x57_61_79_41  # "WayA": one apply at a time on a database
APPLY_WAIT = "10s"

Place = tuple[str | None, str]


@dataclass(slots=True)
class Applied:
    """What an apply did: the difference of each program, the releases made, and what is worth a warning."""

    plan: Plan
    releases: list[Release] = field(default_factory=list)

    @property
    def comparisons(self) -> list[Comparison]:
        return self.plan.comparisons

    @property
    def findings(self) -> list[Finding]:
        return self.plan.findings


class ImportRefused(Refused):
    """The tree has errors; nothing was written."""

    code = "import_errors"

    def __init__(self, findings: list[Finding]) -> None:
        count = "1 error stands" if len(findings) == 1 else f"{len(findings)} errors stand"
        super().__init__(f"{count} in the way; nothing was changed.")
        self.findings = findings


@transaction.atomic
def curriculum_apply(*, actor: Actor, incoming: Incoming, plan_id: str | None = None, override: str = "") -> Applied:
    """Make one new release of every program that *incoming* states differently.

    Applying the same tree twice makes no release. Errors in the reading refuse
    the whole (``ImportRefused``); a second apply at the same time waits ten
    seconds, then is refused with ``import_busy``; one that is not the plan
    *plan_id* any more with ``import_stale``. Nothing a learner did changes.

    :param override: why a site admin sets errors aside, for this apply only. Not those
        for which something could not be read at all, or would be retired unseen.
    """
    if override and not (actor.user_id and is_site_admin(actor)):
        raise Refused("Only a site admin sets errors aside.", code="override_refused", hint="Name one with --as.")
    _refuse_errors(incoming.reading.findings, override)
    _lock()
    plan = plan_make(incoming, DatabaseBase())
    covered = _refuse_errors(plan.findings, override)
    if plan_id is not None and plan_id != plan.id:
        raise Refused(
            "This is not the plan that was shown: the sources, a decision or the current release changed since.",
            code="import_stale", hint="Plan again and look at what is different.",
        )  # fmt: skip
    applied, reading, source = Applied(plan), plan.reading, incoming.source
    todo = [comparison for comparison in plan.comparisons if not comparison.is_empty]
    if not todo:
        statements_keep(plan, source)
        return applied
    entities = _Entities(reading, todo).write()
    releases = {
        comparison.program: _release_create(actor, comparison, entities, source, override, covered)
        for comparison in todo
    }
    applied.releases = list(releases.values())
    with writing():
        for slug, release in releases.items():
            _Projector(reading, slug, release, entities).run()
    statements_keep(plan, source)
    for release in applied.releases:
        finish(release)
    return applied


def _refuse_errors(findings: list[Finding], override: str) -> list[str]:
    """Refuse errors; those that *override* sets aside are answered."""
    errors = [finding for finding in findings if finding.severity == "error"]
    standing = [finding for finding in errors if not (override and _may_stand(finding))]
    if standing:
        raise ImportRefused(standing)
    return [f"{finding.rule} {finding.file}:{finding.line}" for finding in errors]


def _may_stand(finding: Finding) -> bool:
    """Whether what the error is about can be left without effect: an edge to nothing, a question that is not asked."""
    family = finding.rule.partition(".")[0]
    return finding.rule == UNKNOWN_REFERENCE or family not in ("source", "native", "import")


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [APPLY_WAIT])
        try:
            with transaction.atomic():
                cursor.execute("/* courses.curriculum.apply */ SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
        except OperationalError as error:
            raise Refused(
                "Another import is being applied.", code="import_busy", hint="Try again when it is done."
            ) from error
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])


class _Entities:
    """Identity rows of everything the tree states: found, renamed, restored, created or retired."""

    def __init__(self, reading: Reading, todo: list[Comparison]) -> None:
        self.reading, self.todo = reading, todo
        self.found: dict[Place, Entity] = {}

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
        self._rename()
        self._create(programs)
        self._place()
        self._retire_and_restore()
        return self.found

    def _rename(self) -> None:
        for comparison in self.todo:
            for old, new in comparison.renamed:
                draft = self._draft(comparison.program, new)
                entity = self.found.pop((draft.program, old), None)
                if entity is None:
                    continue  # shared, and renamed already for another program of the tree
                if (taken := self.found.get((draft.program, new))) is not None:
                    raise ImportRefused([_taken(draft, taken)])
                if entity.kind in ADDRESSED:
                    EntityAlias.objects.update_or_create(
                        entity=entity, alias=fold(entity.path)[:200], defaults={"former": True}
                    )
                entity.path = draft.path
                entity.save(update_fields=["path"])
                self.found[draft.program, new] = entity

    def _draft(self, program: str, address: str) -> Draft:
        own = self.reading.drafts.get((program, address))
        return own if own is not None else self.reading.drafts[None, address]

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
        gone = [
            self.found[comparison.program, address].pk for comparison in self.todo for address in comparison.retired
        ]
        Entity.objects.filter(pk__in=gone).update(retired_at=timezone.now())


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


def _release_create(
    actor: Actor, comparison: Comparison, entities: dict[Place, Entity], source: str, override: str, covered: list[str]
) -> Release:
    program = entities[comparison.program, f"program:{comparison.program}"]
    base = Release.objects.filter(program_id=program.pk, current=True).first()
    Release.objects.filter(program_id=program.pk, current=True).update(current=False)
    release = Release.objects.create(
        program_id=program.pk,
        number=base.number + 1 if base else 1,
        base=base,
        current=True,
        digest=comparison.digest,
        source=source,
        made_by_id=actor.user_id,
    )
    audit_record(
        actor=actor,
        action="curriculum.applied",
        subject=f"program:{program.pk}",
        reason=override,
        details={"release": release.number, "summary": comparison.summary()}
        | ({"overridden": covered} if covered else {}),
    )
    feed_append(type="program.released", program_id=program.pk, data={"release": release.number})
    return release


class _Projector:
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
        ReleaseItem.objects.bulk_create(
            ReleaseItem(release=self.release, entity=self.entity(draft), revision=revisions[draft.address])
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
