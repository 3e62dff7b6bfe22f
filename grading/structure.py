"""The shape of a program that progress is measured against: modules, activities, hours.

One value per program and release, the same for every learner, kept in memory of
the process. It holds no content and no learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from assessments.selectors.bonus import bonus_shares
from courses.models import (
    Activity,
    Enrolment,
    Entity,
    EntityAlias,
    Program,
    ProgramModule,
    Release,
    ReleaseItem,
    Succession,
)
from waymark.core.compiled import Compiled

CACHED = 64
"""Programs whose shape a process keeps at once."""


@dataclass(frozen=True, slots=True)
class ActivityShape:
    """One activity.

    :param ready: there is something to do; false for a quiz without questions
        and for a lab with neither checks nor instructions.
    :param hours: the upper end of a range: what plans and progress count.
    :param hours_low: its lower end, None where it is no range.
    :param bonus: what bonus questions can add, as a share of full marks.
    :param counts: completing its module (or the program) needs it: required,
        current, and ready.
    """

    id: int
    kind: str
    path: str
    title: str
    module_id: int | None
    program_id: int
    required: bool
    ready: bool
    counts: bool
    self_reported: bool
    retired: bool
    out_of: Fraction | None
    hours: Fraction | None
    hours_low: Fraction | None = None
    bonus: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ModuleShape:
    """One placed module; ``completion`` is its rule as data, None for the default."""

    id: int
    key: str
    title: str
    required: bool
    hours: Fraction
    completion: Mapping[str, Any] | None
    activities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A program as placed in its current release.

    :param own: activities of the program itself, in no module (projects, advice quizzes).
    :param refs: authored path or folded alias -> activity or module id. A path
        names exactly one; an alias that names several is left out.
    :param successions: activity -> the retired ones that became it; it is completed with all of them.
    :param kept_release_id: of a completed enrolment: only what was there in that release is asked for.
    """

    program_id: int
    slug: str
    release_id: int | None
    modules: tuple[ModuleShape, ...]
    activities: Mapping[int, ActivityShape]
    own: tuple[int, ...]
    completion: Mapping[str, Any] | None
    refs: Mapping[str, int] = field(default_factory=dict)
    successions: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    kept_release_id: int | None = None

    def find(self, ref: str) -> int | None:
        """The activity or module that *ref* of a policy or a completion rule names."""
        local = ref.removeprefix(f"{self.slug}:")
        return self.refs.get(ref, self.refs.get(local, self.refs.get(" ".join(local.lower().split()))))

    @property
    def required_activities(self) -> tuple[ActivityShape, ...]:
        """What the program asks for: counting activities of required modules, and its own."""
        inside = [activity for module in self.modules if module.required for activity in module.activities]
        return tuple(self.activities[each] for each in (*inside, *self.own) if self.activities[each].counts)


_kept: dict[int, Structure] = {}
_completed: dict[tuple[int | None, int], Structure] = {}


def structure_of(program_id: int) -> Structure:
    """The shape of a program's current release; one query when it is kept already."""
    release_id = _current_release(program_id)
    kept = _kept.get(program_id)
    if kept is not None and kept.release_id == release_id:
        return kept
    while True:
        structure = _read(program_id, release_id)
        # Rows show the current release: read again if another one came in between.
        now = _current_release(program_id)
        if now == release_id:
            break
        release_id = now
    if release_id is not None:
        if len(_kept) >= CACHED:
            _kept.pop(next(iter(_kept)), None)
        _kept[program_id] = structure
    return structure


def structure_forget() -> None:
    """Drop what is kept: for tests, and after a restore."""
    _kept.clear()
    _completed.clear()


def structure_kept(structure: Structure, enrolment: Enrolment) -> Structure:
    """What an enrolment is measured against: of a completed one only what was there when it was completed.

    An item that came later is not asked of it, and one that was retired later still
    counts (IMPORT.md, *Learners*). Any other enrolment has the whole *structure*.
    """
    release_id = enrolment.completed_release_id
    if release_id is None or release_id == structure.release_id:
        return structure
    key = (structure.release_id, release_id)
    if key not in _completed:
        if len(_completed) >= CACHED:
            _completed.clear()
        _completed[key] = as_completed(structure, release_id, *items_then(structure.program_id, release_id))
    return _completed[key]


def items_then(program_id: int, release_id: int) -> tuple[set[int], set[int]]:
    """Identity rows of all that a program had up to a release, and of what it had in it."""
    until = Release.objects.filter(
        program_id=program_id, number__lte=Release.objects.filter(pk=release_id).values("number")
    )
    known = set(ReleaseItem.objects.filter(release__in=until).values_list("entity_id", flat=True))
    return known, set(ReleaseItem.objects.filter(release=release_id).values_list("entity_id", flat=True))


