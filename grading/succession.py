"""What took the place of several things, or with others that of one: completed with what it was. Pure.

Who completed every part is credited with what they became: with the share of full
marks that the parts gave together, and at least with what completes it. Then the
parts, which are retired, do not count besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from grading.policy.compile import Rules
from grading.policy.evaluation.types import Folded, ItemState
from grading.structure import Structure

NOTHING = Folded(ItemState.NOT_HANDED_IN)


@dataclass(frozen=True, slots=True)
class Due:
    """What completed parts give.

    :ivar share: of full marks, exact; None where there are none, as for a reading.
    :ivar waived: every part was waived, and so is this.
    """

    activity_id: int
    parts: tuple[int, ...]
    share: Fraction | None
    waived: bool


def credits_due(structure: Structure, rules: Rules, standings: Mapping[int, Folded]) -> Iterator[Due]:
    """What an enrolment with *standings* has completed by its parts, and is not credited with."""
    for activity_id, parts in structure.successions.items():
        shape = structure.activities[activity_id]
        now = standings.get(activity_id, NOTHING)
        stood = [standings.get(part, NOTHING) for part in parts]
        if shape.retired or now.done or now.credit is not None or not all(each.done for each in stood):
            continue
        if not all(structure.activities[part].retired for part in parts):
            continue
        scored = [each for each in stood if each.points is not None and each.out_of]
        share = None
        if not shape.self_reported:
            points = sum((each.points or Fraction(0) for each in scored), Fraction(0))
            out_of = sum((each.out_of or Fraction(0) for each in scored), Fraction(0))
            least = rules.of(activity_id).passing or Fraction(0)
            share = max(points / out_of, least) if out_of else Fraction(1)
        yield Due(activity_id, parts, share, all(each.state == ItemState.WAIVED for each in stood))


def with_credits(structure: Structure, rules: Rules, standings: Mapping[int, Folded]) -> dict[int, Folded]:
    """*standings* as they are once what is due is credited."""
    made = dict(standings)
    for due in credits_due(structure, rules, standings):
        stood = made.get(due.activity_id, NOTHING)
        if due.waived:
            made[due.activity_id] = replace(stood, state=ItemState.WAIVED, done=True)
        elif due.share is None:
            made[due.activity_id] = replace(stood, done=True)
        else:
            out_of = structure.activities[due.activity_id].out_of or Fraction(0)
            share = Fraction(1) if rules.of(due.activity_id).credit_full else due.share
            made[due.activity_id] = replace(
                stood, state=ItemState.CREDITED, points=share * out_of, out_of=out_of, credit=share, passed=True,
                done=True,
            )  # fmt: skip
    return made


def counted_once(structure: Structure, standings: Mapping[int, Folded]) -> Mapping[int, Folded]:
    """*standings* without those that count in another: parts of what is credited, and a credit of what is retired."""
    left_out: set[int] = set()
    for activity_id, parts in structure.successions.items():
        stood = standings.get(activity_id, NOTHING)
        if stood.credit is None:
            continue
        if not structure.activities[activity_id].retired:
            left_out.update(part for part in parts if structure.activities[part].retired)
        elif not stood.attempts_made:
            left_out.add(activity_id)
    return {key: each for key, each in standings.items() if key not in left_out} if left_out else standings
