"""The progress row: written with every event, rebuilt from the ledger at will."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import Enrolment, Extension
from courses.services.enrolment import enrolment_complete, enrolment_lock
from grading.earlier import earlier_by_item
from grading.figures_json import figures_json, modules_json
from grading.measure import Measured, measure
from grading.models import Grade, GradeEvent, Policy, Progress
from grading.policy.compile import Rules, rules_for
from grading.policy.evaluation.fold import fold
from grading.policy.evaluation.types import Event, Folded
from grading.services.grades import grade_write
from grading.standings import EVENT_FIELDS, STANDING_FIELDS, event_from_row, grade_from, standing_from_row
from grading.structure import Structure, structure_kept, structure_of
from waymark.core.actors import Actor
from waymark.core.exact import shown

PROGRESS_FIELDS = [
    "sequence", "release", "policy_revision", "computed_at", "activities_done", "activities_total", "modules_done",
    "modules_total", "hours_done", "hours_total", "points", "out_of", "percent", "numerator", "denominator", "letter",
    "passed", "complete", "modules", "activities", "figures",
]  # fmt: skip


def policy_revision_of(enrolment: Enrolment, structure: Structure) -> int | None:
    """The rules an enrolment is under: those it began with, else the program's current ones."""
    if enrolment.policy_revision_id is not None:
        return enrolment.policy_revision_id
    if structure.release_id is None:
        return None
    current = Policy.objects.filter(program_id=enrolment.program_id, entity__retired_at=None)
    return current.order_by("pk").values_list("revision_id", flat=True).first()


def progress_write(enrolment: Enrolment, structure: Structure, rules: Rules) -> Progress:
    """Compute the progress of a locked enrolment from its grade rows, and write it."""
    rows = Grade.objects.filter(enrolment_id=enrolment.pk).values_list(*STANDING_FIELDS)
    return _write(enrolment, structure, rules, dict(standing_from_row(row) for row in rows))


def progress_refresh(*, enrolment_id: int) -> Progress:
    """Bring one enrolment's grades and progress up to its ledger, release and policy."""
    with transaction.atomic():
        enrolment = enrolment_lock(enrolment_id)
        structure = structure_of(enrolment.program_id)
        rules = rules_for(structure, policy_revision_of(enrolment, structure))
        standings = standings_from_ledger(enrolment_id, structure, rules)
        Grade.objects.filter(enrolment_id=enrolment_id).exclude(activity__in=standings).delete()
        grade_write([grade_from(enrolment_id, activity, standing) for activity, standing in standings.items()])
        row = _write(enrolment, structure, rules, standings)
        completed_when_met(enrolment, row)
        return row


def completed_when_met(enrolment: Enrolment, progress: Progress) -> None:
    """Complete a locked enrolment whose progress meets the program's rule, in the same transaction.

    Once completed it stays so, whatever its grades become (docs/decisions/grading.md).
    """
    if progress.complete and progress.release_id is not None:
        enrolment_complete(actor=Actor.system(), enrolment=enrolment, release_id=progress.release_id)


def progress_drift(*, enrolment_id: int) -> list[str]:
    """What differs between the stored read model and one rebuilt from the ledger; nothing is written.

    :returns: names of differing fields, ``grade:<activity>`` for grade rows; empty when equal.
    """
    with transaction.atomic():
        enrolment = enrolment_lock(enrolment_id)
        structure = structure_of(enrolment.program_id)
        rules = rules_for(structure, policy_revision_of(enrolment, structure))
        standings = standings_from_ledger(enrolment_id, structure, rules)
        stored = dict(
            standing_from_row(row)
            for row in Grade.objects.filter(enrolment_id=enrolment_id).values_list(*STANDING_FIELDS)
        )
        found = [
            f"grade:{activity}"
            for activity in sorted(stored.keys() | standings.keys())
            if stored.get(activity) != standings.get(activity)
        ]
        fresh = _row(enrolment, structure, rules, standings)
        row = Progress.objects.filter(enrolment_id=enrolment_id).first()
        if row is None:
            return [*found, "progress"]
        names = [name for name in PROGRESS_FIELDS if name != "computed_at"]
        return found + [name for name in names if getattr(row, name) != getattr(fresh, name)]


