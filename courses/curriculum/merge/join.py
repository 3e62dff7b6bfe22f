"""Claims of one thing brought together, by id and title and never by number alone.

What stands for itself (modules, projects, programs, what programs share) is joined
over all documents; what stands under it is joined in its parent, by id or by the
same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from courses.curriculum.aliases import fold, slug_of
from courses.curriculum.merge.precedence import rank
from courses.curriculum.merge.titles import fit
from courses.curriculum.sources.claims import Claim, Statement

STANDING = ("role", "program", "module", "project", "path", "competency", "technology", "profile", "scale")
_NUMBERED = re.compile(r"(?:(?P<module>mod(?:ule)?)|proj(?:ect)?)[-_ ]?(?:0(?=\d))*+(?P<number>\d+)", re.IGNORECASE)
_TITLED = re.compile(r"(?:module|project)\s+(?P<number>\d{1,4})\s*[:.\u2013\u2014-]\s*(?P<title>\S.*)", re.IGNORECASE)
_CALLED = ("title", "name", "text", "label")


@dataclass(eq=False, slots=True)
class Merged:
    """One thing, with all claims of it; the winning one first.

    :ivar children: what stands under any of the claims, joined.
    """

    kind: str
    claims: list[Claim] = field(default_factory=list)
    children: list[Merged] = field(default_factory=list)

    @property
    def key(self) -> str:
        return next((claim.key for claim in self.claims if claim.key), "")

    @property
    def name(self) -> str:
        """What to call it in a message: its id, else what it is called."""
        return self.key or title_of(self.claims[0]) or self.claims[0].label

    def under(self, kind: str) -> list[Merged]:
        return [child for child in self.children if child.kind == kind]

    def stating(self, name: str) -> list[Claim]:
        """The claims that state a field, the winning one first."""
        return [claim for claim in self.claims if name in claim.fields]


@dataclass(slots=True)
class Joined:
    """What all documents state, and the pairs that have one id and are not one thing.

    :ivar loose: what stands for itself in its document and belongs under something of another (a quiz).
    """

    things: list[Merged] = field(default_factory=list)
    loose: list[Merged] = field(default_factory=list)
    doubled: list[tuple[Claim, Claim]] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterator[Merged]:
        return (thing for thing in self.things if thing.kind == kind)


def title_of(claim: Claim) -> str:
    """The title that a document gives; empty where it only names the id."""
    if isinstance(title := claim.get("title"), str):
        return title
    return "" if claim.key and fold(claim.label) == fold(claim.key) else claim.label


def join(statements: Iterable[Statement]) -> Joined:
    """Bring the claims of *statements* together."""
    claims = [claim for statement in statements for claim in statement.claims]
    places = {id(claim): place for place, claim in enumerate(claims)}
    standing = [each for each in claims if each.kind in STANDING and (not each.parent or each.parent.kind in STANDING)]
    # What has an id comes first, so that what has none can find it; then what wins.
    standing.sort(key=lambda claim: (not claim.key, rank(claim), places[id(claim)]))
    joining = _Joining()
    for claim in standing:
        joining.add(claim)
    below: dict[int, list[Claim]] = {}
    for claim in claims:
        if claim.parent is not None:
            below.setdefault(id(claim.parent), []).append(claim)
    placed = {id(claim) for claim in standing}
    joining.joined.loose = [Merged(each.kind, [each]) for each in claims if not each.parent and id(each) not in placed]
    for thing in (*joining.joined.things, *joining.joined.loose):
        _children(thing, below, placed)
    return joining.joined


@dataclass(slots=True)
class _Joining:
    """Standing things by what finds them."""

    joined: Joined = field(default_factory=Joined)
    by_id: dict[tuple[str, str], list[Merged]] = field(default_factory=dict)
    by_title: dict[tuple[str, str, int], Merged] = field(default_factory=dict)
    of: dict[int, Merged] = field(default_factory=dict)

    def add(self, claim: Claim) -> None:
        title = title_of(claim)
        thing = self._found(claim, title)
        if thing is None:
            thing = Merged(claim.kind)
            self.joined.things.append(thing)
        if claim.key and thing not in (alike := self.by_id.setdefault((claim.kind, _id(claim.key)), [])):
            alike.append(thing)
        if title:
            self.by_title.setdefault((claim.kind, fold(title), self._scope(claim)), thing)
        thing.claims.append(claim)
        self.of[id(claim)] = thing

    def _scope(self, claim: Claim) -> int:
        """Where a title is the only one: a path's in its program, for many programs have one called *Complete*."""
        program = self.of.get(id(claim.parent)) if claim.kind == "path" else None
        return id(program) if program is not None else 0

    def _found(self, claim: Claim, title: str) -> Merged | None:
        if not claim.key:
            return self.by_title.get((claim.kind, fold(title), self._scope(claim))) or self._numbered(claim, title)
        doubled: Claim | None = None
        for thing in self.by_id.get((claim.kind, _id(claim.key)), ()):
            known = _titled(thing)
            if fold(claim.key) != fold(thing.key) and not (title and known):
                continue  # written differently, and nothing says that it is the same
            twice = next((each for each in thing.claims if each.statement is claim.statement and each.key), None)
            if twice is None and (not title or known is None or fit(title, title_of(known))):
                return thing
            doubled = doubled or twice or known
        if doubled is not None:
            self.joined.doubled.append((claim, doubled))
        return None

    def _numbered(self, claim: Claim, title: str) -> Merged | None:
        """``Project 03: Pipelines`` is the project that is called *Pipelines* and whose id has that number."""
        found = _TITLED.fullmatch(title) if claim.kind in ("module", "project") else None
        thing = self.by_title.get((claim.kind, fold(found["title"]), 0)) if found else None
        return thing if found and thing is not None and ends_with(thing.key, found["number"]) else None


