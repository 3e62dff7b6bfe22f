"""What every kind of check takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from grading.sandbox.contract import Backend, Outcome, Result


class SpecProblem(Exception):
    """The author's description of a check cannot be used. The text says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Of one run: inputs are made from them. The first is shown to the learner afterwards."""

    visible: int
    hidden: int


@dataclass(frozen=True, slots=True)
class HandIn:
    """Whose work it is, for checks that ask.

    :param marker: of this learner for this lab (``assessments.markers``).
    :param at: when it was handed in.
    """

    marker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of a check. What a hidden one says is for staff."""

    id: str
    visible: bool
    passed: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """:param share: of the check's points, from 0 to 1.
    :param message: one sentence that may be shown to the learner.
    :param runs: what each sandbox said, by side: evidence and usage.
    :param lasting: of ``infrastructure``: the image lacks something, so another try would say the same.
    """

    outcome: Outcome
    share: Fraction
    message: str
    cases: Sequence[CaseResult] = ()
    runs: Mapping[str, Result] = field(default_factory=dict)
    lasting: bool = False


class PreparedCheck(Protocol):
    """A check whose description was read."""

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome: ...


@runtime_checkable
class PersonalCheck(Protocol):
    """A prepared check that has to know whose work it is."""

    def of(self, hand_in: HandIn) -> PreparedCheck: ...


class CheckKind(Protocol):
    """:param version: raised whenever the same work could be judged differently."""

    name: str
    version: int

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> PreparedCheck:
        """Read *spec*; *authored* are the files beside it, by relative path. :class:`SpecProblem` when it is wrong."""
        ...
