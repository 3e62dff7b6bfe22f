"""From a policy's document to something the evaluator can decide: references looked up.

A reference that names nothing in the present release takes part in nothing: an
enrolment keeps the rules it began under while the content goes on changing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from courses.models import Revision
from grading.policy.bodies import Attempts, Feedback, ItemRules, PolicyBody
from grading.policy.bodies import Component as ComponentBody
from grading.policy.bodies import Rule as RuleBody
from grading.policy.evaluation.evaluate import Band, Compiled, Scale
from grading.policy.evaluation.figures import Component, Ungraded
from grading.policy.evaluation.rounding import Rounder
from grading.policy.evaluation.rules import Rule
from grading.policy.evaluation.types import ItemRule
from grading.structure import Structure

GRADED_KINDS = ("quiz", "lab", "project")


@dataclass(frozen=True, slots=True)
class Rules:
    """One policy over one structure: what the evaluator decides by, and the rules of each item.

    :param items: every activity that carries points or that a rule names -> its rule.
    :param limited: whether any item has a limit of attempts.
    """

    revision_id: int | None
    compiled: Compiled
    items: Mapping[int, ItemRule]
    feedback: Mapping[int, Feedback]
    limited: bool

    def of(self, activity_id: int) -> ItemRule:
        return self.items.get(activity_id, NO_RULE)


NO_RULE = ItemRule()
NO_POLICY = PolicyBody(title="Without a policy")
_kept: dict[tuple[int | None, ...], Rules] = {}


def rules_for(structure: Structure, policy_revision_id: int | None) -> Rules:
    """The rules of a policy revision over a structure; kept in memory, both are immutable.

    :param policy_revision_id: None for a program without a policy: defaults, no rules.
    """
    key = (structure.program_id, structure.release_id, structure.kept_release_id, policy_revision_id)
    if (kept := _kept.get(key)) is not None and structure.release_id is not None:
        return kept
    body = NO_POLICY
    if policy_revision_id is not None:
        body = PolicyBody.model_validate(Revision.objects.values_list("body", flat=True).get(pk=policy_revision_id))
    rules = compile_policy(body, structure, policy_revision_id)
    if len(_kept) >= 256:
        _kept.clear()
    _kept[key] = rules
    return rules


def rules_forget() -> None:
    """Drop what is kept: for tests, and after a restore."""
    _kept.clear()


def compile_policy(body: PolicyBody, structure: Structure, revision_id: int | None = None) -> Rules:
    """Look up every reference of *body* in *structure*; pure."""
    components = tuple(_component(component, structure) for component in body.components)
    by_id = {component.id: component for component in components}
    rules = tuple(_rule(rule, by_id, structure) for rule in body.rules)
    inherited: dict[int, list[ItemRules]] = {}
    for source, component in zip(body.components, components, strict=True):
        for item in component.items:
            inherited.setdefault(item, []).append(source.rules)
    own: dict[int, ItemRules] = {}
    for ref, item_rules in body.items.items():
        if (found := structure.find(ref)) is not None:
            own[found] = item_rules
    items: dict[int, ItemRule] = {}
    feedback: dict[int, Feedback] = {}
    for shape in structure.activities.values():
        if shape.out_of is None:
            continue
        layers = [own[shape.id]] if shape.id in own else []
        layers += [*inherited.get(shape.id, ()), body.default]
        items[shape.id] = _item_rule(layers, body)
        feedback[shape.id] = _first(layers, "feedback") or Feedback()
    scale = None
    if body.scale is not None:
        bands = sorted(body.scale.bands, key=lambda band: band.from_percent, reverse=True)
        scale = Scale(
            bands=tuple(Band(band.label, Fraction(band.from_percent)) for band in bands),
            so_far=body.scale.while_open == "so_far",
            lowest_when_failed=body.scale.when_rule_fails == "lowest",
        )
    overall: Literal["mean_by_weight", "sum_of_points"]
    overall = "sum_of_points" if body.overall == "sum_of_points" else "mean_by_weight"
    compiled = Compiled(
        overall=overall,
        components=components,
        rules=rules,
        scale=scale,
        ungraded=Ungraded(
            waiting_is_zero=body.ungraded.waiting == "zero",
            missing_is_zero=body.ungraded.missing == "zero",
            scored_may_change=body.ungraded.scored_may_change,
        ),
        rounder=Rounder(body.rounding),
        cap=None if body.cap_percent is None else Fraction(body.cap_percent) / 100,
    )
    limited = any(rule.limit is not None for rule in items.values())
    return Rules(revision_id, compiled, items, feedback, limited)


def _component(body: ComponentBody, structure: Structure) -> Component:
    if isinstance(body.activities, str):
        chosen = [
            shape.id
            for shape in structure.activities.values()
            if shape.kind == body.activities and shape.out_of is not None
        ]
    else:
        found = (structure.find(ref) for ref in body.activities)
        chosen = [item for item in found if item is not None and item in structure.activities]
    left_out = {structure.find(ref) for ref in body.except_for}
    return Component(
        id=body.id,
        title=body.title,
        weight=Fraction(body.weight),
        figure=body.figure,
        items=tuple(item for item in dict.fromkeys(chosen) if item not in left_out),
    )


def _rule(body: RuleBody, components: Mapping[str, Component], structure: Structure) -> Rule:
    component = components.get(body.of or "")
    items: tuple[int, ...] = ()
    if component is not None:
        items = component.items
    elif body.of is not None and (found := structure.find(body.of)) in structure.activities:
        items = (found,) if found is not None else ()
    assert body.measure != "criterion_points", "refused at projection"
    return Rule(
        id=body.id,
        text=body.text,
        measure=body.measure,
        at_least=Fraction(body.at_least),
        binding=body.binding,
        component=component.id if component else None,
        items=items,
    )


def _first(layers: list[ItemRules], name: str) -> Any:
    """The value nearest to the item: what is null is inherited."""
    return next((value for layer in layers if (value := getattr(layer, name)) is not None), None)


def _item_rule(layers: list[ItemRules], body: PolicyBody) -> ItemRule:
    passing = _first(layers, "passing_percent")
    attempts = _first(layers, "attempts") or Attempts()
    weight = _first(layers, "weight")
    return ItemRule(
        passing=None if passing is None else Fraction(passing) / 100,
        choose=attempts.choose,
        limit=attempts.limit,
        wait_minutes=attempts.wait_minutes,
        weight=Fraction(1) if weight is None else Fraction(weight),
        newest_wins=body.override == "newest_wins",
        credit_full=body.credit == "full_points",
    )
