"""Grading again what a release corrected: left ready by the apply, started by a person."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from courses.models import Release
from waymark.core.ids import uuid7


class Regrade(models.Model):
    """What one release has otherwise than the scores that stand, and what grading it again changes.

    Applying a release changes no grade. The figures are the plan's, of this program;
    they are empty where the apply could not foresee them. ``done`` means that nothing
    waits: an attempt that was begun before the release and is handed in later follows.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        STARTED = "started", "Under way"
        DONE = "done", "Done"
        DISMISSED = "dismissed", "Dismissed"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    release = models.OneToOneField(Release, models.PROTECT, related_name="regrade")
    corrected = ArrayField(
        models.BigIntegerField(), help_text="Identity rows of the questions and quizzes whose key or points changed."
    )
    grades_changed = models.PositiveIntegerField(null=True, blank=True)
    passes_lost = models.PositiveIntegerField(null=True, blank=True)
    passes_gained = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["started", "done"], started_at__isnull=False)
                | Q(state__in=["ready", "dismissed"], started_at=None),
                name="regrade_started_when_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dismissed"], ended_at__isnull=False)
                | Q(state__in=["ready", "started"], ended_at=None),
                name="regrade_ended_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(started_at__gte=F("made_at")), name="regrade_started_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
