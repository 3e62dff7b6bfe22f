"""Prerequisites of a thing, as far as its documents agree.

Where they differ an admin decides. Until then the edges of the current release
stay; at a first import those remain that every document stating any has in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from courses.curriculum.lint import conflicts
from courses.curriculum.lint.conflicts import needs_of
from courses.curriculum.lint.entities import edges_of, states_needs
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.join import Merged
from courses.curriculum.sources.values import ALL_PREVIOUS

Edges = Callable[[str | None, str], Collection[str] | None]
"""Program and address -> ids that the current release asks for before it; None where it is not there."""


def disputed(thing: Merged, titles: Titles, current: Collection[str] | None) -> frozenset[str]:
    """Ids that a document says are needed and that are no edge for now. One that says *None* needs none.

    :param current: what the current release asks for; None where there is none.
    """
    stating = [
        needs for claim in thing.claims
        # Words alone may be any of the ids that others name; *None* is none of them.
        if (needs := needs_of(claim, titles)) or (needs is not None and not edges_of(claim))
    ]  # fmt: skip
    everything = frozenset[str]().union(*stating)
    if len(set(stating)) < 2:
        return frozenset()
    agreed = frozenset.intersection(*stating) if current is None else everything & frozenset(current)
    return everything - agreed


def says_none(thing: Merged) -> bool:
    """Whether a document says that nothing is needed before."""
    return any(states_needs(claim) and not edges_of(claim) for claim in thing.claims)


def target_of(requirement: Merged, titles: Titles) -> tuple[str, dict[str, Any]] | None:
    """What a requirement asks for, as ``needs_of`` calls it, and how its body says that; None for a skill in words."""
    claim = requirement.claims[0]
    owner = claim.parent or claim
    called = conflicts.target_of(claim, owner, titles)
    if called is None:
        return None
    group = titles.alternatives(claim, owner)
    return called, {"any_of": group, "skill": None} if group else {"to": called, "skill": None}


def is_said_by_edges(requirement: Merged, thing: Merged) -> bool:
    """Whether *All previous modules* stands in words where another document of the thing names them."""
    skill = requirement.claims[0].get("skill")
    return (
        isinstance(skill, str)
        and ALL_PREVIOUS.search(skill) is not None
        and any("to" in claim.fields for each in thing.under("requirement") for claim in each.claims)
    )