def as_completed(structure: Structure, release_id: int, known: set[int], then: set[int]) -> Structure:
    """*structure* for who completed it in a release, with the items of :func:`items_then`. Pure."""
    activities = {
        key: replace(shape, retired=False, counts=shape.required and shape.ready) if key in then else shape
        for key, shape in structure.activities.items()
        if key in known
    }
    return replace(
        structure,
        modules=tuple(
            replace(module, activities=tuple(key for key in module.activities if key in activities))
            for module in structure.modules
            if module.id in known
        ),
        activities=activities,
        own=tuple(key for key in structure.own if key in activities),
        refs={ref: key for ref, key in structure.refs.items() if key in known},
        successions={},
        kept_release_id=release_id,
    )


_current = Compiled(
    "grading.current_release",
    lambda program: Release.objects.filter(program=program, current=True).order_by().values_list("pk"),
)


def _current_release(program_id: int) -> int | None:
    return next((key for (key,) in _current(program_id)), None)


def _read(program_id: int, release_id: int | None) -> Structure:
    program = Program.objects.get(pk=program_id)
    placed = list(
        ProgramModule.objects.filter(program_id=program_id, module__entity__retired_at=None)
        .select_related("module")
        .order_by("position", "pk")
    )
    modules = {place.module_id: place for place in placed}
    checked = Entity.objects.filter(parent=OuterRef("pk"), kind__in=["question", "check", "rubric"], retired_at=None)
    found = (
        Activity.objects.filter(
            Q(module__in=modules)
            | Q(module=None, program_id=program_id)
            | Q(program_id=program_id, entity__retired_at__isnull=False)
        )
        .annotate(checked=Exists(checked), gone=F("entity__retired_at"))
        .order_by("position", "pk")
    )
    rows = list(found)
    bonus = bonus_shares(row.pk for row in rows if row.kind == Activity.Kind.QUIZ)
    shapes = {row.pk: _activity(row, bonus.get(row.pk, Fraction(0))) for row in rows}
    by_module: dict[int, list[int]] = {}
    for shape in shapes.values():
        if shape.module_id is not None:
            by_module.setdefault(shape.module_id, []).append(shape.id)
    return Structure(
        program_id=program_id,
        slug=program.slug,
        release_id=release_id,
        modules=tuple(
            ModuleShape(
                id=place.module_id,
                key=place.module.key,
                title=place.module.title,
                required=place.required,
                hours=Fraction(place.module.hours_total or 0),
                completion=place.module.completion,
                activities=tuple(by_module.get(place.module_id, ())),
            )
            for place in placed
        ),
        activities=shapes,
        own=tuple(shape.id for shape in shapes.values() if shape.module_id is None),
        completion=program.completion,
        refs=_refs(program_id, shapes, [place.module for place in placed]),
        successions=_successions(shapes),
    )


def _activity(row: Any, bonus: Fraction) -> ActivityShape:
    hours = row.hours_high if row.hours_high is not None else row.hours_low
    return ActivityShape(
        id=row.pk,
        kind=row.kind,
        path=row.path,
        title=row.title,
        module_id=row.module_id,
        program_id=row.program_id,
        required=row.required,
        ready=_has_something(row),
        counts=row.required and row.gone is None and _has_something(row),
        self_reported=row.self_reported and row.kind != Activity.Kind.QUIZ,
        retired=row.gone is not None,
        out_of=None if row.points is None else Fraction(row.points),
        hours=None if hours is None else Fraction(hours),
        hours_low=None if row.hours_low in (None, hours) else Fraction(row.hours_low),
        bonus=bonus,
    )


def _has_something(row: Any) -> bool:
    """A quiz without questions, or a lab with neither checks nor instructions, asks for nothing yet."""
    if row.kind == Activity.Kind.QUIZ:
        return bool(row.checked)
    if row.kind == Activity.Kind.LAB:
        return bool(row.checked) or bool(row.body.strip())
    return True


def _successions(shapes: Mapping[int, ActivityShape]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = Succession.objects.filter(entity__in=shapes, part__in=shapes).order_by("pk")
    for entity, part in rows.values_list("entity_id", "part_id"):
        found[entity] = (*found.get(entity, ()), part)
    return found


def _refs(program_id: int, shapes: Mapping[int, ActivityShape], modules: list[Any]) -> dict[str, int]:
    refs: dict[str, int] = {}
    twice: set[str] = set()
    for alias, entity_id in EntityAlias.objects.filter(
        entity__in=[*shapes, *(module.pk for module in modules)]
    ).values_list("alias", "entity_id"):
        if refs.setdefault(alias, entity_id) != entity_id:
            twice.add(alias)
    for alias in twice:
        del refs[alias]
    # Authored paths win over aliases, current over retired, the program's own over those of placed modules.
    for shape in sorted(shapes.values(), key=lambda each: (not each.retired, each.program_id == program_id)):
        refs[shape.path] = shape.id
    for module in sorted(modules, key=lambda each: each.program_id == program_id):
        refs[module.key] = module.pk
    return refs
