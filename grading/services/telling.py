"""Telling staff that a piece of work could not be graded."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from courses.selectors.staff import staff_of
from grading.models import GradingRun

log = structlog.get_logger(__name__)

MOST = 20
TELLING_SECONDS = 130
"""Longer than a task may take: who claimed a run and was killed is followed by another."""

CLAIM_UNTOLD = """
/* grading.telling.claim */
UPDATE grading_gradingrun SET telling_until = clock_timestamp() + make_interval(secs => %s)
WHERE id IN (
    SELECT id FROM grading_gradingrun
    WHERE state = 'failed' AND told_at IS NULL AND (telling_until IS NULL OR telling_until < clock_timestamp())
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id, claim
"""
TOLD = """
/* grading.telling.told */
UPDATE grading_gradingrun SET telling_until = NULL, told_at = CASE WHEN %s THEN clock_timestamp() END
WHERE id = %s AND claim = %s AND state = 'failed' AND told_at IS NULL
"""


def staff_told_of_failures() -> int:
    """Write to the staff of every failed run that nobody was told of, outside any transaction.

    A run is claimed before its message is sent and marked after it: two at once
    send one message, and one that was killed in between is repeated rather than
    lost. A message that cannot be sent is tried again in the next round.

    :returns: how many runs staff were told of.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_UNTOLD, [TELLING_SECONDS, MOST])
        claimed = dict(cursor.fetchall())
    told = 0
    for run in GradingRun.objects.filter(pk__in=claimed).select_related(
        "enrolment__program", "activity", "attempt", "submission"
    ):
        try:
            _write(run)
            sent = True
        except (OSError, SMTPException) as error:
            sent = False
            log.warning("staff_not_told", run=str(run.uuid), error=type(error).__name__)
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [sent, run.pk, claimed[run.pk]])
        told += sent
    return told


def _write(run: GradingRun) -> None:
    address = f"{settings.PUBLIC_URL.rstrip('/')}{run.page}"
    for person in staff_of(run.enrolment):
        with translation.override(person.language):
            context = {"run": run, "address": address}
            subject = render_to_string("grading/email/failed_subject.txt", context).strip()
            body = render_to_string("grading/email/failed_message.txt", context)
        EmailMessage(subject, body, to=[person.email]).send()
