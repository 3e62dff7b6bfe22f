"""What a plan does, taken apart: each of its changes by itself, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from courses.curriculum.compare import Comparison
from grading.graders.again import Corrections
from grading.impact.planned import Planned
from grading.structure import ActivityShape, ModuleShape, Structure


@dataclass(slots=True)
class Parts:
    """What one changed entity changes of what grades and passes are made of."""

    corrected: set[int] = field(default_factory=set)
    activities: set[int] = field(default_factory=set)
    modules: set[int] = field(default_factory=set)
    program: bool = False
    policy: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """The program with some of the changes.

    :ivar policy: whether the planned policy is the program's; it binds those only who began without one.
    """

    structure: Structure
    corrections: Corrections = field(default_factory=Corrections)
    policy: bool = False


def parts_of(
    current: Structure, planned: Planned, comparison: Comparison, corrected: Mapping[int, str], *, policy: bool
) -> dict[str, Parts]:
    """Address of a changed entity -> what it changes; those that change nothing here are not in it.

    :param corrected: question or quiz whose key or points change -> its address.
    """
    return _Taker(current, planned, comparison, corrected).take(policy=policy)


@dataclass(slots=True)
class _Taker:
    current: Structure
    planned: Planned
    comparison: Comparison
    corrected: Mapping[int, str]
    found: dict[str, Parts] = field(default_factory=dict)

    def take(self, *, policy: bool) -> dict[str, Parts]:
        program = f"program:{self.comparison.program}"
        touched = self._touched()
        for key, address in self.corrected.items():
            self._parts(address).corrected.add(key)
        address_of = {key: address for address, key in self.planned.ids.items()}
        for key, shape in self.planned.structure.activities.items():
            if _effect(shape) != _effect(self.current.activities.get(key)) and key in address_of:
                for cause in self._causes(address_of[key], touched):
                    self._parts(cause).activities.add(key)
        for key in self._changed_modules():
            own = address_of.get(key, "")
            self._parts(own if own in touched else program).modules.add(key)
        if self.current.completion != self.planned.structure.completion:
            self._parts(program).program = True
        if policy:
            for address in touched:
                if address.startswith("policy:"):
                    self._parts(address).policy = True
        return self.found

    def _parts(self, address: str) -> Parts:
        return self.found.setdefault(address, Parts())

    def _touched(self) -> dict[str, None]:
        """Addresses of what changes, in the plan's order."""
        change = self.comparison
        changed = (each.entity for each in (*change.changed, *change.reordered))
        added = (draft.address for draft in change.added)
        return dict.fromkeys([*changed, *added, *change.retired, *change.restored])

    def _causes(self, address: str, touched: Mapping[str, None]) -> Iterator[str]:
        """The activity and what stands under it, of what changes; or the move of what is renamed."""
        path = address.partition(":")[2]
        causes = [each for each in touched if each == address or each.partition(":")[2].startswith(f"{path}/")]
        yield from causes or [address]

    def _changed_modules(self) -> Iterator[int]:
        before = {each.id: each for each in self.current.modules}
        after = {each.id: each for each in self.planned.structure.modules}
        for key in {**before, **after}:
            if _placed(before.get(key)) != _placed(after.get(key)):
                yield key


def variant_of(current: Structure, planned: Planned, parts: Parts, corrections: Corrections) -> Variant:
    """The current program with nothing but *parts* of what is planned."""
    return Variant(_mixed(current, planned.structure, parts), corrections.only(parts.corrected), parts.policy)


def signature_of(planned: Planned, parts: Parts) -> tuple[Any, ...]:
    """Equal for parts that have the same effect on everybody: new activities that are alike in all but their words."""
    shapes = planned.structure.activities
    activities = frozenset(_effect(shapes[key]) if key < 0 else key for key in parts.activities)
    return frozenset(parts.corrected), activities, frozenset(parts.modules), parts.program, parts.policy


def _effect(shape: ActivityShape | None) -> tuple[Any, ...] | None:
    if shape is None:
        return None
    return (
        shape.module_id, shape.kind, shape.required, shape.ready, shape.counts, shape.self_reported, shape.retired,
        shape.out_of, shape.bonus,
    )  # fmt: skip


def _placed(module: ModuleShape | None) -> tuple[Any, ...] | None:
    return None if module is None else (module.required, module.completion)


def _mixed(current: Structure, planned: Structure, parts: Parts) -> Structure:
    if not (parts.activities or parts.modules or parts.program):
        return current
    before = {each.id: each for each in current.modules}
    after = {each.id: each for each in planned.modules}
    order = [*(key for key in after if key in before or key in parts.modules), *(key for key in before)]
    modules = [
        module
        for key in dict.fromkeys(order)
        if (module := (after if key in parts.modules else before).get(key)) is not None
    ]
    there = {module.id for module in modules}
    activities = dict(current.activities)
    for key in parts.activities:
        shape = planned.activities[key]
        if shape.module_id is None or shape.module_id in there:
            activities[key] = shape
    inside: dict[int | None, list[int]] = {}
    for shape in activities.values():
        inside.setdefault(shape.module_id, []).append(shape.id)
    refs = {**planned.refs, **current.refs}
    return replace(
        current,
        modules=tuple(replace(module, activities=tuple(inside.get(module.id, ()))) for module in modules),
        activities=activities,
        own=tuple(inside.get(None, ())),
        completion=planned.completion if parts.program else current.completion,
        refs={ref: key for ref, key in refs.items() if key in activities or key in there},
        successions={key: parts for key, parts in planned.successions.items() if key in activities},
    )
