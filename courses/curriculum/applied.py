"""Telling other apps of a release in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def tell_applied(made: Made) -> None:
    for hook in _HOOKS:
        hook(made)
