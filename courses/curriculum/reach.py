"""What somebody can come to who begins with nothing, where things need others: all of some, so many of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Group(Generic[N]):
    """So many of *members* that *owner* needs. A member that several things are called by is any of them."""

    owner: N
    members: Sequence[Collection[N]]
    at_least: int = 1

    def is_met(self, possible: set[N]) -> bool:
        return sum(not possible.isdisjoint(member) for member in self.members) >= self.at_least


def reached(edges: Mapping[N, Collection[N]], groups: Sequence[Group[N]]) -> set[N]:
    """Everything but what waits for itself. What needs nothing is reached."""
    asked: dict[N, list[Group[N]]] = defaultdict(list)
    for group in groups:
        asked[group.owner].append(group)
    waiting = {*edges, *asked, *(target for targets in edges.values() for target in targets)}
    waiting |= {each for group in groups for member in group.members for each in member}
    possible: set[N] = set()
    while found := {
        node for node in waiting
        if possible.issuperset(edges.get(node, ())) and all(group.is_met(possible) for group in asked.get(node, ()))
    }:  # fmt: skip
        possible |= found
        waiting -= found
    return possible
