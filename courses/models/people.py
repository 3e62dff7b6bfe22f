"""Cohorts, enrolments, staff rights and invitations."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from courses.words import state_word
from waymark.core.ids import uuid7


class Cohort(models.Model):
    """Learners who go through a program together, in one time zone."""

    program = models.ForeignKey("courses.Program", models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=150)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="Due dates and days count in this zone.")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["program", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="cohort_slug_once"),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="cohort_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Enrolment(models.Model):
    """One learner in one program: the row that everything personal hangs on.

    It is also *the lock*: whatever changes a learner's standing locks this row
    first and takes its next ``sequence`` (``courses.services.enrolment``).
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        COMPLETED = "completed", "Completed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Declined"

    OPEN_STATES = (State.REQUESTED, State.ACTIVE, State.PAUSED)

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    program = models.ForeignKey("courses.Program", models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="enrolments")
    state = models.CharField(max_length=12, choices=State)
    path = models.ForeignKey("courses.LearningPath", models.PROTECT, null=True, blank=True, related_name="+")
    hours_per_week = models.DecimalField(
        max_digits=5, decimal_places=2, default=10, validators=[MinValueValidator(1), MaxValueValidator(80)]
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    policy_revision = models.ForeignKey(
        "courses.Revision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The rules this enrolment began under.",
    )
    sequence = models.BigIntegerField(default=0, editable=False, help_text="Last number given to a ledger event.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    completed_release = models.ForeignKey(
        "courses.Release",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The state of the program it was completed in; what came later is not asked of it.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            # The same words as State, which the body of a class inside this one cannot name.
            models.CheckConstraint(
                condition=Q(state__in=["requested", "active", "paused", "completed", "withdrawn", "declined"]),
                name="enrolment_state_known",
            ),
            models.UniqueConstraint(
                fields=["learner", "program"],
                condition=Q(state__in=["requested", "active", "paused"]),
                name="enrolment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__gte=1, hours_per_week__lte=80), name="enrolment_hours_per_week"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "declined"]) | Q(started_at__isnull=False),
                name="enrolment_started_when_active",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_release__isnull=False, ended_at__isnull=False),
                name="enrolment_completed_with_something",
            ),
        ]
        indexes = [models.Index(fields=["program", "cohort", "id"], name="enrolment_roster")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def state_word(self) -> str:
        """The state in the reader's language, to stand in a sentence."""
        return state_word(self.state)


class EnrolmentChange(models.Model):
    """One change of state, cohort or path: leaving keeps the history."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="changes")
    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    actor_label = models.CharField(max_length=120)
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["enrolment", "id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.after}"


class StaffRight(models.Model):
    """A right of one person: a role within a scope. Read at every request.

    Instructors hold cohorts; admins hold a program or the whole site.
    """

    class Role(models.TextChoices):
        INSTRUCTOR = "instructor", "Instructor"
        ADMIN = "admin", "Admin"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_rights")
    role = models.CharField(max_length=12, choices=Role)
    program = models.ForeignKey("courses.Program", models.PROTECT, null=True, blank=True, related_name="staff_rights")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="staff_rights")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["person", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "program", "cohort"], name="right_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(role="instructor", cohort__isnull=False, program__isnull=True)
                | Q(role="admin", cohort__isnull=True),
                name="right_scope_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.scope})"

    @property
    def scope(self) -> str:
        return "cohort" if self.cohort_id else "program" if self.program_id else "site"


class Invitation(models.Model):
    """An offer that only its address can accept: a place in a program, or a right."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    program = models.ForeignKey("courses.Program", models.CASCADE, null=True, blank=True, related_name="invitations")
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, blank=True, related_name="invitations")
    right = models.CharField(max_length=12, choices=StaffRight.Role, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "program",
                "cohort",
                "right",
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(program__isnull=False) | ~Q(right=""), name="invitation_for_something"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Extension(models.Model):
    """More time or attempts for one person, on one activity or on all."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="extensions")
    activity = models.ForeignKey("courses.Activity", models.PROTECT, null=True, blank=True, related_name="extensions")
    due_at = models.DateTimeField(null=True, blank=True)
    extra_attempts = models.PositiveSmallIntegerField(default=0)
    extra_time_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(400)])
    reason_for_learner = models.TextField(blank=True)
    reason_for_staff = models.TextField(blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(extra_attempts__gt=0) | Q(extra_time_percent__gt=0),
                name="extension_extends_something",
            ),
            models.CheckConstraint(condition=Q(extra_time_percent__lte=400), name="extension_time_bounded"),
        ]

    def __str__(self) -> str:
        return f"extension {self.pk}"


class Attestation(models.Model):
    """A learner says that they bring what a requirement asks for.

    Possible for skills in words, and for modules and roles of other programs:
    nobody who already works in the field repeats a junior role to begin a senior
    one. It opens, it gives no credit, and it is shown as what it is.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attestations")
    requirement = models.ForeignKey("courses.Requirement", models.PROTECT, related_name="attestations")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["enrolment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "requirement"], name="attestation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.requirement_id}"
