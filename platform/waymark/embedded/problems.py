"""What can go wrong when the product starts, each in one clear sentence."""

import errno
from pathlib import Path


class StartProblem(Exception):
    """The product cannot start here. The text says what is wrong and what to do."""


def of_file_error(error: OSError, place: Path) -> StartProblem:
    """The sentence for a file operation below the data folder *place* that failed."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StartProblem(f"The disk of {place} is full: free some space, or set WAYMARK_DATA to a folder elsewhere.")
    return _unusable(place, error.strerror or str(error))


def of_words(words: str, place: Path) -> StartProblem | None:
    """The sentence for a program that worked in *place* and failed with *words*; None when they say nothing known."""
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return of_file_error(OSError(errno.ENOSPC, ""), place)
    if "Permission denied" in words:
        return _unusable(place, "Permission denied")
    return None


def _unusable(place: Path, why: str) -> StartProblem:
    return StartProblem(
        f"The data folder {place} cannot be used by this user ({why}): "
        "mend its permissions, or set WAYMARK_DATA to another folder."
    )
