"""Regrades: what each corrects, how far it is, and who may see and start them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt
from courses.access import administered_programs
from courses.curriculum.applied import RegradeLeft
from courses.models import Release, ReleaseItem
from grading.graders.again import Corrected, Corrections, Scored
from grading.models import GradingRun, Regrade
from grading.selectors.scores import scores_standing
from waymark.core.actors import Actor

SHOWN = 10
"""How many regrades of a program its page shows."""

WORDS: dict[str, tuple[str, str | Promise]] = {
    "ready": ("open", _("Ready to start")),
    "started": ("running", _("Under way")),
    "done": ("done", _("Done")),
    "dismissed": ("info", _("Left as it was")),
}
"""State of a regrade -> mark and word."""


def regrades_shown(actor: Actor, releases: QuerySet[Release]) -> list[tuple[Regrade, str, str | Promise]]:
    """The newest of those that *releases* left and the actor may start, each with mark and word of its state."""
    found = regrades_visible_to(actor).filter(release__in=releases)[:SHOWN]
    return [(regrade, *WORDS[regrade.state]) for regrade in found]


def regrades_by_release(releases: Collection[int]) -> dict[int, RegradeLeft]:
    """Release -> the regrade that it left."""
    return {
        each.release_id: RegradeLeft(
            each.uuid, each.state, each.grades_changed, each.passes_lost, each.passes_gained
        )
        for each in Regrade.objects.filter(release__in=releases)
    }  # fmt: skip


def regrades_visible_to(actor: Actor) -> QuerySet[Regrade]:
    """Those of the programs that the actor administers, newest first, with how many runs there are of each kind."""
    state = GradingRun.State
    return (
        Regrade.objects.filter(release__program__in=administered_programs(actor))
        .select_related("release__program", "started_by")
        .annotate(
            attempts=Count("runs"),
            graded=Count("runs", filter=Q(runs__state=state.FINISHED)),
            failed=Count("runs", filter=Q(runs__state=state.FAILED)),
        )
        .order_by("-pk")
    )


def corrections_in(regrade: Regrade) -> Corrections:
    """What *regrade* corrects, but for what a newer release has corrected once more."""
    newer = Regrade.objects.filter(
        release__program=regrade.release.program_id, release__number__gt=regrade.release.number
    )
    again = {key for corrected in newer.values_list("corrected", flat=True) for key in corrected}
    items = ReleaseItem.objects.filter(release=regrade.release, entity__in=set(regrade.corrected) - again)
    questions: dict[int, Corrected] = {}
    points: dict[int, Fraction] = {}
    for key, kind, digest, body in items.order_by().values_list(
        "entity_id", "entity__kind", "revision__hash", "revision__body"
    ):
        if kind == "question":
            questions[key] = Corrected(digest, body)
        else:
            points[key] = Fraction(body["points"])
    return Corrections(questions, points)


@dataclass(frozen=True, slots=True)
class Work:
    """What grading one attempt again begins with."""

    scored: Scored
    corrections: Corrections


def work_of(run: GradingRun) -> Work:
    """The score that stands for a run's attempt, and what its regrade corrects."""
    assert run.regrade is not None, "a run of a regrade"
    assert run.attempt_id is not None, "of an attempt"
    corrections = corrections_in(run.regrade)
    attempts = Attempt.objects.filter(pk=run.attempt_id)
    [(_, _, scored)] = scores_standing(attempts, corrections, run.regrade.release.program.language)
    return Work(scored, corrections)


class Reasons(NamedTuple):
    """Why a score takes the place of another."""

    for_learner: str
    for_staff: str


def reasons_of(run_id: int) -> Reasons:
    """Why a run of a regrade changes a score; for the learner in the program's language."""
    regrade = Regrade.objects.select_related("release__program").get(runs=run_id)
    with translation.override(regrade.release.program.language):
        learner = gettext("The quiz was corrected, so it was graded again.")
    return Reasons(learner, f"Regrade {regrade.uuid} of release {regrade.release.number}")
