"""Stamping the feed while others write: no gap, nothing passed over, nothing twice."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from tests.concurrency.test_attempts import at_once
from waymark.core.feed import feed_append, feed_stamp
from waymark.core.models import FeedEntry

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ENTRIES = 4, 40


def test_positions_have_no_gaps_under_concurrent_writers_and_stampers() -> None:
    seen: list[list[int]] = []

    def write() -> None:
        for number in range(ENTRIES):
            with transaction.atomic():
                feed_append(type="test", data={"n": number})
                if number % 5 == 0:
                    transaction.set_rollback(True)

    def stamp() -> None:
        for _ in range(60):
            feed_stamp(limit=7)
            rows = FeedEntry.objects.filter(position__isnull=False).order_by("position")
            seen.append(list(rows.values_list("id", flat=True)))

    results = at_once(*[write] * WRITERS, stamp, stamp)
    assert [result for result in results if result is not None] == []
    while feed_stamp():
        pass
    written = WRITERS * ENTRIES * 4 // 5
    final = list(FeedEntry.objects.order_by("position").values_list("position", "id"))
    assert [position for position, _ in final] == list(range(1, written + 1))
    ids = [key for _, key in final]
    assert all(before == ids[: len(before)] for before in seen), "a reader never finds something new behind itself"


def test_what_a_slow_transaction_wrote_is_not_passed_over() -> None:
    written, commit = Event(), Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                feed_append(type="slow")
                written.set()
                commit.wait(30)
        finally:
            connection.close()

    writer = Thread(target=slow)
    writer.start()
    try:
        assert written.wait(10)
        feed_append(type="fast")
        assert feed_stamp() == 1
        assert FeedEntry.objects.get(position=1).type == "fast"
    finally:
        commit.set()
        writer.join(10)
    assert feed_stamp() == 1
    late = FeedEntry.objects.get(position=2)
    assert late.type == "slow"
    assert late.pk < FeedEntry.objects.get(position=1).pk, "its position follows the commit, not the insert"


def test_one_stamper_at_a_time() -> None:
    feed_append(type="test")
    held, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                assert feed_stamp() == 1
                held.set()
                done.wait(30)
        finally:
            connection.close()

    other = Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        assert feed_stamp() == 0, "somebody else is at it: that is a normal return"
    finally:
        done.set()
        other.join(10)
    assert FeedEntry.objects.get().position == 1
