"""The standings of those enrolled, read in batches: what the evaluator of a plan works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments.models import Attempt, Submission
from courses.models import Enrolment, Extension
from grading.earlier import given_up
from grading.graders.again import Corrections, Scored
from grading.models import Grade, GradeEvent
from grading.policy.compile import Rules
from grading.policy.evaluation.types import Event, Folded
from grading.selectors.scores import asked_what_is_corrected, graded_again, scores_standing
from grading.standings import EVENT_FIELDS, STANDING_FIELDS, event_from_row, standing_from_row

BATCH = 200
"""Enrolments in memory at once."""


@dataclass(slots=True)
class Learner:
    """One enrolment as its ledger has it.

    :ivar standings: activity -> the fold of its events, as its grade has it.
    :ivar events: activity -> its events, of those activities that may be folded anew.
    :ivar scored: activity -> the scores that stand for its attempts, of what may be corrected.
    :ivar extra: by how many attempts the limit of an activity is moved; of all for None.
    """

    id: int
    learner_id: int
    policy_revision_id: int | None
    completed_release_id: int | None
    standings: dict[int, Folded] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    scored: dict[int, list[Scored]] = field(default_factory=lambda: defaultdict(list))
    extra: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))

    def extra_attempts(self, rules: Rules) -> Mapping[int, int]:
        if not rules.limited:
            return {}
        return {item: self.extra.get(item, 0) + self.extra.get(None, 0) for item in rules.items}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read.

    :ivar folded: activities whose events are wanted.
    :ivar corrections: what scores may be corrected by.
    :ivar language: of the program.
    """

    program_id: int
    folded: Collection[int]
    corrections: Corrections
    language: str


def learners_of(wanted: Wanted) -> Iterator[list[Learner]]:
    """Those under way, paused or completed who have anything in the ledger; at most seven queries for each batch."""
    enrolled = graded_again(wanted.program_id).filter(Exists(Grade.objects.filter(enrolment=OuterRef("pk"))))
    enrolled = enrolled.order_by("pk")
    fields = ("pk", "learner_id", "policy_revision_id", "completed_release_id")
    last, full = 0, True
    while full:
        rows = list(enrolled.filter(pk__gt=last).values_list(*fields)[:BATCH])
        full = len(rows) == BATCH
        if not rows:
            return
        last = rows[-1][0]
        learners = {row[0]: Learner(*row) for row in rows}
        _read_standings(learners)
        _read_events(learners, wanted)
        _read_scores(learners, wanted)
        _read_limits(learners, wanted)
        yield list(learners.values())


def _read_standings(learners: Mapping[int, Learner]) -> None:
    rows = Grade.objects.filter(enrolment__in=learners).order_by().values_list("enrolment_id", *STANDING_FIELDS)
    for enrolment, *row in rows:
        activity, standing = standing_from_row(tuple(row))
        learners[enrolment].standings[activity] = standing


def _read_events(learners: Mapping[int, Learner], wanted: Wanted) -> None:
    if not wanted.folded:
        return
    rows = GradeEvent.objects.filter(enrolment__in=learners, activity__in=wanted.folded).order_by()
    for enrolment, activity, *row in rows.values_list("enrolment_id", "activity_id", *EVENT_FIELDS):
        learners[enrolment].events[activity].append(event_from_row(tuple(row)))


def _read_scores(learners: Mapping[int, Learner], wanted: Wanted) -> None:
    if not wanted.corrections:
        return
    attempts = Attempt.objects.filter(asked_what_is_corrected(wanted.corrections), enrolment__in=learners)
    for enrolment, _, scored in scores_standing(attempts, wanted.corrections, wanted.language):
        learners[enrolment].scored[scored.quiz].append(scored)


def _read_limits(learners: Mapping[int, Learner], wanted: Wanted) -> None:
    """As ``grading.services.progress.extra_attempts`` has them, for many at once."""
    granted = Extension.objects.filter(enrolment__in=learners, withdrawn_at=None, extra_attempts__gt=0).order_by()
    for enrolment, activity, attempts in granted.values_list("enrolment_id", "activity_id", "extra_attempts"):
        learners[enrolment].extra[activity] += attempts
    people = {each.learner_id for each in learners.values()}
    made = [
        *_earlier(Attempt.objects.exclude(Exists(given_up("attempt"))), "quiz", people, wanted.program_id),
        *_earlier(Submission.objects.exclude(Exists(given_up("submission"))), "activity", people, wanted.program_id),
    ]
    of_person: dict[int, list[Learner]] = defaultdict(list)
    for learner in learners.values():
        of_person[learner.learner_id].append(learner)
    for person, enrolment, item, count in made:
        for learner in of_person[person]:
            if enrolment < learner.id:
                learner.extra[item] -= count


def _earlier(
    work: QuerySet[Any], item: str, people: Collection[int], program_id: int
) -> QuerySet[Any, tuple[int, int, int, int]]:
    """Person, enrolment, quiz, lab or project, and how often: of those who began the program again since."""
    again = Enrolment.objects.filter(
        learner=OuterRef("enrolment__learner"), program=program_id, pk__gt=OuterRef("enrolment")
    )
    mine = work.filter(Exists(again), enrolment__program=program_id, enrolment__learner__in=people)
    counted = mine.order_by().values("enrolment__learner", "enrolment", item).annotate(made=Count("pk"))
    rows: QuerySet[Any, tuple[int, int, int, int]] = counted.values_list(
        "enrolment__learner", "enrolment", item, "made"
    )
    return rows
