"""``.waymark/renames.yaml``: former ids for what documents cannot say them of, in the sense of ``was:``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import PART_OF, Reading, claim_former
from courses.curriculum.report.own import Rename

IDLE = "import.idle_rename"


def renames_apply(reading: Reading, renames: Iterable[Rename]) -> Iterator[Finding]:
    """Give the drafts of *reading* the former ids of *renames*; a finding for each that names nothing or several."""
    for rename in renames:
        found = [(place, draft) for place, draft in reading.drafts.items() if _names(rename.id, draft)]
        if len(found) == 1:
            [(place, draft)] = found
            claimed = claim_former(draft, (_path(draft, each) for each in rename.former))
            where = {**draft.elsewhere, "was": (rename.file, rename.line)}
            reading.drafts[place] = replace(claimed, elsewhere=where)
        elif found or not rename.above:
            what = f"names {' and '.join(draft.address for _, draft in found)}" if found else "is no id in this import"
            fix = "Write its kind before it (lab:MOD-101/lab-2)." if found else "Correct it, or remove the entry."
            yield Finding(IDLE, "warning", rename.file, rename.line, f"{rename.id} {what}, so nothing is renamed.", fix)


def _names(words: str, draft: Draft) -> bool:
    owner, _, path = words.rpartition(":")
    return draft.kind != "program" and draft.path == path and owner in ("", draft.kind, draft.program)


def _path(draft: Draft, former: str) -> str:
    """A former id may be written with the same kind before it."""
    part = PART_OF.match(former)
    said = former[: part.end()] if part else ""
    kind, _, path = former.removeprefix(said).rpartition(":")
    return f"{said}{path}" if kind == draft.kind and kind in registry else former
