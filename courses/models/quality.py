"""What staff keep beside the content: risks, checklists, solutions, approvals."""

from django.db import models
from django.db.models import Q

from courses.models.edges import Gate
from courses.models.typed import OwnedRow, one_of

LOW_TO_HIGH = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class Risk(OwnedRow):
    """What may go wrong with a program, module or project, and what is done about it."""

    text = models.TextField()
    impact = models.CharField(max_length=6, choices=LOW_TO_HIGH, blank=True)
    likelihood = models.CharField(max_length=6, choices=LOW_TO_HIGH, blank=True)
    mitigation = models.TextField(blank=True)
    gate = models.ForeignKey(Gate, models.PROTECT, null=True, blank=True, related_name="risks")

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            one_of("impact", ["", "low", "medium", "high"], name="risk_impact_known"),
            one_of("likelihood", ["", "low", "medium", "high"], name="risk_likelihood_known"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Checklist(OwnedRow):
    """A list to tick, for one audience. Authors' lists never reach learners."""

    class Audience(models.TextChoices):
        AUTHORS = "authors", "Authors"
        READINESS = "readiness", "Readiness"
        SUBMISSION = "submission", "Submission"
        SELF_ASSESSMENT = "self_assessment", "Self-assessment"
        REVIEWERS = "reviewers", "Reviewers"

    FOR_LEARNERS = (Audience.READINESS, Audience.SUBMISSION, Audience.SELF_ASSESSMENT)

    title = models.CharField(max_length=500)
    audience = models.CharField(max_length=16, choices=Audience)
    gates = models.BooleanField(default=False, help_text="Every item must be ticked before handing in.")

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            one_of(
                "audience", ["authors", "readiness", "submission", "self_assessment", "reviewers"],
                name="checklist_audience_known",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class ChecklistItem(models.Model):
    """One line to tick. Its row stays: an item that was dropped has no position any more."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    key = models.CharField(max_length=80)
    position = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    done = models.BooleanField(null=True, blank=True, help_text="The tick of an authors' list.")

    class Meta:
        ordering = ["checklist", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["checklist", "key"], name="checklist_item_once")]

    def __str__(self) -> str:
        return self.text[:80]


class Solution(OwnedRow):
    """A worked solution: what it covers, where it is, and who may see it."""

    class Visibility(models.TextChoices):
        STAFF = "staff", "Staff"
        AFTER_PASSING = "after_passing", "After passing"
        ALL = "all", "Everybody"

    covers = models.TextField()
    location = models.CharField(max_length=500, blank=True)
    visibility = models.CharField(max_length=14, choices=Visibility, default=Visibility.STAFF)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [one_of("visibility", ["staff", "after_passing", "all"], name="solution_visibility_known")]

    def __str__(self) -> str:
        return self.covers[:80]


class Approval(OwnedRow):
    """A sign-off on ``owner``: what, by which role, in which state. Shown as readiness, to staff."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PENDING = "pending", "Pending"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    what = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State)
    person = models.CharField(max_length=500, blank=True, help_text="A role such as Platform lead.")
    due = models.DateField(null=True, blank=True)
    dated = models.DateField(null=True, blank=True, help_text="Since when the state holds.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            one_of("state", ["open", "pending", "approved", "rejected"], name="approval_state_known"),
            models.CheckConstraint(condition=~Q(what=""), name="approval_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.state}"
