"""The current releases as a tree of native files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from courses.curriculum.export.files import native_files
from courses.curriculum.export.origins import origins_add
from courses.curriculum.export.release import release_reading
from courses.curriculum.export.stored import stored_placed
from courses.models import Release
from waymark.core.errors import Missing
from waymark.core.stored import STORED


def curriculum_export(folder: Path, programs: Collection[str] = ()) -> list[str]:
    """Write the current releases of *programs*, all by default, below *folder*, which is new or empty.

    :returns: the places of the files below it.
    """
    releases = Release.objects.filter(current=True).order_by("program__slug")
    if programs:
        releases = releases.filter(program__slug__in=programs)
    found = {release.program.slug for release in releases.select_related("program")}
    if missing := sorted(set(programs) - found):
        raise Missing(f"There is no program {', '.join(missing)}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Missing(f"{folder} is no empty folder.", hint="Name a new one.")
    reading, stored = stored_placed(origins_add(release_reading(releases), releases))
    texts = {place: text.encode() for place, text in native_files(reading).items()}
    for place in sorted([*texts, *stored]):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(texts[place] if place in texts else STORED.read(stored[place]))
    return sorted([*texts, *stored])
