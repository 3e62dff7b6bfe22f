"""What assertions give together."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grading.checks.contract import CaseResult, CheckOutcome
from grading.checks.spec import told
from grading.checks.structure.assertions import Assertion
from grading.sandbox.contract import Outcome


def assertions_met(assertions: Sequence[Assertion], whole: Any) -> list[CaseResult]:
    """Every assertion of what was read, as one case each."""
    problems = [each.problem(whole) for each in assertions]
    return [
        CaseResult(f"case-{number}", each.visible, not problem, problem)
        for number, (each, problem) in enumerate(zip(assertions, problems, strict=True), 1)
    ]


def none_met(assertions: Sequence[Assertion]) -> list[CaseResult]:
    """Every assertion, of a file that was not read: none holds."""
    problem = "The file could not be read."
    return [CaseResult(f"case-{number}", each.visible, False, problem) for number, each in enumerate(assertions, 1)]


def judged(assertions: Sequence[Assertion], cases: Sequence[CaseResult], *, in_proportion: bool) -> CheckOutcome:
    """The outcome of *cases*, which are those of *assertions*: all or nothing, or by the points of what holds."""
    if all(case.passed for case in cases):
        return CheckOutcome(Outcome.PASSED, Fraction(1), f"All {len(cases)} cases passed.", cases)
    points = [each.points for each in assertions]
    held = sum(number for number, case in zip(points, cases, strict=True) if case.passed)
    share = Fraction(held, sum(points)) if in_proportion else Fraction(0)
    return CheckOutcome(Outcome.FAILED, share, told(sum(case.passed for case in cases), cases), cases)
