"""``tests``: tests that a learner wrote are run against the author's right module and wrong variants of it.

Each run has a sandbox for the tests and another for the variant: tests import a
stub that carries calls, so they meet every variant in the same way and see of it
what it answers. All that is believed of a run is whether it passed or failed.
The right module is tried first, and again among the others, in random order.
"""

from __future__ import annotations

import builtins
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from grading.checks.contract import CaseResult, CheckOutcome, Seeds, SpecProblem
from grading.checks.registry import kit_files
from grading.checks.spec import BROKEN, TOLD, Allowed, Strict, spec_read
from grading.sandbox.contract import KIT, Backend, Job, Limits, Outcome, Result, Usage, misfit, relative_path
from grading.sandbox.drive import run_pair
from grading.sandbox.image import PYTHON

TIMES: Final = 2
"""How often each variant is met in random order. The first right one is met once more, before all others."""
TOGETHER: Final = 4
"""How many times the wall limit of one run all of them may take together."""
ANSWERING_SECONDS: Final = 5.0
"""What a variant may take beyond the tests' wall limit: it is never what runs out first."""
UNUSABLE: Final = 70
"""With this ``kit/variant.py`` ends when its module cannot be loaded."""
SHOWN: Final = 160
"""Characters of what the tests said last, in a message."""
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Mutant(Strict):
    """A wrong variant. ``title`` says what is wrong with it, and is told when it is ``visible`` and not caught."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    source: str
    title: str = ""
    visible: bool = False


class TestsSpec(Strict):
    """:param file: of the submission, with functions ``test_*``.
    :param module: the name that they import.
    :param functions: what the stub has; arguments and answers are plain values.
    :param exceptions: those of the module's own that it has too, with the exception of Python that they are built on.
    :param references: right variants, which the tests must pass.
    :param seconds: of one call.
    :param scoring: points for all or nothing, or in proportion to the mutants that are caught.
    """

    file: Annotated[str, Field(pattern=r"\.py$")]
    module: Identifier
    functions: Annotated[list[Identifier], Field(min_length=1)]
    exceptions: dict[Identifier, Identifier] = {}
    references: Annotated[list[str], Field(min_length=1, max_length=5)]
    mutants: Annotated[list[Mutant], Field(min_length=3, max_length=20)]
    seconds: Annotated[float, Field(gt=0, le=60, strict=False)] = 2.0
    scoring: Literal["all", "cases"] = "all"
    limits: Allowed = Allowed()

    @model_validator(mode="after")
    def names_are_usable(self) -> TestsSpec:
        relative_path(self.file)
        for name, base in self.exceptions.items():
            kind = getattr(builtins, base, None)
            if not (isinstance(kind, type) and issubclass(kind, Exception)):
                raise ValueError(f"{name} is built on {base}, which is no exception of Python")
        ids = [mutant.id for mutant in self.mutants]
        if len(set(ids)) < len(ids):
            raise ValueError("two mutants have the same id")
        return self


@dataclass(frozen=True, slots=True)
class Variant:
    """:param right: whether tests must pass."""

    id: str
    right: bool
    source: bytes


@dataclass(slots=True)
class Seen:
    """What was found so far: of each variant, by id, whether each of its runs passed."""

    passed: dict[str, list[bool]]
    used: Usage
    first: Result | None = None

    def runs(self) -> dict[str, Result]:
        """What may be shown is that of the first run, with the right module: what all of them used counts."""
        return {} if self.first is None else {"learner": replace(self.first, usage=self.used)}


@dataclass(frozen=True, slots=True)
class TestsCheck:
    spec: TestsSpec
    variants: tuple[Variant, ...]

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        if self.spec.file not in files:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.file!a}.")
        if refused := misfit(files, self.spec.limits.limits()):
            return CheckOutcome(Outcome.REJECTED, Fraction(0), refused)
        seen = Seen({variant.id: [] for variant in self.variants}, Usage())
        for variant in self._order(seeds):
            tested, answered = run_pair(backend, asks=self._tests(files), answers=self._answers(variant))
            seen.used += tested.usage
            seen.first = seen.first or tested
            if Outcome.INFRASTRUCTURE in (tested.outcome, answered.outcome):
                return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), "The sandbox failed.", (), seen.runs())
            if answered.evidence.exit_status == UNUSABLE:
                reason = f"The author's {variant.id} cannot be loaded: {_last(answered)}"
                return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), reason, (), seen.runs())
            passed = tested.outcome is Outcome.PASSED
            seen.passed[variant.id].append(passed)
            if variant.right and not passed:
                return self._refuses_right(variant, tested, seen)
            if seen.used.wall > TOGETHER * self.spec.limits.wall:
                return CheckOutcome(Outcome.TIME, Fraction(0), TOLD[Outcome.TIME], self._cases(seen), seen.runs())
        return self._caught(seen)

    def _order(self, seeds: Seeds) -> Iterator[Variant]:
        """Never changed by what a run did: tests that know the time must not bring about which variant is next."""
        again = [variant for variant in self.variants for _ in range(TIMES)]
        random.Random(seeds.hidden).shuffle(again)  # noqa: S311
        yield self.variants[0]
        yield from again

    def _tests(self, files: Mapping[str, bytes]) -> Job:
        """The same for every variant, to the byte."""
        spec, kit = self.spec, kit_files()
        plan = {
            "file": spec.file, "module": spec.module, "functions": spec.functions, "exceptions": spec.exceptions,
            "seconds": spec.seconds,
        }  # fmt: skip
        return Job(
            command=(PYTHON, "-I", "-B", f"{KIT}/suite.py"),
            files=files,
            kit={name: kit[name] for name in ("suite.py", "plain.py", "frames.py")}
            | {"suite.json": json.dumps(plan).encode()},
            limits=spec.limits.limits(),
            channel=True,
        )

    def _answers(self, variant: Variant) -> Job:
        kit, own = kit_files(), self.spec.limits.limits()
        plan = {"module": self.spec.module, "functions": self.spec.functions}
        return Job(
            command=(PYTHON, "-I", "-B", f"{KIT}/variant.py"),
            files={"plan.json": json.dumps(plan).encode(), "variant_source.py": variant.source},
            kit={name: kit[name] for name in ("variant.py", "plain.py", "frames.py")},
            limits=Limits(wall=own.wall + ANSWERING_SECONDS, cpu=own.cpu, memory=own.memory),
            channel=True,
        )

    def _refuses_right(self, variant: Variant, tested: Result, seen: Seen) -> CheckOutcome:
        cases, runs = self._cases(seen), seen.runs()
        if tested.outcome in BROKEN:
            return CheckOutcome(tested.outcome, Fraction(0), TOLD[tested.outcome], cases, runs)
        message = "The tests fail for a module that does what the task says"
        if len(seen.passed[variant.id]) > 1:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"{message}, but not always.", cases, runs)
        return CheckOutcome(Outcome.FAILED, Fraction(0), f"{message}: {_last(tested)}", cases, runs)

    def _cases(self, seen: Seen) -> list[CaseResult]:
        """Every variant: right ones are to pass in all their runs, mutants to fail in all."""
        spec, cases = self.spec, []
        about = {mutant.id: mutant for mutant in spec.mutants}
        for number, variant in enumerate(self.variants):
            wanted = TIMES + (number == 0)
            right = seen.passed[variant.id].count(variant.right) == wanted
            mutant = about.get(variant.id)
            message = "" if right else "The tests fail for it, or were not run." if mutant is None else "Not caught."
            if mutant is not None and not right and mutant.title:
                message = f"Not caught: {mutant.title}"
            cases.append(CaseResult(variant.id, mutant is None or mutant.visible, right, message))
        return cases

    def _caught(self, seen: Seen) -> CheckOutcome:
        cases, runs = self._cases(seen), seen.runs()
        mutants = [case for case in cases if case.id in {mutant.id for mutant in self.spec.mutants}]
        caught = sum(case.passed for case in mutants)
        message = f"The tests catch {caught} of {len(mutants)} wrong modules."
        if caught == len(mutants):
            return CheckOutcome(Outcome.PASSED, Fraction(1), message, cases, runs)
        first = next((case.message for case in mutants if case.visible and not case.passed), "")
        share = Fraction(caught, len(mutants)) if self.spec.scoring == "cases" else Fraction(0)
        return CheckOutcome(Outcome.FAILED, share, f"{message} {first}".strip(), cases, runs)


def _last(result: Result) -> str:
    """The last line on standard error that says something, shown inert."""
    lines = [line for line in result.evidence.stderr.decode(errors="replace").splitlines() if line.strip()]
    return ascii(lines[-1][:SHOWN]) if lines else result.reason


class TestsKind:
    name = "tests"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> TestsCheck:
        read = spec_read(TestsSpec, spec)
        wanted = [(f"right-{number}", True, name) for number, name in enumerate(read.references, 1)]
        wanted += [(mutant.id, False, mutant.source) for mutant in read.mutants]
        if absent := next((name for _, _, name in wanted if name not in authored), None):
            raise SpecProblem(f"There is no file {absent!r} beside the checks.")
        if twice := next((id for id, _, _ in wanted if [key for key, _, _ in wanted].count(id) > 1), None):
            raise SpecProblem(f"mutants: the id {twice!r} is that of a right variant.")
        return TestsCheck(read, tuple(Variant(id, right, authored[name]) for id, right, name in wanted))


KIND = TestsKind()
