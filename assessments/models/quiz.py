"""Quizzes and their questions as authored."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from courses.models import Activity, Competency, ScaleLevel, Topic
from courses.models.typed import TypedRow

LONGEST_LIMIT = 24 * 60


class Quiz(models.Model):
    """What makes an activity a quiz. What it counts for are the activity's points.

    The questions' own points are the quiz's scale: a learner with three quarters
    of them has three quarters of the activity's points.
    """

    activity = models.OneToOneField(Activity, models.PROTECT, primary_key=True, related_name="quiz")
    time_limit_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LIMIT)]
    )
    shuffle_questions = models.BooleanField(default=False)
    shuffle_options = models.BooleanField(default=True)
    advice_only = models.BooleanField(default=False, help_text="Has a result, but no say in passing.")
    advice = models.TextField(blank=True, help_text="Shown below the threshold of an advice quiz.")

    class Meta:
        verbose_name_plural = "quizzes"
        ordering = ["activity__program", "activity__path", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(time_limit_minutes=None)
                | Q(time_limit_minutes__gte=1, time_limit_minutes__lte=LONGEST_LIMIT),
                name="quiz_time_limit_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"quiz {self.pk}"


class Draw(models.Model):
    """``count`` questions out of those tagged ``pool``, drawn anew for each attempt."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="draws")
    position = models.PositiveIntegerField()
    pool = models.CharField(max_length=80)
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["quiz", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "pool"], name="draw_pool_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="draw_some"),
        ]

    def __str__(self) -> str:
        return f"{self.count} of {self.pool}"


class Question(TypedRow):
    """One question. ``body`` holds what only its type reads: options, tolerance, accepted answers."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField(default=0)
    type = models.CharField(max_length=20, help_text="Name of a type in assessments.questions.")
    title = models.CharField(max_length=500, blank=True)
    stem = models.TextField(help_text="Markdown.")
    points = models.DecimalField(max_digits=12, decimal_places=4)
    bonus = models.BooleanField(default=False, help_text="Counts above the line only.")
    pool = models.CharField(max_length=80, blank=True)
    hint = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    difficulty = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.JSONField()
    topics = models.ManyToManyField(Topic, blank=True, related_name="questions")
    competencies = models.ManyToManyField(Competency, blank=True, related_name="questions")

    class Meta:
        ordering = ["quiz", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="question_points_positive"),
            models.CheckConstraint(condition=~Q(stem="") & ~Q(type=""), name="question_asks_something"),
        ]

    def __str__(self) -> str:
        return self.title or self.stem[:80]
