"""Handing in work for a lab or a project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import (
    Blob,
    Check,
    Criterion,
    Lab,
    SolutionShown,
    Submission,
    SubmissionCheck,
    SubmissionFile,
)
from assessments.policy import AttemptRules, attempt_rules, result_stands
from assessments.selectors.pins import pinned_in
from assessments.selectors.reviews import not_reviewed
from assessments.services.refusals import refused_by_count, refused_by_gate, refused_by_time
from assessments.signals import work_submitted
from assessments.submissions.blobs import BLOBS
from assessments.submissions.intake import Work
from courses.models import Activity, Enrolment, Release
from courses.services.enrolment import enrolment_lock
from courses.standing import work_refusal
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden, Missing, Refused


@dataclass(frozen=True, slots=True)
class HandedIn:
    """:param created: False when the same work was handed in before and its result stands: no attempt was used."""

    submission: Submission
    created: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """How work came.

    :param repository, commit: of a commit (``Source.GIT``), where it was fetched from and its hash.
    """

    source: Submission.Source
    repository: str = ""
    commit: str = ""


def submission_create(
    *, actor: Actor, enrolment: Enrolment, activity: Activity, work: Work, source: Submission.Source | Origin,
    now: datetime | None = None,
) -> HandedIn:  # fmt: skip
    """Keep *work* as handed in for a lab or a project and have it checked or reviewed.

    The same work against the same checks is the hand-in it was: a double click, or
    a second try that changed nothing, answers the earlier row.

    :raises Missing: the activity is no lab or project of the enrolment's program.
    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``enrolment_...``, ``retired``, ``locked``, ``attempts_used_up``,
        ``attempts_given_up``, ``attempt_too_soon``, ``past_due``, ``cohort_ended``, ``lab_without_checks``,
        ``project_without_rubric``, ``review_waits``.
    """
    if not actor.is_person(enrolment.learner_id):
        raise Forbidden(_("Only the learner can hand in."))
    contents_keep(work)
    origin = source if isinstance(source, Origin) else Origin(source)
    return _create(actor, enrolment.pk, activity.pk, work, origin, now or timezone.now())


def contents_keep(work: Work) -> None:
    """Write the contents before the transaction that names them: one that nothing names is swept later."""
    for name, data in work.files.items():
        BLOBS.write(data, work.digests[name])


HANDED_IN_FOR = (Activity.Kind.LAB, Activity.Kind.PROJECT)


def item_of(enrolment: Enrolment, activity_id: int) -> Activity:
    """The lab or project, if the enrolment's program has it, its own or by a placed module."""
    return _item_in(enrolment, Q(pk=activity_id))


def item_at(enrolment: Enrolment, path: str) -> Activity:
    """The same, by its path."""
    return _item_in(enrolment, Q(path=path))


def _item_in(enrolment: Enrolment, which: Q) -> Activity:
    program = enrolment.program_id
    inside = Q(program=program) | Q(module__placements__program=program)
    rows = Activity.objects.filter(inside, which, kind__in=HANDED_IN_FOR)
    activity = rows.select_related("entity", "module", "revision", "lab").first()
    if activity is None:
        raise Missing()
    return activity


def lab_of(enrolment: Enrolment, activity_id: int) -> Lab:
    """The same of a lab alone."""
    return _lab(item_of(enrolment, activity_id))


def lab_at(enrolment: Enrolment, path: str) -> Lab:
    """The same of a lab alone, by its path."""
    return _lab(item_at(enrolment, path))


def _lab(activity: Activity) -> Lab:
    if activity.kind != Activity.Kind.LAB:
        raise Missing()
    return activity.lab


def hand_in_refusal(enrolment: Enrolment, activity: Activity, rules: AttemptRules, now: datetime) -> DomainError | None:
    """Why nothing may be handed in now, or None; the same decision for the page's button and the service."""
    return _refused_by_state(enrolment, activity, rules, now) or _refused_by_count(enrolment, activity, rules, now)


def _refused_by_state(
    enrolment: Enrolment, activity: Activity, rules: AttemptRules, now: datetime
) -> DomainError | None:
    return (
        work_refusal(enrolment)
        or refused_by_gate(enrolment, activity)
        or refused_by_time(enrolment, activity, rules, now)
    )


