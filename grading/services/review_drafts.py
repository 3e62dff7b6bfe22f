"""Drafts of reviews: begun, saved, taken over. What somebody wrote is never overwritten without their seeing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import Mark, Review, Submission
from assessments.selectors.reviews import criteria_pinned
from courses.services.enrolment import enrolment_lock
from grading.models import GradingRun
from grading.services.reviewing import may_review
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Forbidden, Invalid, Missing, Refused
from waymark.core.exact import plain

LONGEST: Final = 5_000
"""Characters of one comment."""


@dataclass(frozen=True, slots=True)
class MarkSent:
    """:param points: None leaves the criterion open."""

    points: Decimal | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReviewSent:
    """A review as somebody has it before them, knowing what was saved as *version*.

    :param marks: by criterion (its key); those that are missing stay as they are.
    """

    version: int
    marks: Mapping[int, MarkSent] = field(default_factory=dict)
    comment: str = ""


class ReviewConflict(Refused):
    """Somebody saved, or took over, since this was read: 409 ``review_conflict``; nothing was written."""

    code = "review_conflict"

    def __init__(self, *, taken_over: bool = False) -> None:
        message = (
            _("Somebody has taken this review over.")
            if taken_over
            else _("This review was saved elsewhere since you read it.")
        )
        super().__init__(message, hint=_("Both versions are shown: save yours over the other, or take the other."))
        self.taken_over = taken_over


def require_reviewer(actor: Actor, submission: Submission) -> None:
    """403 for everybody but staff of the enrolment."""
    if not may_review(actor, submission):
        raise Forbidden(_("Staff do this, and nobody for their own work."), code="own_enrolment")


@transaction.atomic
def review_begin(*, actor: Actor, submission: Submission) -> Review:
    """The draft of a hand-in's review: the one that is there, whoever has it, else a new one of *actor*.

    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Refused: ``not_reviewed`` (it has no rubric), ``run_over`` (its learner took it back),
        ``review_released``.
    """
    require_reviewer(actor, submission)
    enrolment_lock(submission.enrolment_id)
    draft = submission.reviews.filter(state=Review.State.DRAFT).first()
    if draft is not None:
        return draft
    if submission.reviews.exists():
        raise Refused(
            _("It was reviewed already."), code="review_released", hint=_("To change the result, correct its review.")
        )
    run = GradingRun.objects.filter(submission=submission, kind=GradingRun.Kind.FIRST).first()
    if run is not None and run.state == GradingRun.State.CANCELLED:
        raise Refused(_("Its learner took it back."), code="run_over")
    pinned = criteria_pinned(submission)
    if not pinned:
        raise Refused(_("Nothing of this work is scored on a rubric."), code="not_reviewed")
    assert actor.user_id is not None, "a person"
    review = Review.objects.create(submission=submission, reviewer_id=actor.user_id)
    Mark.objects.bulk_create(
        Mark(review=review, position=place, criterion_id=key, revision_id=revision)
        for place, (key, revision) in enumerate(pinned, 1)
    )
    audit_record(actor=actor, action="review.begun", subject=f"review:{review.uuid}")
    return review


@transaction.atomic
def review_save(*, actor: Actor, review: Review, sent: ReviewSent) -> Review:
    """Write a draft. Saving what stands already succeeds whatever the version, so it may be repeated.

    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Invalid: points that the criterion does not give; a comment that is too long; no such criterion.
    :raises ReviewConflict: it was saved or taken over since; ``Refused`` ``review_released``: it is out.
    """
    require_reviewer(actor, review.submission)
    return draft_write(actor, draft_lock(review), sent)


def review_lock(review: Review) -> Review:
    """The review as it stands, locked in the caller's transaction; :class:`Missing` once it was dropped."""
    rows = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("submission__enrolment")
    found = rows.filter(pk=review.pk).first()
    if found is None:
        raise Missing()
    return found


def draft_lock(review: Review) -> Review:
    """The same of a draft.

    :raises Refused: ``review_released``.
    """
    review = review_lock(review)
    if review.state != Review.State.DRAFT:
        raise Refused(
            _("This review was released; it does not change any more."), code="review_released",
            hint=_("To change the result, correct it."),
        )  # fmt: skip
    return review


def draft_write(actor: Actor, review: Review, sent: ReviewSent) -> Review:
    """Write *sent* into a locked draft; see :func:`review_save`."""
    marks = _marks(review)
    for key, given in sent.marks.items():
        if key not in marks:
            raise Invalid(_("This rubric has no such criterion."), code="no_criterion", where=f"criterion {key}")
        _check(marks[key].revision.body, given, where=f"criterion-{key}")
    _check_comment(sent.comment, where="comment")
    changed = _changed(marks, sent)
    if not changed and review.comment == sent.comment and review.reviewer_id == actor.user_id:
        return review
    if review.reviewer_id != actor.user_id or review.version != sent.version:
        raise ReviewConflict(taken_over=review.reviewer_id != actor.user_id)
    for mark, given in changed:
        mark.points, mark.comment = given.points, given.comment
    Mark.objects.bulk_update([mark for mark, _given in changed], ["points", "comment"])
    Review.objects.filter(pk=review.pk).update(comment=sent.comment, version=F("version") + 1, saved_at=Now())
    review.refresh_from_db(fields=["comment", "version", "saved_at"])
    return review


def says_the_same(review: Review, sent: ReviewSent) -> bool:
    """Whether what was sent is what stands."""
    return review.comment == sent.comment and not _changed(_marks(review), sent)


def _marks(review: Review) -> dict[int, Mark]:
    return {each.criterion_id: each for each in review.marks.select_related("revision")}


def _changed(marks: Mapping[int, Mark], sent: ReviewSent) -> list[tuple[Mark, MarkSent]]:
    """Those marks that *sent* has otherwise; criteria that the rubric does not have are passed over."""
    pairs = [(marks[key], given) for key, given in sent.marks.items() if key in marks]
    return [(mark, given) for mark, given in pairs if (mark.points, mark.comment) != (given.points, given.comment)]


def _check(body: Mapping[str, Any], given: MarkSent, *, where: str) -> None:
    _check_comment(given.comment, where=where)
    if given.points is None:
        return
    most = Decimal(str(body["points"]))
    exponent = given.points.as_tuple().exponent
    if not given.points.is_finite() or not 0 <= given.points <= most or not isinstance(exponent, int) or exponent < -4:
        raise Invalid(
            _("%(title)s gives 0 to %(most)s points, with at most four decimal places.")
            % {"title": body["title"], "most": plain(most)},
            code="points_out_of_range", where=where,
        )  # fmt: skip


def _check_comment(text: str, *, where: str) -> None:
    if len(text) > LONGEST:
        raise Invalid(
            _("The comment is longer than %(most)d characters.") % {"most": LONGEST}, code="too_long", where=where
        )


@transaction.atomic
def review_take_over(*, actor: Actor, review: Review) -> Review:
    """Make a colleague's draft one's own, with what is in it; their next save is told. Logged.

    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Refused: ``review_released``.
    """
    require_reviewer(actor, review.submission)
    review = draft_lock(review)
    if review.reviewer_id == actor.user_id:
        return review
    before = review.reviewer_id
    assert actor.user_id is not None, "a person"
    Review.objects.filter(pk=review.pk).update(reviewer=actor.user_id, version=F("version") + 1)
    audit_record(
        actor=actor, action="review.taken_over", subject=f"review:{review.uuid}", details={"from": before}
    )  # fmt: skip
    review.refresh_from_db()
    return review
