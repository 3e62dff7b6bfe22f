"""When modules and a program are complete: data, decided the same way everywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grading.policy.evaluation.types import RuleState


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """How far a module is. ``done`` and ``total`` count the activities it asks for.

    :param hours_done: its hours in proportion to what is done of it.
    :param started: something in it was done or handed in.
    """

    id: int
    done: int
    total: int
    complete: bool
    started: bool
    hours_done: Fraction
    hours_total: Fraction


def share_done(done: int, total: int, complete: bool) -> Fraction:
    """From 0 to 1; a module that asks for nothing is done when it is complete."""
    if complete:
        return Fraction(1)
    return Fraction(done, total) if total else Fraction(0)


def module_complete(
    rule: Mapping[str, Any] | None,
    counting: Collection[int],
    done: Collection[int],
    find: Callable[[str], int | None],
    done_things: Collection[int],
) -> bool:
    """Whether a module is complete.

    Default and ``all: [required_activities]``: every activity that counts is
    done; a module in which nothing counts is not complete by that alone.
    ``any_of`` asks for a number out of named things; names that mean nothing in
    the present release cannot be done.

    :param done_things: ids of activities and modules that are done.
    """  # fmt: skip
    alternatives: Sequence[Mapping[str, Any]] = (rule or {}).get("any_of") or ()
    wants_all = "required_activities" in ((rule or {}).get("all") or ()) or not alternatives
    if wants_all and not (counting and set(counting) <= set(done)):
        return False
    return _some_of(alternatives, find, done_things)


def program_complete(
    rule: Mapping[str, Any] | None,
    *,
    modules: Collection[bool],
    projects: Collection[bool],
    required: Collection[bool],
    passed: RuleState,
    find: Callable[[str], int | None],
    done_things: Collection[int],
) -> bool:
    """Whether a program is complete.

    Default: every required module, every required project, and the policy's
    binding rules, where the program has any of each.

    :param modules, projects, required: whether each required module, required
        project, and required activity is done.
    """  # fmt: skip
    wanted = tuple((rule or {}).get("all") or ())
    alternatives: Sequence[Mapping[str, Any]] = (rule or {}).get("any_of") or ()
    if not wanted and not alternatives:
        wanted = ("modules", "projects", "policy")
        if not modules and not projects:
            return False
    facts = {
        "modules": all(modules),
        "projects": all(projects),
        "required_activities": bool(required) and all(required),
        "policy": passed == "met",
    }
    return all(facts[name] for name in wanted) and _some_of(alternatives, find, done_things)


def _some_of(
    alternatives: Sequence[Mapping[str, Any]], find: Callable[[str], int | None], done_things: Collection[int]
) -> bool:
    for group in alternatives:
        members = {find(ref) for ref in group["of"]} - {None}
        if len(members & set(done_things)) < int(group.get("at_least", 1)):
            return False
    return True
