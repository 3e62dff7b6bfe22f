"""The facts of one thing: for each field the document that wins it, as plain nested data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from courses.curriculum.merge.join import Merged
from courses.curriculum.merge.precedence import rank
from courses.curriculum.sources.claims import Claim

Place = tuple[str, int]
STATED = "stated"
# By its id a thing is found, and the version of a document is nothing that makes a release.
NAMING = ("id", "about")
# What changes when labs or questions only change places: labels, numbers, the letter of an answer.
ORDER = {
    "lab": ("label", "stated.label"),
    "question": ("label", "stated.label", "stated.number", "stated.answer"),
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with the rank and the kind of its document, and where it stands."""

    value: Any
    rank: int
    place: Place
    document: str


class Facts:
    """What all documents say of one thing, field by field.

    A list, or a group such as the hours by kind, is one fact: it is taken whole
    from the document that wins. What an error is about never wins while another
    document states the same.

    :ivar said: every field that any of the documents states, the winning document's first.
    """

    def __init__(self, thing: Merged, faulty: Collection[Place] = ()) -> None:
        self.thing = thing
        self.fields: dict[str, Fact] = {}
        self.said: list[tuple[str, Fact]] = []
        self._told = {*NAMING, *ORDER.get(thing.kind, ())}
        for claim in thing.claims:
            for name, group in _groups(claim).items():
                places = [(claim.statement.file, line) for fact in group.values() for line in claim.fields[fact].lines]
                place = places[0] if places else claim.place("")
                fact = Fact(_nested(claim, name, group), rank(claim), place, claim.statement.kind)
                self.said.append((name, fact))
                known = self.fields.get(name)
                if known is None or (known.place in faulty and not any(place in faulty for place in places)):
                    self.fields[name] = fact

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def get(self, name: str) -> Any:
        """The value of a field, which is told by that; None without one."""
        self._told.add(name)
        return self.peek(name)

    def peek(self, name: str) -> Any:
        """The value of a field that is told in its own words as well."""
        fact = self.fields.get(name)
        return None if fact is None else fact.value

    def take(self, name: str, reading: Callable[[Any], T | None]) -> T | None:
        """What *reading* makes of a field, which is told by that unless it makes nothing of it."""
        made = reading(self.peek(name))
        if made is not None:
            self._told.add(name)
        return made

    def rank(self, name: str) -> int:
        """The rank of the document that gives a field; of the thing's first where none says it by that name."""
        fact = self.fields.get(name)
        return rank(self.thing.claims[0]) if fact is None else fact.rank

    def untold(self) -> Iterator[tuple[str, Fact]]:
        """What nobody asked for, as every document says it."""
        for name, fact in self.said:
            if name not in self._told:
                yield name.removeprefix(f"{STATED}."), fact


def _groups(claim: Claim) -> dict[str, dict[str, str]]:
    """Field of the body -> what of it is stated: place in the field -> name of the fact."""
    found: dict[str, dict[str, str]] = {}
    for name in claim.fields:
        top, _, rest = name.partition(".")
        if top == STATED:
            part, _, rest = rest.partition(".")
            top = f"{STATED}.{part}"
        found.setdefault(top, {})[rest] = name
    return found


def _nested(claim: Claim, top: str, group: dict[str, str]) -> Any:
    if set(group) == {""}:
        return claim.get(top)
    tree: dict[str, Any] = {}
    for place, name in group.items():
        # What is also said of the whole is an entry of its own.
        *path, last = place.split(".") if place else ["-1"]
        at = tree
        for part in path:
            inner = at.setdefault(part, {})
            at = inner if isinstance(inner, dict) else at
        at[last] = claim.get(name)
    return _lists(tree)


def _lists(value: Any) -> Any:
    """Mappings whose keys are all numbers are lists; -1 stands before the others."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    if inner and all(key.removeprefix("-").isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
