"""The current releases as a tree of native files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from courses.curriculum.export.files import native_files
from courses.curriculum.export.origins import origins_add
from courses.curriculum.export.release import release_reading
from courses.curriculum.export.stored import stored_placed
from courses.models import Release
from waymark.core.errors import Missing
from waymark.core.stored import STORED


def curriculum_files(programs: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """The current releases of *programs*, all by default: places and contents, one after the other.

    :raises Missing: one of them is not there.
    """
    releases = Release.objects.filter(current=True).order_by("program__slug")
    if programs:
        releases = releases.filter(program__slug__in=programs)
    found = {release.program.slug for release in releases.select_related("program")}
    if missing := sorted(set(programs) - found):
        raise Missing(f"There is no program {', '.join(missing)}.")
    reading, stored = stored_placed(origins_add(release_reading(releases), releases))
    texts = native_files(reading)
    for place in sorted([*texts, *stored]):
        yield place, texts[place].encode() if place in texts else STORED.read(stored[place])


def curriculum_export(folder: Path, programs: Collection[str] = ()) -> list[str]:
    """Write them below *folder*, which is new or empty.

    :returns: the places of the files below it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Missing(f"{folder} is no empty folder.", hint="Name a new one.")
    places = []
    for place, content in curriculum_files(programs):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        places.append(place)
    return places
