"""The whole policy over one learner's items.

Order (GRADING.md): choice among attempts, credit, override and waiver are in
the fold; then component, overall, cap, rules, letter, pass. A rounding acts as
soon as the figure of its place is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grading.policy.evaluation import figures
from grading.policy.evaluation.figures import Component, OverallFigure, Ungraded
from grading.policy.evaluation.rounding import Rounder
from grading.policy.evaluation.rules import Rule, Standing, all_binding, decide
from grading.policy.evaluation.types import Evaluation, Item, RuleState, Span, Why


@dataclass(frozen=True, slots=True)
class Band:
    """A letter from this percent of the deciding figure upwards."""

    label: str
    from_percent: Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """Letters, highest band first. ``so_far``: shown while rules are open;
    ``lowest_when_failed``: the lowest letter when a binding rule is not met."""

    bands: tuple[Band, ...]
    so_far: bool = False
    lowest_when_failed: bool = True


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy with every reference looked up."""

    overall: OverallFigure
    components: tuple[Component, ...]
    rules: tuple[Rule, ...]
    scale: Scale | None
    ungraded: Ungraded
    rounder: Rounder
    cap: Fraction | None = None


def evaluate(policy: Compiled, items: Mapping[int, Item]) -> Evaluation:
    """What the policy says about these items.

    :param items: every item that a component or a rule of the policy names.
    """
    everything = figures.count(list(items.values()), policy.ungraded, policy.rounder)
    counted = {each.item.id: each for each in everything}
    results = [
        figures.component_result(
            component, [counted[item] for item in component.items if item in counted], policy.rounder
        )
        for component in policy.components
    ]
    in_components = dict.fromkeys(item for component in policy.components for item in component.items)
    whole = [counted[item] for item in in_components if item in counted]
    overall = figures.overall_span(policy.overall, results, whole, policy.cap, policy.rounder)
    there = [items[item] for item in in_components if not (items[item].retired and item not in counted)]
    total = sum((figures.full_marks(item) for item in there), Fraction(0))
    standing = Standing(overall, {result.id: result for result in results}, counted, total, policy.rounder)
    rules = tuple(decide(rule, standing) for rule in policy.rules)
    passed = all_binding(rules)
    letter, final, why = _letter(policy.scale, overall, passed)
    known = [each for each in whole if each.span.so_far is not None]
    return Evaluation(
        overall=overall,
        overall_shown=_shown(overall, policy.rounder),
        overall_why=_overall_why(policy, overall, len(known), len(whole)),
        points=sum((each.span.so_far or Fraction(0) for each in known), Fraction(0)),
        out_of=sum((figures.full_marks(each.item) for each in known), Fraction(0)),
        total=total,
        components=tuple(results),
        rules=rules,
        letter=letter,
        letter_final=final,
        letter_why=why,
        passed=passed,
    )


def _shown(span: Span | None, rounder: Rounder) -> Fraction | None:
    if span is None or span.so_far is None:
        return None
    return rounder.show("overall", span.so_far * 100) / 100


def _overall_why(policy: Compiled, overall: Span | None, graded: int, items: int) -> Why:
    if overall is None:
        return Why("overall_empty")
    if overall.so_far is None:
        return Why("overall_nothing_graded", {"items": str(items)})
    return Why(f"overall_{policy.overall}", {"graded": str(graded), "items": str(items), "share": str(overall.so_far)})


def _band(bands: Sequence[Band], share: Fraction) -> Band:
    """The band that a share of 1 falls into; below the lowest it is the lowest."""
    return next((band for band in bands if share * 100 >= band.from_percent), bands[-1])


def _letter(scale: Scale | None, overall: Span | None, passed: RuleState) -> tuple[str, bool, Why]:
    """The letter, whether it can still change, and why it is that one (or withheld)."""
    if scale is None:
        return "", False, Why("letter_none")
    if passed == "not_met" and scale.lowest_when_failed:
        return scale.bands[-1].label, True, Why("letter_rule_failed")
    if overall is None or overall.so_far is None:
        return "", False, Why("letter_nothing_graded")
    if passed == "open" and not scale.so_far:
        return "", False, Why("letter_withheld")
    band = _band(scale.bands, overall.so_far)
    final = _band(scale.bands, overall.low) == _band(scale.bands, overall.high)
    values = {"from": str(band.from_percent), "share": str(overall.so_far)}
    return band.label, final and passed != "open", Why("letter_band", values)
