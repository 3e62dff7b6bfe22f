"""The change feed and the audit: appended to, stamped without gaps, never changed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from waymark.core.actors import Actor
from waymark.core.audit import audit_record
from waymark.core.feed import feed_append, feed_stamp
from waymark.core.ids import uuid7
from waymark.core.models import AuditEntry, FeedEntry

pytestmark = pytest.mark.django_db


def positions() -> list[int | None]:
    return list(FeedEntry.objects.order_by("id").values_list("position", flat=True))


def test_entries_get_positions_in_the_order_of_their_coming() -> None:
    for number in range(3):
        feed_append(type="test", data={"n": number})
    assert positions() == [None, None, None]
    assert feed_stamp() == 3
    assert positions() == [1, 2, 3]
    feed_append(type="test")
    assert feed_stamp() == 1
    assert feed_stamp() == 0
    assert positions() == [1, 2, 3, 4]


def test_a_long_wait_is_stamped_in_parts() -> None:
    for _ in range(5):
        feed_append(type="test")
    assert [feed_stamp(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert positions() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "change",
    [
        lambda: FeedEntry.objects.update(data={"n": 2}),
        lambda: FeedEntry.objects.update(type="other", position=5),
        lambda: FeedEntry.objects.all().delete(),
        lambda: AuditEntry.objects.update(reason="another"),
        lambda: AuditEntry.objects.all().delete(),
    ],
    ids=["data of an entry", "data with the position", "an entry", "a reason in the audit", "an audit entry"],
)
def test_what_was_written_stays(change: object) -> None:
    feed_append(type="test", data={"n": 1})
    audit_record(actor=Actor.system(), action="test", subject="thing:1")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        change()  # type: ignore[operator]


def test_a_position_is_given_once() -> None:
    feed_append(type="test")
    feed_stamp()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        FeedEntry.objects.update(position=7)


def test_the_audit_names_who_looked_through_whose_eyes() -> None:
    entry = audit_record(actor=Actor.client("c1", frozenset()), action="a", subject="thing:1", details={"n": 1})
    assert (entry.actor_label, entry.person_id, entry.details) == ("client:c1", None, {"n": 1})
    assert Actor.person(5, acting_as=7).label == "person:5+as:7"
    assert Actor.system().label == "system"


def test_scopes() -> None:
    assert Actor.person(1).has_scope("anything"), "a session may what its person may"
    assert Actor.person(1, scopes=frozenset({"me"})).has_scope("grades:read")
    assert not Actor.person(1, scopes=frozenset({"roster:read"})).has_scope("grades:read")
    assert not Actor.client("c", frozenset({"me"})).has_scope("grades:read"), "`me` is for people only"


def test_public_ids_are_version_7_and_in_order_of_time() -> None:
    made = [uuid7() for _ in range(200)]
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 200
    stamps = [each.int >> 80 for each in made]
    assert stamps == sorted(stamps)
