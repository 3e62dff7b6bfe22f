"""The health gate of a lab: are its checks right, and are they the same each time?

References must get everything, the starter and nothing at all must not pass, wrong
work must get what its author says. Each is run several times with other seeds; a
check that does not always say the same is flaky.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from assessments.curriculum.bodies import LabBody
from assessments.markers import PLACE
from grading.checks.contract import HandIn, PersonalCheck
from grading.checks.lab import LabCheck, checks_of
from grading.checks.runner import LabResult, lab_run, seeds_new
from grading.sandbox.contract import Backend, Outcome

TIMES: Final = 3
TRIAL: Final = HandIn("wm-trialtrialtrial2", datetime(2026, 1, 15, 12, tzinfo=UTC))
"""Trials are handed in by nobody, always at the same time: evidence in them stays as fresh as it was written."""
ANOTHER: Final = "wm-otherotherother2"
UNCHECKABLE: Final = "Not checkable here."
"""How a problem begins that says nothing of the lab: the image lacks a tool, or people look at the work."""
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Tried:
    """One piece of work with what it got, each time.

    :param wanted: points of the checks; None where it only must not pass.
    :param flaky: checks that did not always give the same.
    :param infrastructure: the sandbox or the author's side failed, so nothing is known; another try may tell.
    :param problem: what is wrong, in a sentence; empty when nothing is.
    """

    name: str
    wanted: Fraction | None
    points: tuple[Fraction, ...]
    flaky: tuple[str, ...]
    problem: str
    infrastructure: bool = False

    @property
    def checkable(self) -> bool:
        return not self.problem.startswith(UNCHECKABLE)


def lab_gate(backend: Backend, body: LabBody, checks: Sequence[LabCheck], *, times: int = TIMES) -> list[Tried]:
    """Run every piece of work *times* times, in the order of :func:`pieces`."""
    full = sum((Fraction(check.points) for check in checks), Fraction(0))
    asks = any(isinstance(check.prepared, PersonalCheck) for check in checks)
    checks = checks_of(checks, TRIAL)
    tried = []
    for name, files, wanted in pieces(body, full):
        if asks:
            files = marked(files)
        results = [lab_run(backend, checks, files, seeds_new()) for _ in range(times)]
        tried.append(_tried(name, wanted, full, results))
    if not any(each.wanted == full for each in tried):
        tried.append(Tried("reference", full, (), (), "There is none: nobody has shown that the lab can be solved."))
    return tried


def pieces(body: LabBody, full: Fraction) -> Iterator[tuple[str, Files, Fraction | None]]:
    """Name, files and wanted points of all work that a lab is tried with."""
    if body.starter:
        yield "starter", {each.path: each.content.encode() for each in body.starter}, None
        yield "empty", {each.path: b"" for each in body.starter}, None
    for trial in body.trials:
        wanted = full if trial.points is None else Fraction(trial.points)
        yield trial.id, {each.path: each.content.encode() for each in trial.files}, wanted


def marked(files: Files) -> Files:
    """*files* with the markers of a trial in the places for them."""
    return {
        name: data.replace(PLACE.encode(), TRIAL.marker.encode()).replace(b"{{another}}", ANOTHER.encode())
        for name, data in files.items()
    }


def _tried(name: str, wanted: Fraction | None, full: Fraction, results: Sequence[LabResult]) -> Tried:
    points = tuple(result.points for result in results)
    failed = [
        each.outcome for result in results for each in result.judged if each.outcome.outcome == Outcome.INFRASTRUCTURE
    ]
    infrastructure = any(not outcome.lasting for outcome in failed)
    flaky = () if failed else _flaky(results)
    problem = ""
    if failed and not infrastructure:
        problem = " ".join([UNCHECKABLE, *dict.fromkeys(each.message for each in failed if each.message)])
    elif failed:
        said = next((f": {outcome.message}" for outcome in failed if outcome.message), ".")
        problem = f"The sandbox or the author's side failed{said}"
    elif flaky:
        problem = f"It does not always get the same: {', '.join(flaky)}."
    elif wanted is None and max(points) >= full:
        problem = "It passes, and nothing in it is a solution."
    elif wanted is not None and set(points) != {wanted}:
        problem = f"It gets {_shown(points[0])} and should get {_shown(wanted)} of {_shown(full)} points."
    return Tried(name, wanted, points, flaky, problem, infrastructure)


def _flaky(results: Sequence[LabResult]) -> tuple[str, ...]:
    """Checks that gave more than one share."""
    shares: dict[str, set[Fraction]] = {}
    for result in results:
        for judged in result.judged:
            shares.setdefault(judged.check.id, set()).add(judged.outcome.share)
    return tuple(name for name, given in shares.items() if len(given) > 1)


def _shown(points: Fraction) -> str:
    return f"{float(points):g}"


def gate_json(lab: str, tried: Sequence[Tried]) -> dict[str, Any]:
    """What ``checks gate --format json`` prints of a lab; points are exact, as text.

    ``ok`` means that it is sound. Where it is not and ``checkable`` is false, nothing is known against it.
    """
    return {
        "lab": lab,
        "ok": not any(each.problem for each in tried),
        "checkable": all(each.checkable for each in tried) or any(each.problem and each.checkable for each in tried),
        "trials": [
            {
                "id": each.name,
                "wanted": None if each.wanted is None else str(each.wanted),
                "points": [str(points) for points in each.points],
                "flaky": list(each.flaky),
                "problem": each.problem,
            }
            for each in tried
        ],
    }
