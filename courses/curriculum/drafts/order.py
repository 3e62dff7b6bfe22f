"""The order of a program's modules and projects: that of the document that names most of them."""

from __future__ import annotations

from collections.abc import Mapping

from courses.curriculum.kinds import Draft
from courses.curriculum.merge.join import Joined
from courses.curriculum.merge.precedence import rank
from courses.curriculum.sources.claims import Claim


def lists_order(program: Draft, joined: Joined, paths: Mapping[int, str]) -> None:
    """Order the lists of *program*; what that document does not name comes last.

    :param paths: the path that a claim (by its ``id()``) has in the program.
    """
    for kind, name in (("module", "own_modules"), ("project", "own_projects")):
        listed = program.children.get(name, [])
        known = set(listed)
        documents: dict[int, dict[str, int]] = {}
        for claim in sorted((claim for each in joined.of_kind(kind) for claim in each.claims), key=_read):
            path = paths.get(id(claim))
            if path in known:
                named = documents.setdefault(id(claim.statement), {})
                named.setdefault(path, len(named))
        most = max(documents.values(), key=len, default={})
        if len(most) > 1:
            listed.sort(key=lambda path: most.get(path, len(most)))


def _read(claim: Claim) -> tuple[int, str, int]:
    """Where a claim stands among all: the higher documents first, each from its first line."""
    return rank(claim), claim.statement.file, claim.line
