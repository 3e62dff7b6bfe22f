"""What a plan would do to the grades and passes of those enrolled: grading's answer to ``courses``.

A grade changes where its state, points or full marks do. What can be passed is an
item (it counts as done), a module (it is complete) and the program (its binding
rules are met; it is complete). Lost is what holds now and would not; gained the
other way round. Only what there is before and after can be either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import Draft
from courses.curriculum.planning.impact import Effects, Evaluated
from courses.models import Enrolment, Program, Revision
from grading.graders.again import Corrections, score_again
from grading.impact.corrections import corrections_of
from grading.impact.learners import Learner, Wanted, learners_of
from grading.impact.planned import planned_of
from grading.impact.variants import Parts, Variant, parts_of, signature_of, variant_of
from grading.measure import measure
from grading.models import Policy
from grading.policy.bodies import PolicyBody
from grading.policy.compile import NO_POLICY, Rules, compile_policy
from grading.policy.evaluation.fold import fold
from grading.policy.evaluation.types import Event, EventKind, Folded
from grading.policy.supported import unsupported
from grading.structure import Structure, as_completed, items_then, structure_of
from grading.succession import with_credits

PLANNED = -1
"""In place of a policy's revision: the one that the plan states."""


@dataclass(frozen=True, slots=True)
class Result:
    """An enrolment under a variant: grade by activity, and everything that is passed."""

    grades: Mapping[int, tuple[Any, ...]]
    passed: frozenset[tuple[str, int]]
    there: frozenset[tuple[str, int]]


def evaluate_plan(comparison: Comparison, drafts: Sequence[Draft]) -> Evaluated:
    """The effects of the plan for one program, of each change by itself and of all together.

    Nothing is written. Queries: a handful, and as many again for every batch of enrolments.
    """
    program = Program.objects.filter(slug=comparison.program).only("pk", "language").first()
    if program is None:
        return Evaluated()
    current = structure_of(program.pk)
    stated = {draft.address: draft for draft in drafts}
    planned = planned_of(current, comparison, stated)
    corrections, addresses = corrections_of(comparison, stated)
    policies = _Policies(program.pk, stated)
    parts = parts_of(current, planned, comparison, addresses, policy=policies.changes)
    if not parts:
        return Evaluated()
    whole = Variant(planned.structure, corrections, policies.changes)
    return _Evaluator(current, whole, policies).run(
        _grouped(current, planned, parts, corrections), _wanted(program, current, whole, policies)
    )


def _grouped(
    current: Structure, planned: Any, parts: Mapping[str, Parts], corrections: Corrections
) -> list[tuple[list[str], Variant]]:
    """Changes that have the same effect on everybody are worked out once."""
    groups: dict[Any, tuple[list[str], Variant]] = {}
    for address, each in parts.items():
        signature = signature_of(planned, each)
        if signature not in groups:
            groups[signature] = ([], variant_of(current, planned, each, corrections))
        groups[signature][0].append(address)
    return list(groups.values())


class _Policies:
    """The bodies of policies by revision, each read once."""

    def __init__(self, program_id: int, stated: Mapping[str, Draft]) -> None:
        row = Policy.objects.filter(program_id=program_id, entity__retired_at=None).order_by("pk")
        self.current: int | None = row.values_list("revision_id", flat=True).first()
        draft = next((each for each in stated.values() if each.kind == "policy"), None)
        self._bodies: dict[int, PolicyBody] = {}
        body = NO_POLICY if draft is None else PolicyBody.model_validate(draft.body)
        # What nothing evaluates is refused when it is applied.
        self._bodies[PLANNED] = self.body(self.current) if unsupported(body) else body
        self.changes = self._bodies[PLANNED] != self.body(self.current)

    def of(self, learner: Learner, variant: Variant) -> int | None:
        """The revision that binds a learner: their own, else the program's."""
        if learner.policy_revision_id is not None:
            return learner.policy_revision_id
        return PLANNED if variant.policy else self.current

    def body(self, revision: int | None) -> PolicyBody:
        if revision is None:
            return NO_POLICY
        if revision not in self._bodies:
            body = Revision.objects.values_list("body", flat=True).get(pk=revision)
            self._bodies[revision] = PolicyBody.model_validate(body)
        return self._bodies[revision]


def _wanted(program: Program, current: Structure, whole: Variant, policies: _Policies) -> Wanted:
    """The activities whose events are folded anew: corrected quizzes, and what a rule or a check makes otherwise."""
    used = Enrolment.objects.filter(program=program).order_by().values_list("policy_revision_id", flat=True).distinct()
    folded = {
        key
        for key, shape in current.activities.items()
        if shape.self_reported is not whole.structure.activities[key].self_reported
    }
    for revision in {*used, policies.current}:
        before = compile_policy(policies.body(revision), current)
        after = compile_policy(policies.body(PLANNED if revision is None else revision), whole.structure)
        folded |= {key for key in current.activities if before.of(key) != after.of(key)}
    quizzes = {key for key, shape in current.activities.items() if shape.kind == "quiz"}
    folded |= quizzes if whole.corrections else set()
    return Wanted(program.pk, folded, whole.corrections, program.language)


