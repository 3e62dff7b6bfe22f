"""The current releases as a tree of native files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from pathlib import Path

from courses.curriculum.export.files import native_files
from courses.curriculum.export.origins import origins_add
from courses.curriculum.export.release import release_reading
from courses.curriculum.export.stored import stored_placed
from courses.models import Release
from waymark.core.errors import Missing
from waymark.core.stored import STORED


def curriculum_files(programs: Collection[str] = ()) -> dict[str, bytes]:
    """The current releases of *programs*, all by default: contents by place, in order."""
    releases = Release.objects.filter(current=True).order_by("program__slug")
    if programs:
        releases = releases.filter(program__slug__in=programs)
    found = {release.program.slug for release in releases.select_related("program")}
    if missing := sorted(set(programs) - found):
        raise Missing(f"There is no program {', '.join(missing)}.")
    reading, stored = stored_placed(origins_add(release_reading(releases), releases))
    files = {place: text.encode() for place, text in native_files(reading).items()}
    files |= {place: STORED.read(digest) for place, digest in stored.items() if place not in files}
    return dict(sorted(files.items()))


def curriculum_zip(program: str) -> bytes:
    """The same of one program as a zip archive; the same release gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in curriculum_files([program]).items():
            archive.writestr(zipfile.ZipInfo(place), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def curriculum_export(folder: Path, programs: Collection[str] = ()) -> list[str]:
    """Write them below *folder*, which is new or empty.

    :returns: the places of the files below it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Missing(f"{folder} is no empty folder.", hint="Name a new one.")
    files = curriculum_files(programs)
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(files)
