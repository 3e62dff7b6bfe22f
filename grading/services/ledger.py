"""Writing a fact and all that follows from it, in the transaction of the caller.

The caller holds the enrolment's lock (``courses.services.enrolment``); then the
event, the grade it changes, the progress row, the feed entry and, where the
program's rule is met by it, the completion are written together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db import connection, transaction

from courses.models import Activity, Enrolment
from courses.services.enrolment import enrolment_lock, sequence_take
from grading.models import GradeEvent
from grading.policy.compile import Rules, rules_for
from grading.policy.evaluation.fold import fold
from grading.policy.evaluation.types import Folded
from grading.services.grades import grade_write
from grading.services.progress import completed_when_met, policy_revision_of, progress_write
from grading.services.succession import credits_open
from grading.standings import EVENT_FIELDS, event_from_row, grade_from
from grading.structure import Structure, structure_of
from waymark.core.actors import Actor
from waymark.core.exact import plain, shown
from waymark.core.feed import feed_append


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened, before it is an event.

    :param share: of full marks, exact; with ``out_of`` for score, override, credit.
    :param done: of a completion.
    :param supersedes: id of the event that this one replaces or withdraws.
    """

    kind: GradeEvent.Kind
    activity_id: int
    revision_id: int
    attempt_id: int | None = None
    submission_id: int | None = None
    attempt_number: int | None = None
    run_id: int | None = None
    share: Fraction | None = None
    out_of: Fraction | None = None
    done: bool | None = None
    supersedes: int | None = None
    release_id: int | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    reason_for_learner: str = ""
    reason_for_staff: str = ""


def ledger_append(*, actor: Actor, enrolment: Enrolment, fact: Fact) -> GradeEvent:
    """Append one fact to a locked enrolment's ledger and bring grade and progress up to it.

    :param enrolment: as ``enrolment_lock`` returned it, in an open transaction.
    :returns: the event. Events are never changed; corrections are new ones.
    """
    assert connection.in_atomic_block, "the enrolment is locked in a transaction"
    structure = structure_of(enrolment.program_id)
    rules = rules_for(structure, policy_revision_of(enrolment, structure))
    release_id = fact.release_id or structure.release_id
    assert release_id is not None, "a program with activities has a release"
    points = None if fact.share is None or fact.out_of is None else fact.share * fact.out_of
    event = GradeEvent(
        enrolment=enrolment,
        sequence=sequence_take(enrolment),
        kind=fact.kind,
        activity_id=fact.activity_id,
        attempt_id=fact.attempt_id,
        submission_id=fact.submission_id,
        attempt_number=fact.attempt_number,
        run_id=fact.run_id,
        supersedes_id=fact.supersedes,
        done=fact.done,
        points=None if points is None else shown(points),
        numerator=None if points is None else points.numerator,
        denominator=None if points is None else points.denominator,
        out_of=None if points is None or fact.out_of is None else shown(fact.out_of),
        evidence=fact.evidence,
        reason_for_learner=fact.reason_for_learner,
        reason_for_staff=fact.reason_for_staff,
        actor_label=actor.label,
        release_id=release_id,
        revision_id=fact.revision_id,
    )
    event.save(force_insert=True)
    standing = grade_fold(enrolment.pk, fact.activity_id, structure, rules)
    progress = progress_write(enrolment, structure, rules)
    _tell(enrolment, event, standing, structure)
    completed_when_met(enrolment, progress)
    _credit(enrolment, structure, rules, of=fact.activity_id)
    return event


def ledger_follow(*, enrolment_id: int) -> None:
    """Credit an enrolment with what took the place of things that it completed (``grading.succession``)."""
    with transaction.atomic():
        enrolment = enrolment_lock(enrolment_id)
        structure = structure_of(enrolment.program_id)
        if structure.successions:
            _credit(enrolment, structure, rules_for(structure, policy_revision_of(enrolment, structure)))


def _credit(enrolment: Enrolment, structure: Structure, rules: Rules, of: int | None = None) -> None:
    due = credits_open(enrolment, structure, rules, of=of) if structure.successions else []
    revisions = dict(
        Activity.objects.filter(pk__in=[each.activity_id for each in due]).values_list("pk", "revision_id")
    )
    for each in due:
        full = structure.activities[each.activity_id].out_of or Fraction(1)
        if each.waived:
            fact = Fact(GradeEvent.Kind.WAIVER, each.activity_id, revisions[each.activity_id])
        elif each.share is None:
            fact = Fact(GradeEvent.Kind.COMPLETION, each.activity_id, revisions[each.activity_id], done=True)
        else:
            fact = Fact(
                GradeEvent.Kind.CREDIT, each.activity_id, revisions[each.activity_id], share=each.share, out_of=full
            )
        fact = replace(fact, evidence={"parts": list(each.parts)})
        ledger_append(actor=Actor.system(), enrolment=enrolment, fact=fact)


def grade_fold(enrolment_id: int, activity_id: int, structure: Structure, rules: Rules) -> Folded:
    """Fold one item's events into its grade row and write it."""
    rows = GradeEvent.objects.filter(enrolment_id=enrolment_id, activity_id=activity_id).values_list(*EVENT_FIELDS)
    shape = structure.activities.get(activity_id)
    standing = fold(
        [event_from_row(row) for row in rows],
        rules.of(activity_id),
        self_reported=shape is not None and shape.self_reported,
    )
    grade_write([grade_from(enrolment_id, activity_id, standing)])
    return standing


def _tell(enrolment: Enrolment, event: GradeEvent, standing: Folded, structure: Structure) -> None:
    """The feed entry: ids and grade values, the reason only as the kind of the event."""
    shape = structure.activities.get(event.activity_id)
    share = standing.share
    feed_append(
        type="completion.changed" if event.kind == GradeEvent.Kind.COMPLETION else "grade.changed",
        program_id=enrolment.program_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.pk,
        data={
            "enrolment": str(enrolment.uuid),
            "event": str(event.uuid),
            "sequence": event.sequence,
            "kind": event.kind,
            "activity": f"{shape.kind}:{shape.path}" if shape else str(event.activity_id),
            "state": standing.state.value,
            "done": standing.done,
            "points": None if standing.points is None else plain(standing.points),
            "out_of": None if standing.out_of is None else plain(standing.out_of),
            "percent": None if share is None else plain(share * 100),
        },
    )
