"""Things that go while something alike comes, and ids that mean something else now.

Whether it is the same thing only a person can say. Where learners have work on it
nothing is done until somebody did; elsewhere the pair is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from courses.curriculum.aliases import fold
from courses.curriculum.compare import Comparison, former_addresses
from courses.curriculum.current import Current
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.merge.titles import fit
from courses.curriculum.planning.base import Base
from courses.curriculum.planning.overlay import LAST
from courses.curriculum.planning.sources import Together

REPLACED, REWORDED, OTHER_THING = "import.replaced", "import.reworded", "import.other_thing"
MERGED, SUCCEEDS, DUPLICATE = "import.merged", "import.succeeds", "import.duplicate_id"
SAME_TEXT, OTHER_TEXT = 0.8, 0.5
_WORDS = (
    "title", "text", "stem", "summary", "body", "narrative", "explanation", "what", "covers", "competency", "left",
    "points", "mitigation", "meaning", "constraints",
)  # fmt: skip
_BESIDE = "or in .waymark/renames.yaml"


def alike_findings(comparison: Comparison, base: Base) -> Iterator[Finding]:
    """A finding for every pair that may be one thing, and for every id that may be another one now."""
    pairs, others = list(_pairs(comparison)), list(_other_things(comparison))
    worked = _worked_on(comparison.current, base, [*(old for old, _ in pairs), *(old for old, _ in others)])
    returned = _returned_as_others(comparison, base)
    worked |= {old for old, _ in returned}
    for old, draft in pairs:
        former = old.rpartition("/")[2] if _above(old) == _above(draft.address) else old.partition(":")[2]
        if old not in worked:
            message = f"{draft.address} reads like {old}, which goes: it may be that one, reworded."
            yield Finding(REWORDED, "info", draft.file, draft.line, message, f"If so, write `was: {former}` there.")
        elif not draft.fresh:
            message = f"{draft.address} reads like {old}, which would go with what learners did in it."
            fix = f"Write `was: {former}` with it if it is the same, `was: none` if it is not ({_BESIDE})."
            yield Finding(REPLACED, "error", draft.file, draft.line, message, fix)
    yield from _merges(comparison)
    for old, draft in (*others, *returned):
        if old in worked:
            own = draft.path.rpartition("/")[2]
            message = f"{draft.address} has another title and another text, and learners have work on what it was."
            fix = f"Write `was: none` with it if it is another thing, `was: {own}` if it is the same ({_BESIDE})."
            yield Finding(OTHER_THING, "error", draft.file, draft.line, message, fix)


def _pairs(comparison: Comparison) -> Iterator[tuple[str, Draft]]:
    """What goes and what comes that is alike, each once; what stands under something that goes is a part of it."""
    left = [draft for draft in comparison.added if draft.kind != "requirement"]
    going = {each.partition(":")[2] for each in comparison.retired}
    answered = {old for old, _ in comparison.succeeded}
    for old in comparison.retired if left else ():
        if old in answered or _above(old) in going:
            continue
        kind, body = old.partition(":")[0], comparison.current.items[old].body
        same = [draft for draft in left if draft.kind == kind and draft.address != old and _same(body, draft.body)]
        if same:
            # Of several the one that stands where it stood.
            found = min(same, key=lambda draft: _above(draft.address) != _above(old))
            left.remove(found)
            yield old, found


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    title = fold(_title(one))
    return bool(title and title == fold(_title(other))) or likeness(one, other) >= SAME_TEXT


def _other_things(comparison: Comparison) -> Iterator[tuple[str, Draft]]:
    former = {new: old for old, new in comparison.renamed}
    for address in comparison.changed_entities:
        draft, old = comparison.stated[address], former.get(address, address)
        if _is_other(comparison.current.items[old].body, draft):
            yield old, draft


def _returned_as_others(comparison: Comparison, base: Base) -> list[tuple[str, Draft]]:
    """What comes back under the id of something else, on which there is work."""
    gone = base.held_last(comparison.program, comparison.restored) if comparison.restored else {}
    others = {
        address: item.key for address, item in gone.items()
        if item.key is not None and _is_other(item.body, comparison.stated[address])
    }  # fmt: skip
    worked = base.worked_on(set(others.values())) if others else set()
    return [(address, comparison.stated[address]) for address, key in others.items() if key in worked]


def duplicate_ids(together: Together) -> Iterator[Finding]:
    """An id under which a source states for the first time something else than another source does."""
    for place, draft in together.stated.items():
        if draft.given.get("title", LAST) == LAST:
            continue  # a title that no document gives calls nothing another thing
        for source, stated in together.others.items() if place not in together.before else ():
            if (other := stated.get(place)) is not None and "title" in other.given and _is_other(other.body, draft):
                message = f"{draft.address} is {_title(draft.body)!r} here and {_title(other.body)!r} in {source}."
                fix = f"Give it an id of its own, or write `was: {draft.path.rpartition('/')[2]}` if it is the same."
                yield Finding(DUPLICATE, "error", draft.file, draft.lines.get("title", draft.line), message, fix)


def _is_other(body: Mapping[str, Any], draft: Draft) -> bool:
    """Whether an authored id has another title and another text than in *body*, and nobody said what it is."""
    if draft.was or draft.fresh or not draft.authored or not _title(draft.body):
        return False
    return not fit(_title(body), _title(draft.body)) and likeness(body, draft.body) < OTHER_TEXT


def _merges(comparison: Comparison) -> Iterator[Finding]:
    """What was several things, or a part of one: what that is for who did those."""
    for draft in comparison.stated.values():
        file, line = draft.elsewhere.get("was", (draft.file, draft.lines.get("was", draft.line)))
        if parts := [old for old, new in comparison.succeeded if new == draft.address]:
            said = "was a part of" if draft.part_of else "was"
            message = f"{draft.address} {said} {' and '.join(parts)}: who completed that has completed it, too."
            fix = "Work on what goes stays with it, retired."
            yield Finding(SUCCEEDS, "info", file, line, message, fix)
            continue
        parts = [each for each in former_addresses(draft) if each in comparison.current.items]
        if len(parts) > 1 and not draft.part_of:
            message = f"{draft.address} was {' and '.join(parts)}: it goes on as the first, with all that one had."
            fix = "Name the one first that counts; the others are retired."
            yield Finding(MERGED, "warning", file, line, message, fix)


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How much of the words of two bodies is the same, in order; 0 to 1."""
    first, second = list(_words(one)), list(_words(other))
    if len({*first} & {*second}) * 3 < len({*first, *second}):
        return 0.0  # what has so few words in common needs no closer look
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first or second else 0.0


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from fold(value).split()
    elif isinstance(value, Mapping):
        for name, entry in sorted(value.items()):
            if name in _WORDS or isinstance(entry, list):
                yield from _words(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _words(entry)


def _title(body: Mapping[str, Any]) -> str:
    names = ("title", "stem", "text", "competency", "what", "covers")
    return next((str(body[name]) for name in names if body.get(name)), "")


def _above(address: str) -> str:
    return address.partition(":")[2].rpartition("/")[0]


def _worked_on(current: Current, base: Base, addresses: list[str]) -> set[str]:
    """Those of *addresses* on which, or on something below which, somebody has work."""
    keys: dict[str, list[int]] = {}
    for address in addresses:
        path = address.partition(":")[2]
        below = [each for each in current.items if each == address or each.partition(":")[2].startswith(f"{path}/")]
        keys[address] = [key for each in below if (key := current.items[each].key) is not None]
    worked = base.worked_on({key for each in keys.values() for key in each})
    return {address for address, each in keys.items() if worked & set(each)}
