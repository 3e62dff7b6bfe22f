"""What an import would change: drafts beside what is current. Pure; see ``courses.curriculum.current``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.canonical import canonical, release_digest, revision_body, revision_hash
from courses.curriculum.current import Current
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.layout import is_layout
from courses.curriculum.registration import ACTIVITIES

CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entity, before and after; values are the revision's, places dotted (``criteria.1.text``)."""

    entity: str
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Comparison:
    """The difference between a program's current release and what a tree states.

    Entities are addresses (``lab:MOD-101/101-04``). ``renamed`` has every new
    address beside the former one; ``moved`` those of them that have another parent.
    ``succeeded`` has what goes beside what takes its place, as one of several: parts that
    are merged, and what is split. ``stated`` is everything that there will be; ``fresh`` has the addresses that will
    be those of new things, and not of what has them now.
    """

    program: str
    current: Current
    digest: str
    added: list[Draft] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    reordered: list[Change] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    succeeded: list[tuple[str, str]] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    unchanged_entities: list[str] = field(default_factory=list)
    stated: dict[str, Draft] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)

    @property
    def base(self) -> int | None:
        """Number of the release that it is compared with; None if there is none."""
        return self.current.number

    @property
    def unchanged(self) -> int:
        return len(self.unchanged_entities)

    @property
    def is_empty(self) -> bool:
        return self.digest == self.current.digest and not self.fresh

    @property
    def changed_entities(self) -> list[str]:
        return list(dict.fromkeys(change.entity for change in self.changed))

    @property
    def figures(self) -> dict[str, int]:
        """How many entities it is about, by what becomes of them; what is renamed may have moved too."""
        return {
            "added": len(self.added),
            "changed": len(self.changed_entities),
            "renamed": len(self.renamed),
            "reordered": len({change.entity for change in self.reordered}),
            "restored": len(self.restored),
            "retired": len(self.retired),
            "unchanged": self.unchanged,
        }

    def summary(self) -> str:
        """One line for people."""
        if self.is_empty:
            return f"{self.program}: nothing to do, release {self.base} has all {self.unchanged} entities"
        parts = [f"{count} {word}" for word, count in self.figures.items() if count and word != "unchanged"]
        return f"{self.program}: {', '.join(parts)}, {self.unchanged} unchanged"


def compare(
    slug: str, drafts: Iterable[Draft], current: Current, fresh: Collection[tuple[str | None, str]] = ()
) -> Comparison:
    """Compare the *drafts* of the program *slug*, parents before children, with what is *current*.

    What a release only records (versions, dates) is a change beside others, and none by
    itself; another layout of a text is none at all.

    :param fresh: what is another thing than the one that had its id until now, with all that stands under it.
    """
    stated = {draft.address: draft for draft in drafts}
    hashes = {address: revision_hash(draft) for address, draft in stated.items()}
    result = Comparison(slug, current, release_digest(hashes.items()), stated=stated)
    known = current.items
    taken: set[str] = set()
    quiet: dict[str, list[Change]] = {}
    moved: dict[str, str] = {}
    # Parents come before their children, so it is known where a child stood when its parent had another id.
    for address, draft in stated.items():
        there = address in known or address in current.retired
        if there and ((draft.program, address) in fresh or draft.parent in result.fresh):
            result.fresh.append(address)
        parts = _parts(draft, known, result, moved)
        result.succeeded += ((part, address) for part in parts)
        former = () if parts or draft.part_of else tuple(former_addresses(draft, moved))
        before = _before(draft, known, result, former)
        if before is None:
            gone = _before(draft, current.retired, result, former)
            if gone is None:
                result.added.append(draft)
                continue
            result.restored.append(address)
            if gone != address:
                result.renamed.append((gone, address))
            continue
        taken.add(before)
        if before != address:
            result.renamed.append((before, address))
            path = before.partition(":")[2]
            if _above(path) != moved.get(draft.parent or "", _above(draft.path)):
                result.moved.append((before, address))
            moved[address] = path
        item = known[before]
        changes = [] if item.hash == hashes[address] else list(_changes(address, item.body, revision_body(draft)))
        if item.hash != hashes[address] and all(is_recorded(change) for change, _ in changes):
            quiet[address] = [change for change, _ in changes]
            if not changes and before == address:
                result.unchanged_entities.append(address)
            continue
        for change, is_order in changes:
            (result.reordered if is_order else result.changed).append(change)
        if not changes and before == address:
            result.unchanged_entities.append(address)
    # What belongs to the installation is never retired by one program's tree.
    result.retired = sorted(address for address, item in known.items() if address not in taken and not item.shared)
    as_before = hashes | {address: known[address].hash for address in quiet if address in known}
    if quiet and release_digest(as_before.items()) == current.digest:
        result.digest = current.digest
        result.unchanged_entities += (address for address, changes in quiet.items() if changes)
    else:
        result.changed += [change for changes in quiet.values() for change in changes]
    return result


