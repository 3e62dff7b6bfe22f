"""What documents call by words: competencies, technologies, skill areas, roles, profiles, and their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.aliases import fold, slug_of
from courses.curriculum.drafts.facts import Facts, Place
from courses.curriculum.drafts.values import id_of, line

Named = Mapping[tuple[str, str], str]
"""(kind, folded id, title or alias) -> id, of what programs share."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shared thing that a document names, and nobody has."""

    title: str
    place: Place
    rank: int


@dataclass(slots=True)
class Names:
    """Ids of what is named.

    :ivar wanted: what has to be made so that a name means something.
    :ivar unstated: roles whose level nobody has stated.
    """

    known: dict[tuple[str, str], str] = field(default_factory=dict)
    wanted: dict[tuple[str, str], Wanted] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    unstated: set[str] = field(default_factory=set)

    def learn(self, kind: str, path: str, *names: Any) -> None:
        for name in (path, *names):
            if isinstance(name, str) and name.strip():
                self.known.setdefault((kind, fold(name)), path)

    def find(self, kind: str, words: Any) -> str | None:
        """The id of what is known; nothing is made."""
        return self.known.get((kind, fold(line(words).strip("`* ")))) or self.known.get((kind, fold(id_of(words))))

    def of(self, kind: str, words: Any, facts: Facts, name: str) -> str:
        """The id of what is called *words* in the field *name* of *facts*."""
        found = self.find(kind, words)
        if found is not None:
            return found
        own = slug_of(line(words))
        fact = facts.fields[name]
        self.wanted.setdefault((kind, own), Wanted(line(words).strip("`* "), fact.place, fact.rank))
        return own
