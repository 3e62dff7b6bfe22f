"""Prerequisites of a thing, as far as its documents agree.

Where they differ an admin decides. Until then the edges of the current release
stay; at a first import those remain that every document stating any has in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from courses.curriculum.lint.conflicts import needs_of
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.join import Merged
from courses.curriculum.sources.values import ALL_PREVIOUS

Edges = Callable[[str | None, str], Collection[str] | None]
"""Program and address -> ids that the current release asks for before it; None where it is not there."""


def disputed(thing: Merged, titles: Titles, current: Collection[str] | None) -> frozenset[str]:
    """Ids that a document says are needed and that are no edge for now.

    :param current: what the current release asks for; None where there is none.
    """
    stating = [needs for claim in thing.claims if (needs := needs_of(claim, titles))]
    everything = frozenset[str]().union(*stating)
    if len(set(stating)) < 2:
        return frozenset()
    agreed = frozenset.intersection(*stating) if current is None else everything & frozenset(current)
    return everything - agreed


def target_of(requirement: Merged, titles: Titles) -> str | None:
    """The id that a requirement names, or whose full title it is."""
    claim = requirement.claims[0]
    if isinstance(to := claim.get("to"), str):
        return to
    skill = claim.get("skill")
    return titles.exact(skill, claim.parent) if isinstance(skill, str) and claim.parent is not None else None


def is_said_by_edges(requirement: Merged, thing: Merged) -> bool:
    """Whether *All previous modules* stands in words where another document of the thing names them."""
    skill = requirement.claims[0].get("skill")
    return (
        isinstance(skill, str)
        and ALL_PREVIOUS.search(skill) is not None
        and any("to" in claim.fields for each in thing.under("requirement") for claim in each.claims)
    )
