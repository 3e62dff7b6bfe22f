"""``structure``: a file of the submission is read as data, and what it says is compared with what the author asserts.

No learner code runs, so nothing is started: the file is read on the worker's
side by readers that neither fetch nor open what it names (``grading.checks.structure``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.spec import Strict, spec_read
from grading.checks.structure.assertions import Assertion
from grading.checks.structure.formats import FORMATS, TOGETHER
from grading.checks.structure.judging import assertions_met, judged, none_met
from grading.checks.structure.reading import LARGEST, Misread, Refused, text_of
from grading.sandbox.contract import Backend, Outcome, relative_path


class StructureSpec(Strict):
    """:param file: relative to the work; where several files are one whole, ``*`` stands for any name in that folder.
    :param scoring: points for all or nothing, or in proportion to the points of the assertions that hold.
    """

    file: str
    format: str
    assertions: Annotated[list[Assertion], Field(min_length=1, max_length=100)]
    scoring: Literal["all", "cases"] = "all"

    @model_validator(mode="after")
    def file_and_format_fit(self) -> StructureSpec:
        relative_path(self.file)
        if self.format not in FORMATS:
            raise ValueError(f"there is no format {self.format!r}; known are {', '.join(sorted(FORMATS))}")
        if "*" in self.file and self.format not in TOGETHER:
            raise ValueError(f"{self.format} is of one file, so file has no *")
        return self


@dataclass(frozen=True, slots=True)
class StructureCheck:
    spec: StructureSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        pattern = re.compile("[^/]*".join(map(re.escape, self.spec.file.split("*"))))
        given = {name: files[name] for name in sorted(files) if pattern.fullmatch(name)}
        if not given:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.file!a}.")
        try:
            whole = self._read(given)
        except Refused as refused:
            return CheckOutcome(Outcome.REJECTED, Fraction(0), str(refused), none_met(self.spec.assertions))
        except Misread as misread:
            return CheckOutcome(Outcome.FAILED, Fraction(0), str(misread), none_met(self.spec.assertions))
        cases = assertions_met(self.spec.assertions, whole)
        return judged(self.spec.assertions, cases, in_proportion=self.spec.scoring == "cases")

    def _read(self, given: Mapping[str, bytes]) -> Any:
        if sum(map(len, given.values())) > LARGEST:
            raise Refused(f"{self.spec.file} is larger than {LARGEST} bytes.")
        texts = []
        for name, data in given.items():
            try:
                texts.append(text_of(data))
            except Misread as misread:
                raise Misread(f"{name}: {misread}") from misread
        return FORMATS[self.spec.format](texts)


class StructureKind:
    name = "structure"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> StructureCheck:
        return StructureCheck(spec_read(StructureSpec, spec))


KIND = StructureKind()
