"""Loaded into a worker (``celery worker --include``): a shared file says which run's phase it is in.

``WAYMARK_TEST_PHASE`` names the file: one byte of phase, then the process id of
the child that works. What follows a phase begins a little later than it could, by a random
time, so that none is too short to be met.
"""

from __future__ import annotations

import mmap
import os
import random
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

PHASES: Final = ("idle", "claiming", "unpacking", "running", "collecting", "storing")
VARIABLE: Final = "WAYMARK_TEST_PHASE"
SIZE: Final = 8
SLOWER: Final = 0.02
"""Seconds at most."""


class PhaseFile:
    """The file from both sides."""

    def __init__(self, path: Path) -> None:
        with path.open("a+b") as file:
            file.truncate(SIZE)
            self._shared = mmap.mmap(file.fileno(), SIZE)

    def set(self, phase: str) -> None:
        self._shared[1:5] = os.getpid().to_bytes(4, "little")
        self._shared[0] = PHASES.index(phase)

    @property
    def phase(self) -> str:
        return PHASES[self._shared[0]]

    @property
    def pid(self) -> int:
        return int.from_bytes(self._shared[1:5], "little")


def _install(shared: PhaseFile) -> None:
    from grading.sandbox.bubblewrap.backend import BubblewrapBackend
    from grading.sandbox.bubblewrap.run import BubblewrapRun
    from grading.services import grade

    def marked(owner: Any, name: str, during: str, after: str) -> None:
        call: Callable[..., Any] = getattr(owner, name)

        @wraps(call)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            shared.set(during)
            time.sleep(random.uniform(0, SLOWER))
            done = call(*args, **kwargs)
            shared.set(after)
            return done

        setattr(owner, name, wrapper)

    marked(grade, "run_claim", "claiming", "idle")
    marked(BubblewrapBackend, "start", "unpacking", "running")
    marked(BubblewrapRun, "result", "collecting", "idle")
    marked(grade, "run_store", "storing", "idle")


if path := os.environ.get(VARIABLE):
    _install(PhaseFile(Path(path)))
