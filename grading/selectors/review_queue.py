"""Work that waits for people: what staff find in their queue, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from assessments.models import Review
from courses.access import enrolments_staffed_by
from courses.models import Activity
from grading.models import GradingRun
from waymark.core.actors import Actor

ORDER: Final = ("queued_at", "pk")
DRAFTS = Review.objects.filter(state=Review.State.DRAFT)


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What of the queue is looked at; empty is everything.

    :param program: its slug. :param cohort: its key. :param activity: a path.
    :param free: set: only what nobody has begun.
    """

    program: str = ""
    cohort: str = ""
    activity: str = ""
    free: str = ""

    def as_query(self) -> dict[str, str]:
        """Those that are set, as parameters of an address."""
        return {name: value for name, value in asdict(self).items() if value}


ALL: Final = QueueFilters()


def waiting_for(actor: Actor, filters: QueueFilters = ALL) -> QuerySet[GradingRun]:
    """Runs that wait for people, of enrolments that *actor* is staff of."""
    rows = GradingRun.objects.filter(
        queue=GradingRun.Queue.PEOPLE, state=GradingRun.State.QUEUED, enrolment__in=enrolments_staffed_by(actor)
    )
    if filters.program:
        rows = rows.filter(enrolment__program__slug=filters.program)
    if filters.cohort:
        known = filters.cohort.isascii() and filters.cohort.isdigit() and len(filters.cohort) < 19
        rows = rows.filter(enrolment__cohort=int(filters.cohort)) if known else rows.none()
    if filters.activity:
        rows = rows.filter(activity__path=filters.activity)
    return free_of_drafts(rows) if filters.free else rows


def free_of_drafts(rows: QuerySet[GradingRun]) -> QuerySet[GradingRun]:
    """Those that nobody has begun to review."""
    return rows.exclude(Exists(DRAFTS.filter(submission=OuterRef("submission"))))


def projects_free(actor: Actor, filters: QueueFilters = ALL) -> QuerySet[GradingRun]:
    """Hand-ins for projects that wait and that nobody has begun, the oldest first."""
    rows = free_of_drafts(waiting_for(actor, filters)).filter(activity__kind=Activity.Kind.PROJECT)
    return rows.select_related("submission__enrolment", "submission__activity").order_by(*ORDER)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One hand-in that waits.

    :param draft: its review, once somebody has begun it.
    :param mine: the actor is who has begun it.
    """

    run: GradingRun
    draft: Review | None
    mine: bool
    is_project: bool


def queue_lines(actor: Actor, runs: Sequence[GradingRun]) -> list[QueueLine]:
    """Lines for *runs*, whose relations are selected; one query."""
    drafts = DRAFTS.filter(submission__in=[run.submission_id for run in runs]).select_related("reviewer")
    begun = {draft.submission_id: draft for draft in drafts}
    return [
        QueueLine(
            run,
            draft := begun.get(run.submission_id or 0),
            draft is not None and draft.reviewer_id == actor.user_id,
            run.activity.kind == Activity.Kind.PROJECT,
        )
        for run in runs
    ]


def shown(rows: QuerySet[GradingRun]) -> QuerySet[GradingRun]:
    """The same with what a line shows selected."""
    return rows.select_related(
        "enrolment__learner", "enrolment__program", "enrolment__cohort", "activity", "submission"
    )


@dataclass(frozen=True, slots=True)
class QueueSize:
    """:param oldest: when the one that has waited longest was handed in: the service level."""

    count: int
    oldest: datetime | None


def queue_size(rows: QuerySet[GradingRun]) -> QueueSize:
    """One query."""
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min("queued_at"))
    return QueueSize(found["count"], found["oldest"])


def drafts_of(actor: Actor) -> QuerySet[Review]:
    """What *actor* has begun and not released, the oldest hand-in first."""
    rows = DRAFTS.filter(reviewer=actor.user_id, submission__enrolment__in=enrolments_staffed_by(actor))
    related = ("submission__activity", "submission__enrolment__learner", "submission__enrolment__program")
    return rows.select_related(*related).order_by("submission__handed_in_at", "pk")


def activities_waiting(actor: Actor) -> list[tuple[str, str]]:
    """Path and title of what waits, to choose from."""
    rows = waiting_for(actor).order_by().values_list("activity__path", "activity__title").distinct()
    return sorted(set(rows))


def place_of(actor: Actor, run: GradingRun) -> tuple[int, int]:
    """Where a waiting run stands among all that *actor* may review, from 1, and how many these are."""
    earlier = Q(queued_at__lt=run.queued_at) | Q(queued_at=run.queued_at, pk__lt=run.pk)
    found = waiting_for(actor).order_by().aggregate(count=Count("pk"), before=Count("pk", filter=earlier))
    return found["before"] + 1, found["count"]
