"""What a program holds now, as the base of a plan: read from the database, or from a tree set beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from courses.curriculum.canonical import release_digest, revision_body, revision_hash
from courses.curriculum.kinds import Draft


@dataclass(frozen=True, slots=True)
class Item:
    """One entity at its current revision. ``shared``: it belongs to the installation; ``key``: its identity row."""

    hash: str
    body: dict[str, Any]
    shared: bool = False
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """A program's current release.

    :ivar number: of the release; None if there is none.
    :ivar items: by address, without what belongs to another program and is only placed here.
    :ivar retired: addresses that were in a release before and are in none now.
    """

    number: int | None = None
    digest: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()


def current_of(slug: str) -> Current:
    """The current release of the program *slug*, in two queries."""
    from courses.models import Entity, ReleaseItem

    own = Q(entity__program__slug=slug) | Q(entity__program=None)
    rows = list(
        ReleaseItem.objects.filter(own, release__program__slug=slug, release__current=True).select_related(
            "entity", "revision", "release"
        )
    )
    gone = Entity.objects.filter(program__slug=slug, retired_at__isnull=False)
    return Current(
        rows[0].release.number if rows else None,
        rows[0].release.digest if rows else "",
        {
            row.entity.address: Item(row.revision.hash, row.revision.body, row.entity.program_id is None, row.entity_id)
            for row in rows
        },
        frozenset(f"{kind}:{path}" for kind, path in gone.values_list("kind", "path")),
    )


def stated_by(drafts: Iterable[Draft]) -> Current:
    """What a tree states, as if it had been applied."""
    items = {draft.address: Item(revision_hash(draft), revision_body(draft), draft.program is None) for draft in drafts}
    digest = release_digest((address, item.hash) for address, item in items.items())
    return Current(None, digest if items else "", items)
