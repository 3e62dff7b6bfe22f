"""Which sources an export was made of, so that what changes in them later is not lost to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from courses.curriculum.canonical import statement_hash
from courses.curriculum.kinds import Origin
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.sources import Place, file_below, stated_at
from courses.models import Release


def origins_add(reading: Reading, releases: Collection[Release]) -> Reading:
    """*reading* of *releases* with what their sources had stated, for every entity."""
    found: dict[Place, list[Origin]] = defaultdict(list)
    for source, stated in sorted(stated_at(releases).items()):
        for place, draft in stated.items():
            digest = statement_hash(draft.body, draft.given)
            found[place].append(Origin(source, file_below(draft.file, source), digest))
    drafts = {place: replace(draft, origins=tuple(found[place])) for place, draft in reading.drafts.items()}
    return replace(reading, drafts=drafts)
