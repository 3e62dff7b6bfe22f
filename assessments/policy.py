"""What a program's policy says about attempts: asked here, answered by a higher app.

Limits, waiting times and due instants are policy data, which *grading* owns. It
registers its answer from ``AppConfig.ready()``; without one, nothing limits
attempts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.models import Submission
    from courses.models import Activity, Enrolment

GRACE = timedelta(seconds=30)
"""How long after its time an attempt still takes the learner's own hand-in: for slow lines, not for thinking."""


@dataclass(frozen=True, slots=True)
class AttemptRules:
    """The rules of one enrolment for one quiz, extensions and earlier enrolments included.

    :param limit: how many attempts may be made; None for any number.
    :param uncounted: how many of those made do not count against the limit
        (a failure of the infrastructure never uses an attempt).
    :param given_up: the learner gave up what was left to see the solution, and was granted nothing since.
    :param cancelled: ids of submissions that were taken back before they were checked; nothing counts them.
    :param earlier: how many attempts of earlier enrolments in the program count against it too.
    :param wait_minutes: how long after a hand-in the next attempt may start.
    :param accepts_until: the last instant at which work is accepted (failing any
        due date, the cohort's end); None where nothing ends. Attempts start until then; one without a time limit ends
        then, one with a limit runs its whole time (GRADING.md, *Time*).
    :param passing_percent: where passing begins, to show before the start.
    :param explained: when points and explanations of the questions open: ``hand_in``, ``attempts_used_up`` or
        ``latest_due``.
    :param grace: how long after its end an attempt may still be handed in.
    """

    limit: int | None = None
    uncounted: int = 0
    given_up: bool = False
    cancelled: frozenset[int] = frozenset()
    earlier: int = 0
    wait_minutes: int = 0
    accepts_until: datetime | None = None
    passing_percent: str = ""
    explained: str = "hand_in"
    grace: timedelta = GRACE

    def left(self, made: int) -> int | None:
        """How many may follow after *made* of this enrolment, cancelled ones not among them; None: any number."""
        if self.given_up:
            return 0
        return None if self.limit is None else max(0, self.limit - made - self.earlier + self.uncounted)


RulesReader = Callable[["Enrolment", "Activity"], AttemptRules]
_reader: RulesReader | None = None


def register_attempt_rules(reader: RulesReader) -> None:
    """Register who knows the rules; *grading* does, once."""
    global _reader
    if _reader is not None and _reader is not reader:
        raise ValueError("attempt rules are already answered by " + _reader.__module__)
    _reader = reader


def attempt_rules(enrolment: Enrolment, activity: Activity) -> AttemptRules:
    """The rules that hold for *enrolment* at *activity* now."""
    return _reader(enrolment, activity) if _reader is not None else AttemptRules()


StandsReader = Callable[["Submission"], bool]
_stands: StandsReader | None = None


def register_result_stands(reader: StandsReader) -> None:
    """Register who knows what became of submissions; *grading* does, once."""
    global _stands
    if _stands is not None and _stands is not reader:
        raise ValueError("results of submissions are already known by " + _stands.__module__)
    _stands = reader


def result_stands(submission: Submission) -> bool:
    """Whether the same work would be given the same result again, or still waits for it."""
    return _stands(submission) if _stands is not None else True
