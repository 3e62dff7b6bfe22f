"""Which things have another address after a change, and the export with their old one, so that the rest is compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tests.courses.mutation.pipeline import Exported, Place


def as_before(before: Exported, after: Exported, beside: Collection[str]) -> tuple[Exported, set[str]]:
    """*after* with the old addresses of what was only called otherwise, and these addresses.

    Of each kind the things that are gone are those that are new, one for one, where what
    they stand under is the same. What another file names as well (*beside*) stays there,
    without what the document said of it: it is taken for the one that is new.
    """
    renames = {new: old for old, new in _pairs(before, after, beside)}
    paths = {new[1].partition(":")[2]: old[1].partition(":")[2] for new, old in renames.items()}
    owners = {_slug(new): _slug(old) for new, old in renames.items() if new[1].startswith("program:")}
    made: Exported = {}
    for place, entity in sorted(after.items(), key=lambda each: each[0] in renames):
        owner, address = renames.get(place, place)
        old = owners.get(owner or "", owner), _old(address, paths)
        made[old] = {name: _old(value, paths) for name, value in entity.items()}
        if place in renames and "id" in before[old]:
            made[old]["id"] = before[old]["id"]
    return made, {old[1] for old in renames.values()}


def _slug(place: Place) -> str:
    return place[1].partition(":")[2]


def _pairs(before: Exported, after: Exported, beside: Collection[str]) -> Iterator[tuple[Place, Place]]:
    gone = [place for place in before if place not in after]
    new = [place for place in after if place not in before]
    lost = [place for place in before if place[1] in beside and place in after and before[place] != after[place]]
    for kind in dict.fromkeys(address.partition(":")[0] for _, address in new):
        fresh = _roots(kind, new, after, new)
        old = _roots(kind, gone, before, gone) or _roots(kind, lost, before, [])
        if len(fresh) == len(old):
            yield from zip(old, fresh, strict=True)


def _roots(kind: str, places: list[Place], exported: Exported, changed: list[Place]) -> list[Place]:
    """Those of a kind that stand under nothing that has another address as well."""
    addresses = {address for _, address in changed}
    return [
        place for place in places
        if place[1].startswith(f"{kind}:") and exported[place].get("under") not in addresses
    ]  # fmt: skip


def _old(value: Any, paths: dict[str, str]) -> Any:
    """A value with old paths: as a whole, behind a kind, and before what stands under it."""
    if isinstance(value, dict):
        return {_old(key, paths): _old(each, paths) for key, each in value.items()}
    if isinstance(value, list):
        return [_old(each, paths) for each in value]
    if not isinstance(value, str):
        return value
    kind, colon, path = value.rpartition(":")
    for new, old in paths.items():
        if path == new or path.startswith(f"{new}/"):
            return f"{kind}{colon}{old}{path[len(new) :]}"
    return value
