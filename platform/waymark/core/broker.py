"""How much waits at the broker, so that nobody publishes without end to a queue that nobody serves.

``expires`` does not bound a queue: a message that ran out is dropped by the
worker that takes it, not by Redis. A message here only wakes a worker, which then
asks the database, so one more says nothing new once enough of them wait.
"""

from celery.beat import PersistentScheduler
from kombu.connection import Connection

MOST_WAITING = 64
"""Messages per queue; also how many workers of one queue an idle moment can wake at once."""


def queue_is_full(connection: Connection, queue: str) -> bool:
    """Whether ``MOST_WAITING`` messages wait in *queue*; one round trip, which fails as publishing does.

    Who asks and then publishes may go beyond the limit by the number of those who do so at the same time.
    """
    waiting: int = connection.default_channel.client.llen(queue)  # type: ignore[attr-defined]
    return waiting >= MOST_WAITING


class BoundedScheduler(PersistentScheduler):
    """Celery beat that leaves out what its queue is full of; the next turn comes in any case."""

    def apply_async(self, entry, producer=None, advance=True, **options):  # type: ignore[no-untyped-def]
        queue = self.app.amqp.router.route(entry.options, entry.task)["queue"].name
        if queue_is_full(self.connection, queue):
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **options)
