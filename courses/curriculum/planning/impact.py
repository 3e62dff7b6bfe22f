"""Whom a change reaches: enrolments with work on what changes, or with a lock that does.

``courses`` knows no attempts and no grades: apps above register who has work on
what, and what would become of grades and passes (docs/import.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading

Work = Callable[[Collection[int]], Iterable[tuple[int, int]]]
"""Identity rows -> (identity row, enrolment) for everybody who has work on one of them."""


@dataclass(slots=True)
class Effects:
    """How many enrolments, completed ones too, would have another grade, lose a pass, gain one."""

    grades_changed: int = 0
    passes_lost: int = 0
    passes_gained: int = 0


@dataclass(slots=True)
class Evaluated:
    """Effects for one program: of all changes together, and of each address by itself where it has any."""

    total: Effects = field(default_factory=Effects)
    each: defaultdict[str, Effects] = field(default_factory=lambda: defaultdict(Effects))


Evaluator = Callable[[Comparison, Sequence[Draft]], Evaluated]
"""What a program's comparison would do to grades and passes; the drafts are all that will be current."""

_WORK: list[Work] = []
_EVALUATORS: list[Evaluator] = []
LOCKS = ("requirement", "gate")


def register_work(work: Work) -> None:
    if work not in _WORK:
        _WORK.append(work)


def register_evaluator(evaluator: Evaluator) -> None:
    """The app that keeps grades evaluates plans; there is one."""
    _EVALUATORS[:] = [evaluator]


@dataclass(frozen=True, slots=True)
class Impact:
    """:ivar learners: active and paused enrolments; the others count completed ones too."""

    learners: int
    grades_changed: int = 0
    passes_lost: int = 0
    passes_gained: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "learners": self.learners,
            "grades_changed": self.grades_changed,
            "passes_lost": self.passes_lost,
            "passes_gained": self.passes_gained,
            "binding": "new",
        }


@dataclass(slots=True)
class Impacts:
    """Impact by (program, address), by program, and of everything together with each person once."""

    total: Impact = field(default_factory=lambda: Impact(0))
    programs: dict[str, Impact] = field(default_factory=dict)
    each: dict[tuple[str, str], Impact] = field(default_factory=dict)

    def of(self, program: str, address: str) -> Impact:
        return self.each.get((program, address), Impact(0))


def impact_of(comparisons: list[Comparison], reading: Reading) -> Impacts:
    """The impact of *comparisons* with what is in the database, were it to become *reading*.

    Four queries, one of each app's for work, and the evaluator's, which are more only
    with every batch of enrolments.
    """
    touched = [
        (comparison, address, _carriers(comparison, address, places))
        for comparison in comparisons
        for places in [_by_path(comparison)]
        for address in _touched(comparison)
    ]
    working = _working({key for *_, carriers in touched for key in carriers})
    enrolled = _enrolled([comparison.program for comparison in comparisons])
    impacts = Impacts()
    reached: dict[tuple[str, str], set[int]] = {}
    for comparison, address, carriers in touched:
        begun = {each for key in carriers for each in working.get(key, ())}
        under_way = enrolled.under_way[comparison.program]
        # A lock changes for those who have not begun what it stands before.
        of_lock = address.partition(":")[0] in LOCKS
        reached[comparison.program, address] = under_way - begun if of_lock else under_way & begun
    everyone: set[int] = set()
    for comparison in comparisons:
        slug = comparison.program
        evaluated = _evaluated(comparison, reading) if enrolled.begun[slug] else Evaluated()
        mine = {address: people for (program, address), people in reached.items() if program == slug}
        # What follows from a rename has effects and is not itself touched.
        for address in {**mine, **evaluated.each}:
            effects = evaluated.each.get(address, Effects())
            impacts.each[slug, address] = _impact(mine.get(address, set()), effects)
        people = set().union(*mine.values())
        impacts.programs[slug] = _impact(people, evaluated.total)
        everyone |= people
    impacts.total = _impact(everyone, *(each for each in impacts.programs.values()))
    return impacts


def _impact(people: Collection[int], *effects: Effects | Impact) -> Impact:
    return Impact(
        len(people),
        sum(each.grades_changed for each in effects),
        sum(each.passes_lost for each in effects),
        sum(each.passes_gained for each in effects),
    )


def _evaluated(comparison: Comparison, reading: Reading) -> Evaluated:
    if comparison.is_empty:
        return Evaluated()
    for evaluator in _EVALUATORS:
        return evaluator(comparison, reading.of_program(comparison.program))
    return Evaluated()


def _touched(comparison: Comparison) -> list[str]:
    added = [draft.address for draft in comparison.added]
    return list(dict.fromkeys([*comparison.changed_entities, *comparison.retired, *added, *comparison.restored]))


def _carriers(comparison: Comparison, address: str, places: dict[str, list[int]]) -> list[int]:
    """Identity rows of what is current at an address, above it and below it: work is recorded with the activity.

    A lock stands for what it stands before.
    """
    former = {new: old for old, new in comparison.renamed}
    kind, _, path = former.get(address, address).partition(":")
    if kind in LOCKS:
        path = path.rpartition("/")[0]
    if kind == "program" or not path:
        return []
    above = {path[:place] for place, sign in enumerate(path) if sign == "/"} | {path}
    return [
        key for each, keys in places.items() if each in above or each.startswith(f"{path}/") for key in keys
    ]  # fmt: skip


def _by_path(comparison: Comparison) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for address, item in comparison.current.items.items():
        kind, _, path = address.partition(":")
        if item.key is not None and kind != "program":
            found[path].append(item.key)
    return found


def _working(keys: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for work in _WORK if keys else ():
        for key, enrolment in work(keys):
            found[key].add(enrolment)
    return found


@dataclass(slots=True)
class _Enrolled:
    under_way: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    begun: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def _enrolled(programs: list[str]) -> _Enrolled:
    from courses.models import Enrolment

    state = Enrolment.State
    found = _Enrolled()
    rows = Enrolment.objects.filter(
        program__slug__in=programs, state__in=[state.ACTIVE, state.PAUSED, state.COMPLETED]
    ).values_list("pk", "program__slug", "state")
    for key, slug, standing in rows:
        found.begun[slug].add(key)
        if standing != state.COMPLETED:
            found.under_way[slug].add(key)
    return found


def worked_on(keys: Collection[int]) -> set[int]:
    """Those identity rows on which somebody has work, in one query of each app's."""
    return set(_working(set(keys)))
