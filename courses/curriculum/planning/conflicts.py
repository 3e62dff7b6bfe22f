"""Fields that changed on both sides: since a source was imported last, or since it was exported.

A plan is three-way: what the source stated last, what is current, what it states
now. Where documents of different rank differ the rank has decided already. What
changed on one side only is taken from there; what changed on both keeps its
current value, and blocks until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from courses.curriculum.canonical import statement_hash
from courses.curriculum.compare import Comparison, differences, is_recorded, only_recorded
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.layout import is_layout
from courses.curriculum.planning.base import Base
from courses.curriculum.planning.overlay import Fact, valid
from courses.curriculum.planning.sources import Place, Together
from courses.curriculum.refused import CONFLICT

ABSENT = object()
DIFFERS = "import.differs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with what was stated last, what is current and what comes in.

    :ivar last: what its source stated last.
    :ivar other: the source that changed it since an export, or that states it with the same rank.
    :ivar at: where a source of the same rank states it.
    """

    draft: Draft
    field: str
    base: Any
    ours: Any
    theirs: Any
    last: Draft | None = None
    other: str = ""
    at: tuple[str, int] | None = None

    def rows(self) -> Iterator[tuple[str, Any, Any, Any]]:
        """Place, base, ours, theirs of every part that differs."""
        for place, ours, theirs in differences(self.field, self.ours, self.theirs):
            yield place, _at(self.base, place.split(".")[1:]), ours, theirs

    def finding(self) -> Finding:
        name = f"{self.field} of {self.draft.address}"
        file, line = place_of(self.draft, self.field)
        if self.at is not None and self.last is None:
            return Finding(
                CONFLICT, "error", file, line,
                f"{name} is stated otherwise in {self.other} at {self.at[0]}:{self.at[1]}, and neither ranks above the "
                "other, so it stays as it is.",
                "Decide which is true, and write it in both or in one only.", (self.at,),
            )  # fmt: skip
        if self.at is not None:
            since = f"in {self.other} at {self.at[0]}:{self.at[1]} since this source was imported last"
            fix = "change it there"
        elif self.other:
            since, fix = f"in {self.other} since it was exported", "remove its entry of `from:` to keep what is here"
        else:
            since, fix = "elsewhere since this source was imported last", "change it where it is stated else"
        return Finding(
            CONFLICT, "error", file, line, f"{name} changed here and {since}, so it stays as it is.",
            f"Write the current value here, or {fix}.", () if self.at is None else (self.at,),
        )  # fmt: skip


