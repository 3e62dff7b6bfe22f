"""Files that are no curriculum: in a tree at most one info a folder, named by itself an error."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.sources.claims import Statement

OTHER = Rule("source.other", "info", "What is named as a curriculum is one")
checks.declare(OTHER)
NO_CURRICULUM = ("other", "people")
# What is wrong with a file whatever it is; that a file of some other tool is no YAML is not.
ALWAYS = ("source.too_deep", "source.too_wide", "source.long_line", "source.alias_bomb", "source.reader_failed")


def fold_others(statements: list[Statement], alone: set[str]) -> Iterator[Finding]:
    """Take the findings of files that are no curriculum, and answer those that are to be said instead."""
    folders: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        said, statement.findings = statement.findings, []
        if statement.file in alone:
            said = said or [Finding(OTHER.id, "error", statement.file, 1, "The file is empty.", "Name another.")]
            yield from (replace(each, severity="error") if each.severity == "info" else each for each in said)
        elif statement.kind == "people":
            yield from said
        elif serious := [each for each in said if each.rule in ALWAYS]:
            yield from serious
        elif statement.source.filled():
            folders[posixpath.dirname(statement.file)].append(statement)
    for folder, found in folders.items():
        first = found[0]
        names = ", ".join(posixpath.basename(each.file) for each in found[:10])
        more = f" and {len(found) - 10} more" if len(found) > 10 else ""
        yield Finding(
            OTHER.id, "info", first.file, first.source.filled()[0],
            f"No curriculum of a known kind, and not imported, in {folder or 'the folder'}: {names}{more}.",
            "Nothing needs doing; docs/import.md says how kinds are recognised.",
            tuple((each.file, each.source.filled()[0]) for each in found[1:]),
        )  # fmt: skip
