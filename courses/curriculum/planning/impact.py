"""Whom a change reaches: enrolments with work on what changes, or with a lock that does.

``courses`` knows no attempts and no grades: apps above register who has work on
what. A figure that would need grades to be computed anew is None, which says that
it is not known; it is 0 where nothing that grades are made of changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import registry

Work = Callable[[Collection[int]], Iterable[tuple[int, int]]]
"""Identity rows -> (identity row, enrolment) for everybody who has work on one of them."""

_WORK: list[Work] = []
LOCKS = ("requirement", "gate")


def register_work(work: Work) -> None:
    if work not in _WORK:
        _WORK.append(work)


@dataclass(frozen=True, slots=True)
class Impact:
    """:ivar learners: active and paused enrolments; the others count completed ones too."""

    learners: int
    grades_changed: int | None = 0
    passes_lost: int | None = 0
    passes_gained: int | None = 0

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
    """Impact by (program, address), and of everything together with each person once."""

    total: Impact = field(default_factory=lambda: Impact(0))
    each: dict[tuple[str, str], Impact] = field(default_factory=dict)

    def of(self, program: str, address: str) -> Impact:
        return self.each.get((program, address), Impact(0))


def impact_of(comparisons: list[Comparison]) -> Impacts:
    """The impact of *comparisons* with what is in the database; four queries and one of each app's."""
    touched = [
        (comparison, address, _carriers(comparison, address, places))
        for comparison in comparisons
        for places in [_by_path(comparison)]
        for address in _touched(comparison)
    ]
    working = _working({key for *_, carriers in touched for key in carriers})
    enrolled = _enrolled([comparison.program for comparison in comparisons])
    impacts = Impacts()
    everyone: set[int] = set()
    regraded = False
    for comparison, address, carriers in touched:
        begun = {each for key in carriers for each in working.get(key, ())}
        under_way = enrolled.under_way[comparison.program]
        # A lock changes for those who have not begun what it stands before.
        reached = under_way - begun if address.partition(":")[0] in LOCKS else under_way & begun
        graded = bool(enrolled.begun[comparison.program]) and _grades(comparison, address)
        everyone |= reached
        regraded |= graded
        impacts.each[comparison.program, address] = _impact(len(reached), graded)
    impacts.total = _impact(len(everyone), regraded)
    return impacts


def _impact(learners: int, regraded: bool) -> Impact:
    return Impact(learners, None, None, None) if regraded else Impact(learners)


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


def _grades(comparison: Comparison, address: str) -> bool:
    """Whether grades are made of what changes here."""
    fields = registry.get(address.partition(":")[0]).graded_by
    if not fields:
        return False
    changed = [change.field.partition(".")[0] for change in comparison.changed if change.entity == address]
    return not changed or "*" in fields or any(name in fields for name in changed)
