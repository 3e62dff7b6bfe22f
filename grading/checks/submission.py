"""Work on a disk, for who runs checks by hand: read here, and taken in like a hand-in (``assessments.submissions``)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from assessments.submissions.intake import Work, work_read
from assessments.submissions.limits import INTAKE, Intake, Measure, Rejected


def submission_read(path: Path, intake: Intake = INTAKE) -> Work:
    """The work at *path*: a folder, a file, or an archive alone, which is unpacked.

    :raises Rejected: as for a hand-in; besides for links and whatever is no regular file.
    """
    sent: dict[str, bytes] = {}
    measure = Measure(intake)
    for name, full in _names(path):
        about = full.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise Rejected("not_a_file", _("%(name)s is a link or no regular file.") % {"name": name}, where=name)
        # Before it is read: what is too large is not taken into memory.
        measure.file()
        measure.bytes(name, about.st_size, about.st_size)
        sent[name] = full.read_bytes()
    return work_read(sent, intake=intake)


def _names(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield path.name, path
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted(files + links):
            full = Path(folder, name)
            yield full.relative_to(path).as_posix(), full
