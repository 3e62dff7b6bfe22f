"""Labs with their checks, projects with their rubrics, as authored."""

from django.db import models
from django.db.models import F, Q

from courses.models import Activity, Competency
from courses.models.typed import TypedRow, not_negative


class Lab(models.Model):
    """What makes an activity a lab: files to start from, and checks."""

    activity = models.OneToOneField(Activity, models.PROTECT, primary_key=True, related_name="lab")

    class Meta:
        ordering = ["activity__program", "activity__path", "pk"]

    def __str__(self) -> str:
        return f"lab {self.pk}"


class StarterFile(models.Model):
    """A file that a lab begins with. Its path is relative and stays inside the lab's folder."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="starter_files")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=500)
    content = models.TextField(blank=True)

    class Meta:
        ordering = ["lab", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lab", "path"], name="starter_file_once"),
            models.CheckConstraint(
                condition=~Q(path="") & ~Q(path__startswith="/") & ~Q(path__regex=r"(^|/)\.\.?(/|$)|//|\\"),
                name="starter_file_stays_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Check(TypedRow):
    """One automatic check of a lab; ``spec`` belongs to its type."""

    lab = models.ForeignKey(Lab, models.PROTECT, related_name="checks")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    type = models.CharField(max_length=80)
    points = models.DecimalField(max_digits=12, decimal_places=4)
    hidden = models.BooleanField(default=False, help_text="Learners see title, points and hint only.")
    hint = models.TextField(blank=True)
    spec = models.JSONField(default=dict)

    class Meta:
        ordering = ["lab", "position", "pk"]
        constraints = [
            not_negative("points", name="check_points_not_negative"),
            models.CheckConstraint(condition=~Q(type=""), name="check_has_a_type"),
        ]

    def __str__(self) -> str:
        return self.title


class Project(models.Model):
    """What makes an activity a project."""

    activity = models.OneToOneField(Activity, models.PROTECT, primary_key=True, related_name="project")
    narrative = models.TextField(blank=True)
    constraints = models.JSONField(default=list, help_text="What has to be kept to, in words.")
    placement = models.TextField(blank=True, help_text="When in the program it is meant to be done.")
    peer_guide = models.TextField(blank=True)

    class Meta:
        ordering = ["activity__program", "activity__position", "pk"]

    def __str__(self) -> str:
        return f"project {self.pk}"


class Rubric(TypedRow):
    """What a project is scored on. One is current; retired ones stay for the reviews that used them."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="rubrics")
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    stated = models.JSONField(default=list, help_text="Totals of the source, for lint to compare.")

    class Meta:
        ordering = ["project", "pk"]

    def __str__(self) -> str:
        return self.title


class Criterion(TypedRow):
    """One line of a rubric."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="criteria")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    points = models.DecimalField(max_digits=12, decimal_places=4)
    bonus = models.BooleanField(default=False, help_text="Counts above the line only.")
    minimum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    checklist = models.JSONField(default=list, help_text="What a reviewer looks for, one line each.")
    competencies = models.ManyToManyField(Competency, blank=True, related_name="criteria")

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["rubric", "position", "pk"]
        constraints = [
            not_negative("points", "minimum", name="criterion_points_not_negative"),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(minimum__lte=F("points")), name="criterion_minimum_within_points"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Level(models.Model):
    """A level of a criterion: how many points for work of which kind."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=500, blank=True)
    points = models.DecimalField(max_digits=12, decimal_places=4)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "position"], name="level_once"),
            not_negative("points", name="level_points_not_negative"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.points)
