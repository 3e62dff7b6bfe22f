"""``call``: functions of the submission are called with inputs, and their answers compared.

Two sandboxes per check. The grader's holds the cases, the author's reference and
the verdict; the learner's holds the submission and the small program that
answers. Between them go questions and plain values, carried by the worker
without reading them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, model_validator

from grading.checks.contract import CaseResult, CheckOutcome, Seeds, SpecProblem
from grading.checks.registry import kit_files
from grading.checks.spec import BROKEN, TOLD, Allowed, Strict, spec_read, told
from grading.sandbox.contract import KIT, Backend, Collect, Job, Limits, Outcome, Result, misfit
from grading.sandbox.drive import run_pair
from grading.sandbox.image import PYTHON

ASKING_SECONDS: Final = 5.0
"""What the grader's side may take beyond the learner's wall limit: it is never what runs out first."""
RESULT: Final = "result.json"
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Case(Strict):
    """One call with what it must give: ``expect`` a value, or ``raises`` an exception by its name or that of a base."""

    args: list[Any] = []
    kwargs: dict[Identifier, Any] = {}
    expect: Any = None
    raises: Identifier | None = None
    visible: bool = False

    @model_validator(mode="after")
    def one_expectation(self) -> Case:
        if ("expect" in self.model_fields_set) == (self.raises is not None):
            raise ValueError("a case has either expect or raises")
        return self


class Generated(Strict):
    """Calls made for each run anew by the author's ``case(random)`` and ``expected(*args)``."""

    source: str
    visible: Annotated[int, Field(ge=0, le=100)] = 0
    hidden: Annotated[int, Field(ge=0, le=1000)] = 0


class CallSpec(Strict):
    """:param seconds: of one call.
    :param numbers: whether ``1`` and ``1.0`` are the same number.
    :param scoring: points for all or nothing, or in proportion to the cases that pass.
    """

    module: Name
    function: Name
    cases: list[Case] = []
    generated: Generated | None = None
    seconds: Annotated[float, Field(gt=0, le=60, strict=False)] = 2.0
    numbers: Literal["value", "exact"] = "value"
    absolute: Annotated[float, Field(ge=0, strict=False)] = 0.0
    relative: Annotated[float, Field(ge=0, strict=False)] = 0.0
    scoring: Literal["all", "cases"] = "all"
    limits: Allowed = Allowed()

    @model_validator(mode="after")
    def something_to_ask(self) -> CallSpec:
        if not self.cases and not (self.generated and self.generated.visible + self.generated.hidden):
            raise ValueError("there is no case")
        return self


class SideCase(Strict):
    id: str
    visible: bool
    status: Literal["passed", "failed", "not called"]
    message: str


class SideResult(Strict):
    """What the grader's side wrote."""

    cases: list[SideCase]
    over: Literal["", "ended", "late", "broken"]


