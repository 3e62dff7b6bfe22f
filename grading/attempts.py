"""The policy's answer to what *assessments* asks about attempts."""

from __future__ import annotations

from django.db.models import Q

from assessments.models import SolutionShown
from assessments.policy import AttemptRules
from courses.models import Activity, Cohort, Enrolment, Extension
from grading.earlier import UNCOUNTED, earlier_made
from grading.models import GradingRun
from grading.policy.compile import rules_for
from grading.services.progress import policy_revision_of
from grading.structure import structure_of
from waymark.core.exact import plain


def attempt_rules(enrolment: Enrolment, activity: Activity) -> AttemptRules:
    """Limit, waiting time and last instant for one enrolment and quiz or lab, extensions included.

    Work is accepted until the cohort ends, for this person until an extension of
    it; attempts whose grading was given up do not count, nor do submissions that were cancelled.
    """
    structure = structure_of(enrolment.program_id)
    rules = rules_for(structure, policy_revision_of(enrolment, structure))
    rule, feedback = rules.of(activity.pk), rules.feedback.get(activity.pk)
    granted = Extension.objects.filter(Q(activity=activity) | Q(activity=None), enrolment=enrolment, withdrawn_at=None)
    extensions = list(granted.values_list("extra_attempts", "due_at"))
    ends = None
    if enrolment.cohort_id is not None:
        ends = Cohort.objects.values_list("ends_at", flat=True).get(pk=enrolment.cohort_id)
    if ends is not None:
        ends = max([ends, *(due for _, due in extensions if due is not None)])
    limit = None if rule.limit is None else rule.limit + sum(extra for extra, _ in extensions)
    failed, cancelled = _uncounted(enrolment, activity)
    return AttemptRules(
        limit=limit,
        uncounted=failed,
        given_up=activity.kind == Activity.Kind.LAB and given_up(enrolment.pk, activity.pk),
        cancelled=cancelled,
        earlier=0 if limit is None else earlier_made(enrolment.pk, activity),
        wait_minutes=rule.wait_minutes,
        accepts_until=ends,
        passing_percent="" if rule.passing is None else plain(rule.passing * 100),
        explained=feedback.when if feedback is not None else "hand_in",
    )


def given_up(enrolment_id: int, activity_id: int) -> bool:
    """Whether what was left of a lab was given up for its solution, and staff granted no more attempts since."""
    shown = SolutionShown.objects.filter(enrolment=enrolment_id, lab=activity_id, gave_up=True).first()
    if shown is None:
        return False
    more = Extension.objects.filter(Q(activity=activity_id) | Q(activity=None), enrolment=enrolment_id)
    return not more.filter(withdrawn_at=None, extra_attempts__gt=0, granted_at__gt=shown.shown_at).exists()


def _uncounted(enrolment: Enrolment, activity: Activity) -> tuple[int, frozenset[int]]:
    """How many first gradings were given up, and which submissions were cancelled."""
    runs = GradingRun.objects.filter(enrolment=enrolment, activity=activity, state__in=UNCOUNTED)
    rows = list(runs.filter(kind=GradingRun.Kind.FIRST).values_list("state", "submission_id"))
    failed = sum(state == GradingRun.State.FAILED for state, _ in rows)
    return failed, frozenset(key for state, key in rows if state == GradingRun.State.CANCELLED and key is not None)
