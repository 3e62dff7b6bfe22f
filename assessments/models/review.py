"""Reviews: what a person found of a hand-in, criterion by criterion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from assessments.models.submission import Submission
from assessments.models.work import Criterion
from courses.models import Revision
from courses.models.typed import not_negative
from waymark.core.ids import uuid7


class Review(models.Model):
    """The review of one submission by staff: a draft, then released for good.

    A released one never changes: a correction is a review of its own that
    ``corrects`` it, and the newest released one stands. ``version`` grows with every
    save; who saves names the version that they saw.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        RELEASED = "released", "Released"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    comment = models.TextField(blank=True, help_text="For the learner, on the whole.")
    reason_for_learner = models.TextField(blank=True, help_text="Of a correction.")
    reason_for_staff = models.TextField(blank=True, help_text="Of a correction; learners do not see it.")
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    saved_at = models.DateTimeField(db_default=Now(), editable=False)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(state="draft"), name="review_one_draft"),
            models.UniqueConstraint(fields=["submission"], condition=Q(corrects=None), name="review_first_once"),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False) | Q(state="draft", released_at=None),
                name="review_released_dated",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=False) | Q(reason_for_learner="", reason_for_staff=""),
                name="review_reason_of_a_correction",
            ),
        ]
        indexes = [
            models.Index(fields=["submission", "-id"], name="review_of_submission"),
            models.Index(fields=["reviewer"], name="review_drafts", condition=Q(state="draft")),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.uuid])


class Mark(models.Model):
    """What a review gives for one criterion, in the revision of the hand-in; without points it is open."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["review", "position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="mark_position_once"),
            models.UniqueConstraint(fields=["review", "criterion"], name="mark_criterion_once"),
            not_negative("points", name="mark_points_not_negative"),
        ]

    def __str__(self) -> str:
        return f"mark {self.position}"