@dataclass(frozen=True, slots=True)
class CallCheck:
    spec: CallSpec
    author: bytes | None

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        learner = self.spec.limits.limits()
        refused = misfit(files, learner)
        if refused:
            return CheckOutcome(Outcome.REJECTED, Fraction(0), refused)
        asked, answered = run_pair(
            backend,
            asks=Job(
                command=(PYTHON, "-I", "-B", f"{KIT}/ask.py"),
                files={"plan.json": json.dumps(self._plan(seeds)).encode()}
                | ({"author.py": self.author} if self.author is not None else {}),
                kit=_kit("ask.py"),
                limits=Limits(wall=learner.wall + ASKING_SECONDS, cpu=learner.wall + ASKING_SECONDS),
                channel=True,
                collect=Collect(paths=(RESULT,)),
            ),
            answers=Job(
                command=(PYTHON, "-I", "-B", f"{KIT}/answer.py"),
                files=files,
                kit=_kit("answer.py"),
                limits=learner,
                channel=True,
            ),
        )
        return self._outcome(asked, answered)

    def _plan(self, seeds: Seeds) -> dict[str, Any]:
        spec = self.spec
        counts = {"visible": (seeds.visible, "visible"), "hidden": (seeds.hidden, "hidden")}
        return {
            "module": spec.module,
            "function": spec.function,
            "seconds": spec.seconds,
            "compare": {"exact": spec.numbers == "exact", "absolute": spec.absolute, "relative": spec.relative},
            "cases": [
                {"id": name, "visible": case.visible, "args": case.args, "kwargs": case.kwargs}
                | ({"expect": case.expect} if case.raises is None else {"raises": case.raises})
                for name, case in zip(self._written(), spec.cases, strict=True)
            ],
            "generated": spec.generated
            and {side: {"seed": seed, "count": getattr(spec.generated, name)} for side, (seed, name) in counts.items()},
        }

    def _written(self) -> list[str]:
        return [f"case-{number}" for number in range(1, len(self.spec.cases) + 1)]

    def expected_ids(self) -> list[str]:
        """Every case, fixed before the run."""
        made = self.spec.generated
        counts = [("visible", made.visible), ("hidden", made.hidden)] if made else []
        return self._written() + [f"{side}-{n}" for side, count in counts for n in range(1, count + 1)]

    def _outcome(self, asked: Result, answered: Result) -> CheckOutcome:
        runs = {"grader": asked, "learner": answered}
        try:
            said = SideResult.model_validate_json(asked.evidence.files[RESULT])
        except (KeyError, ValidationError):
            said = None
        trusted = said is not None and [case.id for case in said.cases] == self.expected_ids()
        if asked.outcome is Outcome.TIME and answered.outcome in BROKEN:
            # It waited for a side that took what there was: that is no failure of ours, and no other try would help.
            return CheckOutcome(answered.outcome, Fraction(0), TOLD[answered.outcome], (), runs)
        if said is None or not trusted or asked.outcome is not Outcome.PASSED:
            last = asked.evidence.stderr.decode(errors="replace").strip().splitlines()
            reason = ascii(last[-1])[:300] if last else asked.reason
            return CheckOutcome(
                Outcome.INFRASTRUCTURE, Fraction(0), f"The grader's side did not finish: {reason}", (), runs
            )
        cases = [CaseResult(case.id, case.visible, case.status == "passed", case.message) for case in said.cases]
        return self._judged(said, answered.outcome, cases, runs)

    def _judged(
        self, said: SideResult, ended: Outcome, cases: Sequence[CaseResult], runs: Mapping[str, Result]
    ) -> CheckOutcome:
        passed = sum(case.passed for case in cases)
        if ended is Outcome.INFRASTRUCTURE:
            return CheckOutcome(ended, Fraction(0), "The sandbox failed.", cases, runs)
        if ended in BROKEN:
            return CheckOutcome(ended, Fraction(0), TOLD[ended], cases, runs)
        if said.over == "broken":
            return CheckOutcome(Outcome.FAILED, Fraction(0), "The answers cannot be trusted.", cases, runs)
        if passed == len(cases):
            return CheckOutcome(Outcome.PASSED, Fraction(1), f"All {len(cases)} cases passed.", cases, runs)
        outcome = Outcome.TIME if said.over == "late" else Outcome.FAILED
        share = Fraction(passed, len(cases)) if self.spec.scoring == "cases" else Fraction(0)
        return CheckOutcome(outcome, share, told(passed, cases), cases, runs)


def _kit(program: str) -> dict[str, bytes]:
    files = kit_files()
    return {name: files[name] for name in (program, "plain.py", "frames.py")}


class CallKind:
    name = "call"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> CallCheck:
        read = spec_read(CallSpec, spec)
        if read.generated is None:
            return CallCheck(read, None)
        if read.generated.source not in authored:
            raise SpecProblem(f"generated.source: there is no file {read.generated.source!r} beside the checks.")
        return CallCheck(read, authored[read.generated.source])


KIND = CallKind()
