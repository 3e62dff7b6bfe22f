"""A submission that its learner takes back before a worker has it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Submission
from courses.services.enrolment import enrolment_lock
from grading.models import GradingRun
from grading.services.giving_back import waiting_event, withdrawal_of
from grading.services.ledger import ledger_append
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Refused

State = GradingRun.State


@transaction.atomic
def submission_cancel(*, actor: Actor, submission: Submission) -> GradingRun:
    """Take a submission that waits out of its queue; it counts as not made. Asking again changes nothing.

    The conditional write decides between this and a worker that claims it at the same instant.

    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``run_under_way`` once a worker or a reviewer has it, ``run_over`` once it was checked or
        given up.
    """
    if not may_cancel(actor, submission):
        raise Forbidden(_("Only the learner can take work back."))
    enrolment = enrolment_lock(submission.enrolment_id)
    if submission.reviews.exists():
        raise Refused(
            _("Somebody reviews it already, so it counts."), code="run_under_way", hint=_("Wait for the result.")
        )
    first = GradingRun.objects.filter(submission=submission, kind=GradingRun.Kind.FIRST)
    cancelled = first.filter(state=State.QUEUED).update(state=State.CANCELLED, not_before=None)
    run = first.get()
    if not cancelled:
        return _as_it_is(run)
    if (waiting := waiting_event(run)) is not None:
        ledger_append(actor=actor, enrolment=enrolment, fact=withdrawal_of(run, waiting, {"cancelled": True}))
    audit_record(actor=actor, action="grading.cancelled", subject=f"run:{run.uuid}")
    return run


def may_cancel(actor: Actor, submission: Submission) -> bool:
    """Whether the work is the actor's own, and not seen through somebody's eyes."""
    return actor.is_person(submission.enrolment.learner_id)


def _as_it_is(run: GradingRun) -> GradingRun:
    if run.state == State.CLAIMED:
        raise Refused(
            _("A worker has taken it already, so it counts."), code="run_under_way",
            hint=_("Wait for its result."),
        )  # fmt: skip
    if run.state != State.CANCELLED:
        raise Refused(_("It was checked already."), code="run_over")
    return run
