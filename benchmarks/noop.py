"""The task that does nothing: what Celery itself costs."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="benchmarks.noop")
def noop() -> None:
    return None


@shared_task(name="benchmarks.last")
def last(key: str) -> None:
    """Says that everything sent before it was taken."""
    import redis
    from django.conf import settings

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set(key, "1")
