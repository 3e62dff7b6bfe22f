"""Progress that is behind: a newer release of its program, or rules bound by an admin."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from courses.models import Enrolment
from grading.services.ledger import ledger_follow
from grading.services.progress import progress_catch_up
from grading.structure import structure_of

BATCH = 500
OPEN = (Enrolment.State.ACTIVE, Enrolment.State.PAUSED, Enrolment.State.COMPLETED)

STALE = """
/* grading.stale */
SELECT enrolment.id FROM courses_enrolment AS enrolment
LEFT JOIN grading_progress AS progress ON progress.enrolment_id = enrolment.id
LEFT JOIN courses_release AS release ON release.program_id = enrolment.program_id AND release.current
WHERE enrolment.state = ANY(%s) AND (
    progress.enrolment_id IS NULL
    OR progress.sequence <> enrolment.sequence
    OR progress.release_id IS DISTINCT FROM release.id
    OR (enrolment.policy_revision_id IS NOT NULL
        AND progress.policy_revision_id IS DISTINCT FROM enrolment.policy_revision_id)
    OR (progress.complete AND enrolment.state <> 'completed')
)
ORDER BY enrolment.id LIMIT %s
"""


def stale_enrolments(limit: int = BATCH) -> list[int]:
    """Open enrolments whose progress is missing, or was computed from another ledger, release or policy;
    and those that meet the program's rule and are not completed yet."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, [[str(state) for state in OPEN], limit])
        return [row[0] for row in cursor.fetchall()]


def stale_refresh(*, limit: int = BATCH) -> int:
    """Bring a batch of them up to date; return how many."""
    behind = stale_enrolments(limit)
    refreshed = progress_catch_up(enrolment_ids=behind)
    of_program: dict[int, list[int]] = defaultdict(list)
    for enrolment_id, program_id in Enrolment.objects.filter(pk__in=behind).values_list("pk", "program_id"):
        of_program[program_id].append(enrolment_id)
    for program_id, enrolments in of_program.items():
        if structure_of(program_id).successions:
            for enrolment_id in sorted(enrolments):
                ledger_follow(enrolment_id=enrolment_id)
    return refreshed
