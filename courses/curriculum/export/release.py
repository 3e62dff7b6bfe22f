"""What a release holds, as a reading: the drafts that would make it again."""

from __future__ import annotations

from collections.abc import Iterable

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.models import Release, ReleaseItem


def release_reading(releases: Iterable[Release]) -> Reading:
    """The drafts of *releases*, one of each program, in three queries.

    What is a program's own has the id and the parent that it had then, and names the
    present id as a former one where that is another; what programs share has its
    present id. An entity that another program owns is only placed here and belongs to
    that one's release.
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
        path = path_then(item)
        body = dict(item.revision.body)
        listed = body.pop("children", None) or {}
        prefix = "" if entity.kind == "program" else f"{path}/"
        reading.drafts[owner, f"{entity.kind}:{path}"] = Draft(
            entity.kind, path, body, f"release {item.release.number} of {item.release.program.slug}", 1,
            parent=entity.parent.address if entity.parent else None,
            program=owner,
            was=(entity.path,) if path != entity.path else (),
            children={key: [f"{prefix}{each}" for each in ids] for key, ids in listed.items()},
            given=dict.fromkeys(body, 0),
        )  # fmt: skip
    parents: dict[tuple[str | None, str], Draft] = {}
    for place, draft in reading.drafts.items():
        kinds = registry.children_of(draft.kind)
        draft.children = {
            key: [path for path in paths if (draft.program, f"{kinds[key]}:{path}") in reading.drafts]
            for key, paths in draft.children.items()
        }
        parents |= {
            (place[0], f"{kinds[key]}:{path}"): draft for key, paths in draft.children.items() for path in paths
        }
    for place, parent in parents.items():
        reading.drafts[place].parent = parent.address
    return reading


def path_then(item: ReleaseItem) -> str:
    """The path of an item's entity when its release was made; of what programs share the present one."""
    return item.path if item.path and item.entity.program_id else item.entity.path
