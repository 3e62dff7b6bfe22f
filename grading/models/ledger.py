"""The ledger: every fact about a learner's standing, appended and never changed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from assessments.models import Attempt, Submission
from courses.models import Activity, Enrolment, Release, Revision
from grading.models.fields import WholeNumberField
from grading.models.run import GradingRun
from waymark.core.ids import uuid7


class GradeEvent(models.Model):
    """One fact. A trigger of the database refuses to change or delete it.

    ``sequence`` is the enrolment's own count and the only order that anything is
    folded by. Points are exact: ``numerator / denominator`` out of ``out_of``; the
    four-place ``points`` is for showing, sorting and sums. ``supersedes`` names
    the event whose place this one takes (a regrade), or that it withdraws.
    """

    class Kind(models.TextChoices):
        HANDED_IN = "handed_in", "Handed in"
        SCORE = "score", "Score"
        COMPLETION = "completion", "Ticked off"
        MISSING = "missing", "Missing"
        WAIVER = "waiver", "Waiver"
        OVERRIDE = "override", "Override"
        CREDIT = "credit", "Credit"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="grade_events")
    sequence = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="grade_events")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="grade_events")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="grade_events")
    attempt_number = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of the attempt or the submission: the hand-ins of an item are counted."
    )
    run = models.OneToOneField(GradingRun, models.PROTECT, null=True, blank=True, related_name="grade_event")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    done = models.BooleanField(null=True, blank=True, help_text="Of a completion: ticked, or the tick taken back.")
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    numerator = WholeNumberField(null=True, blank=True)
    denominator = WholeNumberField(null=True, blank=True)
    out_of = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    evidence = models.JSONField(default=dict)
    reason_for_learner = models.TextField(blank=True)
    reason_for_staff = models.TextField(blank=True)
    actor_label = models.CharField(max_length=120)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["enrolment_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "sequence"], name="event_sequence_once"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="event_sequence_positive"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["score", "override", "credit"],
                    points__isnull=False, numerator__isnull=False, denominator__gt=0, out_of__isnull=False,
                )
                | ~Q(kind__in=["score", "override", "credit"])
                & Q(points=None, numerator=None, denominator=None, out_of=None),
                name="event_points_fit_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="completion", done__isnull=False) | ~Q(kind="completion") & Q(done=None),
                name="event_done_fits_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["handed_in", "score"])
                | Q(attempt__isnull=False, submission=None, attempt_number__isnull=False)
                | Q(attempt=None, submission__isnull=False, attempt_number__isnull=False),
                name="event_of_one_work",
            ),
            models.CheckConstraint(
                condition=~Q(kind="withdrawal") | Q(supersedes__isnull=False), name="event_withdraws_something"
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="event_not_its_own_successor"),
            models.UniqueConstraint(fields=["attempt"], condition=Q(kind="handed_in"), name="event_hand_in_once"),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(kind="handed_in"), name="event_submission_once"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["enrolment", "activity", "sequence"], name="event_of_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class Grade(models.Model):
    """Where one learner stands on one activity: the fold of its events.

    ``state`` is one of GRADING.md, *Items*. ``numerator / denominator`` are exact
    points out of ``out_of``; ``points`` and ``percent`` (0 to 100) are four-place
    figures that never feed a rule. ``done`` says whether the activity counts as
    completed: passed at its threshold, or ticked off.
    """

    class State(models.TextChoices):
        NOT_HANDED_IN = "not_handed_in", "Not handed in"
        WAITING = "waiting", "Waiting"
        SCORED = "scored", "Scored"
        MISSING = "missing", "Missing"
        WAIVED = "waived", "Waived"
        CREDITED = "credited", "Credited"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="grades")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="grades")
    state = models.CharField(max_length=14, choices=State)
    pending = models.PositiveIntegerField(
        default=0, help_text="Hand-ins that are not graded yet, whatever stands meanwhile."
    )
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    numerator = WholeNumberField(null=True, blank=True)
    denominator = WholeNumberField(null=True, blank=True)
    out_of = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    percent = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    overridden = models.BooleanField(default=False)
    passed = models.BooleanField(null=True, blank=True, help_text="At its threshold; null without a score.")
    done = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveIntegerField(default=0)
    counted_attempt = models.PositiveIntegerField(null=True, blank=True, help_text="Number of the one that counts.")
    shares = models.JSONField(
        default=dict, help_text='Exact share of full marks: {"attempts": {"1": "4/5"}, "credit": "1/2"}.'
    )
    event = models.ForeignKey(GradeEvent, models.PROTECT, null=True, blank=True, related_name="+")
    sequence = models.BigIntegerField(help_text="The last event that was folded in.")
    at = models.DateTimeField(help_text="Instant of that event.")

    class Meta:
        ordering = ["enrolment_id", "activity_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="grade_once"),
            models.CheckConstraint(
                condition=Q(state__in=["scored", "credited"], numerator__isnull=False, denominator__gt=0,
                            points__isnull=False, out_of__isnull=False, percent__isnull=False)
                | ~Q(state__in=["scored", "credited"]) & Q(numerator=None, denominator=None, points=None, percent=None),
                name="grade_points_fit_state",
            ),
            models.CheckConstraint(
                condition=Q(done=False, done_at=None) | Q(done=True, done_at__isnull=False), name="grade_done_dated"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["activity", "points", "id"], name="grade_by_activity")]

    def __str__(self) -> str:
        return f"{self.state} {self.points}"
