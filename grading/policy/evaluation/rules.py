"""Rules: met, not met or open, and whether they hold so far.

*Met* holds whatever still comes, *not met* can no longer hold, *open* is
anything else (GRADING.md, *Rules*). Acts of staff (waiver, override, credit)
are not among what may still come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grading.policy.evaluation.figures import Counted, full_marks, spanned
from grading.policy.evaluation.rounding import Rounder
from grading.policy.evaluation.types import ComponentResult, RuleResult, RuleState, Span, Why

Measure = Literal[
    "overall_percent", "overall_points", "component_percent", "component_average_points",
    "each_item_percent", "each_item_points", "item_percent", "number_of_items",
]  # fmt: skip
Unit = Literal["percent", "points", "items"]
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """At least ``at_least`` of ``measure``.

    :param component: id of the component it is taken over, if it is.
    :param items: the items it is taken over, waived and left-out ones included.
    """

    id: str
    text: str
    measure: Measure
    at_least: Fraction
    binding: bool
    component: str | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures that rules are decided on.

    :param counted: item id -> the item with its span, for all that count.
    :param total: full marks of all components, waived items included, so that a
        threshold in points keeps the percent it was written for.
    """

    overall: Span | None
    components: Mapping[str, ComponentResult]
    counted: Mapping[int, Counted]
    total: Fraction
    rounder: Rounder


def decide(rule: Rule, standing: Standing) -> RuleResult:
    """The state of one rule with a reason."""
    taken = [standing.counted[item] for item in rule.items if item in standing.counted]
    if rule.measure in ("overall_percent", "overall_points"):
        return _overall(rule, standing)
    if not taken:
        state: RuleState = "met" if rule.items else "open"
        code = "rule_nothing_left" if rule.items else "rule_no_items"
        so_far = True if rule.items else None
        return _result(rule, state, so_far, None, rule.at_least, _unit(rule), Why(code))
    if rule.measure == "component_percent":
        component = standing.components[rule.component or ""]
        return _from_span(rule, _scaled(component.span, Fraction(100)), "percent", Why("rule_component_percent"))
    if rule.measure == "component_average_points":
        return _average(rule, taken, standing.rounder)
    if rule.measure == "number_of_items":
        return _number(rule, taken)
    return _each(rule, taken)


def _unit(rule: Rule) -> Unit:
    if rule.measure.endswith("points"):
        return "points"
    return "items" if rule.measure == "number_of_items" else "percent"


def _result(
    rule: Rule, state: RuleState, so_far: bool | None, value: Fraction | None, needed: Fraction, unit: Unit, why: Why
) -> RuleResult:
    return RuleResult(rule.id, rule.text, rule.binding, state, so_far, value, needed, unit, why)


def _state(low: Fraction, high: Fraction, needed: Fraction) -> RuleState:
    if low >= needed:
        return "met"
    return "not_met" if high < needed else "open"


def _scaled(span: Span | None, factor: Fraction) -> Span | None:
    if span is None:
        return None
    now = None if span.so_far is None else span.so_far * factor
    return Span(now, span.low * factor, span.high * factor)


def _from_span(rule: Rule, span: Span | None, unit: Unit, why: Why) -> RuleResult:
    if span is None:
        return _result(rule, "open", None, None, rule.at_least, unit, Why("rule_no_items"))
    state = _state(span.low, span.high, rule.at_least)
    so_far = None if span.so_far is None else span.so_far >= rule.at_least
    if span.so_far is None:
        why = Why("rule_nothing_graded")
    else:
        why = Why(why.code, {**why.values, "value": str(span.so_far), "best": str(span.high), "least": str(span.low)})
    return _result(rule, state, so_far, span.so_far, rule.at_least, unit, why)


def _overall(rule: Rule, standing: Standing) -> RuleResult:
    """Percent decides; a threshold in points is its share of all the points there are."""
    if rule.measure == "overall_percent":
        return _from_span(rule, _scaled(standing.overall, Fraction(100)), "percent", Why("rule_overall_percent"))
    span = _scaled(standing.overall, standing.total)
    return _from_span(rule, span, "points", Why("rule_overall_points", {"total": str(standing.total)}))


def _average(rule: Rule, taken: Sequence[Counted], rounder: Rounder) -> RuleResult:
    span = spanned(taken, lambda pairs: sum((points for _, points in pairs), ZERO) / len(pairs))
    known = sum(each.span.so_far is not None for each in taken)
    if span is not None:
        now = None if span.so_far is None else rounder.carry("average", span.so_far)
        span = Span(now, rounder.carry("average", span.low), rounder.carry("average", span.high))
    return _from_span(
        rule, span, "points", Why("rule_average_points", {"graded": str(known), "items": str(len(taken))})
    )


def _number(rule: Rule, taken: Sequence[Counted]) -> RuleResult:
    """Items passed, each at its own threshold. A waived item lowers the number only
    where fewer than that are left."""
    needed = min(rule.at_least, Fraction(len(taken)))
    low = high = now = known = 0
    for each in taken:
        passing = (each.item.rule.passing or ZERO) * full_marks(each.item)
        low += each.item.standing.passed is not None and each.span.low >= passing
        high += each.span.high >= passing
        if each.span.so_far is not None:
            known += 1
            now += each.item.standing.passed is not None and each.span.so_far >= passing
    why = Why("rule_number", {"passed": str(now), "graded": str(known), "items": str(len(taken))})
    state = _state(Fraction(low), Fraction(high), needed)
    return _result(
        rule, state, now >= needed if known else None, Fraction(now) if known else None, needed, "items", why
    )


def _each(rule: Rule, taken: Sequence[Counted]) -> RuleResult:
    """Every one of the items (or the one item) at the threshold."""
    percent = rule.measure != "each_item_points"

    def units(each: Counted, points: Fraction) -> Fraction:
        full = full_marks(each.item)
        return (points / full * 100 if full else ZERO) if percent else points

    states = [_state(units(each, each.span.low), units(each, each.span.high), rule.at_least) for each in taken]
    known = [units(each, each.span.so_far) for each in taken if each.span.so_far is not None]
    state: RuleState = "not_met" if "not_met" in states else "open" if "open" in states else "met"
    lowest = min(known) if known else None
    below = sum(value < rule.at_least for value in known)
    if lowest is None:
        why = Why("rule_nothing_graded")
    else:
        code = "rule_one" if rule.measure == "item_percent" or len(taken) == 1 else "rule_each"
        why = Why(
            f"{code}_{'percent' if percent else 'points'}",
            {"lowest": str(lowest), "below": str(below), "graded": str(len(known)), "items": str(len(taken))},
        )
    so_far = None if lowest is None else below == 0
    return _result(rule, state, so_far, lowest, rule.at_least, "percent" if percent else "points", why)


def all_binding(results: Sequence[RuleResult]) -> RuleState:
    """Whether the rules that have a say are met as a whole; without any, it stays open."""
    states = [result.state for result in results if result.binding]
    if "not_met" in states:
        return "not_met"
    return "met" if states and all(state == "met" for state in states) else "open"
