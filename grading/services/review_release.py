"""Releasing reviews: the score, the learner's standing and the feed in one transaction; corrections likewise."""

from __future__ import annotations

from fractions import Fraction

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Mark, Review, Submission
from assessments.selectors.reviews import Marked, marks_of
from courses.services.enrolment import enrolment_lock
from grading.graders.base import Score
from grading.graders.review import score_review
from grading.models import GradingRun
from grading.selectors.regrades import Reasons
from grading.services.people import run_by_person, run_store_by
from grading.services.review_drafts import (
    LONGEST,
    ReviewSent,
    draft_lock,
    draft_write,
    require_reviewer,
    review_lock,
    says_the_same,
)
from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.errors import Invalid, Refused


class ReviewIncomplete(Refused):
    """Criteria are open: 409 ``review_incomplete``.

    :ivar criteria: what was left open.
    """

    code = "review_incomplete"

    def __init__(self, criteria: list[Marked]) -> None:
        titles = ", ".join(str(each.body["title"]) for each in criteria[:5])
        message = ngettext(
            "%(count)d criterion is open: %(titles)s.", "%(count)d criteria are open: %(titles)s.", len(criteria)
        )
        super().__init__(
            message % {"count": len(criteria), "titles": titles}, hint=_("Give each of them points, if only nought.")
        )
        self.criteria = criteria


@transaction.atomic
def review_release(*, actor: Actor, review: Review, sent: ReviewSent) -> Review:
    """Save a draft and release it: the hand-in has its score, and the learner reads all of it.

    Its author's releasing it once more with the same content, as by a double click, changes nothing.

    :raises Forbidden, Invalid, ReviewConflict: as ``review_save``.
    :raises ReviewIncomplete: a criterion other than bonus has no points.
    :raises Refused: ``run_over`` when the learner took the work back meanwhile.
    """
    submission = review.submission
    require_reviewer(actor, submission)
    # The enrolment first, as everybody who changes a standing.
    enrolment_lock(submission.enrolment_id)
    review = review_lock(review)
    if review.state == Review.State.RELEASED and review.reviewer_id == actor.user_id and says_the_same(review, sent):
        return review
    review = draft_write(actor, draft_lock(review), sent)
    marks = marks_of(review)
    if missing := [each for each in marks if each.is_open]:
        raise ReviewIncomplete(missing)
    Review.objects.filter(pk=review.pk).update(state=Review.State.RELEASED, released_at=Now())
    points = submission.revision.body.get("points")
    score = score_review(marks, None if points is None else Fraction(points), review=str(review.uuid))
    _store(actor, submission, score, review)
    audit_record(actor=actor, action="review.released", subject=f"review:{review.uuid}")
    review.refresh_from_db()
    return review


def _store(actor: Actor, submission: Submission, score: Score, review: Review) -> None:
    if review.corrects_id is not None:
        reasons = Reasons(review.reason_for_learner, review.reason_for_staff)
        run = run_by_person(submission)
        run_store_by(actor, run, score, reasons)
        return
    run = GradingRun.objects.get(submission=submission, kind=GradingRun.Kind.FIRST)
    if not run_store_by(actor, run, score):
        raise Refused(_("Its learner took it back."), code="run_over")


@transaction.atomic
def review_correct(*, actor: Actor, submission: Submission, for_learner: str, for_staff: str = "") -> Review:
    """Begin to correct a released review: a draft with its marks. Its release replaces the score.

    :param for_learner, for_staff: why; the first is shown to the learner with the new result.
    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Invalid: no reason for the learner; one that is too long.
    :raises Refused: ``not_reviewed`` (nothing was released); ``correction_begun`` (one is under way).
    """
    require_reviewer(actor, submission)
    for_learner, for_staff = for_learner.strip(), for_staff.strip()
    if not for_learner:
        raise Invalid(_("Say why, for the learner."), code="reason_missing", where="for_learner")
    for name, text in (("for_learner", for_learner), ("for_staff", for_staff)):
        if len(text) > LONGEST:
            raise Invalid(
                _("The reason is longer than %(most)d characters.") % {"most": LONGEST}, code="too_long", where=name
            )
    enrolment_lock(submission.enrolment_id)
    newest = submission.reviews.order_by("-pk").first()
    if newest is None or (newest.state == Review.State.DRAFT and newest.corrects_id is None):
        raise Refused(_("No review of it was released yet."), code="not_reviewed")
    if newest.state == Review.State.DRAFT:
        raise Refused(
            _("A correction is under way already, with a reason of its own."), code="correction_begun",
            hint=_("Go on with that one, or drop it first."),
        )  # fmt: skip
    assert actor.user_id is not None, "a person"
    review = Review.objects.create(
        submission=submission, reviewer_id=actor.user_id, corrects=newest, comment=newest.comment,
        reason_for_learner=for_learner, reason_for_staff=for_staff,
    )  # fmt: skip
    Mark.objects.bulk_create(
        Mark(
            review=review, position=each.position, criterion_id=each.criterion_id, revision_id=each.revision_id,
            points=each.points, comment=each.comment,
        )
        for each in newest.marks.order_by("position")
    )  # fmt: skip
    audit_record(actor=actor, action="review.correction_begun", subject=f"review:{review.uuid}", reason=for_staff)
    return review


def _is_empty(review: Review) -> bool:
    """Whether nothing is written in it yet."""
    return not review.comment and not review.marks.exclude(points=None, comment="").exists()


@transaction.atomic
def review_drop(*, actor: Actor, review: Review) -> None:
    """Give up a correction, or a first review in which nothing is written: then the work waits for anybody again.

    :raises Forbidden: *actor* is no staff of the enrolment, or its learner.
    :raises Refused: ``review_released``; ``first_review`` with something written; ``review_taken``.
    """
    require_reviewer(actor, review.submission)
    review = draft_lock(review)
    if review.reviewer_id != actor.user_id:
        raise Refused(_("A colleague writes this one."), code="review_taken", hint=_("Take it over first."))
    if review.corrects_id is None and not _is_empty(review):
        raise Refused(
            _("What is written in this review would be lost."), code="first_review",
            hint=_("Release it, or let a colleague take it over."),
        )  # fmt: skip
    audit_record(actor=actor, action="review.dropped", subject=f"review:{review.uuid}")
    review.delete()
