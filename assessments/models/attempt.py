"""Attempts at a quiz and what was answered in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.models.quiz import Question, Quiz
from courses.models import Enrolment, Release, Revision
from waymark.core.ids import uuid7


class Attempt(models.Model):
    """One go at a quiz by one enrolment.

    It pins what it was begun with: the release, the quiz's revision, the drawn
    questions with theirs, and the order of their options, all reproducible from
    ``seed``. An import changes none of it.

    ``deadline_at`` is where its time ends; until ``closes_at`` (grace included)
    the learner may still hand in. Both are empty where nothing limits it. What
    the clock has closed, ``assessments.clock`` says, not ``state`` alone.
    """

    class State(models.TextChoices):
        OPEN = "open", "Under way"
        HANDED_IN = "handed_in", "Handed in"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(help_text="1 for the first at this quiz.")
    seed = models.BigIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", help_text="Of the quiz.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(
        null=True, blank=True, help_text="When it took effect: the system hands in as of the deadline."
    )
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_by_system = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["enrolment", "quiz"], condition=Q(state="open"), name="attempt_one_open"),
            models.CheckConstraint(condition=Q(number__gte=1), name="attempt_number_from_one"),
            models.CheckConstraint(condition=Q(state__in=["open", "handed_in"]), name="attempt_state_known"),
            models.CheckConstraint(
                condition=Q(deadline_at=None, closes_at=None)
                | Q(deadline_at__gte=F("started_at"), closes_at__gte=F("deadline_at")),
                name="attempt_closes_after_its_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state="open", handed_in_at=None, handed_in_by=None, closed_by_system=False)
                | Q(state="handed_in", handed_in_at__gte=F("started_at"))
                & (Q(closed_by_system=True, handed_in_by=None) | Q(closed_by_system=False, handed_in_by__isnull=False)),
                name="attempt_handed_in_by_somebody",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["closes_at", "id"], condition=Q(state="open"), name="attempt_running"),
            models.Index(fields=["quiz", "id"], name="attempt_of_quiz"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("assessments:attempt", args=[self.uuid])


class AttemptQuestion(models.Model):
    """A question of an attempt: its place, its section, its revision, and the order of its options."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    section = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Place among the sections of the quiz's pinned revision, from 0."
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    order = models.JSONField(default=list, help_text="Ids of the options as this learner sees them.")

    class Meta:
        ordering = ["attempt", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="attempt_position_once"),
            models.UniqueConstraint(fields=["attempt", "question"], name="attempt_question_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="attempt_position_from_one"),
        ]
        indexes = [models.Index(fields=["question", "id"], name="attempt_question_answers")]

    def __str__(self) -> str:
        return f"question {self.position}"


class Response(models.Model):
    """What stands as the answer to one question of an attempt, autosaved.

    ``version`` counts the saves; a tab that saves on top of an older one is told
    (``response_conflict``) and overwrites nothing.
    """

    attempt_question = models.OneToOneField(AttemptQuestion, models.CASCADE, related_name="response")
    value = models.JSONField(null=True, blank=True, help_text="Normalised by the question's type; empty: unanswered.")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["attempt_question"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=0, saved_at__isnull=True, value__isnull=True)
                | Q(version__gte=1, saved_at__isnull=False),
                name="response_version_counts_saves",
            ),
        ]

    def __str__(self) -> str:
        return f"response {self.pk}, version {self.version}"
