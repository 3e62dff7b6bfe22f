"""Contents in an object store: the same promises as in a folder, over the protocol of S3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.services.blobs import blobs_sweep
from assessments.submissions.blobs import BLOBS as SUBMITTED
from tests.grading import labs
from tests.object_store import Store, object_store
from waymark.core.blobs import BlobDamaged, BlobStore, digest_of

BLOBS = BlobStore("contents")


@pytest.fixture
def store(settings: Any) -> Iterator[Store]:
    with object_store() as found:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "waymark.core.object_storage.ObjectStorage",
                "OPTIONS": {
                    "bucket_name": "waymark",
                    "location": "site",
                    "endpoint_url": found.address,
                    "access_key": "key",
                    "secret_key": "secret",
                    "region_name": "eu-west-1",
                },
            },
        }
        yield found


def test_a_content_is_kept_once_and_read_back(store: Store) -> None:
    digest = BLOBS.write(b"data\x00\r\n")
    assert BLOBS.write(b"data\x00\r\n") == digest == digest_of(b"data\x00\r\n")
    assert list(store.objects) == [f"waymark/site/contents/{digest[:2]}/{digest[2:]}"]
    assert sum(each.startswith("PUT") for each in store.asked) == 1
    assert BLOBS.read(digest) == b"data\x00\r\n"
    assert BLOBS.read(BLOBS.write(b"")) == b""


def test_what_is_gone_or_was_changed_is_damaged(store: Store) -> None:
    digest = BLOBS.write(b"data")
    [place] = store.objects
    store.objects[place] = b"other", store.objects[place][1]
    with pytest.raises(BlobDamaged):
        BLOBS.read(digest)
    BLOBS.delete(digest)
    assert not store.objects
    with pytest.raises(BlobDamaged):
        BLOBS.read(digest)


def test_a_store_that_refuses_is_no_verdict_on_the_content(store: Store) -> None:
    digest = BLOBS.write(b"data")
    store.handler.refuses = True
    with pytest.raises(BlobDamaged):
        BLOBS.read(digest)
    with pytest.raises(OSError, match="the object store did not do it"):
        BLOBS.write(b"more")


def test_all_of_them_are_listed_in_pages(store: Store) -> None:
    sizes = {BLOBS.write(b"x" * size): size for size in range(5)}
    BlobStore("others").write(b"other")
    store.objects["waymark/site/contents/readme"] = b"", timezone.now()
    store.asked.clear()
    assert dict(BLOBS.kept(before=timezone.now() + timedelta(minutes=1))) == sizes
    assert len(store.asked) == 3, "two entries each, and no request per entry"
    assert dict(BLOBS.kept(before=timezone.now() - timedelta(minutes=1))) == {}


@pytest.mark.django_db
def test_a_hand_in_is_kept_there_and_what_nothing_names_is_swept(store: Store, tmp_path: Any) -> None:
    enrolment = labs.enrolled(labs.released(tmp_path / "tree"), "learner@demo.test")
    submission = labs.hand_in(enrolment, labs.RIGHT).submission
    assert {data for data, _ in store.objects.values()} == {labs.RIGHT}
    [file] = submission.files.all()
    assert SUBMITTED.read(file.blob_id) == labs.RIGHT
    SUBMITTED.write(b"nobody's")
    for place, (data, _) in list(store.objects.items()):
        store.objects[place] = data, timezone.now() - timedelta(days=3)
    blobs_sweep()
    assert {data for data, _ in store.objects.values()} == {labs.RIGHT}
