"""Folding the events of one item into where the learner stands on it.

Only ``sequence`` orders; the order in which events are handed over does not
matter. A waiver stands before an override, an override before the better of
credit and score, *missing* only where none of these stands; sequence decides
within a kind (GRADING.md, *Items*).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grading.policy.evaluation.types import Event, EventKind, Folded, ItemRule, ItemState


def fold(events: Iterable[Event], rule: ItemRule, *, self_reported: bool = False) -> Folded:
    """Where the learner stands after *events*, which all belong to one item.

    :param self_reported: nothing grades the item; its tick alone completes it.
    """
    ordered = sorted(events, key=lambda event: event.sequence)
    if not ordered:
        return Folded(ItemState.NOT_HANDED_IN)
    standing = _fold_ordered(ordered, rule, self_reported)
    if not standing.done:
        return standing
    # Done since the first event after which it never stopped being done.
    since = ordered[-1].at
    for end in range(len(ordered) - 1, 0, -1):
        if not _fold_ordered(ordered[:end], rule, self_reported).done:
            break
        since = ordered[end - 1].at
    return replace(standing, done_at=since)


def _standing(ordered: Sequence[Event]) -> list[Event]:
    """Events that no standing later event supersedes (a withdrawal of a withdrawal restores)."""
    gone: set[int] = set()
    kept: list[Event] = []
    for event in reversed(ordered):
        if event.id in gone:
            continue
        if event.supersedes is not None:
            gone.add(event.supersedes)
        kept.append(event)
    kept.reverse()
    return kept


@dataclass(slots=True)
class _Chosen:
    """The figure among attempts: exact share, full marks, deciding event and attempt."""

    share: Fraction
    out_of: Fraction
    event: Event


def _choose(scores: dict[int, Event], rule: ItemRule) -> _Chosen | None:
    """The figure that counts among graded attempts; the earlier of two equal ones."""
    if not scores:
        return None
    in_order = [scores[number] for number in sorted(scores)]
    if rule.choose == "first":
        event = in_order[0]
    elif rule.choose == "last":
        event = in_order[-1]
    elif rule.choose == "best":
        event = max(in_order, key=lambda each: (_share(each), -(each.attempt or 0)))
    else:
        shares = [_share(each) for each in in_order]
        newest = in_order[-1]
        return _Chosen(sum(shares, Fraction(0)) / len(shares), _out_of(newest), newest)
    return _Chosen(_share(event), _out_of(event), event)


def _out_of(event: Event) -> Fraction:
    return event.out_of if event.out_of is not None else Fraction(0)


def _share(event: Event) -> Fraction:
    """Points over full marks; an item of no points is never more than nothing."""
    full = _out_of(event)
    return (event.points or Fraction(0)) / full if full else Fraction(0)


def _fold_ordered(ordered: Sequence[Event], rule: ItemRule, self_reported: bool) -> Folded:
    standing = _standing(ordered)
    newest: dict[EventKind, Event] = {event.kind: event for event in standing}
    scores = {event.attempt: event for event in standing if event.kind == EventKind.SCORE and event.attempt is not None}
    handed_in = {event.attempt for event in standing if event.kind == EventKind.HANDED_IN}
    last = ordered[-1]
    common = Folded(
        ItemState.NOT_HANDED_IN,
        attempts_made=len(handed_in | set(scores)),
        pending=len(handed_in - set(scores)),
        scores={number: _share(event) for number, event in sorted(scores.items())},
        sequence=last.sequence,
        at=last.at,
    )
    credit = newest.get(EventKind.CREDIT)
    if credit is not None:
        common = replace(common, credit=Fraction(1) if rule.credit_full else _share(credit))
    ticked = newest.get(EventKind.COMPLETION)
    if self_reported:
        waived = newest.get(EventKind.WAIVER)
        if waived is not None:
            return replace(common, state=ItemState.WAIVED, done=True, event=waived.id)
        done = ticked is not None and bool(ticked.done)
        return replace(common, done=done, event=ticked.id if ticked else None)
    return _graded(common, rule, newest, scores)


def _graded(common: Folded, rule: ItemRule, newest: dict[EventKind, Event], scores: dict[int, Event]) -> Folded:
    if waiver := newest.get(EventKind.WAIVER):
        return replace(common, state=ItemState.WAIVED, done=True, event=waiver.id)
    chosen = _choose(scores, rule)
    override = newest.get(EventKind.OVERRIDE)
    if (
        override is not None
        and rule.newest_wins
        and any(event.sequence > override.sequence for event in scores.values())
    ):
        override = None
    if override is not None:
        return _scored(common, rule, _Chosen(_share(override), _out_of(override), override), overridden=True)
    credit = newest.get(EventKind.CREDIT)
    if credit is not None and common.credit is not None and (chosen is None or common.credit > chosen.share):
        figure = _Chosen(common.credit, _out_of(credit), credit)
        return _scored(common, rule, figure, state=ItemState.CREDITED)
    if chosen is not None:
        return _scored(common, rule, chosen)
    if common.pending:
        return replace(common, state=ItemState.WAITING)
    if missing := newest.get(EventKind.MISSING):
        return replace(common, state=ItemState.MISSING, event=missing.id)
    return common


def _scored(
    common: Folded, rule: ItemRule, figure: _Chosen, *, state: ItemState = ItemState.SCORED, overridden: bool = False
) -> Folded:
    passed = rule.passing is None or figure.share >= rule.passing
    return replace(
        common,
        state=state,
        points=figure.share * figure.out_of,
        out_of=figure.out_of,
        overridden=overridden,
        passed=passed,
        done=passed,
        event=figure.event.id,
        counted_attempt=figure.event.attempt if rule.choose != "average" and not overridden else None,
    )
