"""What the descriptions of all kinds of checks have in common, and what learners are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grading.checks.contract import CaseResult, CheckOutcome, SpecProblem
from grading.sandbox.contract import MEBIBYTE, Limits, Outcome, Result, Usage, misfit
from waymark.core.faults import fault_told

BROKEN: Final = frozenset({Outcome.TIME, Outcome.MEMORY, Outcome.PROCESSES, Outcome.OUTPUT, Outcome.DISK})
TOLD: Final = {
    Outcome.TIME: "It took too long.",
    Outcome.MEMORY: "It used more memory than it may.",
    Outcome.PROCESSES: "It started more processes or threads than it may.",
    Outcome.OUTPUT: "It printed more than it may.",
    Outcome.DISK: "It wrote more than it may.",
}
SHOWN: Final = 160
"""Characters of a text in a message."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Allowed(Strict):
    """Limits of the learner's side that differ from the default; sizes in MiB."""

    wall: Annotated[float, Field(gt=0, le=120, strict=False)] = 10.0
    cpu: Annotated[float, Field(gt=0, le=120, strict=False)] = 5.0
    memory: Annotated[int, Field(ge=16, le=4096)] = 256
    processes: Annotated[int, Field(ge=1, le=512)] = 64
    disk: Annotated[int, Field(ge=1, le=1024)] = 64
    files: Annotated[int, Field(ge=16, le=100_000)] = 4096
    output: Annotated[float, Field(gt=0, le=16, strict=False)] = 0.25

    def limits(self) -> Limits:
        return Limits(
            wall=self.wall,
            cpu=self.cpu,
            memory=self.memory * MEBIBYTE,
            processes=self.processes,
            disk=self.disk * MEBIBYTE,
            inodes=self.files,
            output=int(self.output * MEBIBYTE),
        )


Spec = TypeVar("Spec", bound=Strict)


def spec_read(kind: type[Spec], spec: Mapping[str, Any]) -> Spec:
    """*spec* as *kind* has it; :class:`SpecProblem` says what is wrong and where."""
    try:
        read = kind.model_validate(dict(spec))
        json.dumps(spec, allow_nan=False)
    except ValidationError as error:
        raise SpecProblem(fault_told(error.errors()[0], "the spec")) from error
    except (TypeError, ValueError) as error:
        raise SpecProblem(f"A value of the spec has no plain form: {error}") from error
    return read


class Start(Strict):
    """What a program is started with. ``files`` are put beside the work, and win over files of the same name."""

    args: list[str] = []
    stdin: str = ""
    files: dict[str, str] = {}
    visible: bool = False


Case = TypeVar("Case", bound=Start)
Runs = Callable[[Case, Mapping[str, bytes]], Iterable[tuple[Result, str]]]
"""The runs of a case with all files, each with what is wrong then in a sentence: the last one counts."""


def cases_run(
    cases: Sequence[Case], files: Mapping[str, bytes], limits: Limits, runs: Runs[Case], *, in_proportion: bool
) -> CheckOutcome:
    """Every case after the other; the first that breaks a limit ends the check."""
    done: list[CaseResult] = []
    used = Usage()
    kept: dict[str, Result] = {}
    for case in cases:
        given = {**files, **{name: text.encode() for name, text in case.files.items()}}
        if refused := misfit(given, limits):
            return CheckOutcome(Outcome.REJECTED, Fraction(0), refused)
        problem = ""
        for result, said in runs(case, given):
            used += result.usage
            # A tree was compared, and is too much to keep.
            kept["learner"] = replace(result, usage=used, evidence=replace(result.evidence, tree={}))
            if result.outcome is Outcome.INFRASTRUCTURE:
                return CheckOutcome(result.outcome, Fraction(0), "The sandbox failed.", done, kept)
            if result.outcome in BROKEN:
                planned = unfinished(done, [each.visible for each in cases])
                return CheckOutcome(result.outcome, Fraction(0), TOLD[result.outcome], planned, kept)
            problem = said
        done.append(CaseResult(f"case-{len(done) + 1}", case.visible, not problem, problem))
    return tallied(done, kept, in_proportion=in_proportion)


def told(passed: int, cases: Sequence[CaseResult]) -> str:
    """How many passed, and the first visible case that did not: nothing that a hidden one would give away."""
    first = next((case.message for case in cases if case.visible and not case.passed and case.message), "")
    return f"{passed} of {len(cases)} cases passed." + (f" {first}" if first else "")


def unfinished(cases: Sequence[CaseResult], visible: Sequence[bool]) -> list[CaseResult]:
    """*cases*, the one that broke a limit, and those after it: all that were planned, hidden ones too.

    :param visible: of every planned case.
    """
    first = len(cases) + 1
    return [
        *cases,
        *(
            CaseResult(f"case-{number}", seen, False, "It broke a limit." if number == first else "")
            for number, seen in enumerate(visible[len(cases) :], first)
        ),
    ]


def tallied(cases: Sequence[CaseResult], runs: Mapping[str, Result], *, in_proportion: bool) -> CheckOutcome:
    """What cases that all came to their end are worth together."""
    passed = sum(case.passed for case in cases)
    if passed == len(cases):
        return CheckOutcome(Outcome.PASSED, Fraction(1), f"All {len(cases)} cases passed.", cases, runs)
    share = Fraction(passed, len(cases)) if in_proportion else Fraction(0)
    return CheckOutcome(Outcome.FAILED, share, told(passed, cases), cases, runs)


def same_text(expected: str, got: bytes, *, exact: bool) -> bool:
    """Whether *got* is *expected* in UTF-8; blanks at the ends of lines and of the text matter when *exact*."""
    try:
        text = got.decode()
    except UnicodeDecodeError:
        return False
    return text == expected if exact else _without_ends(text) == _without_ends(expected)


def _without_ends(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def shown(data: bytes) -> str:
    """The beginning of *data*, quoted and without control characters."""
    text = json.dumps(data[: SHOWN * 4].decode(errors="replace"))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
