"""Services, data and rows that all measurements share."""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
CALLS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``ratio`` is ours over the reference unless *better* is higher; times in seconds."""

    id: str
    what: str
    size: int
    ratio: float | None
    goal: float
    better: str
    ours: float
    reference: float | None
    unit: str = "s"
    rounds: int = ROUNDS
    of: str = "learners"


@contextmanager
def product() -> Iterator[None]:
    """Django on embedded services with the shipped curriculum applied, and everything gone afterwards."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    from tests.services import environment, start_services

    services = start_services()
    # Settings as ``make up`` has them: pooled connections, compiled templates, hashed static files.
    os.environ.update(environment(services), WAYMARK_MODE="embedded", DJANGO_SETTINGS_MODULE="waymark.settings")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("curriculum", "apply", str(ROOT / "fixtures"), stdout=io.StringIO())
        yield
    finally:
        services.stop()
        shutil.rmtree(services.folder, ignore_errors=True)


def median_seconds(
    call: Callable[[], object], *, calls: int = CALLS, before: Callable[[], object] | None = None
) -> float:
    """Median of *calls* timed one by one; what is done *before* each of them is not counted."""
    times = []
    for _ in range(calls):
        if before is not None:
            before()
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def interleaved(
    ours: Callable[[], object], reference: Callable[[], object], *, calls: int = CALLS // ROUNDS,
    before: Callable[[], object] | None = None,
) -> tuple[float, float]:  # fmt: skip
    """Medians of both over ``ROUNDS`` rounds of *calls* in turn, after two warm-ups each; *before* is not counted."""
    for _ in range(2):
        ours(), reference()
    pairs = [
        (median_seconds(ours, calls=calls, before=before), median_seconds(reference, calls=calls, before=before))
        for _ in range(ROUNDS)
    ]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def report(rows: list[Row]) -> None:
    """JSON lines first, then the same as a table."""
    for row in rows:
        print(json.dumps({key: value for key, value in asdict(row).items() if value is not None}))
    print()
    for row in rows:
        figure = f"{row.ratio:8.2f} x" if row.ratio is not None else f"{row.ours * 1000:7.1f} ms"
        met = row.ratio if row.ratio is not None else row.ours
        good = met <= row.goal if row.better == "lower" else met >= row.goal
        goal = f"{row.goal:g} x" if row.ratio is not None else f"{row.goal * 1000:g} ms"
        print(
            f"{row.id:14} {figure}   goal {goal:>8}   {'ok' if good else 'MISSED':6}  {row.what} ({row.size} {row.of})"
        )
