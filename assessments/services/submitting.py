"""Handing in work for a lab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Blob, Check, Lab, SolutionShown, Submission, SubmissionCheck, SubmissionFile
from assessments.policy import AttemptRules, attempt_rules, result_stands
from assessments.services.refusals import refused_by_count, refused_by_gate, refused_by_time
from assessments.services.starting import pinned_in
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
    """Keep *work* as handed in for a lab and have it checked.

    The same work against the same checks is the hand-in it was: a double click, or
    a second try that changed nothing, answers the earlier row.

    :raises Missing: the activity is no lab of the enrolment's program.
    :raises Forbidden: *actor* is not the learner.
    :raises Refused: ``enrolment_...``, ``retired``, ``locked``, ``attempts_used_up``,
        ``attempts_given_up``, ``attempt_too_soon``, ``past_due``, ``cohort_ended``, ``lab_without_checks``.
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


def lab_of(enrolment: Enrolment, activity_id: int) -> Lab:
    """The lab, if the enrolment's program has it, its own or by a placed module."""
    return _lab_in(enrolment, Q(pk=activity_id))


def lab_at(enrolment: Enrolment, path: str) -> Lab:
    """The same, by its path."""
    return _lab_in(enrolment, Q(activity__path=path))


def _lab_in(enrolment: Enrolment, which: Q) -> Lab:
    program = enrolment.program_id
    inside = Q(activity__program=program) | Q(activity__module__placements__program=program)
    rows = Lab.objects.filter(inside, which)
    lab = rows.select_related("activity__entity", "activity__module", "activity__revision").first()
    if lab is None:
        raise Missing()
    return lab


def hand_in_refusal(enrolment: Enrolment, lab: Lab, rules: AttemptRules, now: datetime) -> DomainError | None:
    """Why nothing may be handed in now, or None; the same decision for the page's button and the service."""
    return _refused_by_state(enrolment, lab, rules, now) or _refused_by_count(enrolment, lab, rules, now)


def _refused_by_state(enrolment: Enrolment, lab: Lab, rules: AttemptRules, now: datetime) -> DomainError | None:
    return (
        work_refusal(enrolment)
        or refused_by_gate(enrolment, lab.activity)
        or refused_by_time(enrolment, lab.activity, rules, now)
    )


def _refused_by_count(enrolment: Enrolment, lab: Lab, rules: AttemptRules, now: datetime) -> DomainError | None:
    rows = Submission.objects.filter(enrolment=enrolment, lab=lab).exclude(pk__in=rules.cancelled)
    made = rows.aggregate(count=Count("pk"), last=Max("handed_in_at"))
    return refused_by_count(rules, made["count"], made["last"], now)


@transaction.atomic
def _create(actor: Actor, enrolment_id: int, activity_id: int, work: Work, origin: Origin, now: datetime) -> HandedIn:
    enrolment = enrolment_lock(enrolment_id)
    lab = lab_of(enrolment, activity_id)
    rules = attempt_rules(enrolment, lab.activity)
    if (refusal := _refused_by_state(enrolment, lab, rules, now)) is not None:
        raise refusal
    release = Release.objects.filter(program=enrolment.program_id, current=True).first()
    checks = list(Check.objects.current().filter(lab=lab).order_by("position", "pk"))
    if release is None or not checks:
        raise Refused(_("Nothing checks this lab yet."), code="lab_without_checks")
    pinned = pinned_in(release, {lab.pk: lab.activity.revision_id} | {each.pk: each.revision_id for each in checks})
    earlier = _same_as_before(enrolment, lab, work, {each.pk: pinned[each.pk] for each in checks})
    if earlier is not None:
        return HandedIn(earlier, created=False)
    if (refusal := _refused_by_count(enrolment, lab, rules, now)) is not None:
        raise refusal
    last = Submission.objects.filter(enrolment=enrolment, lab=lab).aggregate(last=Max("number"))["last"]
    assert actor.user_id is not None, "a person"
    submission = Submission.objects.create(
        enrolment=enrolment, lab=lab, number=(last or 0) + 1, source=origin.source,
        repository=origin.repository, commit=origin.commit, digest=work.digest, release=release,
        revision_id=pinned[lab.pk], handed_in_at=now, handed_in_by_id=actor.user_id,
        after_solution=SolutionShown.objects.filter(enrolment__learner=enrolment.learner_id, lab=lab).exists(),
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


def _name_blobs(work: Work) -> None:
    """Rows for the contents. A sweep that had one of them in hand is over by then, so what it took is written again."""
    contents = {digest: work.files[name] for name, digest in work.digests.items()}
    rows = [Blob(digest=digest, size=len(contents[digest]), stored_at=Now()) for digest in sorted(contents)]
    Blob.objects.bulk_create(rows, update_conflicts=True, unique_fields=["digest"], update_fields=["stored_at"])
    for digest, data in contents.items():
        BLOBS.write(data, digest)


def _same_as_before(enrolment: Enrolment, lab: Lab, work: Work, checks: dict[int, int]) -> Submission | None:
    """The newest submission of the same work against the same revisions whose result stands, or will."""
    rows = Submission.objects.filter(enrolment=enrolment, lab=lab, digest=work.digest).order_by("-number")
    for submission in rows.prefetch_related("checks")[:20]:
        pinned = {each.lab_check_id: each.revision_id for each in submission.checks.all()}
        if pinned == checks and result_stands(submission):
            return submission
    return None