def unnumbered(title: str) -> str:
    """A title without the number of a module or project before it: ``Project 03: Pipelines``."""
    found = _TITLED.fullmatch(title)
    return found["title"] if found else title


def id_alike(one: str, other: str) -> bool:
    """Whether two ids are one, but for what people write differently."""
    return _id(one) == _id(other)


def ends_with(key: str, number: str) -> bool:
    """Whether an id has a number, with or without the digit of its program before it: MOD-103 is the third."""
    bare = number.lstrip("0")
    return bool(bare) and re.search(rf"(?:^|\D)\d?0*{bare}$", key) is not None


def _id(key: str) -> str:
    """An id without what people write differently: ``module-1`` and ``MOD-001`` are looked at together."""
    found = _NUMBERED.fullmatch(key)
    return f"{'mod' if found['module'] else 'proj'}-{found['number']}" if found else fold(key)


def _titled(thing: Merged) -> Claim | None:
    return next((claim for claim in thing.claims if title_of(claim)), None)


def _children(thing: Merged, below: dict[int, list[Claim]], placed: set[int]) -> None:
    known: dict[tuple[str, str], Merged] = {}
    for parent in thing.claims:
        for claim in below.get(id(parent), ()):
            if id(claim) in placed:
                continue
            place = claim.kind, own_key(claim)
            # Two of one document are two, whatever they are called.
            same = known.get(place)
            if same is None or any(each.statement is claim.statement for each in same.claims):
                known[place] = same = Merged(claim.kind)
                thing.children.append(same)
            same.claims.append(claim)
    for child in thing.children:
        child.claims.sort(key=rank)
        _children(child, below, placed)


def absorb(thing: Merged, other: Merged) -> None:
    """Make *other* a part of *thing*, with what stands under it."""
    thing.claims = sorted([*thing.claims, *other.claims], key=rank)
    known = {(child.kind, own_key(child.claims[0])): child for child in thing.children}
    for child in other.children:
        same = known.get((child.kind, own_key(child.claims[0])))
        if same is None:
            thing.children.append(child)
        else:
            absorb(same, child)


def own_key(claim: Claim) -> str:
    """What finds a claim among its siblings: its id, else its words."""
    words = next((value for name in _CALLED if isinstance(value := claim.get(name), str)), claim.label)
    return fold(claim.key) or slug_of(words)
