"""Commits that learners hand in, until a worker has fetched them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from assessments.models.submission import COMMIT, Submission
from courses.models import Activity, Enrolment
from waymark.core.ids import uuid7


class Fetch(models.Model):
    """A commit of a repository that its learner handed in at ``asked_at``.

    It becomes a submission of that instant, or fails, says why and uses no attempt; while it
    waits its learner may take it back.
    ``claim`` grows with every claim and is the fencing token: a worker's writes hold
    only while the row still carries the number it was given. Leases count on the
    database's clock.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being fetched"
        HANDED_IN = "handed_in", "Handed in"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Taken back by the learner"

    UNDER_WAY = (State.WAITING, State.WORKING)
    OURS = ("worker_lost", "broke_down", "no_git", "content_damaged")
    """Problems that are no fault of the learner: the same commit again counts as handed in at the first time."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="fetches")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="fetches")
    repository = models.CharField(max_length=400, help_text="Its address, without credentials.")
    commit = models.CharField(max_length=40)
    asked_at = models.DateTimeField(help_text="When it was handed in.")
    queued_at = models.DateTimeField(db_default=Now(), help_text="Since when it waits, or waited last.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    claim = models.PositiveIntegerField(default=0, help_text="Fencing token: the number of the newest claim.")
    claimed_by = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was begun.")
    ended_at = models.DateTimeField(null=True, blank=True)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="fetches")
    created = models.BooleanField(default=False, help_text="The submission is new; else it was handed in before.")
    left_out = models.JSONField(default=list, help_text="Names of what tools made and is not kept.")
    problem = models.CharField(max_length=40, blank=True, help_text="Code of what went wrong.")
    problem_text = models.CharField(max_length=1000, blank=True)
    problem_where = models.CharField(max_length=400, blank=True)
    problem_hint = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "fetches"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity"],
                condition=Q(state__in=["waiting", "working"]),
                name="fetch_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(commit__regex=COMMIT), name="fetch_commit"),
            models.CheckConstraint(
                condition=Q(state="working", lease_until__isnull=False) | ~Q(state="working") & Q(lease_until=None),
                name="fetch_lease_while_working",
            ),
            models.CheckConstraint(
                condition=Q(state="handed_in", submission__isnull=False) | ~Q(state="handed_in") & Q(submission=None),
                name="fetch_handed_in_has_submission",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(problem="") | ~Q(state="failed") & Q(problem=""),
                name="fetch_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="fetch_waiting", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="fetch_lease", condition=Q(state="working")),
            models.Index(fields=["enrolment", "activity", "-id"], name="fetch_of_activity"),
            models.Index(
                fields=["ended_at"],
                name="fetch_failed_by_us",
                condition=Q(problem__in=("worker_lost", "broke_down", "no_git", "content_damaged")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("assessments:fetch", args=[self.uuid])

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY
