"""What is not read in a tree: dot folders, dot files, and what ``.gitignore`` excludes.

``.waymark`` is the one dot folder that belongs to a curriculum.
"""

from __future__ import annotations

import re

from pathspec import GitIgnoreSpec

OWN_FOLDER = ".waymark"
_MAX_BYTES = 64 * 1024
_MAX_LINES = 2_000


class Ignored:
    """The ignore files met so far. Paths are relative to the top, with ``/``; a folder ends with it."""

    def __init__(self) -> None:
        self._specs: list[tuple[str, GitIgnoreSpec]] = []

    def add(self, folder: str, data: bytes) -> None:
        """Take over the ``.gitignore`` of *folder* (empty for the top); a line that is no pattern excludes nothing."""
        lines = data[:_MAX_BYTES].decode("utf-8", "replace").splitlines()[:_MAX_LINES]
        # Matching is done in linear time (re2): the patterns are an author's, and a tree may be anybody's.
        spec = GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)], backend="re2")
        self._specs.append((folder, spec))

    def excludes(self, path: str) -> bool:
        """Whether *path* is excluded by the nearest file that says anything of it; its folder is not."""
        name = path.rstrip("/").rpartition("/")[2]
        if name.startswith(".") and not (name == OWN_FOLDER and path.endswith("/")):
            return True
        for folder, spec in sorted(self._specs, key=lambda each: -len(each[0])):
            if path.startswith(folder):
                said = spec.check_file(path[len(folder) :]).include
                if said is not None:
                    return said
        return False


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line], backend="re2")
    except (ValueError, re.error):
        return False
    return True
