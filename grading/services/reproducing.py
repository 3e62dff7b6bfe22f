"""A run of checks once more: the same work, revisions, seeds, image and kit, and what came out differently."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Q

from assessments.selectors.submissions import submission_for_checks
from grading.checks.contract import HandIn, Seeds
from grading.checks.lab import checks_from, checks_of
from grading.checks.registry import kit_version
from grading.checks.runner import LabResult, lab_run
from grading.models import CheckResult, GradingRun
from grading.sandbox.contract import Backend
from waymark.core.errors import Missing, Refused


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. ``check`` is the authored id, empty for the whole."""

    check: str
    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Reproduced:
    """:param other: what this machine has otherwise than the run had: name, then what was and is."""

    run: GradingRun
    result: LabResult
    differences: tuple[Difference, ...]
    other: tuple[Difference, ...]


def run_named(name: UUID) -> GradingRun:
    """The run with this id, or the newest finished one of the submission with it.

    :raises Missing: there is neither.
    :raises Refused: ``run_of_a_quiz``; ``run_not_finished``.
    """
    runs = GradingRun.objects.select_related("submission").filter(Q(uuid=name) | Q(submission__uuid=name))
    run = runs.order_by("-pk").filter(state=GradingRun.State.FINISHED).first() or runs.first()
    if run is None:
        raise Missing(f"There is no run or submission {name}.")
    if run.submission_id is None:
        raise Refused("This run is of a quiz; only checks are reproduced.", code="run_of_a_quiz")
    if run.state != GradingRun.State.FINISHED:
        raise Refused(f"This run is {run.state}: it has no result to compare with.", code="run_not_finished")
    return run


def run_reproduce(backend: Backend, run: GradingRun, *, anyway: bool = False) -> Reproduced:
    """Run the checks of a finished *run* again and compare. Nothing is written.

    :param anyway: also with another image or check kit, whose differences are then named.
    :raises Refused: ``image_gone`` or ``kit_gone``: this machine has others, and *anyway* was not said.
    """
    other = tuple(_other(backend, run.detail))
    if other and not anyway:
        raise _gone(other[0])
    assert run.submission_id is not None, "a run of checks"
    results = list(run.check_results.select_related("lab_check__entity", "revision").order_by("position"))
    work = submission_for_checks(run.submission_id)
    read = checks_from([(each.lab_check.entity.path, each.revision.body) for each in results])
    checks = checks_of(read, HandIn(work.marker, work.handed_in_at))
    seeds = Seeds(**run.detail["seeds"])
    result = lab_run(backend, checks, work.files, seeds)
    return Reproduced(run, result, tuple(_differences(run, results, result)), other)


def _other(backend: Backend, detail: dict[str, Any]) -> list[Difference]:
    pairs = {"image": (detail.get("image", ""), backend.image), "kit": (detail.get("kit_version", ""), kit_version())}
    return [Difference("", name, was, now) for name, (was, now) in pairs.items() if was != now]


def _gone(other: Difference) -> Refused:
    if other.what == "image":
        return Refused(
            f"The run used the image {other.was}, and this machine has {other.now}.", code="image_gone",
            hint="Bring that image back, or compare with this one by --anyway.",
        )  # fmt: skip
    return Refused(
        f"The run used the check kit {other.was[:12]}, and this version of Waymark has {other.now[:12]}.",
        code="kit_gone", hint="Run this from the version that graded it, or compare with this one by --anyway.",
    )  # fmt: skip


def _differences(run: GradingRun, results: list[CheckResult], result: LabResult) -> list[Difference]:
    """Outcomes, points and cases; messages may hold what was measured, which is never twice the same."""
    found = []
    if run.detail["outcome"] != str(result.outcome):
        found.append(Difference("", "outcome", run.detail["outcome"], str(result.outcome)))
    for was, judged in zip(results, result.judged, strict=True):
        outcome = judged.outcome
        earned = Fraction(was.points_numerator, was.points_denominator)
        before = {"outcome": was.outcome, "points": str(earned)}
        before |= {f"case {each['id']}": _word(each["passed"]) for each in was.detail.get("cases", ())}
        now = {"outcome": str(outcome.outcome), "points": str(judged.points)}
        now |= {f"case {each.id}": _word(each.passed) for each in outcome.cases}
        found += [
            Difference(judged.check.id, what, before.get(what, "-"), now.get(what, "-"))
            for what in before | now
            if before.get(what) != now.get(what)
        ]
    return found


def _word(passed: bool) -> str:
    return "passed" if passed else "failed"
