"""Run a case as the worker does: the lab of :mod:`tests.grading.sandbox.cases` through the *call* kind."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.kinds.call import KIND
from grading.sandbox.contract import Backend
from tests.grading.sandbox.cases import RIGHT

NARROW = {"wall": 5, "cpu": 3, "memory": 64, "processes": 24, "disk": 8, "files": 512}
SEEDS = Seeds(1, 2)
CASES = [{"args": [n], "expect": n * n + 1, "visible": n == 3} for n in (3, 0, 10, -4)]


def judged(backend: Backend, files: Mapping[str, bytes], limits: Mapping[str, Any] | None = None) -> CheckOutcome:
    allowed = NARROW | dict(limits or {})
    spec = {"module": "solution", "function": "solve", "cases": CASES, "seconds": 30, "limits": allowed}
    return KIND.prepare(spec, {}).run(backend, files, SEEDS)


def beside_control(
    backend: Backend, files: Mapping[str, bytes], limits: Mapping[str, Any] | None = None
) -> tuple[CheckOutcome, CheckOutcome]:
    """The outcome of *files*, and that of right work that ran at the same time."""
    found: list[CheckOutcome] = []
    calm = {"wall": 30, "cpu": 10, "memory": 128}
    control = threading.Thread(
        target=lambda: found.append(judged(backend, {"solution.py": RIGHT.encode()}, calm)), name="control"
    )
    control.start()
    try:
        outcome = judged(backend, files, limits)
    finally:
        control.join()
    return outcome, found[0]
