"""One grading of one piece of work: who has it, how long it may, what came out."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from assessments.models import Attempt, Check, Submission
from courses.models import Activity, Enrolment, Release, Revision
from grading.models.fields import WholeNumberField
from grading.models.regrade import Regrade
from waymark.core.ids import uuid7

OF_CHECKS = Q(queue__in=["grading.checks", "grading.checks.gpu"])


class GradingRun(models.Model):
    """Of an attempt or a submission: queued with the hand-in, claimed by one worker at a time, closed once.

    ``claim`` grows with every claim and is the fencing token: a worker's writes
    hold only while the row still carries the number it was given. Leases count
    on the database's clock. Points are exact (numerator and denominator) and out
    of ``out_of``.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "First grading"
        REGRADE = "regrade", "Regrade"
        REVIEW = "review", "Corrected review"

    class Queue(models.TextChoices):
        QUIZ = "grading.quiz", "Quizzes"
        CHECKS = "grading.checks", "Checks"
        CHECKS_GPU = "grading.checks.gpu", "Checks on a GPU"
        REGRADE = "grading.regrade", "Regrades"
        PEOPLE = "grading.people", "Looked at by staff"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        CLAIMED = "claimed", "Being graded"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled by the learner"

    class Outcome(models.TextChoices):
        SCORED = "scored", "Scored"
        INFRASTRUCTURE = "infrastructure", "The grading service failed"
        GRADER_ERROR = "grader_error", "The grader could not read the content"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="runs")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="runs")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="runs")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="runs")
    attempt_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FIRST)
    regrade = models.ForeignKey(
        Regrade, models.PROTECT, null=True, blank=True, related_name="runs",
        db_index=False,  # the unique constraint has one
    )  # fmt: skip
    queue = models.CharField(max_length=20, choices=Queue)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)

    claim = models.PositiveIntegerField(default=0, help_text="Fencing token: the number of the newest claim.")
    claimed_by = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    requeues = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="Given back after a failure: rests until then.")
    telling_until = models.DateTimeField(null=True, blank=True, help_text="Somebody writes to staff until then.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When staff were told that it failed.")

    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True)

    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    grader = models.CharField(max_length=40, blank=True)
    grader_version = models.PositiveSmallIntegerField(null=True, blank=True)

    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    points_numerator = WholeNumberField(null=True, blank=True)
    points_denominator = WholeNumberField(null=True, blank=True)
    out_of = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    detail = models.JSONField(default=dict, help_text="What each question gave, and why.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attempt__isnull=False, submission=None) | Q(attempt=None, submission__isnull=False),
                name="run_of_one_work",
            ),
            models.UniqueConstraint(fields=["attempt"], condition=Q(kind="first"), name="run_first_once"),
            models.UniqueConstraint(fields=["submission"], condition=Q(kind="first"), name="run_first_of_submission"),
            models.UniqueConstraint(fields=["regrade", "attempt"], name="run_once_for_a_regrade"),
            models.CheckConstraint(
                condition=Q(kind="regrade", regrade__isnull=False) | ~Q(kind="regrade") & Q(regrade=None),
                name="run_regrade_named",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", lease_until__isnull=False) | ~Q(state="claimed") & Q(lease_until=None),
                name="run_lease_while_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "claimed", "cancelled"], outcome="")
                | Q(state="finished", outcome="scored")
                | Q(state="failed", outcome__in=["infrastructure", "grader_error"]),
                name="run_outcome_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="scored")
                | Q(points_numerator__isnull=False, points_denominator__gt=0, out_of__isnull=False),
                name="run_scored_has_points",
            ),
            models.CheckConstraint(
                condition=Q(stored_at=None) | Q(queued_at__lte=F("stored_at")), name="run_stored_after_queued"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "queued_at", "id"], name="run_waiting", condition=Q(state="queued")),
            models.Index(fields=["learner"], name="run_of_learner", condition=Q(state="claimed")),
            models.Index(fields=["lease_until"], name="run_lease", condition=Q(state="claimed")),
            models.Index(fields=["enrolment", "activity", "id"], name="run_of_item"),
            models.Index(fields=["learner", "queue", "claimed_at"], name="run_served", condition=OF_CHECKS),
            models.Index(fields=["activity", "id"], name="run_measured", condition=OF_CHECKS & Q(state="finished")),
            models.Index(fields=["id"], name="run_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def page(self) -> str:
        """The path of the page that shows what it gave."""
        if self.submission is not None:
            return self.submission.get_absolute_url()
        assert self.attempt is not None, "a run is of one work"
        return reverse("grading:attempt-result", args=[self.attempt.uuid])

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.FINISHED, self.State.FAILED, self.State.CANCELLED)


class CheckResult(models.Model):
    """What one check of a submission gave in one run. Points are exact.

    ``message`` may be shown to the learner; ``detail`` holds cases, output and usage
    for staff, and of visible cases for the learner.
    """

    run = models.ForeignKey(GradingRun, models.CASCADE, related_name="check_results")
    position = models.PositiveSmallIntegerField()
    lab_check = models.ForeignKey(Check, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    points_numerator = WholeNumberField()
    points_denominator = WholeNumberField()
    out_of = models.DecimalField(max_digits=12, decimal_places=4)
    message = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "lab_check"], name="check_result_once"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["passed", "failed", "time", "memory", "processes", "output", "disk", "rejected"]
                ),
                name="check_result_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(points_denominator__gt=0, points_numerator__gte=0), name="check_result_points"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.lab_check_id}"
