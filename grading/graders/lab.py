"""Grading a submission: its files against the pinned checks, each in sandboxes of its own."""

from __future__ import annotations

from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any, Final

from django.conf import settings

from assessments.selectors.submissions import SubmissionForChecks, submission_for_checks
from grading.checks.contract import HandIn
from grading.checks.lab import checks_from, checks_of
from grading.checks.runner import Judged, LabResult, lab_run, overall, seeds_new
from grading.graders.base import CheckScore, Score
from grading.models import HeldCheck
from grading.sandbox.contract import Outcome, Result, SandboxUnavailable
from grading.sandbox.selection import chosen
from waymark.core.text import storable

NAME: Final = "lab"
VERSION: Final = 1
MOST_OUTPUT: Final = 16 * 1024
"""Of each stream that is kept as evidence, in characters."""


def grade_submission(submission_id: int) -> Score:
    """Read a submission and run its checks; to be called outside any transaction.

    :raises SandboxUnavailable: the sandbox or the grader's side failed: no grade, no attempt.
    :raises SpecProblem: a check cannot be used as its author wrote it.
    """
    work, held = _without_held(submission_for_checks(submission_id))
    checks = checks_from([(each.path, each.body) for each in work.checks])
    checks = checks_of(checks, HandIn(work.marker, work.handed_in_at))
    result = lab_run(chosen(), checks, work.files, seeds_new())
    if not settings.SANDBOX_TOOLS:
        work, result, lacking = _without_lacking(work, result)
        held += lacking
    if result.outcome == Outcome.INFRASTRUCTURE:
        failed = next(each for each in result.judged if each.outcome.outcome == Outcome.INFRASTRUCTURE)
        raise SandboxUnavailable(f"{failed.check.id}: {failed.outcome.message}")
    score = score_lab(work, result)
    return replace(score, detail={**score.detail, "held": held}) if held else score


def _without_held(work: SubmissionForChecks) -> tuple[SubmissionForChecks, list[str]]:
    """The checks that grades may be made of, and the paths of those that are held back."""
    held = set(
        HeldCheck.objects.filter(lab_check__in=[each.check_id for each in work.checks]).values_list(
            "lab_check_id", "revision_id"
        )
    )
    checks = tuple(each for each in work.checks if (each.check_id, each.revision_id) not in held)
    if work.checks and not checks:
        raise SandboxUnavailable("Every check of this lab is held back, because it did not always say the same.")
    return replace(work, checks=checks), [each.path for each in work.checks if each not in checks]


def _without_lacking(work: SubmissionForChecks, result: LabResult) -> tuple[SubmissionForChecks, LabResult, list[str]]:
    """The same without the checks whose tools the image lacks, and their paths; as it is where all of them do."""
    lacking = {each.check.id for each in result.judged if each.outcome.lasting}
    judged = [each for each in result.judged if each.check.id not in lacking]
    if not lacking or not judged:
        return work, result, []
    checks = tuple(each for each in work.checks if each.path not in lacking)
    return replace(work, checks=checks), replace(result, judged=judged, outcome=overall(judged)), sorted(lacking)


def score_lab(work: SubmissionForChecks, result: LabResult) -> Score:
    """The score that a result gives. A lab of checks without points scores nothing."""
    full = Fraction(result.out_of)
    return Score(
        share=result.points / full if full else Fraction(0),
        out_of=full if work.points is None else work.points,
        grader=NAME,
        version=VERSION,
        detail={
            "outcome": str(result.outcome),
            "backend": result.backend,
            "level": result.level,
            "image": result.image,
            "kit_version": result.kit_version,
            "seeds": {"visible": result.seeds.visible, "hidden": result.seeds.hidden},
            "usage": asdict(result.usage),
            "earned": str(result.points),
            "full": str(full),
        },
        checks=tuple(
            _check(pinned.check_id, pinned.revision_id, judged)
            for pinned, judged in zip(work.checks, result.judged, strict=True)
        ),
    )


def _check(check_id: int, revision_id: int, judged: Judged) -> CheckScore:
    outcome = judged.outcome
    return CheckScore(
        check_id=check_id,
        revision_id=revision_id,
        outcome=str(outcome.outcome),
        share=outcome.share,
        out_of=Fraction(judged.check.points),
        message=outcome.message,
        detail={
            "cases": [
                {"id": each.id, "visible": each.visible, "passed": each.passed, "message": each.message}
                for each in outcome.cases
            ],
            "runs": {side: _run(run) for side, run in outcome.runs.items()},
        },
    )


def _run(run: Result) -> dict[str, Any]:
    return {
        "outcome": str(run.outcome),
        "usage": asdict(run.usage),
        "stdout": _text(run.evidence.stdout),
        "stderr": _text(run.evidence.stderr),
    }


def _text(data: bytes) -> str:
    """Output as it is kept: what PostgreSQL cannot hold replaced, and cut."""
    text: str = storable(data[: MOST_OUTPUT * 4].decode("utf-8", "replace"))
    return text[:MOST_OUTPUT]
