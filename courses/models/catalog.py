"""What programs share: scales, skill areas, technologies, validation profiles, competencies."""

from django.db import models
from django.db.models import Q

from courses.models.typed import TypedRow, one_of


class Scale(TypedRow):
    """An ordered scale of levels: of proficiency, difficulty or seniority."""

    class Purpose(models.TextChoices):
        PROFICIENCY = "proficiency", "Proficiency"
        DIFFICULTY = "difficulty", "Difficulty"
        SENIORITY = "seniority", "Seniority"

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    purpose = models.CharField(max_length=12, choices=Purpose)

    class Meta:
        ordering = ["key", "pk"]
        constraints = [one_of("purpose", ["proficiency", "difficulty", "seniority"], name="scale_purpose_known")]

    def __str__(self) -> str:
        return self.title


class ScaleLevel(models.Model):
    """One level of a scale. Its row stays: a level that was dropped has no rank any more."""

    scale = models.ForeignKey(Scale, models.CASCADE, related_name="levels")
    key = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 is the lowest.")
    label = models.CharField(max_length=500)
    symbol = models.CharField(max_length=500, blank=True)
    meaning = models.TextField(blank=True)
    aliases = models.JSONField(default=list)

    class Meta:
        ordering = ["scale", "rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "key"], name="scale_level_once"),
            models.UniqueConstraint(
                fields=["scale", "rank"], name="scale_rank_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(rank=None) | Q(rank__gte=1), name="scale_rank_from_one"),
        ]

    def __str__(self) -> str:
        return self.label


class SkillArea(TypedRow):
    """A field of skill that activities train, as their primary or secondary one."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Technology(TypedRow):
    """A tool or language; what it is used for stands on the link to the activity."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    category = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "technologies"
        ordering = ["category", "title", "pk"]

    def __str__(self) -> str:
        return self.title


class ValidationProfile(TypedRow):
    """A named way of checking work: a bundle of commands, a checklist, peers or staff."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    type = models.CharField(max_length=12)
    commands = models.JSONField(default=list)
    tools = models.JSONField(default=list)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [one_of("type", ["automatic", "checklist", "peer", "staff", "script"], name="profile_type_known")]

    def __str__(self) -> str:
        return self.title


class Competency(TypedRow):
    """What somebody can do, in a domain; its levels say what that looks like."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    domain = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    assessed_by = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "competencies"
        ordering = ["domain", "title", "pk"]

    def __str__(self) -> str:
        return self.title


class CompetencyLevel(models.Model):
    """What a competency means at one level of proficiency, and what shows it."""

    competency = models.ForeignKey(Competency, models.CASCADE, related_name="levels")
    level = models.ForeignKey(ScaleLevel, models.PROTECT, related_name="+")
    meaning = models.TextField()
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["competency", "level__rank", "id"]
        constraints = [models.UniqueConstraint(fields=["competency", "level"], name="competency_level_once")]

    def __str__(self) -> str:
        return f"{self.competency_id} at {self.level_id}"
