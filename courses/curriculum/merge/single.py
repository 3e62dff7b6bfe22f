"""What a thing has one of (a rubric, a policy, an outlook), whatever its documents call it, and lists of one document.

The criteria of a rubric belong together: two documents that name others would make a
rubric of twice the points. So they are taken from the highest ranking document that has any.
"""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import registry
from courses.curriculum.merge.join import Merged, absorb, title_of
from courses.curriculum.merge.precedence import rank

CRITERIA = "import.criteria"
Place = tuple[str, int]


def single_unite(thing: Merged) -> None:
    """Make one of all children of a kind of which *thing* has one."""
    for kind in {child.kind for child in thing.children}:
        if kind in registry and registry.get(kind).only and len(thing.under(kind)) > 1:
            first, *others = sorted(thing.under(kind), key=lambda child: rank(child.claims[0]))
            for other in others:
                absorb(first, other)
                thing.children.remove(other)


def overruled_take(thing: Merged) -> Iterator[tuple[list[Merged], Finding]]:
    """Take out of *thing* what the list of a higher ranking document leaves out, and say so with both places."""
    for key in registry.get(thing.kind).whole if thing.children and thing.kind in registry else ():
        listed = thing.under(registry.children_of(thing.kind)[key])
        best = min((rank(claim) for child in listed for claim in child.claims), default=0)
        stays = [child for child in listed if any(rank(claim) == best for claim in child.claims)]
        if gone := [child for child in listed if child not in stays]:
            thing.children = [child for child in thing.children if child not in gone]
            claim, wins = gone[0].claims[0], stays[0].claims[0]
            place, related = (claim.statement.file, claim.line), (wins.statement.file, wins.line)
            yield gone, criteria_finding([title_of(each.claims[0]) for each in gone], place, related)


def criteria_finding(titles: list[str], place: Place, wins: Place) -> Finding:
    """That criteria are left out, for another statement of the rubric ranks above."""
    names = ", ".join(map(repr, titles))
    message = f"{names} {'are' if len(titles) > 1 else 'is'} not among the criteria at {wins[0]}:{wins[1]}, which win."
    return Finding(CRITERIA, "warning", *place, message, "Name the same criteria in both, or in one only.", (wins,))
