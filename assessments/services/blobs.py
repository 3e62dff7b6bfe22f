"""Taking back the contents that no submission names any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.models import Blob, SubmissionFile
from assessments.submissions.blobs import BLOBS

KEPT = timedelta(days=1)
"""A content is written before what names it; one that is younger than this may still be named."""
BATCH = 500
BATCH_OF_NAMES = 100_000


def blobs_sweep() -> int:
    """Delete contents that are older than :data:`KEPT` and named by nothing; how many.

    A row is locked before its content goes: a hand-in of the same content waits for it
    and writes the content anew (``submission_create``).
    """
    before = timezone.now() - KEPT
    _take_in_orphans(before)
    named = SubmissionFile.objects.filter(blob=OuterRef("pk"))
    unnamed = Blob.objects.filter(~Exists(named), stored_at__lt=before).order_by("pk")
    swept = 0
    for digest in list(unnamed.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            row = unnamed.select_for_update(skip_locked=True, of=("self",)).filter(pk=digest).first()
            if row is not None:
                row.delete()
                BLOBS.delete(digest)
                swept += 1
    return swept


def _take_in_orphans(before: datetime) -> None:
    """Rows for contents that have none, so that they are taken back as any other.

    What was to name them was refused, or its process was killed.
    """
    kept = dict(islice(BLOBS.kept(before=before), BATCH_OF_NAMES))
    known = set(Blob.objects.filter(pk__in=kept).values_list("pk", flat=True))
    orphans = [Blob(digest=digest, size=size, stored_at=before - KEPT) for digest, size in kept.items()]
    Blob.objects.bulk_create([row for row in orphans if row.pk not in known], ignore_conflicts=True)
