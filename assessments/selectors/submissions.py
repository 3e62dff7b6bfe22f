"""Submissions as pages and graders read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from assessments.markers import marker_of
from assessments.models import Submission
from assessments.submissions.blobs import BLOBS
from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class PinnedCheck:
    """:param path: the authored id."""

    check_id: int
    revision_id: int
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubmissionForChecks:
    """What a grader needs.

    :param points: what the lab counts for; None: what its checks are worth together.
    :param marker: of the learner for the lab.
    """

    files: Mapping[str, bytes]
    checks: tuple[PinnedCheck, ...]
    points: Fraction | None
    marker: str
    handed_in_at: datetime


def submission_for_checks(submission_id: int) -> SubmissionForChecks:
    """Files, and the checks in their pinned revisions, in the order of the lab.

    :raises BlobDamaged: the storage does not give what was handed in.
    """
    submission = Submission.objects.select_related("revision", "enrolment").get(pk=submission_id)
    points = submission.revision.body.get("points")
    return SubmissionForChecks(
        files=submission_files(submission),
        checks=pinned_checks(submission),
        points=None if points is None else Fraction(points),
        marker=marker_of(submission.enrolment.uuid, submission.activity_id),
        handed_in_at=submission.handed_in_at,
    )


def pinned_checks(submission: Submission) -> tuple[PinnedCheck, ...]:
    """Its checks in their pinned revisions, in the order of the lab."""
    rows = submission.checks.select_related("lab_check__entity", "revision").order_by("position")
    return tuple(
        PinnedCheck(each.lab_check_id, each.revision_id, each.lab_check.entity.path, each.revision.body)
        for each in rows
    )


def submission_files(submission: Submission) -> dict[str, bytes]:
    """Contents by name."""
    rows = submission.files.order_by("name").values_list("name", "blob_id")
    return {name: BLOBS.read(digest) for name, digest in rows}


def submissions_of(enrolment: Enrolment, activity_id: int) -> QuerySet[Submission]:
    """All hand-ins of one enrolment for one activity, the newest first."""
    return Submission.objects.filter(enrolment=enrolment, activity=activity_id).order_by("-number")
