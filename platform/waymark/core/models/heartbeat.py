"""Signs of life of the workers, kept in rows so that no broadcast is needed."""

from django.db import models


class WorkerHeartbeat(models.Model):
    name = models.CharField(max_length=200, primary_key=True)
    queues = models.CharField(max_length=400)
    seen_at = models.DateTimeField()
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
