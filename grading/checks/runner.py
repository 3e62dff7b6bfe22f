"""Run every check of a lab on one submission. The worker and ``manage.py checks run`` come through here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.lab import LabCheck
from grading.checks.registry import kit_version
from grading.sandbox.contract import Backend, Outcome, SandboxUnavailable, Usage

WORST: Final = (
    Outcome.INFRASTRUCTURE,
    Outcome.REJECTED,
    Outcome.TIME,
    Outcome.MEMORY,
    Outcome.PROCESSES,
    Outcome.OUTPUT,
    Outcome.DISK,
    Outcome.FAILED,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One check with what became of it; ``points`` are exact."""

    check: LabCheck
    outcome: CheckOutcome

    @property
    def points(self) -> Fraction:
        return self.outcome.share * Fraction(self.check.points)


@dataclass(frozen=True, slots=True)
class LabResult:
    """:param phases: instants in UTC, by name."""

    outcome: Outcome
    judged: Sequence[Judged]
    usage: Usage
    phases: Mapping[str, datetime]
    seeds: Seeds
    backend: str
    level: str
    image: str
    kit_version: str = field(default_factory=kit_version)

    @property
    def points(self) -> Fraction:
        return sum((each.points for each in self.judged), Fraction(0))

    @property
    def out_of(self) -> Decimal:
        return sum((each.check.points for each in self.judged), Decimal(0))


def seeds_new() -> Seeds:
    return Seeds(secrets.randbits(48), secrets.randbits(48))


def lab_run(backend: Backend, checks: Sequence[LabCheck], files: Mapping[str, bytes], seeds: Seeds) -> LabResult:
    """Every check in sandboxes of its own. One that the infrastructure failed makes the whole result so."""
    started, clock = datetime.now(UTC), time.monotonic()
    judged: list[Judged] = []
    for check in checks:
        try:
            outcome = check.prepared.run(backend, files, seeds)
        except SandboxUnavailable as error:
            outcome = CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), str(error))
        judged.append(Judged(check, outcome))
    finished = started + timedelta(seconds=time.monotonic() - clock)
    return LabResult(
        outcome=overall(judged),
        judged=judged,
        usage=_usage(judged),
        phases={"started": started, "finished": finished},
        seeds=seeds,
        backend=backend.name,
        level=str(backend.level),
        image=backend.image,
    )


def overall(judged: Sequence[Judged]) -> Outcome:
    """Passed when every check did, else the first of :data:`WORST` that occurs."""
    seen = {each.outcome.outcome for each in judged}
    return next((outcome for outcome in WORST if outcome in seen), Outcome.PASSED)


def _usage(judged: Sequence[Judged]) -> Usage:
    """What the learner's side used."""
    runs = (each.outcome.runs.get("learner") for each in judged)
    return sum((run.usage for run in runs if run is not None), Usage())


def report_json(result: LabResult) -> dict[str, Any]:
    """The shape that ``manage.py checks run --format json`` promises. Points are decimals as strings."""
    return {
        "outcome": str(result.outcome),
        "points": _decimal(result.points),
        "out_of": _decimal(Fraction(result.out_of)),
        "checks": [
            {
                "id": each.check.id,
                "outcome": str(each.outcome.outcome),
                "points": _decimal(each.points),
                "message": each.outcome.message,
            }
            for each in result.judged
        ],
        "usage": asdict(result.usage),
        "phases": {name: instant.isoformat() for name, instant in result.phases.items()},
        "backend": result.backend,
        "level": result.level,
        "image": result.image,
        "kit_version": result.kit_version,
        "seeds": asdict(result.seeds),
    }


def rejected_json(backend: Backend, checks: Sequence[LabCheck], reason: str) -> dict[str, Any]:
    """The same shape for work that was refused before anything ran."""
    refused = CheckOutcome(Outcome.REJECTED, Fraction(0), reason)
    now = datetime.now(UTC)
    result = LabResult(
        outcome=Outcome.REJECTED,
        judged=[Judged(check, refused) for check in checks],
        usage=Usage(),
        phases={"started": now, "finished": now},
        seeds=Seeds(0, 0),
        backend=backend.name,
        level=str(backend.level),
        image=backend.image,
    )
    return report_json(result)


def _decimal(value: Fraction) -> str:
    """Four places, as pages show points; the exact value is kept elsewhere."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.4f}"
