"""What the rules share: things with an id, what a claim says of itself, findings said once.

Registers no rule itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from courses.curriculum.findings import Finding
from courses.curriculum.merge import titles
from courses.curriculum.merge.figures import MAX_DIGITS
from courses.curriculum.merge.join import Merged
from courses.curriculum.merge.quizzes import join_documents
from courses.curriculum.sources.asked import group_of
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.values import is_open

_SMALL = {"a", "an", "and", "the", "for", "of", "in", "on", "to", "with", "using", "or", "by"}


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    return titles.words(text) - _SMALL


def entities(statements: Iterable[Statement], *kinds: str) -> Iterator[Merged]:
    """Things with an id, joined over all documents."""
    return (thing for thing in join_documents(statements).things if thing.kind in kinds and thing.key)


def number_of(value: Any) -> Decimal | None:
    """A figure; none is what has more digits than anything that is counted here."""
    try:
        return Decimal(value) if isinstance(value, str) and len(value) <= MAX_DIGITS else None
    except InvalidOperation:
        return None


def parts_of(claim: Claim, prefix: str) -> list[tuple[str, Any]]:
    """The fields ``prefix.*`` of a claim with their values, in order."""
    return [(name, fact.value) for name, fact in claim.fields.items() if name.startswith(f"{prefix}.")]


def edges_of(claim: Claim, strength: str = "needs") -> list[Claim]:
    """The requirements of one strength that a claim states."""
    return [each for each in claim.under("requirement") if (each.get("strength") or "needs") == strength]


def states_needs(claim: Claim) -> bool:
    """Whether a document says what a thing needs, nothing included; *TBD* is no answer."""
    said = (str(fact.value) for name, fact in claim.fields.items() if name.startswith("stated.prerequisites"))
    return bool(edges_of(claim)) or any(not is_open(text) for text in said)


def named_by(edge: Claim) -> list[tuple[str, tuple[str, int]]]:
    """The ids that a requirement names, alternatives too, each with where it stands; words are none."""
    if isinstance(to := edge.get("to"), str):
        return [(to, edge.place("to"))]
    members = [(str(value), edge.place(name)) for name, value in parts_of(edge, "any_of")]
    return [(text, place) for text, place in members if group_of([text])]


def once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Findings that say the same of one entity in several documents become one, with the other places related."""
    same: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        same[finding.rule, finding.message].append(finding)
    for first, *others in same.values():
        places = dict.fromkeys([*first.related, *((each.file, each.line) for each in others)])
        yield replace(first, related=tuple(places))


def listing(words: Iterable[str], most: int = 8) -> str:
    """An enumeration for a message, cut where it grows long."""
    every = list(words)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