@dataclass(slots=True)
class Settled:
    """:ivar kept: place -> fields that keep their current value, with it.

    :ivar conflicts: those that block.
    :ivar differing: warnings of what another source of the same rank still states otherwise.
    """

    kept: dict[Place, dict[str, Any]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    differing: list[Finding] = field(default_factory=list)


def settle(together: Together, comparisons: Iterable[Comparison], base: Base) -> Settled:
    """Look at every field that would change, whoever states it."""
    settled = Settled()
    exported: list[tuple[Place, Place, str, Any]] = []
    for comparison in comparisons:
        former = {new: old for old, new in comparison.renamed}
        for address, fact in _changed(comparison):
            place = together.reading.place(comparison.program, address)
            before = place[0], former.get(address, address)
            merged, item = together.reading.drafts[place], comparison.current.items[before[1]].body
            if not all(name in item and name in merged.body for name in fact):
                continue
            now = {name: item[name] for name in fact}
            stated, last = together.stated.get(place), together.before.get(before)
            side = _side(merged, stated, last, fact, now)
            equal = _equal(together, place, fact, now) if side == "here" and stated is not None else None
            if equal is not None and stated is not None:
                other, draft = equal
                if not _has_winner(stated, last, draft, fact):
                    settled.kept.setdefault(place, {}).update(now)
                    settled.conflicts += (
                        Conflict(
                            stated, name, ABSENT, now[name], stated.body[name], None, other, _stated_at(draft, fact)
                        )
                        for name in fact
                        if now[name] != stated.body[name]
                    )
                    continue
                settled.differing.append(_differs(stated, other, draft, fact))
            if side == "here":
                if stated is not None and _value(last, fact) is ABSENT:
                    exported += ((place, before, name, now[name]) for name in fact if name in stated.given)
                continue
            settled.kept.setdefault(place, {}).update(now)
            if side == "both" and stated is not None and last is not None:
                equal = _equal(together, place, fact, now)
                at = _stated_at(equal[1], fact) if equal is not None else None
                other = equal[0] if equal is not None else ""
                settled.conflicts += (
                    Conflict(stated, name, last.body[name], now[name], stated.body[name], last, other, at)
                    for name in fact
                    if now[name] != stated.body[name]
                )
    for place, conflict in _since_export(together, exported, base):
        settled.conflicts.append(conflict)
        settled.kept.setdefault(place, {})[conflict.field] = conflict.ours
    return settled


def _changed(comparison: Comparison) -> Iterable[tuple[str, Fact]]:
    """Addresses with what is decided as one of them."""
    changes = [each for each in (*comparison.changed, *comparison.reordered) if not is_recorded(each)]
    return dict.fromkeys(
        (change.entity, registry.get(change.entity.partition(":")[0]).fact_of(change.field.partition(".")[0]))
        for change in changes
    )


def _side(merged: Draft, stated: Draft | None, last: Draft | None, fact: Fact, now: dict[str, Any]) -> str:
    """Where a fact changed: ``here`` in what comes in, ``there`` in what is current, or on ``both`` sides."""
    was, value = _value(last, fact), _value(stated, fact)
    if registry.get(merged.kind).gathers(fact[0]) or _same(merged, was, now):
        return "here"
    if value is ABSENT or value != _value(merged, fact):
        # Another source states it, and did so before.
        return "here" if _value(merged, fact) is ABSENT else "there"
    if was is ABSENT or stated is None or last is None:
        return "here"
    unchanged = _rank(last, fact) == _rank(stated, fact) and _same(merged, was, value)
    return "there" if unchanged else "both"


def _equal(together: Together, place: Place, fact: Fact, now: dict[str, Any]) -> tuple[str, Draft] | None:
    """Another source that states the current value of a fact which comes in otherwise, with the same rank.

    What an export was made of it has read.
    """
    stated = together.stated[place]
    if registry.get(stated.kind).gathers(fact[0]) or _value(stated, fact) is ABSENT:
        return None
    read = {origin.source for origin in stated.origins}
    for source, given in together.others.items():
        draft = given.get(place)
        if draft is None or source in read or not _same(stated, _value(draft, fact), now):
            continue
        if _rank(draft, fact) == _rank(stated, fact):
            return source, draft
    return None


def _stated_at(draft: Draft, fact: Fact) -> tuple[str, int]:
    return place_of(draft, next(each for each in fact if each in draft.given))


def _has_winner(stated: Draft, last: Draft | None, equal: Draft, fact: Fact) -> bool:
    """Whether the later of two equals holds: for a title, what one of them changed, and the next state of a file."""
    files = {PurePosixPath(place_of(each, fact[0])[0]).name for each in (stated, equal)}
    return fact == ("title",) or _value(last, fact) is not ABSENT or len(files) == 1


def _differs(stated: Draft, other: str, draft: Draft, fact: Fact) -> Finding:
    name = next(each for each in fact if each in stated.given)
    at = _stated_at(draft, fact)
    return Finding(
        DIFFERS, "warning", *place_of(stated, name),
        f"{name} of {stated.address} is stated otherwise in {other} at {at[0]}:{at[1]}, which ranks the same; what is "
        "said last holds.",
        "Write the same in both, or state it in one only.", (at,),
    )  # fmt: skip


def place_of(draft: Draft, name: str) -> tuple[str, int]:
    """File and line of a field."""
    return draft.elsewhere.get(name, (draft.file, draft.lines.get(name, draft.line)))


def _since_export(
    together: Together, fields: Iterable[tuple[Place, Place, str, Any]], base: Base
) -> Iterator[tuple[Place, Conflict]]:
    """Fields of exported entities that a source changed since, and that would be lost."""
    stale = [
        (place, before, name, now, origin, known)
        for place, before, name, now in fields
        for origin in together.stated[place].origins
        if (known := together.others.get(origin.source, {}).get(place)) is not None
        and statement_hash(known.body, known.given) != origin.hash
        and _value(known, (name,)) == {name: now}
    ]
    if not stale:
        return
    exported = base.stated_before({(before, origin) for _, before, _, _, origin, _ in stale})
    for place, before, name, now, origin, _ in stale:
        was = exported.get((before, origin), {}).get(name, ABSENT)
        if was != now:
            draft = together.stated[place]
            yield place, Conflict(draft, name, was, now, draft.body[name], other=origin.source)


def keep_current(together: Together, settled: Settled) -> Together:
    """*together* with the current values of fields that change elsewhere, and of those in conflict.

    Of those in conflict the source goes on stating what it stated last, so that they are in
    conflict until somebody decides.
    """
    drafts = dict(together.reading.drafts)
    for place, fields in settled.kept.items():
        whole = valid(drafts[place].kind, {**drafts[place].body, **fields})
        if whole is not None:
            drafts[place] = replace(drafts[place], body=whole)
    stated = dict(together.stated)
    for conflict in settled.conflicts:
        place, last = (conflict.draft.program, conflict.draft.address), conflict.last
        body, given = dict(stated[place].body), dict(stated[place].given)
        body[conflict.field] = conflict.ours if last is None else last.body[conflict.field]
        given.pop(conflict.field, None)
        if last is not None and conflict.field in last.given:
            given[conflict.field] = last.given[conflict.field]
        stated[place] = replace(stated[place], body=body, given=given)
    return replace(together, reading=replace(together.reading, drafts=drafts), stated=stated)


def _value(draft: Draft | None, fact: Fact) -> Any:
    """What a draft states of a fact, by field; ABSENT if nothing."""
    if draft is None or not any(name in draft.given for name in fact):
        return ABSENT
    return {name: draft.body.get(name) for name in fact}


def _rank(draft: Draft, fact: Fact) -> int:
    return min(draft.given[name] for name in fact if name in draft.given)


def _same(draft: Draft, one: Any, other: Any) -> bool:
    """Whether two values differ in nothing but layout and what a release only records."""
    if one is ABSENT or other is ABSENT:
        return one is other
    pairs = [pair for name in one for pair in differences(name, one[name], other[name])]
    return all(only_recorded(draft.kind, place) or is_layout(place, *pair) for place, *pair in pairs)


def _at(value: Any, parts: list[str]) -> Any:
    """What stands at a place of a value; None where nothing does."""
    if value is ABSENT:
        return None
    for part in parts:
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value