@dataclass(slots=True)
class _Evaluator:
    current: Structure
    whole: Variant
    policies: _Policies
    _shapes: dict[tuple[int, int | None], Structure] = field(default_factory=dict)
    _rules: dict[tuple[int, int | None, int | None], Rules] = field(default_factory=dict)
    _then: dict[int, tuple[set[int], set[int]]] = field(default_factory=dict)

    def run(self, changes: list[tuple[list[str], Variant]], wanted: Wanted) -> Evaluated:
        now = Variant(self.current)
        found = Evaluated()
        only_one = sum(len(addresses) for addresses, _ in changes) == 1
        for batch in learners_of(wanted):
            for learner in batch:
                before = self._result(learner, now, None)
                after = self._result(learner, self.whole, before)
                _count(found.total, before, after)
                for addresses, variant in changes:
                    alone = after if only_one else self._result(learner, variant, before)
                    for address in addresses:
                        _count(found.each[address], before, alone)
        return found

    def _result(self, learner: Learner, variant: Variant, before: Result | None) -> Result:
        revision = self.policies.of(learner, variant)
        standings = self._standings(learner, variant, self._rules_of(variant, variant.structure, revision))
        grades = {key: (each.state, each.points, each.out_of) for key, each in standings.items()}
        same_rules = variant.structure is self.current and revision != PLANNED
        if before is not None and same_rules and grades == before.grades:
            return before
        structure = self._shape(variant, learner.completed_release_id, now=before is None)
        rules = self._rules_of(variant, structure, revision)
        measured = measure(structure, rules, standings, learner.extra_attempts(rules))
        modules = {("module", each.id): each.complete for each in measured.modules}
        program = {("program", 0): measured.evaluation.passed == "met", ("program", 1): measured.complete}
        items = {("item", key): each.done for key, each in standings.items() if key in structure.activities}
        states = {**items, **modules, **program}
        return Result(grades, frozenset(key for key, holds in states.items() if holds), frozenset(states))

    def _standings(self, learner: Learner, variant: Variant, rules: Rules) -> dict[int, Folded]:
        standings = dict(learner.standings)
        for activity, events in learner.events.items():
            shape = variant.structure.activities.get(activity)
            more = _regraded(events, learner.scored.get(activity, ()), variant.corrections)
            reported = shape is not None and shape.self_reported
            standings[activity] = fold([*events, *more], rules.of(activity), self_reported=reported)
        under_way = variant.structure.successions and learner.completed_release_id is None
        return with_credits(variant.structure, rules, standings) if under_way else standings

    def _shape(self, variant: Variant, completed: int | None, *, now: bool) -> Structure:
        """The structure that an enrolment is measured against: once completed, what it was completed with."""
        if completed is None or (now and completed == self.current.release_id):
            return variant.structure
        key = (id(variant.structure), completed)
        if key not in self._shapes:
            if completed not in self._then:
                self._then[completed] = items_then(self.current.program_id, completed)
            self._shapes[key] = as_completed(variant.structure, completed, *self._then[completed])
        return self._shapes[key]

    def _rules_of(self, variant: Variant, structure: Structure, revision: int | None) -> Rules:
        key = (id(variant.structure), structure.kept_release_id, revision)
        if key not in self._rules:
            self._rules[key] = compile_policy(self.policies.body(revision), structure, revision)
        return self._rules[key]


def _regraded(events: Sequence[Event], scored: Iterable[Any], corrections: Corrections) -> list[Event]:
    """The events that a regrade would append."""
    if not corrections:
        return []
    last = max(events, key=lambda each: each.sequence)
    attempts = {each.id: each.attempt for each in events}
    more: list[Event] = []
    for each in scored:
        score = score_again(each, corrections)
        if not score.same:
            more.append(
                Event(
                    id=-each.event, sequence=last.sequence + len(more) + 1, kind=EventKind.SCORE, at=last.at,
                    attempt=attempts[each.event], points=score.share * score.out_of, out_of=score.out_of,
                    supersedes=each.event,
                )
            )  # fmt: skip
    return more


def _count(effects: Effects, before: Result, after: Result) -> None:
    """Add one enrolment."""
    if before is after:
        return
    kept = before.there & after.there
    effects.grades_changed += before.grades != after.grades
    effects.passes_lost += bool((before.passed - after.passed) & kept)
    effects.passes_gained += bool((after.passed - before.passed) & kept)
