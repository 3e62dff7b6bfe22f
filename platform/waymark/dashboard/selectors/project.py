"""A project that is reviewed, as its learner sees it: the rubric, rules, hand-ins, and whether one more is taken."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from assessments.models import Criterion, Fetch
from assessments.policy import attempt_rules
from assessments.selectors.submissions import submissions_of
from assessments.services.submitting import hand_in_refusal, item_of
from assessments.submissions.limits import INTAKE, Intake
from courses.models import Enrolment
from waymark.core.errors import DomainError
from waymark.dashboard.selectors.hand_ins import HandInLine, fetch_shown, hand_in_lines


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """:param criteria: of the rubric that the next hand-in is scored on, levels prefetched.
    :param fetch: the newest commit, while it is fetched and when it could not be.
    :param files: what is edited on the page: nothing.
    """

    criteria: tuple[Criterion, ...]
    passing_percent: str
    limit: int | None
    left: int | None
    refusal: DomainError | None
    fetch: Fetch | None
    lines: tuple[HandInLine, ...]
    intake: Intake
    hand_in_url: str
    files: tuple[()] = ()


def project_card(enrolment: Enrolment, activity_id: int) -> ProjectCard | None:
    """The card of one project for one enrolment, None when it has no rubric; a fixed number of queries."""
    rows = Criterion.objects.current().filter(rubric__project=activity_id).prefetch_related("levels")
    criteria = tuple(rows.order_by("position", "pk"))
    if not criteria:
        return None
    activity = item_of(enrolment, activity_id)
    rules = attempt_rules(enrolment, activity)
    submissions = list(submissions_of(enrolment, activity_id))
    return ProjectCard(
        criteria=criteria,
        passing_percent=rules.passing_percent,
        limit=rules.limit,
        left=rules.left(sum(each.pk not in rules.cancelled for each in submissions)),
        refusal=hand_in_refusal(enrolment, activity, rules, timezone.now()),
        fetch=fetch_shown(enrolment, activity_id, submissions),
        lines=hand_in_lines(enrolment, activity_id, submissions),
        intake=INTAKE,
        hand_in_url=reverse("hand_in", args=[enrolment.program.slug, activity.path]),
    )
