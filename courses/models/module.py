"""Modules, their topics and resources."""

from django.db import models

from courses.models.catalog import ScaleLevel
from courses.models.program import Program
from courses.models.typed import TypedRow, hours_field, not_negative


class Module(TypedRow):
    """A unit of a program; others may place it too (``ProgramModule``).

    ``hours_total`` is computed: the sum of the kinds, else of the topics, else
    ``hours_stated``. Null means that no source gives any.
    """

    HOURS_BY_KIND = ("hours_lecture", "hours_lab", "hours_project", "hours_portfolio", "hours_assessment")

    program = models.ForeignKey(Program, models.PROTECT, related_name="modules", help_text="The owning program.")
    key = models.CharField(max_length=80, help_text="The authored id, such as MOD-101.")
    position = models.PositiveIntegerField(default=0, help_text="Among the owning program's modules as authored.")
    title = models.CharField(max_length=500)
    summary = models.TextField()
    difficulty = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    hours_lecture = hours_field()
    hours_lab = hours_field()
    hours_project = hours_field()
    hours_portfolio = hours_field()
    hours_assessment = hours_field()
    hours_stated = hours_field()
    hours_total = hours_field(editable=False)
    tooling = models.JSONField(default=list)
    builds_on = models.JSONField(default=list, help_text="How it builds on other roles, in words.")
    differentiators = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    completion = models.JSONField(null=True, blank=True, help_text="What completes the module; null: the default.")

    class Meta:
        ordering = ["program", "position", "pk"]
        constraints = [
            # Checked at commit: a rename may pass through another module's former id.
            models.UniqueConstraint(
                fields=["program", "key"], name="module_key_once", deferrable=models.Deferrable.DEFERRED
            ),
            not_negative(
                "hours_lecture", "hours_lab", "hours_project", "hours_portfolio", "hours_assessment",
                "hours_stated", "hours_total", name="module_hours_not_negative",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Topic(TypedRow):
    """An item of a module's outline; its hours may be unknown."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="topics")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    hours = hours_field()
    points = models.JSONField(default=list, help_text="What it covers, one line each.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["module", "position", "pk"]
        constraints = [not_negative("hours", name="topic_hours_not_negative")]

    def __str__(self) -> str:
        return self.title


class Resource(models.Model):
    """Something to read or watch for a module, primary or supplemental."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="resources")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True)
    primary = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["module", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["module", "position"], name="resource_once")]

    def __str__(self) -> str:
        return self.title
