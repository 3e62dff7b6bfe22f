"""One learner against one program: every figure that a progress row holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grading.policy.compile import Rules
from grading.policy.evaluation.completion import ModuleResult, module_complete, program_complete, share_done
from grading.policy.evaluation.evaluate import evaluate
from grading.policy.evaluation.types import Evaluation, Folded, Item, ItemState
from grading.structure import ActivityShape, ModuleShape, Structure
from grading.succession import counted_once

NOTHING = Folded(ItemState.NOT_HANDED_IN)


@dataclass(frozen=True, slots=True)
class Measured:
    """What :func:`measure` gives. Counts are of required activities and modules."""

    evaluation: Evaluation
    modules: tuple[ModuleResult, ...]
    activities_done: int
    activities_total: int
    modules_done: int
    modules_total: int
    hours_done: Fraction
    hours_total: Fraction
    complete: bool


def measure(
    structure: Structure, rules: Rules, standings: Mapping[int, Folded], extra_attempts: Mapping[int, int] | None = None
) -> Measured:
    """Figures, module states and completion of one enrolment.

    :param standings: activity id -> fold of its events; absent means none.
    :param extra_attempts: attempts above the limit that staff granted, per activity.
    """
    counted = counted_once(structure, standings)
    evaluation = evaluate(rules.compiled, _items(structure, rules, counted, extra_attempts or {}))
    done = {activity for activity, standing in standings.items() if standing.done}
    modules: list[ModuleResult] = []
    things = set(done)
    for shape in structure.modules:
        result = _module(structure, shape, standings, done, things)
        if result.complete:
            things.add(shape.id)
        modules.append(result)
    return _whole(structure, evaluation, modules, done, things)


def _items(
    structure: Structure, rules: Rules, standings: Mapping[int, Folded], extra: Mapping[int, int]
) -> dict[int, Item]:
    items = {}
    for activity_id, rule in rules.items.items():
        shape = structure.activities[activity_id]
        standing = standings.get(activity_id, NOTHING)
        out_of = shape.out_of or Fraction(0)
        full = standing.out_of if standing.out_of is not None else out_of
        left = None if rule.limit is None else max(0, rule.limit + extra.get(activity_id, 0) - standing.attempts_made)
        items[activity_id] = Item(
            id=activity_id, out_of=out_of, ceiling=full * (1 + shape.bonus), rule=rule, standing=standing,
            attempts_left=left, retired=shape.retired,
        )  # fmt: skip
    return items


def _module(
    structure: Structure, shape: ModuleShape, standings: Mapping[int, Folded], done: set[int], things: set[int]
) -> ModuleResult:
    counting = [each for each in shape.activities if structure.activities[each].counts]
    finished = [each for each in counting if each in done]
    complete = module_complete(shape.completion, counting, done, structure.find, things)
    started = any(each in done or _touched(standings.get(each)) for each in shape.activities)
    return ModuleResult(
        id=shape.id,
        done=len(finished),
        total=len(counting),
        complete=complete,
        started=started or complete,
        hours_done=shape.hours * share_done(len(finished), len(counting), complete),
        hours_total=shape.hours,
    )


def _touched(standing: Folded | None) -> bool:
    return standing is not None and (standing.attempts_made > 0 or standing.points is not None)


def _whole(
    structure: Structure, evaluation: Evaluation, modules: list[ModuleResult], done: set[int], things: set[int]
) -> Measured:
    required = structure.required_activities
    own = [structure.activities[each] for each in structure.own if structure.activities[each].counts]
    needed = {shape.id for shape in structure.modules if shape.required}
    of_program = [result for result in modules if result.id in needed]
    hours_done = sum((result.hours_done for result in of_program), Fraction(0))
    hours_total = sum((result.hours_total for result in of_program), Fraction(0))
    for shape in own:
        hours_total += shape.hours or 0
        hours_done += (shape.hours or 0) if shape.id in done else 0
    complete = program_complete(
        structure.completion,
        modules=[result.complete for result in of_program],
        projects=[shape.id in done for shape in own if _is_project(shape)],
        required=[shape.id in done for shape in required],
        passed=evaluation.passed,
        find=structure.find,
        done_things=things,
    )
    return Measured(
        evaluation=evaluation,
        modules=tuple(modules),
        activities_done=sum(shape.id in done for shape in required),
        activities_total=len(required),
        modules_done=sum(result.complete for result in of_program),
        modules_total=len(of_program),
        hours_done=hours_done,
        hours_total=hours_total,
        complete=complete,
    )


def _is_project(shape: ActivityShape) -> bool:
    return shape.kind == "project"
