"""What needs the whole release: placements, computed hours, order of projects, addresses, aliases.

Every step is a fixed number of statements, whatever the size of the program, and
changes nothing when it is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from courses.curriculum.aliases import spellings
from courses.curriculum.projectors.refs import ACTIVITIES, GOALS
from courses.models import (
    Activity,
    Competency,
    Entity,
    EntityAlias,
    Gate,
    LearningPath,
    Module,
    PathStep,
    Program,
    ProgramModule,
    Release,
    ReleaseItem,
    Requirement,
    RequirementMember,
    Role,
    Scale,
    SkillArea,
    Technology,
    Topic,
    ValidationProfile,
)

# Typed rows that repeat the authored id, so that lists and links need no join.
_ADDRESSES: tuple[tuple[type[models.Model], str], ...] = (
    (Program, "slug"),
    (Role, "slug"),
    (Module, "key"),
    (Activity, "path"),
    (LearningPath, "key"),
    (Scale, "key"),
    (SkillArea, "key"),
    (Technology, "key"),
    (ValidationProfile, "key"),
    (Competency, "key"),
)
# Edges that keep the words of a reference: model, words, key, kinds it may name.
WAITING: tuple[tuple[type[models.Model], str, str, tuple[str, ...]], ...] = (
    (Requirement, "target_ref", "target", GOALS),
    (RequirementMember, "text", "target", GOALS),
    (PathStep, "target_ref", "target", GOALS),
    (Gate, "blocks_ref", "blocks", GOALS),
    (Gate, "activity_ref", "activity", ACTIVITIES),
)


@dataclass(frozen=True, slots=True)
class Placement:
    """A module in a program's order."""

    module_id: int
    required: bool = True


@transaction.atomic
def finish(release: Release) -> None:
    """Complete the typed rows of *release*; call it once when all its entities are projected.

    The release's items must be there. Running it again changes nothing.
    """
    repeat_addresses()
    settle_placements(release)
    take_placed(release)
    compute_hours(release.program_id)
    order_projects(release)
    resolve_waiting(release)
    write_aliases(release)


def repeat_addresses() -> None:
    """After a rename the rows carry the new id, also those whose content did not change."""
    for model, field in _ADDRESSES:
        path = Subquery(Entity.objects.filter(pk=OuterRef("pk")).values("path")[:1])
        model._base_manager.exclude(**{field: F("entity__path")}).update(**{field: path})


def place_modules(release: Release, placements: Sequence[Placement]) -> None:
    """Make *placements* the program's modules, each at the revision that the program takes."""
    keys = [placement.module_id for placement in placements]
    revisions = _revisions(release, keys)
    program_id = release.program_id
    ProgramModule.objects.filter(program_id=program_id).exclude(module_id__in=keys).delete()
    rows = [
        ProgramModule(
            program_id=program_id,
            module_id=placement.module_id,
            revision_id=revisions[placement.module_id],
            position=place,
            required=placement.required,
        )
        for place, placement in enumerate(placements)
        if placement.module_id in revisions
    ]
    ProgramModule.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["program", "module"],
        update_fields=["revision", "position", "required"],
    )


def settle_placements(release: Release) -> None:
    """Bring the placements up to *release* where the program's own document did not change.

    Each takes the release's revision; an own module that was retired leaves, and
    one that nothing placed comes last.
    """
    program_id = release.program_id
    placed = ProgramModule.objects.filter(program_id=program_id)
    placed.filter(module__program_id=program_id, module__entity__retired_at__isnull=False).delete()
    items = ReleaseItem.objects.filter(release=release, entity_id=OuterRef("module_id")).values("revision_id")
    stale = placed.annotate(now=Subquery(items[:1])).filter(now__isnull=False).exclude(now=F("revision_id"))
    stale.update(revision_id=Subquery(items[:1]))
    unplaced = Module.objects.current().filter(program_id=program_id).exclude(placements__program_id=program_id)
    last = placed.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    ProgramModule.objects.bulk_create(
        ProgramModule(program_id=program_id, module=module, revision_id=module.revision_id, position=position)
        for position, module in enumerate(unplaced.order_by("position", "pk"), start=first)
    )


def take_placed(release: Release) -> None:
    """Write into *release* what it takes of other programs: their placed modules with all that is in them.

    Each at the revision that its owner shows now. So the release says what its
    learners read, whatever the owner does later; the next release takes newer ones.
    """
    owners = ProgramModule.objects.filter(program_id=release.program_id).exclude(module__program_id=release.program_id)
    level = list(owners.values_list("module_id", flat=True))
    while level:
        items = ReleaseItem.objects.filter(
            entity__in=level, release__current=True, release__program_id=F("entity__program_id")
        )
        ReleaseItem.objects.bulk_create(
            [
                ReleaseItem(release=release, entity_id=entity_id, revision_id=revision_id)
                for entity_id, revision_id in items.order_by("pk").values_list("entity_id", "revision_id")
            ],
            batch_size=1000,
            ignore_conflicts=True,
        )
        children = Entity.objects.filter(parent__in=level, retired_at=None)
        level = list(children.order_by("pk").values_list("pk", flat=True))


