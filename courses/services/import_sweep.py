"""What was lost is found again: jobs whose worker is gone, jobs that nobody was told of, files whose time is over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from courses.models import ImportJob
from courses.services.import_files import files_forget
from courses.services.import_work import MOST_TRIES, Claim, job_end
from courses.services.imports import QUEUE
from waymark.core.ring import ring

UNRUNG_AFTER = timedelta(seconds=2)
FILES_KEPT = timedelta(days=7)
MOST_AT_ONCE = 100

State = ImportJob.State


def jobs_requeue_expired() -> int:
    """Have steps whose lease ran out begun anew, or ended after ``MOST_TRIES``; answers how many there were."""
    expired = ImportJob.objects.filter(state=State.WORKING, lease_until__lt=Now())
    found = list(expired.values_list("pk", "claim", "step", "tries")[:MOST_AT_ONCE])
    for key, token, step, tries in found:
        if tries < MOST_TRIES:
            expired.filter(pk=key, claim=token).update(state=State.WAITING, phase="", lease_until=None)
        else:
            text = _("The worker ended %(count)s times in the middle of it.") % {"count": MOST_TRIES}
            job_end(Claim(key, token, step), problem="worker_lost", text=text)
    return len(found)


def jobs_ring() -> bool:
    """Ring when something has waited for longer than a ring takes; whether it was heard."""
    waits = ImportJob.objects.filter(state=State.WAITING, queued_at__lt=Now() - UNRUNG_AFTER).exists()
    return waits and ring(QUEUE)


def job_files_forget() -> int:
    """Remove what was uploaded ``FILES_KEPT`` ago, and of applied jobs at once; reports and plans stay."""
    over = ImportJob.objects.filter(
        Q(state=State.APPLIED) | Q(created_at__lt=Now() - FILES_KEPT), files_gone_at=None
    ).exclude(Q(state__in=ImportJob.UNDER_WAY) | Q(given=ImportJob.Given.RELEASE))  # fmt: skip
    jobs = list(over.values_list("pk", "uuid", "given")[:MOST_AT_ONCE])
    for key, uuid, given in jobs:
        if given == ImportJob.Given.FILES:
            files_forget(uuid)
        ImportJob.objects.filter(pk=key).update(files_gone_at=Now())
    return len(jobs)
