"""``program``: a program of the submission is run with arguments and input; what it prints, its exit status and the
files that it leaves are compared.

Each case runs in a sandbox of its own. What is expected never enters one: the
comparison is on the worker's side, of bytes that arrived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.registry import kit_files
from grading.checks.spec import Allowed, Start, Strict, cases_run, same_text, shown, spec_read
from grading.sandbox.contract import KIT, MEBIBYTE, Backend, Collect, Job, Outcome, Result, relative_path
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON

LARGEST: Final = MEBIBYTE
"""Of a file that is compared, in bytes."""


class Expected(Strict):
    """What must come of a case; what is not named may be anything."""

    stdout: str | None = None
    exit: Annotated[int, Field(ge=0, le=255)] = 0
    files: dict[str, str] = {}


class Case(Start):
    expect: Expected


class ProgramSpec(Strict):
    """:param whitespace: ``ends``: blanks at the ends of lines and of the text do not matter.
    :param scoring: points for all or nothing, or in proportion to the cases that pass.
    """

    file: str
    cases: Annotated[list[Case], Field(min_length=1, max_length=100)]
    whitespace: Literal["ends", "exact"] = "ends"
    scoring: Literal["all", "cases"] = "all"
    limits: Allowed = Allowed()

    @model_validator(mode="after")
    def names_stay_inside(self) -> ProgramSpec:
        names = [self.file, *(name for case in self.cases for name in (*case.files, *case.expect.files))]
        for name in names:
            relative_path(name)
        return self


@dataclass(frozen=True, slots=True)
class ProgramCheck:
    spec: ProgramSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        if self.spec.file not in files:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.file!a}.")
        spec = self.spec
        return cases_run(
            spec.cases, files, spec.limits.limits(), lambda case, given: self._runs(backend, case, given),
            in_proportion=spec.scoring == "cases",
        )  # fmt: skip

    def _runs(self, backend: Backend, case: Case, files: Mapping[str, bytes]) -> Iterator[tuple[Result, str]]:
        result = run(backend, self._job(case, files))
        yield result, self._problem(case, result)

    def _job(self, case: Case, files: Mapping[str, bytes]) -> Job:
        return Job(
            command=(PYTHON, "-I", "-B", f"{KIT}/start.py", self.spec.file, *case.args),
            files=files,
            kit={"start.py": kit_files()["start.py"]},
            limits=self.spec.limits.limits(),
            stdin=case.stdin.encode(),
            collect=Collect(paths=tuple(case.expect.files), size=LARGEST),
        )

    def _problem(self, case: Case, result: Result) -> str:
        """What is not as expected, in a sentence; empty when all is."""
        evidence, wanted = result.evidence, case.expect
        about = " ".join([self.spec.file, *case.args])
        if evidence.exit_status != wanted.exit:
            return f"{about} ended with status {evidence.exit_status}, expected {wanted.exit}."
        if wanted.stdout is not None and not self._same(wanted.stdout, evidence.stdout):
            return f"{about} printed {shown(evidence.stdout)}, expected {shown(wanted.stdout.encode())}."
        for name, text in wanted.files.items():
            if name not in evidence.files:
                why = evidence.refused.get(name, "it is not there")
                return f"{about} left no file {name!a} that could be read: {why}."
            if not self._same(text, evidence.files[name]):
                return f"{about} wrote {shown(evidence.files[name])} to {name}, expected {shown(text.encode())}."
        return ""

    def _same(self, expected: str, got: bytes) -> bool:
        return same_text(expected, got, exact=self.spec.whitespace == "exact")


class ProgramKind:
    name = "program"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> ProgramCheck:
        return ProgramCheck(spec_read(ProgramSpec, spec))


KIND = ProgramKind()