def _revisions(release: Release, modules: Iterable[int]) -> dict[int, int]:
    """The release's own revision of each module, else the one its owning program shows."""
    keys = list(modules)
    shown = dict(Module.objects.filter(pk__in=keys).values_list("pk", "revision_id"))
    items = ReleaseItem.objects.filter(release=release, entity_id__in=keys)
    return shown | dict(items.values_list("entity_id", "revision_id"))


def compute_hours(program_id: int) -> None:
    """``hours_total``: the sum of the kinds, else of the topics, else the figure stated."""
    zero: Any = models.Value(0, output_field=Module._meta.get_field("hours_total"))
    by_kind: Any = zero
    some_kind = Q()
    for name in Module.HOURS_BY_KIND:
        by_kind = by_kind + Coalesce(F(name), zero)
        some_kind |= Q(**{f"{name}__isnull": False})
    topics = Topic.objects.current().filter(module_id=OuterRef("pk")).order_by().values("module_id")
    total = Coalesce(
        Case(When(some_kind, then=by_kind)),
        Subquery(topics.annotate(hours_sum=Sum("hours")).values("hours_sum")),
        F("hours_stated"),
    )
    Module.objects.filter(program_id=program_id).update(hours_total=total)


def order_projects(release: Release) -> None:
    """Projects stand in the order of the program's list; those it does not name come after, as authored."""
    item = ReleaseItem.objects.filter(release=release, entity_id=release.program_id)
    listed = item.values_list("revision__body__projects", flat=True).first() or []
    own = Activity.objects.current().filter(program_id=release.program_id, kind=Activity.Kind.PROJECT)
    projects = list(own.order_by("position", "pk"))
    place = {ref: number for number, ref in enumerate(listed)}
    projects.sort(key=lambda project: place.get(project.path, len(place)))
    moved = []
    for number, project in enumerate(projects):
        if project.position != number:
            project.position = number
            moved.append(project)
    Activity.objects.bulk_update(moved, ["position"])


def resolve_waiting(release: Release) -> None:
    """Complete edges that named something of this program before it was there.

    Other programs' documents may have been released first. A reference with a
    program (``slug:MOD-005``) means that one; a bare one is taken only where no
    other program has it too.
    """
    slug = Entity.objects.values_list("path", flat=True).get(pk=release.program_id)
    by_path: dict[str, list[Entity]] = {}
    for entity in Entity.objects.filter(kind__in=GOALS, retired_at=None).order_by("pk"):
        by_path.setdefault(entity.path, []).append(entity)
    for model, ref, target, kinds in WAITING:
        rows = list(model._base_manager.filter(**{f"{target}__isnull": True}).exclude(**{ref: ""}))
        found = []
        for row in rows:
            place, _, path = getattr(row, ref).rpartition(":")
            if place and place != slug:
                continue
            goal = _the_one(by_path.get(path, []), kinds, release.program_id if place else None)
            # What would make an edge end where it begins stays inert.
            if goal is not None and goal.pk not in _ends(row):
                setattr(row, f"{target}_id", goal.pk)
                found.append(row)
        model._base_manager.bulk_update(found, [target], batch_size=500)


def _the_one(entities: Sequence[Entity], kinds: tuple[str, ...], program_id: int | None) -> Entity | None:
    """The entity of the first of *kinds* that there is, unless several programs have one."""
    fitting = [entity for entity in entities if entity.kind in kinds and program_id in (None, entity.program_id)]
    fitting.sort(key=lambda entity: kinds.index(entity.kind))
    same = [entity for entity in fitting if entity.kind == fitting[0].kind]
    return same[0] if len(same) == 1 else None


def _ends(row: models.Model) -> set[int | None]:
    """Where the edge begins, so that it does not end there."""
    if isinstance(row, Gate):
        return {row.blocks_id, row.activity_id}
    return {row.owner_id} if isinstance(row, Requirement) else set()


def write_aliases(release: Release) -> None:
    """The spellings of everything in the release. Former ids are kept."""
    # What it only places is its owner's to spell.
    own = Q(entity__program=release.program_id) | Q(entity__program=None)
    items = ReleaseItem.objects.filter(own, release=release).values_list(
        "entity_id", "entity__kind", "entity__path", "revision__body__aliases"
    )
    wanted = {
        (entity_id, alias) for entity_id, kind, path, given in items for alias in spellings(kind, path, given or ())
    }
    entities = ReleaseItem.objects.filter(own, release=release).values("entity_id")
    known = EntityAlias.objects.filter(entity_id__in=entities)
    have = {(entity_id, alias): (key, former) for key, entity_id, alias, former in
            known.values_list("id", "entity_id", "alias", "former")}  # fmt: skip
    gone = [key for place, (key, former) in have.items() if place not in wanted and not former]
    # A former id that is the present one again is no former one.
    EntityAlias.objects.filter(
        pk__in=[key for place, (key, former) in have.items() if place in wanted and former]
    ).update(former=False)
    EntityAlias.objects.filter(pk__in=gone).delete()
    EntityAlias.objects.bulk_create(
        [EntityAlias(entity_id=entity_id, alias=alias) for entity_id, alias in sorted(wanted - have.keys())],
        batch_size=1000,
        ignore_conflicts=True,
    )
