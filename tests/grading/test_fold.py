"""The fold of one item's events: order by sequence only, kinds by rank."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.policy.evaluation.fold import fold
from grading.policy.evaluation.types import Event, EventKind, ItemRule, ItemState

START = dt.datetime(2025, 11, 3, 9, tzinfo=dt.UTC)
RULE = ItemRule(passing=Fraction(7, 10))


def event(sequence: int, kind: EventKind, *, share: str | None = None, **fields: object) -> Event:
    points = None if share is None else Fraction(share) * 10
    return Event(
        id=1000 + sequence,
        sequence=sequence,
        kind=kind,
        at=START + dt.timedelta(hours=sequence),
        points=points,
        out_of=None if points is None else Fraction(10),
        **fields,  # type: ignore[arg-type]
    )


def handed_in(sequence: int, attempt: int) -> Event:
    return event(sequence, EventKind.HANDED_IN, attempt=attempt)


def score(sequence: int, attempt: int, share: str, **fields: object) -> Event:
    return event(sequence, EventKind.SCORE, attempt=attempt, share=share, **fields)


def test_nothing_is_not_handed_in() -> None:
    standing = fold([], RULE)
    assert (standing.state, standing.done, standing.share) == (ItemState.NOT_HANDED_IN, False, None)


def test_a_hand_in_waits_and_counts_as_an_attempt() -> None:
    standing = fold([handed_in(1, 1)], RULE)
    assert (standing.state, standing.attempts_made, standing.pending) == (ItemState.WAITING, 1, 1)


def test_a_score_keeps_its_exact_share_and_decides_passing() -> None:
    standing = fold([handed_in(1, 1), score(2, 1, "2/3")], RULE)
    assert standing.share == Fraction(2, 3)
    assert (standing.state, standing.passed, standing.done, standing.pending) == (ItemState.SCORED, False, False, 0)
    assert fold([score(1, 1, "7/10")], RULE).passed is True, "the threshold itself passes"


@pytest.mark.parametrize(
    ("choose", "expected", "counted"),
    [("best", "9/10", 2), ("last", "3/5", 3), ("first", "1/2", 1), ("average", "2/3", None)],
)
def test_choice_among_attempts(choose: str, expected: str, counted: int | None) -> None:
    events = [score(1, 1, "1/2"), score(2, 2, "9/10"), score(3, 3, "3/5")]
    standing = fold(events, ItemRule(choose=choose))  # type: ignore[arg-type]
    assert (standing.share, standing.counted_attempt) == (Fraction(expected), counted)
    assert standing.scores == {1: Fraction(1, 2), 2: Fraction(9, 10), 3: Fraction(3, 5)}


def test_of_two_equal_attempts_the_earlier_counts() -> None:
    assert fold([score(1, 1, "1/2"), score(2, 2, "1/2")], RULE).counted_attempt == 1


def test_a_regrade_replaces_only_its_attempt() -> None:
    events = [score(1, 1, "1/2"), score(2, 2, "4/5"), score(3, 2, "3/5", supersedes=1002)]
    standing = fold(events, RULE)
    assert standing.scores == {1: Fraction(1, 2), 2: Fraction(3, 5)}
    assert standing.share == Fraction(3, 5)


def test_a_waiver_stands_before_an_override_before_credit_before_missing() -> None:
    missing = event(1, EventKind.MISSING)
    credit = event(2, EventKind.CREDIT, share="4/5")
    override = event(3, EventKind.OVERRIDE, share="3/10")
    waiver = event(4, EventKind.WAIVER)
    assert fold([missing], RULE).state == ItemState.MISSING
    assert fold([missing, credit], RULE).state == ItemState.CREDITED
    overridden = fold([missing, credit, override], RULE)
    assert (overridden.share, overridden.overridden, overridden.done) == (Fraction(3, 10), True, False)
    waived = fold([missing, credit, override, waiver], RULE)
    assert (waived.state, waived.share, waived.done) == (ItemState.WAIVED, None, True)
    # The order of the kinds is no matter of sequence.
    early = event(0, EventKind.WAIVER)
    assert fold([early, override], RULE).state == ItemState.WAIVED


def test_the_better_of_credit_and_own_work_counts() -> None:
    credit = event(1, EventKind.CREDIT, share="4/5")
    assert fold([credit, score(2, 1, "7/10")], RULE).state == ItemState.CREDITED
    assert fold([credit, score(2, 1, "9/10")], RULE).state == ItemState.SCORED
    assert fold([credit], ItemRule(credit_full=True)).share == 1


def test_an_override_stands_under_a_later_score_unless_the_newest_wins() -> None:
    events = [event(1, EventKind.OVERRIDE, share="1/2"), score(2, 1, "9/10")]
    assert fold(events, RULE).share == Fraction(1, 2)
    assert fold(events, ItemRule(newest_wins=True)).share == Fraction(9, 10)


def test_a_withdrawal_takes_an_event_back_and_a_withdrawn_withdrawal_restores_it() -> None:
    events = [score(1, 1, "9/10"), event(2, EventKind.OVERRIDE, share="1/2")]
    withdrawn = [*events, event(3, EventKind.WITHDRAWAL, supersedes=1002)]
    assert fold(withdrawn, RULE).share == Fraction(9, 10)
    assert fold([*withdrawn, event(4, EventKind.WITHDRAWAL, supersedes=1003)], RULE).share == Fraction(1, 2)


def test_a_withdrawn_hand_in_uses_no_attempt() -> None:
    standing = fold([handed_in(1, 1), event(2, EventKind.WITHDRAWAL, supersedes=1001)], RULE)
    assert (standing.state, standing.attempts_made, standing.pending) == (ItemState.NOT_HANDED_IN, 0, 0)


def test_a_tick_completes_only_what_is_self_reported() -> None:
    on, off = event(1, EventKind.COMPLETION, done=True), event(2, EventKind.COMPLETION, done=False)
    assert fold([on], RULE, self_reported=True).done is True
    assert fold([on, off], RULE, self_reported=True).done is False
    assert fold([on], RULE).done is False


def test_done_dates_from_the_event_after_which_it_stayed_done() -> None:
    events = [score(1, 1, "9/10"), score(2, 1, "1/2"), score(3, 2, "4/5"), score(4, 3, "1")]
    standing = fold(events, RULE)
    assert standing.done_at == START + dt.timedelta(hours=3)


KINDS = st.sampled_from(list(EventKind))
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=12)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Event]:
    """Any ledger of one item that the database would take."""
    events: list[Event] = []
    for sequence in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(KINDS)
        if kind == EventKind.WITHDRAWAL and not events:
            kind = EventKind.WAIVER
        fields: dict[str, object] = {}
        if kind in (EventKind.SCORE, EventKind.HANDED_IN):
            fields["attempt"] = draw(st.integers(1, 3))
        if kind in (EventKind.SCORE, EventKind.OVERRIDE, EventKind.CREDIT):
            fields["share"] = str(draw(SHARES))
        if kind == EventKind.COMPLETION:
            fields["done"] = draw(st.booleans())
        if kind == EventKind.WITHDRAWAL:
            fields["supersedes"] = draw(st.sampled_from(events)).id
        events.append(event(sequence, kind, **fields))  # type: ignore[arg-type]
    return events


@given(ledgers().flatmap(lambda events: st.tuples(st.just(events), st.permutations(events))), st.booleans())
def test_the_fold_does_not_depend_on_the_order_of_delivery(
    both: tuple[list[Event], list[Event]], self_reported: bool
) -> None:
    events, shuffled = both
    assert fold(shuffled, RULE, self_reported=self_reported) == fold(events, RULE, self_reported=self_reported)


@given(ledgers())
def test_every_fold_is_consistent(events: list[Event]) -> None:
    standing = fold(events, RULE)
    assert (standing.share is not None) == (standing.state in (ItemState.SCORED, ItemState.CREDITED))
    assert standing.done == (standing.done_at is not None)
    assert standing.sequence == max(each.sequence for each in events)
    assert 0 <= standing.pending <= standing.attempts_made
