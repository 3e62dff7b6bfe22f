"""Checks that people do: staff tick what holds of a hand-in, and that is its result."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Submission
from assessments.selectors.submissions import PinnedCheck, pinned_checks
from courses.access import enrolments_staffed_by
from courses.services.enrolment import enrolment_lock
from grading.checks.registry import kit_version
from grading.graders.base import CheckScore, Score
from grading.models import GradingRun
from grading.services.people import run_store_by
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Refused

NAME: Final = "people"
VERSION: Final = 1
LONGEST: Final = 2000
"""Characters of a note for the learner."""


def may_review(actor: Actor, submission: Submission) -> bool:
    """Staff of the enrolment, and never one's own work."""
    if actor.user_id == submission.enrolment.learner_id:
        return False
    return enrolments_staffed_by(actor).filter(pk=submission.enrolment_id).exists()


@transaction.atomic
def review_record(
    *, actor: Actor, submission: Submission, ticked: Mapping[int, Collection[int]], note: str = ""
) -> GradingRun:
    """Write what staff found as the result of a hand-in that waits for people; the score follows from it.

    :param ticked: by check (its key), the places of the items that hold, from 0.
    :param note: for the learner, shown with every check.
    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Invalid: an item that is not there; a note that is too long.
    :raises Refused: ``not_for_people``, or ``run_over`` when somebody was first.
    """
    if not may_review(actor, submission):
        raise Forbidden(_("Staff do this."), code="own_enrolment")
    if len(note) > LONGEST:
        raise Invalid(
            _("The note is longer than %(most)d characters.") % {"most": LONGEST}, code="too_long", where="note"
        )
    enrolment_lock(submission.enrolment_id)
    run = GradingRun.objects.filter(submission=submission, kind=GradingRun.Kind.FIRST).get()
    if run.queue != GradingRun.Queue.PEOPLE:
        raise Refused(_("Nothing of this work is for people to check."), code="not_for_people")
    score = _score(submission, ticked, note.strip())
    if not run_store_by(actor, run, score):
        raise Refused(_("It was checked already."), code="run_over")
    audit_record(actor=actor, action="grading.reviewed", subject=f"run:{run.uuid}")
    run.refresh_from_db()
    return run


def _score(submission: Submission, ticked: Mapping[int, Collection[int]], note: str) -> Score:
    pinned = pinned_checks(submission)
    strange = ticked.keys() - {each.check_id for each in pinned}
    checks = tuple(_check(each, ticked.get(each.check_id, ()), note) for each in pinned)
    if strange or not checks:
        raise Invalid(_("There is no such check."), code="no_check", where="items")
    full = sum((each.out_of for each in checks), Fraction(0))
    earned = sum((each.share * each.out_of for each in checks), Fraction(0))
    points = submission.revision.body.get("points")
    passed = all(each.share == 1 for each in checks)
    return Score(
        share=earned / full if full else Fraction(0),
        out_of=full if points is None else Fraction(points),
        grader=NAME,
        version=VERSION,
        detail={
            "outcome": "passed" if passed else "failed", "kit_version": kit_version(),
            "earned": str(earned), "full": str(full),
        },
        checks=checks,
    )  # fmt: skip


def _check(check: PinnedCheck, ticked: Collection[int], note: str) -> CheckScore:
    items = check.body["spec"]["items"]
    if any(place not in range(len(items)) for place in ticked):
        raise Invalid(_("There is no such item."), code="no_item", where="items")
    holds = [place in ticked for place in range(len(items))]
    cases = [
        {"id": str(number), "visible": True, "passed": right, "message": item}
        for number, (item, right) in enumerate(zip(items, holds, strict=True), 1)
    ]
    return CheckScore(
        check_id=check.check_id,
        revision_id=check.revision_id,
        outcome="passed" if all(holds) else "failed",
        share=Fraction(sum(holds), len(items)),
        out_of=Fraction(check.body["points"]),
        message=note,
        detail={"cases": cases},
    )
