"""``lint``: tools look at the work, which is data to them, with the author's settings only.

One sandbox per check holds the files that are looked at, the Python files that they may
import, the tools of the image and ``kit/lint.py``. Nothing of the work is imported or started. What is found comes back
as file, line, code and message; how much of it is too much is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, model_validator

from grading.checks.contract import CaseResult, CheckOutcome, Seeds
from grading.checks.lint.sets import AnySet, ToolSet
from grading.checks.registry import kit_files
from grading.checks.spec import BROKEN, TOLD, Allowed, Strict, spec_read, tallied
from grading.sandbox.contract import KIT, Backend, Collect, Job, Outcome, Result, misfit
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON, REMEDY

RESULT: Final = "result.json"
KIT_FILES: Final = ("lint.py", "lint_tools.py", "only_tools.py", "yaml_lint.py")
SHOWN: Final = 10
"""Findings of a set that are told."""
SHOWN_TEXT: Final = 200
"""Characters of one of them."""
ENDED_BY_SIGNAL: Final = 128
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ToolLimits(Allowed):
    """The tools need more than most work does."""

    wall: Annotated[float, Field(gt=0, le=120, strict=False)] = 60.0
    cpu: Annotated[float, Field(gt=0, le=120, strict=False)] = 30.0
    memory: Annotated[int, Field(ge=16, le=4096)] = 512
    output: Annotated[float, Field(gt=0, le=16, strict=False)] = 1.0


class LintSpec(Strict):
    """:param sets: each is one case.
    :param only: patterns of the files that are looked at; imports of others are followed.
    :param defines: functions and classes that must be there, by file: no work at all is clean as well.
    """

    sets: Annotated[list[AnySet], Field(min_length=1, max_length=10)]
    only: Annotated[list[str], Field(min_length=1)] = ["*"]
    defines: dict[str, list[Identifier]] = {}
    scoring: Literal["all", "cases"] = "all"
    limits: ToolLimits = ToolLimits()


class Found(Strict):
    """What a tool says of one line of the work."""

    path: str
    line: int
    code: str
    message: str

    @model_validator(mode="before")
    @classmethod
    def from_row(cls, row: Any) -> Any:
        return dict(zip(("path", "line", "code", "message"), row, strict=True)) if isinstance(row, list) else row

    def __str__(self) -> str:
        return _plain(f"{self.path}:{self.line}: {self.code} {self.message}")


class SetResult(Strict):
    count: Annotated[int, Field(ge=0)]
    first: list[Found]


class KitResult(Strict):
    """What ``kit/lint.py`` wrote."""

    missing: list[str]
    undefined: list[tuple[str, str]]
    off: list[tuple[str, int]]
    sets: list[SetResult]


@dataclass(frozen=True, slots=True)
class LintCheck:
    spec: LintSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        looked_at = [name for name in sorted(files) if any(fnmatchcase(name, each) for each in self.spec.only)]
        chosen = [each.chosen(looked_at) for each in self.spec.sets]
        for asked, names in zip(self.spec.sets, chosen, strict=True):
            if not names:
                return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no {asked.what} to look at.")
        python = sorted(name for name in files if name.endswith(".py"))
        others = sorted({name for names in chosen for name in names} - set(python))
        limits = self.spec.limits.limits()
        inside = {f"given/{path}": files[path] for path in (*python, *others)}
        if refused := misfit(inside, limits):
            return CheckOutcome(Outcome.REJECTED, Fraction(0), refused)
        pairs = zip(self.spec.sets, chosen, strict=True)
        plan = {
            "given": python,
            "others": others,
            "defines": self.spec.defines,
            "sets": [asked.model_dump() | {"files": names} for asked, names in pairs],
        }
        result = run(
            backend,
            Job(
                command=(PYTHON, "-I", "-B", f"{KIT}/lint.py"),
                files=inside | {"plan.json": json.dumps(plan).encode()},
                kit={name: kit_files()[name] for name in KIT_FILES},
                limits=limits,
                collect=Collect(paths=(RESULT,)),
            ),
        )
        return self._outcome(result)

    def _outcome(self, result: Result) -> CheckOutcome:
        runs = {"learner": result}
        if result.outcome in BROKEN:
            return CheckOutcome(result.outcome, Fraction(0), TOLD[result.outcome], (), runs)
        said = self._said(result)
        if said is None and (result.evidence.exit_status or 0) >= ENDED_BY_SIGNAL:
            return CheckOutcome(Outcome.FAILED, Fraction(0), "Python cannot read the work.", (), runs)
        if said is None:
            last = result.evidence.stderr.decode(errors="replace").strip().splitlines()
            reason = _plain(last[-1]) if last else result.reason
            return CheckOutcome(
                Outcome.INFRASTRUCTURE, Fraction(0), f"The grader's side did not finish: {reason}", (), runs
            )
        if said.missing:
            absent = f"The sandbox image has no {' and no '.join(said.missing)}: {REMEDY}."
            return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), absent, (), runs, lasting=True)
        pairs = zip(self.spec.sets, said.sets, strict=True)
        cases = [
            CaseResult(f"case-{number}", True, found.count <= asked.most, _told(asked, found, said.off))
            for number, (asked, found) in enumerate(pairs, 1)
        ]
        if said.undefined:
            path, name = said.undefined[0]
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no {name} in {path!a}.", cases, runs)
        return tallied(cases, runs, in_proportion=self.spec.scoring == "cases")

    def _said(self, result: Result) -> KitResult | None:
        """None when the kit did not come to its end."""
        try:
            said = KitResult.model_validate_json(result.evidence.files[RESULT])
        except (KeyError, ValidationError):
            return None
        whole = result.outcome is Outcome.PASSED and len(said.sets) == (0 if said.missing else len(self.spec.sets))
        return said if whole else None


def _told(asked: ToolSet, found: SetResult, off: Sequence[tuple[str, int]]) -> str:
    """The first findings, in a paragraph; empty when there are not too many."""
    if found.count <= asked.most:
        return ""
    said = f"{asked}: {found.count} found, {asked.most} allowed. " + "; ".join(map(str, found.first[:SHOWN]))
    if found.count > SHOWN:
        said += f"; and {found.count - SHOWN} more"
    if off:
        path, line = off[0]
        said += f". Comments that switch findings off have no effect ({_plain(f'{path}:{line}')})"
    return f"{said}."


def _plain(text: str) -> str:
    """One line without control characters, cut."""
    text = "".join(each if each.isprintable() else " " for each in text)
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}..."


class LintKind:
    name = "lint"
    version = 2

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> LintCheck:
        return LintCheck(spec_read(LintSpec, spec))


KIND = LintKind()
