"""Telling staff that a piece of work could not be graded."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from courses.selectors.staff import staff_of
from grading.models import GradingRun

log = structlog.get_logger(__name__)

MOST = 50
CLAIM_UNTOLD = """
/* grading.telling.claim */
UPDATE grading_gradingrun SET told_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM grading_gradingrun WHERE state = 'failed' AND told_at IS NULL
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def staff_told_of_failures() -> int:
    """Write to the staff of every failed run that nobody was told of; each run once, whoever else sweeps.

    A message that cannot be sent puts its run back for the next round.

    :returns: how many runs staff were told of.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_UNTOLD, [MOST])
        claimed = [row[0] for row in cursor.fetchall()]
    told = 0
    for run in GradingRun.objects.filter(pk__in=claimed).select_related("enrolment__program", "activity"):
        try:
            _write(run)
            told += 1
        except (OSError, SMTPException) as error:
            GradingRun.objects.filter(pk=run.pk, state=GradingRun.State.FAILED).update(told_at=None)
            log.warning("staff_not_told", run=str(run.uuid), error=type(error).__name__)
    return told


def _write(run: GradingRun) -> None:
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('grading:attempt-result', args=[run.attempt.uuid])}"
    for person in staff_of(run.enrolment):
        with translation.override(person.language):
            context = {"run": run, "address": address}
            subject = render_to_string("grading/email/failed_subject.txt", context).strip()
            body = render_to_string("grading/email/failed_message.txt", context)
        EmailMessage(subject, body, to=[person.email]).send()
