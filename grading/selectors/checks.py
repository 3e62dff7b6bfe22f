"""What a learner and staff see of the checks of a submission (ACCESS.md, *Results*)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from grading.models import CheckResult, GradingRun


@dataclass(frozen=True, slots=True)
class CaseShown:
    id: str
    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One check looked back on.

    :param message, cases, output: empty where they may not be shown: of a hidden check a
        learner sees title, points and the author's hint.
    """

    title: str
    outcome: str
    state: str
    word: str
    points: Fraction
    out_of: Fraction
    hidden: bool
    hint: str
    message: str
    cases: tuple[CaseShown, ...]
    output: str


def outcome_word(outcome: str) -> tuple[str, str]:
    """State and word of one of the closed list of outcomes."""
    words = {
        "passed": ("ok", _("Passed")),
        "failed": ("failed", _("Failed")),
        "time": ("failed", _("Time limit")),
        "memory": ("failed", _("Memory limit")),
        "processes": ("failed", _("Too many processes")),
        "output": ("failed", _("Too much output")),
        "disk": ("failed", _("Disk limit")),
        "rejected": ("failed", _("Rejected")),
    }
    return words.get(outcome, ("failed", outcome))


def checks_shown(run: GradingRun, what: str, *, staff: bool) -> tuple[CheckShown, ...]:
    """The checks of a finished run, in the order of the lab.

    :param what: ``points`` or ``explanation``, as the policy allows by now; the second opens messages and output.
    """
    results = run.check_results.select_related("revision").order_by("position")
    return tuple(_shown(each, explained=what == "explanation", staff=staff) for each in results)


def _shown(result: CheckResult, *, explained: bool, staff: bool) -> CheckShown:
    body = result.revision.body
    hidden = bool(body.get("hidden"))
    state, word = outcome_word(result.outcome)
    points = Fraction(result.points_numerator, result.points_denominator)
    if points and state == "failed":
        state, word = "partial", _("Partly")
    told = staff or (explained and not hidden)
    cases = [each for each in result.detail.get("cases", ()) if staff or each["visible"]]
    # What ran in one process cannot be told apart: output is shown where every case may be seen.
    all_seen = staff or all(each["visible"] for each in result.detail.get("cases", ()))
    return CheckShown(
        title=body["title"],
        outcome=result.outcome,
        state=state,
        word=word,
        points=points,
        out_of=Fraction(result.out_of),
        hidden=hidden,
        hint=body.get("hint", "") if result.outcome != "passed" else "",
        message=result.message if told else "",
        cases=tuple(CaseShown(each["id"], each["passed"], each["message"]) for each in cases) if told else (),
        output=_output(result.detail) if told and all_seen else "",
    )


def _output(detail: dict[str, Any]) -> str:
    """What the learner's side printed, standard output before standard error."""
    learner = detail.get("runs", {}).get("learner", {})
    return "\n".join(part for part in (learner.get("stdout", ""), learner.get("stderr", "")) if part)
