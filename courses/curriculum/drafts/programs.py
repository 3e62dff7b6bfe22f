"""Which program a thing belongs to: the one whose document lists it, else the one of the role that it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from courses.curriculum.aliases import fold
from courses.curriculum.drafts.shapes.program import program_key
from courses.curriculum.merge.join import Joined, Merged, absorb, id_alike, title_of
from courses.curriculum.merge.titles import fit, words
from courses.curriculum.sources.claims import Claim

_NUMBERED = re.compile(r"^(?:module|project|quiz)\s+0*(?P<number>\d+)\s*[:.\-\u2013\u2014]?\s*", re.IGNORECASE)
ELSEWHERE = "(elsewhere)"
"""Instead of a program: of what may belong to one that is not given."""
_GENERAL = words("quiz comprehensive mid module final assessment prerequisite")


@dataclass(frozen=True, slots=True)
class Home:
    """Something a document may belong to without naming its id: a module or a project, by one of its titles."""

    program: str
    kind: str
    path: str
    title: str


@dataclass(slots=True)
class Programs:
    """:ivar of_name: folded id, title or role of a program -> its id.

    :ivar stated: what documents state of each program.
    :ivar homes: the modules and projects of all programs.
    :ivar known: ids that exist elsewhere, so that what has one belongs to a program that is not given.
    :ivar all_elsewhere: everything that belongs to no program here may belong to one that is not given.
    """

    of_name: dict[str, str] = field(default_factory=dict)
    stated: dict[str, Merged] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    known: Collection[str] = ()
    all_elsewhere: bool = False

    def learn(self, slug: str, *names: str | None) -> None:
        for name in (slug, *names):
            if name:
                self.of_name.setdefault(fold(name), slug)

    def read(self, joined: Joined) -> None:
        """Take up the programs that documents state; two documents of one role state one program."""
        for thing in joined.of_kind("program"):
            names = [name for claim in thing.claims for name in (claim.get("role"), title_of(claim)) if name]
            known = next((found for name in names if (found := self.find(name))), None)
            slug = known or thing.key or program_key(names[0] if names else thing.name)
            if slug in self.stated:
                absorb(self.stated[slug], thing)
            else:
                self.stated[slug] = thing
            self.learn(slug, *names)

    def find(self, name: str) -> str | None:
        return self.of_name.get(fold(name)) or self.of_name.get(program_key(name))

    def of(self, thing: Merged) -> str | None:
        """The program of a module or project; the winning document decides."""
        owners = {id(claim): slug for slug, program in self.stated.items() for claim in program.claims}
        for claim in thing.claims:
            if claim.parent is not None and id(claim.parent) in owners:
                return owners[id(claim.parent)]
            for role in _roles(claim):
                if (slug := self.find(role)) is not None:
                    return slug
        return None

    def of_id(self, thing: Merged) -> str | None:
        """The program of the one thing that has the id of *thing*, and a title that fits."""
        title = title_of(thing.claims[0])
        same = (each for each in self.homes if each.path == thing.key and each.kind == thing.kind)
        found = {each.program for each in same if fit(each.title, title)}
        return found.pop() if len(found) == 1 else None

    def elsewhere_of(self, thing: Merged) -> str | None:
        """The program, by no name, of what has none here and may have one that is not given."""
        return ELSEWHERE if self.all_elsewhere or thing.key in self.known else None

    def home(self, kind: str, title: str, number: str = "") -> Home | None:
        """The one module or project whose title fits, and whose number where one is given; never by number alone."""
        bare = _NUMBERED.sub("", title)
        if not words(bare) - _GENERAL:
            return None
        ending = re.compile(rf"(?:^|\D)\d?0*{number.lstrip('0')}$" if number.lstrip("0") else "")
        fitting = {
            (each.program, each.path): each
            for each in self.homes
            if each.kind == kind and each.title and ending.search(each.path) and fit(each.title, bare)
        }
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def named_by(self, claim: Claim, kind: str) -> Home | None:
        """The one module or project that a quiz or rubric names: by its id and a title that fits, else as ``home``."""
        title, key = str(claim.get("stated.module_title") or ""), str(claim.get("stated.module_id") or "")
        fitting = {
            (each.program, each.path): each
            for each in self.homes
            if each.kind == kind and key and id_alike(each.path, key) and fit(each.title, title)
        }
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        number = str(claim.get("stated.module_number") or number_in(claim.label))
        return self.home(kind, title or title_of(claim) or claim.label, number)

    def nearest(self, kind: str, title: str) -> list[str]:
        """The two ids of a kind whose titles share most words with *title*."""
        wanted = words(title) - _GENERAL
        homes = [each for each in self.homes if each.kind == kind]
        ranked = sorted(homes, key=lambda each: -len(wanted & words(each.title)))
        return list(dict.fromkeys(each.path for each in ranked if wanted & words(each.title)))[:2]


def number_in(title: str) -> str:
    """The number in ``Module 03: Containers``; empty without one."""
    found = _NUMBERED.match(title)
    return found["number"] if found else ""


def _roles(claim: Claim) -> Iterable[str]:
    return [str(fact.value) for name, fact in claim.fields.items() if name.startswith("roles.")]
