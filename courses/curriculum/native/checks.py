"""Checks of a whole tree that apps above register: those that ask their own engine (``grading`` its evaluator)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.native.reading import Reading

Check = Callable[[Reading], Iterable[Finding]]
_CHECKS: list[Check] = []


def register_check(check: Check) -> None:
    if check not in _CHECKS:
        _CHECKS.append(check)


def checked(reading: Reading) -> Iterator[Finding]:
    """What the registered checks find in *reading*."""
    for check in _CHECKS:
        yield from check(reading)
