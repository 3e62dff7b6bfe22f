"""``checklist``: people look at the work and tick what holds. No worker runs it.

A lab is checked by people or by machines: ``assessments.curriculum.checks`` refuses a mixture. Its hand-ins wait for
staff (``grading.services.reviewing``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.spec import Strict, spec_read
from grading.sandbox.contract import Backend, Outcome

Item = Annotated[str, Field(min_length=1, max_length=500)]


class ChecklistSpec(Strict):
    """:param items: what has to hold; each gives the same share of the points."""

    items: Annotated[list[Item], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class Checklist:
    spec: ChecklistSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        """No verdict: whoever runs checks without people learns why there is none."""
        said = "People look at this; it is not run."
        return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), said, lasting=True)


class ChecklistKind:
    name = "checklist"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> Checklist:
        return Checklist(spec_read(ChecklistSpec, spec))


KIND = ChecklistKind()
