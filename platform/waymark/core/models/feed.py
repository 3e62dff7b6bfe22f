"""The ordered record of changes: outbox and change feed in one.

An entry is written in the transaction of its change, with an empty position.
Positions are stamped after commit, without gaps, under an advisory lock
(``waymark.core.feed``), so no reader can pass over an entry that a slower
transaction has yet to commit.
"""

from django.db import models
from django.db.models import Q


class FeedEpoch(models.Model):
    """One life of the database; a restore from a dump begins another one."""

    id = models.UUIDField(primary_key=True)
    began_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["began_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class FeedEntry(models.Model):
    """One change, told in ids and grade values; never names or addresses."""

    position = models.BigIntegerField(null=True, editable=False)
    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    type = models.CharField(max_length=60)
    program_id = models.BigIntegerField(null=True)
    cohort_id = models.BigIntegerField(null=True)
    enrolment_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "feed entries"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["position"], name="feed_position_once")]
        indexes = [
            models.Index(fields=["id"], name="feed_unstamped", condition=Q(position=None)),
            models.Index(fields=["enrolment_id", "position"], name="feed_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.position or 'unstamped'}"
