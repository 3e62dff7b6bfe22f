"""The files of a submission, as a folder or a single file holds them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.contract import MEBIBYTE, relative_path


class Rejected(Exception):
    """The work is refused before anything runs. The sentence is for the learner."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What may be handed in. Sizes in bytes."""

    files: int = 500
    size: int = 5 * MEBIBYTE
    total: int = 20 * MEBIBYTE


def submission_read(path: Path, intake: Intake = Intake()) -> dict[str, bytes]:
    """Every file below *path* by its relative path; links and anything but regular files are refused."""
    found: dict[str, bytes] = {}
    folded: dict[str, str] = {}
    total = 0
    for name, full in _names(path):
        about = full.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise Rejected(f"{name} is not a regular file.")
        if about.st_size > intake.size:
            raise Rejected(f"{name} is larger than {intake.size} bytes.")
        total += about.st_size
        if total > intake.total:
            raise Rejected(f"The files are larger than {intake.total} bytes together.")
        if len(found) >= intake.files:
            raise Rejected(f"There are more than {intake.files} files.")
        twin = folded.setdefault(name.casefold(), name)
        if twin != name:
            raise Rejected(f"{twin} and {name} differ in case only.")
        try:
            relative_path(name)
        except ValueError as error:
            raise Rejected(str(error)) from error
        found[name] = full.read_bytes()
    if not found:
        raise Rejected("There is no file.")
    return found


def _names(path: Path) -> list[tuple[str, Path]]:
    if not path.is_dir():
        return [(path.name, path)]
    names: list[tuple[str, Path]] = []
    for folder, folders, files in os.walk(path):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted(files + links):
            full = Path(folder, name)
            names.append((full.relative_to(path).as_posix(), full))
    return names
