"""The policy of a program: the typed row of its current revision."""

from django.db import models

from courses.models import Program
from courses.models.typed import TypedRow


class Policy(TypedRow):
    """Names the revision that new enrolments begin under.

    The rules themselves are read from a revision's body (``grading.policy``): an
    enrolment keeps the one it began under, so they are never unfolded into columns.
    """

    program = models.OneToOneField(Program, models.PROTECT, related_name="policy")
    title = models.CharField(max_length=500)

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["program_id", "pk"]

    def __str__(self) -> str:
        return self.title
