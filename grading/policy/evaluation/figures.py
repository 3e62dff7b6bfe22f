"""Figures of items, components and the whole, each with the range it may still come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grading.policy.evaluation.rounding import Rounder
from grading.policy.evaluation.types import ComponentResult, Item, ItemState, Span, Why

ComponentFigure = Literal["sum_of_points", "mean_of_percents", "mean_by_weight"]
OverallFigure = Literal["mean_by_weight", "sum_of_points"]
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Ungraded:
    """What counts as what (GRADING.md, *The choices a policy offers*, ungraded)."""

    waiting_is_zero: bool = False
    missing_is_zero: bool = True
    scored_may_change: bool = True


@dataclass(frozen=True, slots=True)
class Component:
    """A component with its items already looked up."""

    id: str
    title: str
    weight: Fraction
    figure: ComponentFigure
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """An item that counts, and its points as a span."""

    item: Item
    span: Span


def item_span(item: Item, ungraded: Ungraded, rounder: Rounder) -> Span | None:
    """Points of one item now and at the ends; None when it is left out."""
    standing = item.standing
    if item.retired and standing.points is None:
        return None
    if standing.state == ItemState.WAIVED:
        return None
    if standing.state == ItemState.MISSING:
        return Span(ZERO, ZERO, ZERO) if ungraded.missing_is_zero else None
    if standing.state in (ItemState.NOT_HANDED_IN, ItemState.WAITING) or standing.points is None:
        zero = standing.state == ItemState.WAITING and ungraded.waiting_is_zero
        return Span(ZERO if zero else None, ZERO, item.ceiling)
    low, high = _range(item, ungraded)
    return Span(*(rounder.carry("item", points) for points in (standing.points, low, high)))


def _range(item: Item, ungraded: Ungraded) -> tuple[Fraction, Fraction]:
    """The ends of a scored item: what more attempts may still make of it."""
    standing = item.standing
    points, full = standing.points or ZERO, standing.out_of or item.out_of
    left = None if item.attempts_left is None else item.attempts_left
    if item.retired or not ungraded.scored_may_change:
        left = 0
    more = None if left is None else left + standing.pending
    if standing.overridden or item.rule.choose == "first" or more == 0:
        return points, points
    top = max(item.ceiling, points)
    if standing.state == ItemState.CREDITED or item.rule.choose == "best":
        return points, top
    floor = (standing.credit or ZERO) * full
    if item.rule.choose == "last" or more is None:
        return floor, top
    made = len(standing.scores)
    total = sum(standing.scores.values(), ZERO) * full
    worst, best = total / (made + more), (total + more * top) / (made + more)
    return max(floor, min(worst, points)), max(best, points)


def count(items: Sequence[Item], ungraded: Ungraded, rounder: Rounder) -> list[Counted]:
    """The items that count, each with its span."""
    spans = ((item, item_span(item, ungraded, rounder)) for item in items)
    return [Counted(item, span) for item, span in spans if span is not None]


def full_marks(item: Item) -> Fraction:
    """What a score is out of: the graded revision's own marks, else the current ones."""
    return item.standing.out_of if item.standing.out_of is not None else item.out_of


def _sum(pairs: Sequence[tuple[Counted, Fraction]]) -> Fraction | None:
    total = sum((full_marks(each.item) for each, _ in pairs), ZERO)
    return sum((points for _, points in pairs), ZERO) / total if total else None


def _mean(pairs: Sequence[tuple[Counted, Fraction]]) -> Fraction | None:
    rated = [points / full_marks(each.item) for each, points in pairs if full_marks(each.item)]
    return sum(rated, ZERO) / len(rated) if rated else None


def _weighted(pairs: Sequence[tuple[Counted, Fraction]]) -> Fraction | None:
    rated = [(points / full_marks(each.item), each.item.rule.weight) for each, points in pairs if full_marks(each.item)]
    weight = sum((share for _, share in rated), ZERO)
    return sum((value * share for value, share in rated), ZERO) / weight if weight else None


FIGURES: dict[ComponentFigure, Callable[[Sequence[tuple[Counted, Fraction]]], Fraction | None]] = {
    "sum_of_points": _sum,
    "mean_of_percents": _mean,
    "mean_by_weight": _weighted,
}


def spanned(
    counted: Sequence[Counted], figure: Callable[[Sequence[tuple[Counted, Fraction]]], Fraction | None]
) -> Span | None:
    """A monotone figure over counted items, now and at its ends; None when it has none."""
    low = figure([(each, each.span.low) for each in counted])
    high = figure([(each, each.span.high) for each in counted])
    if low is None or high is None:
        return None
    known = [(each, each.span.so_far) for each in counted if each.span.so_far is not None]
    return Span(figure(known) if known else None, low, high)


def component_result(component: Component, counted: Sequence[Counted], rounder: Rounder) -> ComponentResult:
    """The figure of one component, with the points behind it and a reason."""
    span = spanned(counted, FIGURES[component.figure])
    if span is not None:
        span = rounder.carry_span("component", span)
    known = [each for each in counted if each.span.so_far is not None]
    points = sum((each.span.so_far or ZERO for each in known), ZERO)
    out_of = sum((full_marks(each.item) for each in known), ZERO)
    shown = None if span is None or span.so_far is None else rounder.show("component", span.so_far * 100) / 100
    return ComponentResult(
        id=component.id,
        title=component.title,
        weight=component.weight,
        span=span,
        shown=shown,
        graded=len(known),
        items=len(counted),
        points=points,
        out_of=out_of,
        total=sum((full_marks(each.item) for each in counted), ZERO),
        why=_component_why(component, span, len(known), len(counted), points, out_of),
    )


def _component_why(
    component: Component, span: Span | None, graded: int, items: int, points: Fraction, out_of: Fraction
) -> Why:
    if span is None:
        return Why("component_empty")
    if span.so_far is None:
        return Why("component_nothing_graded", {"items": str(items)})
    return Why(
        f"component_{component.figure}",
        {"graded": str(graded), "items": str(items), "points": str(points), "out_of": str(out_of),
         "share": str(span.so_far)},
    )  # fmt: skip


def overall_span(
    figure: OverallFigure, results: Sequence[ComponentResult], counted: Sequence[Counted],
    cap: Fraction | None, rounder: Rounder,
) -> Span | None:  # fmt: skip
    """The overall figure as a share of 1, capped, then rounded.

    :param counted: every counted item of every component.
    :param cap: highest share the whole may reach.
    """
    if figure == "sum_of_points":
        span = spanned(counted, _sum)
    else:
        span = _mean_of_components(results)
    if span is None:
        return None
    if cap is not None:
        now = None if span.so_far is None else min(span.so_far, cap)
        span = Span(now, min(span.low, cap), min(span.high, cap))
    return rounder.carry_span("overall", span)


def _mean_of_components(results: Sequence[ComponentResult]) -> Span | None:
    """Mean by weight, normalised over the components that have a figure."""
    rated = [(result.span, result.weight) for result in results if result.span is not None]
    weight = sum((share for _, share in rated), ZERO)
    if not weight:
        return None
    known = [(span.so_far, share) for span, share in rated if span.so_far is not None]
    known_weight = sum((share for _, share in known), ZERO)
    now = sum((value * share for value, share in known), ZERO) / known_weight if known_weight else None
    low = sum((span.low * share for span, share in rated), ZERO) / weight
    high = sum((span.high * share for span, share in rated), ZERO) / weight
    return Span(now, low, high)
