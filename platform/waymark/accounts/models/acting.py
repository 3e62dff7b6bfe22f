"""Act-as: a site admin looks through somebody's eyes, reading only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.core.ids import uuid7


class Acting(models.Model):
    """One look: who, through whose eyes, from when to when at the latest. The person can read it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    admin = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acted")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acted_through")
    reason = models.CharField(max_length=300, help_text="Shown to the person.")
    started_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "actings"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(admin=F("person")), name="acting_as_somebody_else"),
            models.CheckConstraint(condition=~Q(reason=""), name="acting_has_reason"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
