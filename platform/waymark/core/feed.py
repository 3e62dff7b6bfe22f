"""Appending to the change feed and stamping its positions."""

from typing import Any

from django.db import connection, transaction

from waymark.core.models import FeedEntry

STAMP_LOCK = 0x57_61_79_6D  # "Waym": the advisory lock of everyone who stamps

STAMP = """
/* waymark.core.feed.stamp */
WITH base AS (SELECT coalesce(max(position), 0) AS top FROM core_feedentry WHERE position IS NOT NULL),
     fresh AS (
         SELECT id, row_number() OVER (ORDER BY id) AS n
         FROM (SELECT id FROM core_feedentry WHERE position IS NULL ORDER BY id LIMIT %s) AS waiting
     )
UPDATE core_feedentry AS entry SET position = base.top + fresh.n
FROM fresh, base WHERE entry.id = fresh.id
"""


def feed_append(
    *,
    type: str,
    program_id: int | None = None,
    cohort_id: int | None = None,
    enrolment_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> FeedEntry:
    """Append one change inside the transaction that makes it.

    :param type: ``grade.changed``, ``progress.changed``, ``enrolment.entered`` ...
    :param data: ids and grade values as strings; never a name or an address.
    """
    return FeedEntry.objects.create(
        type=type, program_id=program_id, cohort_id=cohort_id, enrolment_id=enrolment_id, data=data or {}
    )


def feed_stamp(*, limit: int = 5000) -> int:
    """Give every committed entry without a position the next one; return how many.

    Only committed entries are seen, and the advisory lock lets one stamper in at
    a time, so positions are gapless and in order of stamping. Someone else
    stamping is a normal return of 0.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("/* waymark.core.feed.lock */ SELECT pg_try_advisory_xact_lock(%s)", [STAMP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(STAMP, [limit])
        return int(cursor.rowcount)