def _refused_by_count(
    enrolment: Enrolment, activity: Activity, rules: AttemptRules, now: datetime
) -> DomainError | None:
    rows = Submission.objects.filter(enrolment=enrolment, activity=activity).exclude(pk__in=rules.cancelled)
    if activity.kind == Activity.Kind.PROJECT and not_reviewed(rows).exists():
        return Refused(
            _("An earlier submission still waits for its review."), code="review_waits",
            hint=_("Take it back to hand in another one; once somebody reviews it, wait for the result."),
        )  # fmt: skip
    made = rows.aggregate(count=Count("pk"), last=Max("handed_in_at"))
    return refused_by_count(rules, made["count"], made["last"], now)


@transaction.atomic
def _create(actor: Actor, enrolment_id: int, activity_id: int, work: Work, origin: Origin, now: datetime) -> HandedIn:
    enrolment = enrolment_lock(enrolment_id)
    activity = item_of(enrolment, activity_id)
    rules = attempt_rules(enrolment, activity)
    if (refusal := _refused_by_state(enrolment, activity, rules, now)) is not None:
        raise refusal
    release = Release.objects.filter(program=enrolment.program_id, current=True).first()
    if release is None:
        raise Missing()
    checks = list(Check.objects.current().filter(lab=activity.pk).order_by("position", "pk"))
    if not checks and (refusal := unjudged_refusal(activity)) is not None:
        raise refusal
    pinned = pinned_in(release, {activity.pk: activity.revision_id} | {each.pk: each.revision_id for each in checks})
    earlier = _same_as_before(enrolment, activity, work, {each.pk: pinned[each.pk] for each in checks})
    if earlier is not None:
        return HandedIn(earlier, created=False)
    if (refusal := _refused_by_count(enrolment, activity, rules, now)) is not None:
        raise refusal
    last = Submission.objects.filter(enrolment=enrolment, activity=activity).aggregate(last=Max("number"))["last"]
    assert actor.user_id is not None, "a person"
    submission = Submission.objects.create(
        enrolment=enrolment, activity=activity, number=(last or 0) + 1, source=origin.source,
        repository=origin.repository, commit=origin.commit, digest=work.digest, release=release,
        revision_id=pinned[activity.pk], handed_in_at=now, handed_in_by_id=actor.user_id,
        after_solution=SolutionShown.objects.filter(
            enrolment__learner=enrolment.learner_id, lab=activity.pk
        ).exists(),
    )  # fmt: skip
    _name_blobs(work)
    SubmissionFile.objects.bulk_create(
        SubmissionFile(submission=submission, name=name, blob_id=digest) for name, digest in work.digests.items()
    )
    SubmissionCheck.objects.bulk_create(
        SubmissionCheck(submission=submission, position=place, lab_check=each, revision_id=pinned[each.pk])
        for place, each in enumerate(checks, start=1)
    )
    work_submitted.send(sender=Submission, submission=submission)
    return HandedIn(submission, created=True)


def unjudged_refusal(activity: Activity) -> DomainError | None:
    """Why nothing of it can be handed in for anybody: nothing would check or score it."""
    if activity.kind == Activity.Kind.LAB:
        if Check.objects.current().filter(lab=activity.pk).exists():
            return None
        return Refused(_("Nothing checks this lab yet."), code="lab_without_checks")
    if Criterion.objects.current().filter(rubric__project=activity.pk).exists():
        return None
    return Refused(_("This project has no rubric yet."), code="project_without_rubric")


def _name_blobs(work: Work) -> None:
    """Rows for the contents. A sweep that had one of them in hand is over by then, so what it took is written again."""
    contents = {digest: work.files[name] for name, digest in work.digests.items()}
    rows = [Blob(digest=digest, size=len(contents[digest]), stored_at=Now()) for digest in sorted(contents)]
    Blob.objects.bulk_create(rows, update_conflicts=True, unique_fields=["digest"], update_fields=["stored_at"])
    for digest, data in contents.items():
        BLOBS.write(data, digest)


def _same_as_before(enrolment: Enrolment, activity: Activity, work: Work, checks: dict[int, int]) -> Submission | None:
    """The newest submission of the same work against the same revisions whose result stands, or will."""
    rows = Submission.objects.filter(enrolment=enrolment, activity=activity, digest=work.digest).order_by("-number")
    for submission in rows.prefetch_related("checks")[:20]:
        pinned = {each.lab_check_id: each.revision_id for each in submission.checks.all()}
        if pinned == checks and result_stands(submission):
            return submission
    return None
