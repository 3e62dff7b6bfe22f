"""What a release holds, as a reading: the drafts that would make it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.models import Release, ReleaseItem


def release_reading(releases: Iterable[Release]) -> Reading:
    """The drafts of *releases*, one of each program, in three queries.

    Entities have the ids that they have now; an entity that another program owns
    is only placed here and belongs to that one's release.
    """
    reading = Reading()
    items = ReleaseItem.objects.filter(release__in=list(releases)).select_related(
        "release__program", "entity__program", "entity__parent", "revision"
    )
    for item in items.order_by("pk"):
        entity = item.entity
        owner = entity.program.slug if entity.program else None
        if owner not in (None, item.release.program.slug):
            continue
        body = dict(item.revision.body)
        listed = body.pop("children", None) or {}
        prefix = "" if entity.kind == "program" else f"{entity.path}/"
        reading.drafts[owner, entity.address] = Draft(
            entity.kind, entity.path, body, f"release {item.release.number} of {item.release.program.slug}", 1,
            parent=entity.parent.address if entity.parent else None,
            program=owner,
            children={key: [f"{prefix}{each}" for each in ids] for key, ids in listed.items()},
            given=dict.fromkeys(body, 0),
        )  # fmt: skip
    for place, draft in reading.drafts.items():
        kinds = registry.children_of(draft.kind)
        children = {
            key: [path for path in paths if (draft.program, f"{kinds[key]}:{path}") in reading.drafts]
            for key, paths in draft.children.items()
        }
        reading.drafts[place] = replace(draft, children=children)
    return reading