def progress_catch_up(*, enrolment_ids: Iterable[int]) -> int:
    """Refresh several enrolments, one short transaction each; return how many."""
    count = 0
    for enrolment_id in sorted(enrolment_ids):
        progress_refresh(enrolment_id=enrolment_id)
        count += 1
    return count


def standings_from_ledger(enrolment_id: int, structure: Structure, rules: Rules) -> dict[int, Folded]:
    """Every item's fold, straight from the events."""
    by_activity: dict[int, list[Event]] = {}
    rows = GradeEvent.objects.filter(enrolment_id=enrolment_id).values_list("activity_id", *EVENT_FIELDS)
    for activity_id, *row in rows:
        by_activity.setdefault(activity_id, []).append(event_from_row(tuple(row)))
    standings = {}
    for activity_id, events in by_activity.items():
        shape = structure.activities.get(activity_id)
        reported = shape is not None and shape.self_reported
        standings[activity_id] = fold(events, rules.of(activity_id), self_reported=reported)
    return standings


def extra_attempts(enrolment_id: int, rules: Rules) -> dict[int, int]:
    """By how many attempts the limit of each activity is moved, in one query.

    Extensions grant more, one on no activity for all; attempts of earlier enrolments leave fewer.
    """
    if not rules.limited:
        return {}
    extra: dict[int, int] = {}
    for_all = 0
    granted = Extension.objects.filter(enrolment_id=enrolment_id, withdrawn_at=None, extra_attempts__gt=0)
    less = earlier_by_item(enrolment_id, sign=-1)
    rows = granted.order_by().values_list("activity_id", "extra_attempts").union(*less, all=True)
    for activity_id, attempts in rows:
        if activity_id is None:
            for_all += attempts
        else:
            extra[activity_id] = extra.get(activity_id, 0) + attempts
    return {item: extra.get(item, 0) + for_all for item in rules.items}


def _write(enrolment: Enrolment, structure: Structure, rules: Rules, standings: dict[int, Folded]) -> Progress:
    row = _row(enrolment, structure, rules, standings)
    Progress.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["enrolment"], update_fields=PROGRESS_FIELDS
    )
    return row


def _row(enrolment: Enrolment, structure: Structure, rules: Rules, standings: dict[int, Folded]) -> Progress:
    kept = structure_kept(structure, enrolment)
    if kept is not structure:
        rules = rules_for(kept, rules.revision_id)
    measured = measure(kept, rules, standings, extra_attempts(enrolment.pk, rules))
    overall = measured.evaluation.overall
    share = None if overall is None else overall.so_far
    return Progress(
        enrolment=enrolment,
        sequence=enrolment.sequence,
        release_id=structure.release_id,
        policy_revision_id=rules.revision_id,
        computed_at=timezone.now(),
        **_counts(measured),
        points=None if share is None else shown(measured.evaluation.points),
        out_of=None if share is None else shown(measured.evaluation.out_of),
        percent=None if share is None else shown(share * 100),
        numerator=None if share is None else share.numerator,
        denominator=None if share is None else share.denominator,
        letter=measured.evaluation.letter,
        passed=measured.evaluation.passed,
        complete=measured.complete,
        modules=modules_json(measured.modules),
        activities={
            "done": sorted(activity for activity, standing in standings.items() if standing.done),
            "begun": sorted(activity for activity, standing in standings.items() if standing.attempts_made),
        },
        figures=figures_json(measured.evaluation),
    )


def _counts(measured: Measured) -> dict[str, Any]:
    return {
        "activities_done": measured.activities_done,
        "activities_total": measured.activities_total,
        "modules_done": measured.modules_done,
        "modules_total": measured.modules_total,
        "hours_done": shown(measured.hours_done),
        "hours_total": shown(measured.hours_total),
    }
