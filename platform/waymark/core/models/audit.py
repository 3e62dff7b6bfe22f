"""The append-only record of acts that somebody may have to answer for."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what to what, when, and why. Written once, never changed.

    ``subject`` names the thing by kind and id (``enrolment:12``), never by a
    person's name or address. ``actor_label`` keeps what ``Actor.label`` said.
    """

    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    actor_label = models.CharField(max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_subject"),
            models.Index(fields=["person", "id"], name="audit_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
