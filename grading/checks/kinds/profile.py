"""``profile``: a validation profile by name, as a bundle of the kit. What stands in for a tool is said in the result.

The tools of Python run in a sandbox as in ``lint``; what stands in for the others reads files as data, here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from grading.checks.contract import CaseResult, CheckOutcome, PreparedCheck, Seeds
from grading.checks.kinds.lint import KIND as LINT
from grading.checks.profiles import parts
from grading.checks.spec import Strict, spec_read, tallied
from grading.checks.structure.reading import Misread, Refused
from grading.sandbox.contract import Backend, Outcome

PYTHON: Final[dict[str, tuple[list[dict[str, Any]], str]]] = {
    "python-light": ([{"tool": "pylint", "select": ["E", "F"]}], ""),
    "python-strict": (
        [{"tool": "pylint"}, {"tool": "bandit"}, {"tool": "mypy"}],
        "pytest is not run here: what the work does, the other checks of the lab say.",
    ),
}
Read = Callable[[parts.Texts, frozenset[str]], str]


@dataclass(frozen=True, slots=True)
class StandIn:
    """:param command: of the profile, which this stands in for."""

    command: str
    instead: str
    read: Read


def _of_texts(read: Callable[[parts.Texts], str]) -> Read:
    return lambda texts, names: read(texts)


DATA: Final[dict[str, tuple[str, tuple[StandIn, ...]]]] = {
    "cloud-infra": (
        "*.tf",
        (
            StandIn("terraform fmt -check", "blanks and tabs were looked at", _of_texts(parts.layout)),
            StandIn("terraform validate", "the files were read by their structure", _of_texts(parts.terraform_reads)),
            StandIn("tflint", "its conventions were asserted", _of_texts(parts.terraform_conventions)),
        ),
    ),
    "docs-quality": (
        "*.md",
        (
            StandIn("markdownlint", "headings, code and blanks were looked at", _of_texts(parts.markdown_style)),
            StandIn("markdown-link-check", "links inside the work were followed", parts.links_lead_somewhere),
            StandIn("vale", "doubled words and notes for later were looked for", _of_texts(parts.prose)),
        ),
    ),
}


POINTS: Final = {name: len(sets) for name, (sets, _) in PYTHON.items()} | {
    name: len(stand_ins) for name, (_, stand_ins) in DATA.items()
}
"""What the check that a lab has by its profile is worth: one for each command that something is done for."""


class ProfileSpec(Strict):
    """:param only: patterns of the files that are looked at.
    :param ignore: by tool of Python, what does not count.
    :param defines: as in ``lint``.
    """

    profile: Literal["python-light", "python-strict", "cloud-infra", "docs-quality"]
    only: Annotated[list[str], Field(min_length=1)] = ["*"]
    ignore: dict[Literal["pylint", "bandit", "mypy"], list[str]] = {}
    defines: dict[str, list[str]] = {}
    scoring: Literal["all", "cases"] = "all"

    @model_validator(mode="after")
    def settings_fit(self) -> ProfileSpec:
        if self.profile not in PYTHON and (self.ignore or self.defines):
            raise ValueError(f"{self.profile} has no ignore and no defines")
        if self.profile in PYTHON:
            strange = sorted(self.ignore.keys() - {asked["tool"] for asked in PYTHON[self.profile][0]})
            if strange:
                raise ValueError(f"{self.profile} has no {strange[0]}")
        return self


@dataclass(frozen=True, slots=True)
class PythonProfile:
    """:param note: what of the profile is not run."""

    lint: PreparedCheck
    note: str

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        outcome = self.lint.run(backend, files, seeds)
        return replace(outcome, message=f"{outcome.message} {self.note}".strip())


@dataclass(frozen=True, slots=True)
class DataProfile:
    spec: ProfileSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        pattern, stand_ins = DATA[self.spec.profile]
        given = {
            name: files[name]
            for name in sorted(files)
            if fnmatchcase(name, pattern) and any(fnmatchcase(name, each) for each in self.spec.only)
        }
        if not any(data.strip() for data in given.values()):
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {pattern} with something in it.")
        try:
            texts = parts.texts_of(given)
            cases = [_case(each, texts, frozenset(files)) for each in stand_ins]
        except Refused as refused:
            return CheckOutcome(Outcome.REJECTED, Fraction(0), str(refused))
        except Misread as misread:
            return CheckOutcome(Outcome.FAILED, Fraction(0), str(misread))
        outcome = tallied(cases, {}, in_proportion=self.spec.scoring == "cases")
        note = " ".join(f"{each.command} is not run here: {each.instead}." for each in stand_ins)
        return replace(outcome, message=f"{outcome.message} {note}")


def _case(stand_in: StandIn, texts: parts.Texts, names: frozenset[str]) -> CaseResult:
    try:
        problem = stand_in.read(texts, names)
    except Misread as misread:
        problem = str(misread)
    return CaseResult(stand_in.command, True, not problem, problem)


class ProfileKind:
    name = "profile"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> PreparedCheck:
        read = spec_read(ProfileSpec, spec)
        if read.profile not in PYTHON:
            return DataProfile(read)
        sets, note = PYTHON[read.profile]
        asked = [each | {"ignore": read.ignore.get(each["tool"], [])} for each in sets]
        more = {"only": read.only, "defines": read.defines, "scoring": read.scoring}
        return PythonProfile(LINT.prepare({"sets": asked, **more}, authored), note)


KIND = ProfileKind()
