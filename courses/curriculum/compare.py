"""What an import would change: the tree's drafts beside the current release. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from courses.curriculum.canonical import release_digest, revision_body, revision_hash
from courses.curriculum.kinds import Draft
from courses.models import Entity, ReleaseItem


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entity, before and after; values are the revision's."""

    entity: str
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Comparison:
    """The difference between a program's current release and what a tree states.

    Entities are addresses (``lab:MOD-101/101-04``).
    """

    program: str
    digest: str
    base: int | None = None
    base_digest: str = ""
    added: list[Draft] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return self.digest == self.base_digest

    @property
    def changed_entities(self) -> list[str]:
        return list(dict.fromkeys(change.entity for change in self.changed))

    def summary(self) -> str:
        """One line for people."""
        if self.is_empty:
            return f"{self.program}: nothing to do, release {self.base} has all {self.unchanged} entities"
        parts = [
            f"{len(rows)} {word}"
            for rows, word in (
                (self.added, "added"),
                (self.changed_entities, "changed"),
                (self.renamed, "renamed"),
                (self.restored, "restored"),
                (self.retired, "retired"),
            )
            if rows
        ]
        return f"{self.program}: {', '.join(parts) or 'order changed'}, {self.unchanged} unchanged"


def compare(slug: str, drafts: Iterable[Draft]) -> Comparison:
    """Compare the *drafts* of the program *slug* with its current release."""
    stated = {draft.address: draft for draft in drafts}
    hashes = {address: revision_hash(draft) for address, draft in stated.items()}
    result = Comparison(slug, release_digest(hashes.items()))
    # What the release only places belongs to another program, and to its tree.
    own = Q(entity__program__slug=slug) | Q(entity__program=None)
    current = ReleaseItem.objects.filter(own, release__program__slug=slug, release__current=True).select_related(
        "entity", "revision", "release"
    )
    known = {item.entity.address: item for item in current}
    for item in known.values():
        result.base, result.base_digest = item.release.number, item.release.digest
        break
    retired_before = set(
        Entity.objects.filter(program__slug=slug, retired_at__isnull=False).values_list("kind", "path")
    )
    taken: set[str] = set()
    moved: dict[str, str] = {}
    # Parents come before their children, so it is known where a child stood when its parent had another id.
    for address, draft in stated.items():
        found = known.get(address)
        if found is None:
            found = next((known[name] for name in _former(draft, moved) if name in known and name not in stated), None)
        if found is None:
            restored = (draft.kind, draft.path) in retired_before
            (result.restored.append(address) if restored else result.added.append(draft))
            continue
        item = found
        taken.add(item.entity.address)
        if item.entity.address != address:
            result.renamed.append((item.entity.address, address))
            moved[address] = item.entity.path
        if item.revision.hash == hashes[address]:
            result.unchanged += 1
            continue
        before, after = item.revision.body, revision_body(draft)
        result.changed += [
            Change(address, name, before.get(name), after.get(name))
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
    # What belongs to the installation is never retired by one program's tree.
    result.retired = sorted(
        address for address, item in known.items() if address not in taken and item.entity.program_id is not None
    )
    return result


def _former(draft: Draft, moved: Mapping[str, str]) -> Iterator[str]:
    """Addresses under which *draft* may have been known: by ``was:``, and by a parent that has a new id.

    A former id is written like an id: the last part alone, or the whole path.
    """
    kind, _, now = (draft.parent or "").partition(":")
    parents = ["" if kind == "program" else now]
    before = moved.get(draft.parent or "")
    if before is not None:
        parents.append(before)
    for was in draft.was:
        paths = [was] if "/" in was else [f"{parent}/{was}".lstrip("/") for parent in parents]
        yield from (f"{draft.kind}:{path}" for path in paths)
    if before is not None:
        yield f"{draft.kind}:{before}/{draft.path.rpartition('/')[2]}"
