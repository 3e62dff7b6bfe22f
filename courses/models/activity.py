"""Activities and what all of them have in common."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.catalog import ScaleLevel, SkillArea, Technology, ValidationProfile
from courses.models.module import Module, Topic
from courses.models.program import Program
from courses.models.typed import TypedRow, hours_field, in_range, not_negative, one_of


class Activity(TypedRow):
    """What learners do and what everything else points at: attempts, work, grades.

    *assessments* extends it one to one (``Quiz``, ``Lab``, ``Project``).
    ``self_reported`` is true when nothing checks it (no questions, no checks, no
    rubric): the learner ticks it off.
    """

    class Kind(models.TextChoices):
        READING = "reading", _("Reading")
        TASK = "task", _("Task")
        QUIZ = "quiz", _("Quiz")
        LAB = "lab", _("Lab")
        PROJECT = "project", _("Project")

    class CheckedBy(models.TextChoices):
        SELF = "self", "Yourself"
        AUTOMATIC = "automatic", "Automatic checks"
        CHECKLIST = "checklist", "A checklist"
        PEER = "peer", "Peers"
        STAFF = "staff", "Staff"
        SCRIPT = "script", "A script"

    kind = models.CharField(max_length=8, choices=Kind)
    program = models.ForeignKey(Program, models.PROTECT, related_name="activities")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="activities")
    path = models.CharField(max_length=200, help_text="The authored id with its parents', such as MOD-101/101-04.")
    position = models.PositiveIntegerField(default=0, help_text="Among those of its kind in its parent.")
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="Markdown.")
    required = models.BooleanField(default=True)
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    hours_low = hours_field()
    hours_high = hours_field()
    difficulty = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    needs_gpu = models.CharField(max_length=500, blank=True)
    needs_cloud = models.CharField(max_length=500, blank=True)
    expected_cost = models.CharField(max_length=500, blank=True)
    equal_variant = models.TextField(blank=True, help_text="For those who lack what it needs.")
    derived_from = models.JSONField(default=list)
    checked_by = models.CharField(max_length=10, choices=CheckedBy, blank=True)
    profile = models.ForeignKey(ValidationProfile, models.PROTECT, null=True, blank=True, related_name="+")
    checked_note = models.TextField(blank=True)
    checklist = models.ForeignKey("courses.Checklist", models.PROTECT, null=True, blank=True, related_name="+")
    readable_while_locked = models.BooleanField(default=False)
    self_reported = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["program", "module", "position", "pk"]
        constraints = [
            # Checked at commit: a rename may pass through another activity's former id.
            models.UniqueConstraint(
                fields=["program", "kind", "path"], name="activity_path_once", deferrable=models.Deferrable.DEFERRED
            ),
            one_of("kind", ["reading", "task", "quiz", "lab", "project"], name="activity_kind_known"),
            one_of(
                "checked_by", ["", "self", "automatic", "checklist", "peer", "staff", "script"],
                name="activity_checked_by_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="project", module__isnull=True)
                | Q(kind="quiz")
                | Q(kind__in=["reading", "task", "lab"], module__isnull=False),
                name="activity_stands_where_its_kind_may",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reading", "task"], points__isnull=True)
                | Q(kind="lab")
                | Q(kind__in=["quiz", "project"], points__isnull=False),
                name="activity_points_fit_kind",
            ),
            models.CheckConstraint(
                condition=Q(self_reported=True) | ~Q(kind__in=["reading", "task"]),
                name="activity_reading_is_ticked_off",
            ),
            models.CheckConstraint(
                condition=Q(checklist=None) | Q(kind="task"), name="activity_checklist_of_task"
            ),
            not_negative("points", name="activity_points_not_negative"),
            in_range("hours_low", "hours_high", name="activity_hours_in_range"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["module", "position", "entity"], name="activity_in_module"),
            models.Index(fields=["program", "kind", "position", "entity"], name="activity_in_program"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def key(self) -> str:
        """The authored id in its parent: 101-04 of MOD-101/101-04."""
        return self.path.rpartition("/")[2]

    @property
    def address(self) -> str:
        """``kind:path``, stable over releases."""
        return f"{self.kind}:{self.path}"


class ActivityTechnology(models.Model):
    """A technology that an activity uses: what for, and which version."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="technologies")
    technology = models.ForeignKey(Technology, models.PROTECT, related_name="uses")
    position = models.PositiveIntegerField()
    purpose = models.TextField(blank=True)
    version = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "activity technologies"
        ordering = ["activity", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "technology"], name="activity_technology_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} uses {self.technology_id}"


class ActivitySkill(models.Model):
    """A skill area that an activity trains; an area is primary or secondary, never both."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="skills")
    area = models.ForeignKey(SkillArea, models.PROTECT, related_name="uses")
    position = models.PositiveIntegerField()
    primary = models.BooleanField()

    class Meta:
        ordering = ["activity", "-primary", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "area"], name="activity_skill_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} trains {self.area_id}"


class ActivityTopic(models.Model):
    """A topic of the module that a reading serves."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="readings")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["activity", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "topic"], name="activity_topic_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} serves {self.topic_id}"


class Deliverable(models.Model):
    """Something to hand in; some are optional."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deliverables")
    position = models.PositiveIntegerField()
    text = models.TextField()
    optional = models.BooleanField(default=False)

    class Meta:
        ordering = ["activity", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "position"], name="deliverable_once")]

    def __str__(self) -> str:
        return self.text[:80]


class CompletionCriterion(models.Model):
    """When an activity counts as done well; with a threshold it is ``measure op value unit``."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="criteria")
    position = models.PositiveIntegerField()
    text = models.TextField()
    measure = models.CharField(max_length=500, blank=True)
    op = models.CharField(max_length=2, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "completion criteria"
        ordering = ["activity", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "position"], name="completion_criterion_once"),
            models.CheckConstraint(
                condition=Q(measure="", op="", value=None)
                | (~Q(measure="") & Q(op__in=["<", "<=", "=", ">=", ">"], value__isnull=False)),
                name="completion_criterion_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ProjectPhase(TypedRow):
    """A phase of a project, perhaps with a touchpoint with staff."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="phases")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    hours_low = hours_field()
    hours_high = hours_field()
    touchpoint = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["activity", "position", "pk"]
        constraints = [in_range("hours_low", "hours_high", name="phase_hours_in_range")]

    def __str__(self) -> str:
        return self.title
