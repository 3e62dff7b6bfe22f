"""Regrades: left ready by an apply, started once, finished when nothing of them waits."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import Attempt
from courses.curriculum.applied import Made
from courses.models import ReleaseItem
from grading.graders.again import Corrections
from grading.impact.corrections import corrections_of
from grading.models import GradeEvent, GradingRun, Regrade
from grading.selectors.regrades import corrections_in
from grading.selectors.scores import asked_what_is_corrected, graded_again
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Refused
from waymark.core.ring import ring_after_commit

QUEUE = GradingRun.Queue.REGRADE
BATCH = 1000
FOLLOWED_FOR = timedelta(days=90)
"""How long attempts that were begun before a release are still looked for."""

State = Regrade.State


def regrade_make(made: Made) -> None:
    """Leave a regrade ready for a release that corrects what somebody was asked; in the apply's transaction."""
    corrections, addresses = corrections_of(made.comparison, {draft.address: draft for draft in made.drafts})
    if not corrections:
        return
    program = made.release.program_id
    if not Attempt.objects.filter(asked_what_is_corrected(corrections), enrolment__in=graded_again(program)).exists():
        return
    impact = made.impact
    regrade = Regrade.objects.create(
        release=made.release,
        corrected=sorted(addresses),
        grades_changed=impact.grades_changed if impact else None,
        passes_lost=impact.passes_lost if impact else None,
        passes_gained=impact.passes_gained if impact else None,
    )
    if made.regrade:
        regrade_start(actor=made.actor, regrade=regrade)


@transaction.atomic
def regrade_start(*, actor: Actor, regrade: Regrade) -> Regrade:
    """Queue every attempt that a regrade concerns; starting it again changes nothing.

    ``regrade_dismissed`` (409) for one that somebody put aside.
    """
    locked = _locked(regrade)
    if locked.state == State.DISMISSED:
        raise Refused(_("This regrade was put aside."), code="regrade_dismissed")
    if locked.state != State.READY:
        return locked
    Regrade.objects.filter(pk=locked.pk).update(state=State.STARTED, started_at=Now(), started_by_id=actor.user_id)
    queued = _queue(locked)
    audit_record(
        actor=actor, action="grading.regrade_started", subject=f"regrade:{locked.uuid}", details={"attempts": queued}
    )
    if queued:
        ring_after_commit(QUEUE)
    else:
        Regrade.objects.filter(pk=locked.pk).update(state=State.DONE, ended_at=Now())
    locked.refresh_from_db()
    return locked


@transaction.atomic
def regrade_dismiss(*, actor: Actor, regrade: Regrade) -> Regrade:
    """Put a regrade aside: the grades stay as they are. ``regrade_started`` (409) once it runs."""
    locked = _locked(regrade)
    if locked.state == State.DISMISSED:
        return locked
    if locked.state != State.READY:
        raise Refused(_("This regrade is started already."), code="regrade_started")
    Regrade.objects.filter(pk=locked.pk).update(state=State.DISMISSED, ended_at=Now())
    audit_record(actor=actor, action="grading.regrade_dismissed", subject=f"regrade:{locked.uuid}")
    locked.refresh_from_db()
    return locked


def _locked(regrade: Regrade) -> Regrade:
    rows = Regrade.objects.select_related("release__program")
    return rows.select_for_update(of=("self",)).get(pk=regrade.pk)


def regrades_follow() -> int:
    """Queue what was handed in since, and close regrades of which nothing waits; return how many runs were queued."""
    under_way = Regrade.objects.filter(
        state__in=[State.STARTED, State.DONE], started_at__gt=Now() - FOLLOWED_FOR
    ).select_related("release__program")  # fmt: skip
    queued = sum(_queue(regrade) for regrade in under_way)
    if queued:
        ring_after_commit(QUEUE)
    regrades_finish()
    return queued


def regrades_finish() -> int:
    """Close the regrades of which nothing waits; return how many."""
    waiting = GradingRun.objects.filter(
        regrade=OuterRef("pk"), state__in=[GradingRun.State.QUEUED, GradingRun.State.CLAIMED]
    )
    started = Regrade.objects.filter(~Exists(waiting), state=State.STARTED)
    return started.update(state=State.DONE, ended_at=Now())


def _queue(regrade: Regrade) -> int:
    """Queue the attempts that have no run yet; how many there were."""
    corrections = corrections_in(regrade)
    attempts = list(_attempts(regrade, corrections)) if corrections else []
    quizzes = ReleaseItem.objects.filter(release=regrade.release, entity__in={each.quiz_id for each in attempts})
    revisions = dict(quizzes.values_list("entity_id", "revision_id"))
    runs = [_run(regrade, each, revisions) for each in attempts]
    GradingRun.objects.bulk_create(runs, batch_size=BATCH, ignore_conflicts=True)
    return len(attempts)


def _attempts(regrade: Regrade, corrections: Corrections) -> QuerySet[Attempt]:
    """Begun before the release and graded by a run, without a run of this regrade."""
    scores = GradeEvent.objects.filter(attempt=OuterRef("pk"), kind=GradeEvent.Kind.SCORE, run__isnull=False)
    runs = GradingRun.objects.filter(attempt=OuterRef("pk"), regrade=regrade)
    release = regrade.release
    return (
        Attempt.objects.filter(asked_what_is_corrected(corrections), Exists(scores), ~Exists(runs))
        .filter(enrolment__in=graded_again(release.program_id), release__number__lt=release.number)
        .select_related("enrolment")
        .only("pk", "number", "quiz_id", "revision_id", "enrolment__learner_id")
        .order_by("pk")
    )


def _run(regrade: Regrade, attempt: Attempt, revisions: dict[int, int]) -> GradingRun:
    return GradingRun(
        learner_id=attempt.enrolment.learner_id,
        enrolment_id=attempt.enrolment_id,
        activity_id=attempt.quiz_id,
        attempt=attempt,
        attempt_number=attempt.number,
        kind=GradingRun.Kind.REGRADE,
        regrade=regrade,
        queue=QUEUE,
        release_id=regrade.release_id,
        revision_id=revisions.get(attempt.quiz_id, attempt.revision_id),
    )
