"""Roles, programs, and what hangs on a program: placements, paths, paces, outlook."""

from django.db import models
from django.db.models import F, Q

from courses.models.catalog import ScaleLevel
from courses.models.identity import Entity, Revision
from courses.models.typed import TypedRow, hours_field, in_range, one_of


class Role(TypedRow):
    """A job that a program prepares for."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    level = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveIntegerField(default=0, help_text="Place among the roles, from junior upwards.")
    summary = models.TextField()
    audience = models.TextField(blank=True, help_text="Who it is for.")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Program(TypedRow):
    """The curriculum of a role.

    ``enrolment_mode``, ``published_at`` and ``archived_at`` are the operator's:
    no import writes them. A program takes learners once it is published.
    """

    class EnrolmentMode(models.TextChoices):
        OPEN = "open", "Open"
        APPROVAL = "approval", "By approval"
        INVITATION = "invitation", "By invitation"

    slug = models.SlugField(max_length=80, unique=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="programs")
    title = models.CharField(max_length=500)
    summary = models.TextField()
    language = models.CharField(max_length=8, default="en")
    audience = models.TextField(blank=True)
    philosophy = models.JSONField(default=list)
    approach = models.JSONField(default=list)
    about = models.JSONField(default=dict, help_text="Version, maintainer, contact, links, updated.")
    repositories = models.JSONField(default=list)
    targets = models.JSONField(default=list, help_text="Measure, at least (percent), note.")
    completion = models.JSONField(null=True, blank=True, help_text="What completes the program; null: the default.")

    enrolment_mode = models.CharField(max_length=12, choices=EnrolmentMode, default=EnrolmentMode.INVITATION)
    published_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role__order", "title", "pk"]
        constraints = [
            one_of("enrolment_mode", ["open", "approval", "invitation"], name="program_enrolment_mode_known"),
            models.CheckConstraint(
                condition=Q(archived_at=None) | Q(published_at=None) | Q(archived_at__gte=F("published_at")),
                name="program_archived_after_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgramModule(models.Model):
    """A module placed in a program: its own, or another program's at the revision this one takes."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="placements")
    module = models.ForeignKey("courses.Module", models.PROTECT, related_name="placements")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    required = models.BooleanField(default=True)

    class Meta:
        ordering = ["program", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "module"], name="placement_once"),
            models.UniqueConstraint(
                fields=["program", "position"], name="placement_position_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.module_id} at {self.position}"


class LearningPath(TypedRow):
    """A named, ordered way through activities and modules."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="paths")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    best_for = models.TextField(blank=True)
    hours_low = hours_field()
    hours_high = hours_field()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["program", "position", "pk"]
        constraints = [in_range("hours_low", "hours_high", name="path_hours_in_range")]

    def __str__(self) -> str:
        return self.title


class PathStep(models.Model):
    """One step of a path. A step to something unknown keeps the words and leads nowhere."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    stage = models.CharField(max_length=500, blank=True)
    target = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    target_ref = models.CharField(max_length=300)

    class Meta:
        ordering = ["path", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["path", "position"], name="path_step_once")]

    def __str__(self) -> str:
        return self.target_ref


class PacePreset(TypedRow):
    """A pace a learner may choose; ``weeks`` is what the document states beside it."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="paces")
    title = models.CharField(max_length=500)
    hours_per_week_low = hours_field()
    hours_per_week_high = hours_field()
    weeks_low = hours_field()
    weeks_high = hours_field()
    text = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["program", "position", "pk"]
        constraints = [
            in_range("hours_per_week_low", "hours_per_week_high", name="pace_hours_in_range"),
            in_range("weeks_low", "weeks_high", name="pace_weeks_in_range"),
            models.CheckConstraint(
                condition=Q(hours_per_week_low__isnull=False) | Q(hours_per_week_high__isnull=False),
                name="pace_hours_given",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Outlook(TypedRow):
    """What the program leads to: job titles, certifications, next steps."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="outlooks")
    titles = models.JSONField(default=list)
    certifications = models.JSONField(default=list)
    next_steps = models.JSONField(default=list)

    class Meta:
        ordering = ["program", "pk"]

    def __str__(self) -> str:
        return f"outlook of {self.program_id}"


class Salary(models.Model):
    """A salary range in one region, with the date of the figure. An open end is null."""

    outlook = models.ForeignKey(Outlook, models.CASCADE, related_name="salaries")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=500)
    region = models.CharField(max_length=500)
    currency = models.CharField(max_length=3)
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    as_of = models.CharField(max_length=500)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "salaries"
        ordering = ["outlook", "position", "id"]
        constraints = [
            in_range("low", "high", name="salary_in_range"),
            models.CheckConstraint(condition=~Q(as_of=""), name="salary_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.region})"


class TargetRole(models.Model):
    """A role that the program leads to, with the modules that matter most for it."""

    outlook = models.ForeignKey(Outlook, models.CASCADE, related_name="target_roles")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    note = models.TextField(blank=True)
    modules = models.ManyToManyField("courses.Module", blank=True, related_name="+")

    class Meta:
        ordering = ["outlook", "position", "id"]

    def __str__(self) -> str:
        return self.title
