"""Whether the checks of a lab are right, as workers found out by trying them."""

from django.db import models

from assessments.models import Check, Lab
from courses.models import Revision


class LabHealth(models.Model):
    """What the health gate found for one lab (``grading.checks.gate``).

    ``tried`` says what was tried: revisions, check kit and image. Where another is current the lab is tried anew.
    """

    lab = models.OneToOneField(Lab, models.CASCADE, primary_key=True, related_name="health")
    tried = models.CharField(max_length=64, blank=True, help_text="Digest of what was tried; empty before the first.")
    tried_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list, help_text="Piece of work and what is wrong with it, in pairs.")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it until then.")

    class Meta:
        verbose_name_plural = "health of labs"
        ordering = ["lab"]

    def __str__(self) -> str:
        return f"health of {self.lab_id}"


class HeldCheck(models.Model):
    """A revision of a check that did not always say the same: no grade is made of it until it is mended."""

    lab_check = models.ForeignKey(Check, models.CASCADE, related_name="held")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    held_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["lab_check", "id"]
        constraints = [models.UniqueConstraint(fields=["lab_check", "revision"], name="held_check_once")]

    def __str__(self) -> str:
        return f"held {self.lab_check_id}"
