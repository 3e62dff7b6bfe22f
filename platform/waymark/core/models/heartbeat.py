"""Signs of life of the workers, kept in rows so that no broadcast is needed."""

from django.db import models


class WorkerHeartbeat(models.Model):
    name = models.CharField(max_length=200, primary_key=True)
    queues = models.CharField(max_length=400)
    processes = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many messages it works on at once."
    )
    seen_at = models.DateTimeField()
    started_at = models.DateTimeField()
    sandbox = models.CharField(
        max_length=400, default="", blank=True, db_default="",
        help_text="What runs submissions here, as its self-test found; 'missing:' and why when nothing does.",
    )  # fmt: skip

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
