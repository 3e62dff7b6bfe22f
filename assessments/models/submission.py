"""What learners hand in for labs and projects: immutable, by content."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from assessments.models.work import Check, Lab
from courses.models import Activity, Enrolment, Release, Revision
from waymark.core.ids import uuid7

DIGEST = r"^[0-9a-f]{64}$"
COMMIT = r"^[0-9a-f]{40}$"


class Blob(models.Model):
    """A content that some file of a submission has; its bytes are in the storage, under its digest."""

    digest = models.CharField(max_length=64, primary_key=True, help_text="sha256, in hexadecimal.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["digest"]
        constraints = [models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="blob_digest")]

    def __str__(self) -> str:
        return self.digest


class Submission(models.Model):
    """One hand-in for a lab or a project by one enrolment. Nothing in it changes afterwards.

    It pins what it is judged by: the release, the activity's revision and a
    lab's checks with theirs. ``digest`` is that of names and contents together.
    """

    class Source(models.TextChoices):
        FILES = "files", "Files"
        ARCHIVE = "archive", "An archive"
        TEXT = "text", "Typed in"
        GIT = "git", "A commit"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(help_text="1 for the first for this activity.")
    source = models.CharField(max_length=8, choices=Source)
    repository = models.CharField(
        max_length=400, blank=True, default="", db_default="", help_text="Address of what a commit was fetched from."
    )
    commit = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="Hash of that commit.")
    digest = models.CharField(max_length=64)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", help_text="Of the activity.")
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    after_solution = models.BooleanField(
        default=False, db_default=False, help_text="The solution had been shown to its learner before."
    )

    class Meta:
        ordering = ["-handed_in_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="submission_number_from_one"),
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="submission_digest"),
            models.CheckConstraint(
                condition=Q(source__in=["files", "archive", "text"], repository="", commit="")
                | Q(source="git", commit__regex=COMMIT) & ~Q(repository=""),
                name="submission_source_known",
            ),
        ]
        indexes = [models.Index(fields=["activity", "id"], name="submission_of_activity")]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("grading:submission", args=[self.uuid])


class SubmissionFile(models.Model):
    """A file of a submission: its name below the folder of the work, and its content."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files")
    name = models.CharField(max_length=400)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="files")

    class Meta:
        ordering = ["submission", "name"]
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="submission_file_once")]

    def __str__(self) -> str:
        return self.name


class SubmissionCheck(models.Model):
    """A check that a submission is graded by, in the revision of its hand-in."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    lab_check = models.ForeignKey(Check, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "position"], name="submission_check_position_once"),
            models.UniqueConstraint(fields=["submission", "lab_check"], name="submission_check_once"),
        ]

    def __str__(self) -> str:
        return f"check {self.lab_check_id}"


class SolutionShown(models.Model):
    """The solution of a lab was opened to its learner. It stays, and later hand-ins are marked."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    lab = models.ForeignKey(Lab, models.PROTECT, related_name="+")
    gave_up = models.BooleanField(help_text="Submissions were left, and none can follow unless staff grant more.")
    shown_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lab"], name="solution_shown_once")]

    def __str__(self) -> str:
        return f"solution of lab {self.lab_id}"
