"""``sql``: a query of the submission is run on the author's tables, and the rows that it gives are compared.

Each case runs in a sandbox of its own, which holds the query and the tables of
that case. What is expected never enters one: the comparison is on the worker's
side, of plain values that arrived.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from grading.checks.contract import CaseResult, CheckOutcome, Seeds
from grading.checks.kit import plain
from grading.checks.registry import kit_files
from grading.checks.spec import BROKEN, SHOWN, TOLD, Allowed, Strict, spec_read, tallied, unfinished
from grading.sandbox.contract import KIT, MEBIBYTE, Backend, Collect, Job, Outcome, Result, Usage, relative_path
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON

RESULT: Final = "result.json"
LARGEST: Final = MEBIBYTE // 4
"""Of a query, in bytes."""
Cell = int | float | str | None
Row = list[Cell]


class Expected(Strict):
    """The rows that must come, as a list or as its JSON: a curriculum keeps numbers like ``0.5`` as text.

    The names of the columns count when ``columns`` is there.
    """

    rows: Annotated[list[Row], Field(max_length=1000)]
    columns: list[str] | None = None

    @field_validator("rows", mode="before")
    @classmethod
    def from_json(cls, rows: Any) -> Any:
        try:
            return plain.decode(rows.encode()) if isinstance(rows, str) else rows
        except plain.Unplain as problem:
            raise ValueError(str(problem)) from None

    @model_validator(mode="after")
    def one_width(self) -> Expected:
        widths = {len(row) for row in self.rows} | ({len(self.columns)} if self.columns is not None else set())
        if len(widths) > 1:
            raise ValueError("rows and columns are not all of one length")
        return self


class Case(Strict):
    """What is in the tables: statements, then rows by table, values in the order of its columns."""

    sql: str = ""
    rows: dict[str, list[Row]] = {}
    expect: Expected
    visible: bool = False


class SqlSpec(Strict):
    """:param tables: statements that every case begins with.
    :param ordered: whether the order of the rows counts.
    :param numbers: whether ``1`` and ``1.0`` are the same number.
    :param absolute, relative: how far numbers may be apart of which one is no whole number.
    :param most: rows that a query may give.
    :param scoring: points for all or nothing, or in proportion to the cases that pass.
    """

    file: str
    tables: str
    cases: Annotated[list[Case], Field(min_length=1, max_length=100)]
    ordered: bool = False
    numbers: Literal["value", "exact"] = "value"
    absolute: Annotated[float, Field(ge=0, strict=False)] = 0.0
    relative: Annotated[float, Field(ge=0, strict=False)] = 1e-9
    most: Annotated[int, Field(ge=1, le=10_000)] = 1000
    scoring: Literal["all", "cases"] = "all"
    limits: Allowed = Allowed()

    @model_validator(mode="after")
    def name_stays_inside(self) -> SqlSpec:
        relative_path(self.file)
        return self


class Said(Strict):
    """What came out of a sandbox: rows of each way of reading the tables, or why there are none."""

    columns: list[str] = []
    runs: Annotated[list[list[Row]], Field(max_length=2)] = []
    problem: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class SqlCheck:
    spec: SqlSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        query = files.get(self.spec.file)
        if query is None:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.file!a}.")
        if len(query) > LARGEST:
            return CheckOutcome(Outcome.REJECTED, Fraction(0), f"{self.spec.file!a} is larger than {LARGEST} bytes.")
        cases: list[CaseResult] = []
        used = Usage()
        runs: dict[str, Result] = {}
        for number, case in enumerate(self.spec.cases, 1):
            result = run(backend, self._job(case, query))
            used += result.usage
            runs["learner"] = replace(result, usage=used)
            if result.outcome is Outcome.INFRASTRUCTURE:
                return CheckOutcome(result.outcome, Fraction(0), "The sandbox failed.", cases, runs)
            if result.outcome in BROKEN:
                planned = unfinished(cases, [each.visible for each in self.spec.cases])
                return CheckOutcome(result.outcome, Fraction(0), TOLD[result.outcome], planned, runs)
            said = _said(result)
            if said.author:
                reason = f"The author's tables of case-{number} cannot be made: {said.author!a}"
                return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), reason, (), runs)
            problem = self._problem(case, said)
            cases.append(CaseResult(f"case-{number}", case.visible, not problem, problem))
        return tallied(cases, runs, in_proportion=self.spec.scoring == "cases")

    def _job(self, case: Case, query: bytes) -> Job:
        plan = {"sql": [self.spec.tables, case.sql], "rows": case.rows, "most": self.spec.most}
        kit = kit_files()
        return Job(
            command=(PYTHON, "-I", "-B", f"{KIT}/query.py"),
            files={"plan.json": json.dumps(plan).encode(), "query.sql": query},
            kit={name: kit[name] for name in ("query.py", "plain.py")},
            limits=self.spec.limits.limits(),
            collect=Collect(paths=(RESULT,), size=plain.SIZE),
        )

    def _problem(self, case: Case, said: Said) -> str:
        """What is not as expected, in a sentence; empty when all is."""
        name, wanted = self.spec.file, case.expect
        if said.problem or not said.runs:
            return f"{name} gave no rows: {said.problem!a}."
        if wanted.columns is not None and said.columns != wanted.columns:
            return f"{name} gave the columns {_shown(said.columns)}, expected {_shown(wanted.columns)}."
        for number, rows in enumerate(said.runs):
            if not self._same(wanted.rows, rows):
                about = " when SQLite read the tables in another order" if number else ""
                return f"{name} gave {_shown(rows)}{about}, expected {_shown(wanted.rows)}."
        return ""

    def _same(self, wanted: list[Row], got: list[Row]) -> bool:
        if len(wanted) != len(got):
            return False
        if self.spec.ordered:
            return all(map(self._same_row, wanted, got))
        # Rows that may be paired are near one another in this order, so the first that fits is mostly the next.
        left = sorted(got, key=_place)
        for row in sorted(wanted, key=_place):
            fit = next((number for number, other in enumerate(left) if self._same_row(row, other)), None)
            if fit is None:
                return False
            del left[fit]
        return True

    def _same_row(self, wanted: Row, got: Row) -> bool:
        return len(wanted) == len(got) and all(
            self._same_cell(one, other) for one, other in zip(wanted, got, strict=True)
        )

    def _same_cell(self, wanted: Cell, got: Cell) -> bool:
        numbers = isinstance(wanted, int | float) and isinstance(got, int | float)
        whole = isinstance(wanted, int) and isinstance(got, int)
        spec = self.spec
        near = {"absolute": spec.absolute, "relative": spec.relative} if numbers and not whole else {}
        return plain.same(wanted, got, exact=spec.numbers == "exact", **near)


def _said(result: Result) -> Said:
    try:
        return Said.model_validate(plain.decode(result.evidence.files[RESULT]))
    except KeyError:
        return Said(problem=result.evidence.refused.get(RESULT, "nothing came back"))
    except (plain.Unplain, ValidationError):
        return Said(problem="what came back cannot be read")


def _place(row: Row) -> list[tuple[int, float | str]]:
    return [(0, 0) if cell is None else (2, cell) if isinstance(cell, str) else (1, cell) for cell in row]


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


class SqlKind:
    name = "sql"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> SqlCheck:
        return SqlCheck(spec_read(SqlSpec, spec))


KIND = SqlKind()
