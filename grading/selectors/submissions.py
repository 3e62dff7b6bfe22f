"""Submissions as clients of the API see them: where each is, what it gave, and no more than their scopes open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from assessments.models import Submission
from grading.models import GradingRun
from grading.selectors.checks import CheckShown
from grading.selectors.results import Result, RunView, result_of, run_view, shown_runs
from grading.selectors.review_page import ReviewShown
from waymark.core.actors import Actor
from waymark.core.exact import plain


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of results an actor may see.

    :param figures: points and outcomes at all.
    :param names: what may tell who somebody is.
    :param whole: what checks hold back from learners (ACCESS.md, *Results*).
    """

    figures: bool
    whole: bool
    names: bool

    @classmethod
    def of(cls, actor: Actor, submission: Submission) -> Sight:
        """The own work as its learner sees it; that of others by the scopes of staff and clients."""
        own = actor.kind == "person" and actor.user_id == submission.enrolment.learner_id
        whole = not own and actor.has_scope("curriculum:internal")
        return cls(actor.has_scope("grades:read"), whole, own or actor.has_scope("roster:read"))


def submission_cards(actor: Actor, submissions: Sequence[Submission]) -> list[dict[str, Any]]:
    """One line for each; their enrolment, its program and the activity are selected. One query."""
    names = ("submission_id", "state", "detail__outcome", "points_numerator", "points_denominator", "out_of")
    runs = shown_runs(GradingRun.objects.filter(submission__in=submissions)).order_by("pk").values(*names)
    newest = {run["submission_id"]: run for run in runs}
    return [_card(each, newest[each.pk], Sight.of(actor, each)) for each in submissions]


def _card(submission: Submission, run: dict[str, Any], sight: Sight) -> dict[str, Any]:
    finished = run["state"] == GradingRun.State.FINISHED and sight.figures
    points = Fraction(run["points_numerator"], run["points_denominator"]) if finished else None
    return {
        "id": submission.uuid,
        "enrolment": submission.enrolment.uuid,
        "program": submission.enrolment.program.slug,
        "activity": submission.activity.path,
        "number": submission.number,
        "source": submission.source,
        "repository": submission.repository or None if sight.names else None,
        "commit": submission.commit or None,
        "handed_in_at": submission.handed_in_at,
        "after_solution": submission.after_solution,
        "state": run["state"],
        "outcome": run["detail__outcome"] if finished else None,
        "points": None if points is None else plain(points),
        "out_of": plain(Fraction(run["out_of"])) if finished else None,
    }


def submission_detail(actor: Actor, submission: Submission) -> dict[str, Any]:
    """One submission with its files, where its run is, and its result as *actor* may see it."""
    sight = Sight.of(actor, submission)
    view, run = run_view(submission)
    assert run is not None, "a submission is queued with its hand-in"
    result = result_of(submission, run, staff=sight.whole) if sight.figures else None
    files = submission.files.select_related("blob").order_by("name")
    return {
        **submission_cards(actor, [submission])[0],
        "files": [{"name": each.name, "size": each.blob.size, "sha256": each.blob_id} for each in files],
        "run": _run(view, run),
        "result": None if result is None else _result(result, sight),
    }


def _run(view: RunView, run: GradingRun) -> dict[str, Any]:
    queued = run.state == GradingRun.State.QUEUED
    return {
        "ahead": view.ahead if queued else None,
        "expected_seconds": None if view.seconds is None else ceil(view.seconds),
        "queued_at": run.queued_at,
        "claimed_at": None if queued else run.claimed_at,
        "stored_at": run.stored_at,
    }


def _result(result: Result, sight: Sight) -> dict[str, Any]:
    return {
        "passed": result.passed,
        "counts": result.counts,
        "attempts_left": result.attempts_left,
        "withheld": result.withheld,
        "held": result.held,
        "checks": [_check(each) for each in result.checks],
        "review": None if result.review is None else _review(result.review, sight),
    }


def _review(review: ReviewShown, sight: Sight) -> dict[str, Any]:
    return {
        "reviewer": review.reviewer if sight.names else None,
        "released_at": review.at,
        "comment": review.comment,
        "reason": review.reason,
        "criteria": [
            {
                "title": line.title,
                "points": line.points or None,
                "out_of": plain(line.out_of),
                "bonus": line.bonus,
                "level": line.level.label if line.level else "",
                "comment": line.comment if review.explained else "",
            }
            for line in review.criteria
        ],
    }


def _check(check: CheckShown) -> dict[str, Any]:
    return {
        "title": check.title,
        "outcome": check.outcome,
        "points": plain(check.points),
        "out_of": plain(check.out_of),
        "hidden": check.hidden,
        "hint": check.hint,
        "message": check.message,
        "cases": [{"id": case.id, "passed": case.passed, "message": case.message} for case in check.cases],
        "output": check.output,
    }
