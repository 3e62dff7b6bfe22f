"""How far one learner is: one row, written with every event of the ledger."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.models import Enrolment, Release, Revision
from grading.models.fields import WholeNumberField


class Progress(models.Model):
    """The read model of dashboards, gates and the API; rebuildable from the ledger.

    It names what it was computed from (``sequence``, ``release``,
    ``policy_revision``): behind any of them it is stale. ``numerator /
    denominator`` is the exact overall figure as a ratio; ``percent`` (0 to 100),
    ``points`` and ``out_of`` are for showing. The JSON columns hold what
    ``grading.policy.evaluation`` gives, exact figures as ``"n/d"``.
    """

    class Passed(models.TextChoices):
        MET = "met", "Met"
        NOT_MET = "not_met", "Not met"
        OPEN = "open", "Open"

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, primary_key=True, related_name="progress")
    sequence = models.BigIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="+")
    policy_revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    computed_at = models.DateTimeField(db_default=Now())

    activities_done = models.PositiveIntegerField(default=0, help_text="Of the required ones.")
    activities_total = models.PositiveIntegerField(default=0)
    modules_done = models.PositiveIntegerField(default=0)
    modules_total = models.PositiveIntegerField(default=0)
    hours_done = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    hours_total = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    out_of = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    percent = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    numerator = WholeNumberField(null=True, blank=True)
    denominator = WholeNumberField(null=True, blank=True)
    letter = models.CharField(max_length=40, blank=True)
    passed = models.CharField(max_length=8, choices=Passed, default=Passed.OPEN)
    complete = models.BooleanField(default=False)

    modules = models.JSONField(default=dict, help_text="Module -> what is done of it.")
    activities = models.JSONField(default=dict, help_text="Ids of the activities that are done, and that are begun.")
    figures = models.JSONField(default=dict, help_text="Components, rules and the overall figure, with reasons.")

    class Meta:
        verbose_name_plural = "progress"
        ordering = ["enrolment_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None, percent=None)
                | Q(numerator__isnull=False, denominator__gt=0, percent__isnull=False),
                name="progress_figure_whole",
            ),
            models.CheckConstraint(
                condition=Q(activities_done__lte=models.F("activities_total"))
                & Q(modules_done__lte=models.F("modules_total")),
                name="progress_counts_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activities_done} of {self.activities_total}"
