"""What goes in and what comes out of the evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Literal

Choose = Literal["best", "last", "first", "average"]
RuleState = Literal["met", "not_met", "open"]


class ItemState(StrEnum):
    """States of an item (GRADING.md, *Items*)."""

    NOT_HANDED_IN = "not_handed_in"
    WAITING = "waiting"
    SCORED = "scored"
    MISSING = "missing"
    WAIVED = "waived"
    CREDITED = "credited"


class EventKind(StrEnum):
    HANDED_IN = "handed_in"
    SCORE = "score"
    COMPLETION = "completion"
    MISSING = "missing"
    WAIVER = "waiver"
    OVERRIDE = "override"
    CREDIT = "credit"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the ledger on one item. ``points`` are exact, out of ``out_of``."""

    id: int
    sequence: int
    kind: EventKind
    at: datetime
    attempt: int | None = None
    points: Fraction | None = None
    out_of: Fraction | None = None
    done: bool | None = None
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class ItemRule:
    """What the policy says about one item, after inheritance.

    :param passing: share of full marks from 0 to 1; None: any score passes.
    :param limit: attempts in all; None: no limit.
    :param newest_wins: a score after an override replaces it (default: it stands).
    :param credit_full: credit gives full points instead of its percent.
    """

    passing: Fraction | None = None
    choose: Choose = "best"
    limit: int | None = None
    wait_minutes: int = 0
    weight: Fraction = Fraction(1)
    newest_wins: bool = False
    credit_full: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """Where one learner stands on one item: the fold of its events.

    :param scores: attempt number -> share of full marks, of every graded attempt.
    :param pending: attempts that are handed in and not graded yet.
    :param credit: share that credit gives, whatever counts in the end.
    :param event: id of the event that decides the figure.
    :param sequence: the last event that was folded in; 0 without any.
    """

    state: ItemState
    points: Fraction | None = None
    out_of: Fraction | None = None
    overridden: bool = False
    passed: bool | None = None
    done: bool = False
    done_at: datetime | None = None
    attempts_made: int = 0
    pending: int = 0
    counted_attempt: int | None = None
    scores: Mapping[int, Fraction] = field(default_factory=dict)
    credit: Fraction | None = None
    event: int | None = None
    sequence: int = 0
    at: datetime | None = None

    @property
    def share(self) -> Fraction | None:
        """Points over full marks; None without a score."""
        if self.points is None or not self.out_of:
            return None
        return self.points / self.out_of


@dataclass(frozen=True, slots=True)
class Item:
    """One graded item as the figures see it.

    :param out_of: full marks.
    :param ceiling: what can be reached, bonus included (at least ``out_of``).
    :param attempts_left: attempts that may still be started; None: no limit.
    :param retired: left out unless this learner has a score on it.
    """

    id: int
    out_of: Fraction
    ceiling: Fraction
    rule: ItemRule
    standing: Folded
    attempts_left: int | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """A reason as data: a code and what to fill in, said in words by ``grading.policy.sentences``.

    Values are whole numbers, ``n/d`` fractions, or texts of the policy.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A figure now and the range it may still come to: ``low <= high``.

    ``so_far`` is None while nothing is known; ``low`` and ``high`` hold whatever
    still comes, apart from acts of staff.
    """

    so_far: Fraction | None
    low: Fraction
    high: Fraction

    @property
    def final(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """One component: the figure as a share of 1, and the points behind it.

    :param span: None when nothing of it can count (no items, or all waived).
    :param shown: ``span.so_far`` as the policy rounds it for showing.
    :param graded, items: number of items that have a figure, and of all that can.
    :param points, out_of: sums over those that have a figure.
    :param total: full marks of all its items that are not waived.
    """

    id: str
    title: str
    weight: Fraction
    span: Span | None
    shown: Fraction | None
    graded: int
    items: int
    points: Fraction
    out_of: Fraction
    total: Fraction
    why: Why


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule. ``so_far`` says whether it would hold if nothing else came; None: nothing to go by.

    :param value: where the learner stands, in the rule's unit; None when unknown.
    :param unit: ``percent``, ``points`` or ``items``.
    """

    id: str
    text: str
    binding: bool
    state: RuleState
    so_far: bool | None
    value: Fraction | None
    needed: Fraction
    unit: Literal["percent", "points", "items"]
    why: Why


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything the policy says about one enrolment at this moment."""

    overall: Span | None
    overall_shown: Fraction | None
    overall_why: Why
    points: Fraction
    out_of: Fraction
    total: Fraction
    components: tuple[ComponentResult, ...]
    rules: tuple[RuleResult, ...]
    letter: str
    letter_final: bool
    letter_why: Why
    passed: RuleState
