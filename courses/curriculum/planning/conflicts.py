"""Fields that changed on both sides: since a source was imported last, or since it was exported.

A plan is three-way: what the source stated last, what is current, what it states
now. Where documents of different rank differ the rank has decided already. What
changed on one side only is taken from there; what changed on both keeps its
current value, and blocks until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from courses.curriculum.canonical import statement_hash
from courses.curriculum.compare import Comparison, differences, is_recorded, only_recorded
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.layout import is_layout
from courses.curriculum.planning.base import Base
from courses.curriculum.planning.overlay import valid
from courses.curriculum.planning.sources import Place, Together
from courses.curriculum.refused import CONFLICT

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with what was stated last, what is current and what comes in; ``other`` source where one is known."""

    draft: Draft
    field: str
    base: Any
    ours: Any
    theirs: Any
    other: str = ""

    def rows(self) -> Iterator[tuple[str, Any, Any, Any]]:
        """Place, base, ours, theirs of every part that differs."""
        for place, ours, theirs in differences(self.field, self.ours, self.theirs):
            yield place, _at(self.base, place.split(".")[1:]), ours, theirs

    def finding(self) -> Finding:
        name = f"{self.field} of {self.draft.address}"
        if self.other:
            since, fix = f"in {self.other} since it was exported", "remove its entry of `from:` to keep what is here"
        else:
            since, fix = "elsewhere since this source was imported last", "change it where it is stated else"
        file, line = self.draft.elsewhere.get(
            self.field, (self.draft.file, self.draft.lines.get(self.field, self.draft.line))
        )
        return Finding(
            CONFLICT, "error", file, line, f"{name} changed here and {since}, so it stays as it is.",
            f"Write the current value here, or {fix}.",
        )  # fmt: skip


@dataclass(slots=True)
class Settled:
    """:ivar kept: place -> fields that keep their current value, with it. :ivar conflicts: those that block."""

    kept: dict[Place, dict[str, Any]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def settle(together: Together, comparisons: Iterable[Comparison], base: Base) -> Settled:
    """Look at every field that would change, whoever states it."""
    settled = Settled()
    exported: list[tuple[Place, Place, str, Any]] = []
    for comparison in comparisons:
        former = {new: old for old, new in comparison.renamed}
        for address, name in _changed(comparison):
            place = together.reading.place(comparison.program, address)
            before = place[0], former.get(address, address)
            merged, now = together.reading.drafts[place], comparison.current.items[before[1]].body.get(name, ABSENT)
            if now is ABSENT or name not in merged.body:
                continue
            stated, last = together.stated.get(place), together.before.get(before)
            side = _side(merged, stated, last, name, now)
            if side == "here":
                if _value(last, name) is ABSENT and stated is not None and name in stated.given:
                    exported.append((place, before, name, now))
                continue
            settled.kept.setdefault(place, {})[name] = now
            if side == "both" and stated is not None:
                settled.conflicts.append(Conflict(stated, name, _value(last, name), now, stated.body[name]))
    for place, conflict in _since_export(together, exported, base):
        settled.conflicts.append(conflict)
        settled.kept.setdefault(place, {})[conflict.field] = conflict.ours
    return settled


def _changed(comparison: Comparison) -> Iterable[tuple[str, str]]:
    changes = [each for each in (*comparison.changed, *comparison.reordered) if not is_recorded(each)]
    return dict.fromkeys((change.entity, change.field.partition(".")[0]) for change in changes)


def _side(merged: Draft, stated: Draft | None, last: Draft | None, name: str, now: Any) -> str:
    """Where a field changed: ``here`` in what comes in, ``there`` in what is current, or on ``both`` sides."""
    was, value = _value(last, name), _value(stated, name)
    if _same(merged, name, was, now):
        return "here"
    if value is ABSENT or value != merged.body[name]:
        # Another source states it, and did so before.
        return "there" if name in merged.given else "here"
    if was is ABSENT or stated is None or last is None:
        return "here"
    unchanged = last.given[name] == stated.given[name] and _same(merged, name, was, value)
    return "there" if unchanged else "both"


def _since_export(
    together: Together, fields: Iterable[tuple[Place, Place, str, Any]], base: Base
) -> Iterator[tuple[Place, Conflict]]:
    """Fields of exported entities that a source changed since, and that would be lost."""
    stale = [
        (place, before, name, now, origin, known)
        for place, before, name, now in fields
        for origin in together.stated[place].origins
        if (known := together.others.get(origin.source, {}).get(before)) is not None
        and statement_hash(known.body, known.given) != origin.hash
        and _value(known, name) == now
    ]
    if not stale:
        return
    exported = base.stated_before({(before, origin) for _, before, _, _, origin, _ in stale})
    for place, before, name, now, origin, _ in stale:
        was = exported.get((before, origin), {}).get(name, ABSENT)
        if was != now:
            draft = together.stated[place]
            yield place, Conflict(draft, name, was, now, draft.body[name], origin.source)


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
        place = conflict.draft.program, conflict.draft.address
        body, given = dict(stated[place].body), dict(stated[place].given)
        if conflict.base is ABSENT or conflict.other:
            del given[conflict.field]
        else:
            body[conflict.field] = conflict.base
        stated[place] = replace(stated[place], body=body, given=given)
    return replace(together, reading=replace(together.reading, drafts=drafts), stated=stated)


def _value(draft: Draft | None, name: str) -> Any:
    return draft.body[name] if draft is not None and name in draft.given and name in draft.body else ABSENT


def _same(draft: Draft, name: str, one: Any, other: Any) -> bool:
    """Whether two values differ in nothing but layout and what a release only records."""
    if one is ABSENT or other is ABSENT:
        return one is other
    pairs = differences(name, one, other)
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
