"""Telling other apps of a release in the transaction that makes it, and asking what it left to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import Draft
from courses.curriculum.planning.impact import Impact
from courses.models import Release
from waymark.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Made:
    """A release that was just made.

    :ivar drafts: all that is current with it.
    :ivar impact: what the plan said of this program; None where nobody foresaw it.
    :ivar regrade: somebody asked that what it corrects is graded again at once.
    """

    actor: Actor
    release: Release
    comparison: Comparison
    drafts: Sequence[Draft]
    impact: Impact | None
    regrade: bool


_HOOKS: list[Callable[[Made], None]] = []


def register_applied(hook: Callable[[Made], None]) -> None:
    """Call *hook* for every release, in its transaction; what fails there undoes the apply."""
    if hook not in _HOOKS:
        _HOOKS.append(hook)


@dataclass(frozen=True, slots=True)
class RegradeLeft:
    """What a release left to be graded again: id, state, and the plan's figures where they are known."""

    id: UUID
    state: str
    grades_changed: int | None
    passes_lost: int | None
    passes_gained: int | None


RegradeReader = Callable[[Collection[int]], Mapping[int, RegradeLeft]]
"""Releases -> what some of them left."""

_READERS: list[RegradeReader] = []


def register_regrades(reader: RegradeReader) -> None:
    """The app that grades says what releases left; there is one."""
    _READERS[:] = [reader]


def regrades_left(releases: Collection[int]) -> dict[int, RegradeLeft]:
    """What of *releases* can be, is being or was graded again; no query without any."""
    found: dict[int, RegradeLeft] = {}
    for reader in _READERS if releases else ():
        found |= reader(releases)
    return found


def tell_applied(made: Made) -> None:
    for hook in _HOOKS:
        hook(made)