def is_recorded(change: Change) -> bool:
    """Whether it is of a field that a release only records."""
    return only_recorded(change.entity.partition(":")[0], change.field)


def only_recorded(kind: str, place: str) -> bool:
    """The same of a dotted *place* of a body: what a kind says, and the versions of every thing."""
    return place.partition(".")[0] == "versions" or place in registry.get(kind).recorded


def _before(draft: Draft, known: Collection[str], result: Comparison, former: Iterable[str]) -> str | None:
    """Which of the *known* addresses was that of *draft*."""
    if draft.address in known and draft.address not in result.fresh:
        return draft.address
    return next((name for name in former if name in known and name not in result.stated), None)


def _parts(draft: Draft, known: Collection[str], result: Comparison, moved: Mapping[str, str]) -> list[str]:
    """What goes and was one of several that became *draft*, or became several of which it is one.

    Of what learners complete only: they have completed the new one if they did all the parts.
    Anything else goes on as the first that it was.
    """
    if not draft.was or draft.kind not in ACTIVITIES or (draft.address in known and draft.address not in result.fresh):
        return []
    former = dict.fromkeys(former_addresses(draft, moved, said_only=True))
    parts = [name for name in former if name in known and name not in result.stated]
    return parts if len(parts) > 1 or draft.part_of else []


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _changes(entity: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Change, bool]]:
    """Every field that differs, and whether only the order of its entries does.

    Children that come and go are said with themselves; among those that stay only
    the order is a field of the parent.
    """
    for name in sorted({*before, *after} - {CHILDREN}):
        for place, old, new in differences(name, before.get(name), after.get(name)):
            if not is_layout(place, old, new):
                yield Change(entity, place, old, new), _same_entries(old, new)
    ours, theirs = before.get(CHILDREN) or {}, after.get(CHILDREN) or {}
    for key in sorted({*ours, *theirs}):
        old, new = ours.get(key, []), theirs.get(key, [])
        if [each for each in old if each in new] != [each for each in new if each in old]:
            yield Change(entity, key, old, new), True


def differences(place: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every part of a value that differs, by its dotted place."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from differences(f"{place}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and not _same_entries(before, after):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else None
            new = after[index] if index < len(after) else None
            yield from differences(f"{place}.{index}", old, new)
    else:
        yield place, before, after


def _same_entries(before: Any, after: Any) -> bool:
    if not (isinstance(before, list) and isinstance(after, list)):
        return False
    return Counter(map(canonical, before)) == Counter(map(canonical, after))


def former_addresses(draft: Draft, moved: Mapping[str, str] | None = None, *, said_only: bool = False) -> Iterator[str]:
    """Addresses under which *draft* may have been known: by ``was:``, and by a parent that has a new id.

    A former id is written like an id: the last part alone, or the whole path.

    :param moved: address of what has a new id -> its path before.
    :param said_only: leave out the one by its parent.
    """
    moved = moved or {}
    kind, _, now = (draft.parent or "").partition(":")
    parents = ["" if kind == "program" else now]
    before = moved.get(draft.parent or "")
    if before is not None:
        parents.append(before)
    for was in draft.was:
        paths = [was] if "/" in was else [f"{parent}/{was}".lstrip("/") for parent in parents]
        yield from (f"{draft.kind}:{path}" for path in paths)
    if before is not None and not said_only:
        yield f"{draft.kind}:{before}/{draft.path.rpartition('/')[2]}"
