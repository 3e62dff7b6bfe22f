"""Pass rules that nobody can meet, by what a tree holds: the evaluator is asked about somebody who has everything."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from courses.curriculum.compare import Comparison
from courses.curriculum.current import Current
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from grading.impact.planned import planned_of
from grading.measure import measure
from grading.policy.bodies import PolicyBody
from grading.policy.compile import compile_policy
from grading.policy.evaluation.types import Folded, ItemState
from grading.structure import ActivityShape, Structure

RULE = "policies.unreachable"


def rules_nobody_meets(reading: Reading) -> Iterator[Finding]:
    """A finding for each pass rule of *reading* that asks for more than there is."""
    for draft in reading.drafts.values():
        if draft.kind == "policy" and draft.program and _is_whole(reading, draft.program):
            yield from _unreachable(draft, _structure(reading, draft.program))


def _is_whole(reading: Reading, slug: str) -> bool:
    """Whether every module that a program places is its own and stated here, and all of it could be read."""
    drafts = {each.address: each for each in reading.of_program(slug)}
    if not all(each.body for each in drafts.values()):
        return False
    program = drafts[f"program:{slug}"]
    placed = [*program.body["modules"], *program.body["optional_modules"]]
    return all(f"module:{ref.removeprefix(f'{slug}:')}" in drafts for ref in placed)


def _structure(reading: Reading, slug: str) -> Structure:
    """The shape of a program as if nothing of it were there yet."""
    nothing = Structure(
        program_id=0, slug=slug, release_id=None, modules=(), activities={}, own=(), completion=None
    )  # fmt: skip
    drafts = {each.address: each for each in reading.of_program(slug)}
    return planned_of(nothing, Comparison(slug, Current(), ""), drafts).structure


def _unreachable(draft: Draft, structure: Structure) -> Iterator[Finding]:
    body = PolicyBody.model_validate(draft.body)
    # A rule about a criterion is not evaluated (``grading.policy.supported``).
    places = [place for place, rule in enumerate(body.rules) if rule.measure != "criterion_points"]
    body = body.model_copy(update={"rules": tuple(body.rules[place] for place in places)})
    rules = compile_policy(body, structure)
    best = measure(structure, rules, {shape.id: _everything(shape) for shape in structure.activities.values()})
    for place, rule, result in zip(places, body.rules, best.evaluation.rules, strict=True):
        if result.value is not None and result.value < rule.at_least:
            most = f"{float(result.value):g} is" if result.value else "nothing is"
            yield Finding(
                RULE, "error", draft.file, draft.line_of(f"rules.{place}.at_least"),
                f"Nobody can meet the rule {rule.text!r}: it asks for {rule.at_least:f}, and {most} all there is.",
                "Correct the figure, or add what is missing.",
            )  # fmt: skip


def _everything(shape: ActivityShape) -> Folded:
    """Full marks and every bonus."""
    out_of = shape.out_of or Fraction(0)
    return Folded(
        ItemState.SCORED, points=out_of * (1 + shape.bonus), out_of=out_of, passed=True, done=True,
        attempts_made=1, counted_attempt=1, scores={1: 1 + shape.bonus},
    )  # fmt: skip
