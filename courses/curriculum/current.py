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
    from courses.models import Entity

    gone = Entity.objects.filter(program__slug=slug, retired_at__isnull=False)
    return _held(slug, Q(release__current=True), gone.values_list("kind", "path"))


def held_by(slug: str, number: int) -> Current:
    """Release *number* of the program *slug* as if it were current, with the ids of then; two queries."""
    from courses.models import Entity, ReleaseItem

    before = ReleaseItem.objects.filter(release__program__slug=slug, release__number__lt=number)
    known = Entity.objects.filter(program__slug=slug, pk__in=before.values("entity"))
    return _held(slug, Q(release__number=number), known.values_list("kind", "path"))


def _held(slug: str, release: Q, known: Iterable[tuple[str, str]]) -> Current:
    """:param known: kind and path of what is retired, or may be."""
    from courses.curriculum.export.release import path_then
    from courses.models import ReleaseItem

    own = Q(entity__program__slug=slug) | Q(entity__program=None)
    rows = list(
        ReleaseItem.objects.filter(own, release, release__program__slug=slug).select_related(
            "entity", "revision", "release"
        )
    )
    items = {
        f"{row.entity.kind}:{path_then(row)}": Item(
            row.revision.hash, row.revision.body, row.entity.program_id is None, row.entity_id
        )
        for row in rows
    }
    return Current(
        rows[0].release.number if rows else None,
        rows[0].release.digest if rows else "",
        items,
        frozenset(address for kind, path in known if (address := f"{kind}:{path}") not in items),
    )


def stated_by(drafts: Iterable[Draft]) -> Current:
    """What a tree states, as if it had been applied."""
    items = {draft.address: Item(revision_hash(draft), revision_body(draft), draft.program is None) for draft in drafts}
    digest = release_digest((address, item.hash) for address, item in items.items())
    return Current(None, digest if items else "", items)
