"""``evidence``: what a tool printed of work done elsewhere, in a cloud account, a cluster or on a GPU.

No learner code runs and nobody elsewhere is asked: the file is read as data on the
worker's side (``grading.checks.evidence``). It has to bear the learner's marker and may have to be fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from grading.checks.contract import CaseResult, CheckOutcome, HandIn, Seeds
from grading.checks.evidence.formats import FORMATS, evidence_read
from grading.checks.evidence.personal import Fresh, Marker
from grading.checks.spec import Strict, spec_read
from grading.checks.structure.assertions import Assertion
from grading.checks.structure.judging import assertions_met, judged, none_met
from grading.checks.structure.reading import Misread, Refused
from grading.sandbox.contract import Backend, Outcome, relative_path


class EvidenceSpec(Strict):
    """:param marker: where the learner's marker has to be; without it there are no points.
    :param fresh: where a time is, and how old it may be; without that there are no points either.
    """

    file: str
    format: str
    marker: Marker
    fresh: Fresh | None = None
    assertions: Annotated[list[Assertion], Field(min_length=1, max_length=100)]
    scoring: Literal["all", "cases"] = "all"

    @field_validator("file")
    @classmethod
    def file_stays_inside(cls, file: str) -> str:
        relative_path(file)
        return file

    @field_validator("format")
    @classmethod
    def format_is_known(cls, form: str) -> str:
        if form not in FORMATS:
            raise ValueError(f"there is no format {form!r}; known are {', '.join(sorted(FORMATS))}")
        return form


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """:param hand_in: None until it is said whose work is checked; then nothing is."""

    spec: EvidenceSpec
    hand_in: HandIn | None = None

    def of(self, hand_in: HandIn) -> EvidenceCheck:
        return replace(self, hand_in=hand_in)

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        if self.hand_in is None:
            nobody = "It was not said whose evidence this is."
            return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), nobody, lasting=True)
        if self.spec.file not in files:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.file!a}.")
        try:
            whole = evidence_read(self.spec.format, files[self.spec.file])
            problems = self._personal(whole, self.hand_in)
        except Refused as refused:
            return CheckOutcome(Outcome.REJECTED, Fraction(0), str(refused), none_met(self.spec.assertions))
        except Misread as misread:
            return CheckOutcome(Outcome.FAILED, Fraction(0), str(misread), none_met(self.spec.assertions))
        cases = assertions_met(self.spec.assertions, whole)
        first = next((problem for problem in problems.values() if problem), "")
        own = [CaseResult(name, True, not problem, problem) for name, problem in problems.items()]
        if first:
            return CheckOutcome(Outcome.FAILED, Fraction(0), first, [*own, *cases])
        outcome = judged(self.spec.assertions, cases, in_proportion=self.spec.scoring == "cases")
        return replace(outcome, cases=[*own, *cases])

    def _personal(self, whole: Any, hand_in: HandIn) -> dict[str, str]:
        """What is wrong with marker and time, by case; empty where nothing is."""
        problems = {"marker": self.spec.marker.problem(whole, hand_in)}
        if self.spec.fresh is not None:
            problems["fresh"] = self.spec.fresh.problem(whole, hand_in)
        return problems


class EvidenceKind:
    name = "evidence"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> EvidenceCheck:
        return EvidenceCheck(spec_read(EvidenceSpec, spec))


KIND = EvidenceKind()
