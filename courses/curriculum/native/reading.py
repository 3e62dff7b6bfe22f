"""What a tree states as a whole: its drafts, how they stand under each other, and every finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, registry

NONE = "none"
PART_OF = re.compile(r"part\s+of\s+", re.IGNORECASE)
FORMER_TWICE, FORMER_IN_USE = "native.former_id_twice", "native.former_id_in_use"


@dataclass(slots=True)
class Reading:
    """What a tree states: drafts by (program, address), and every finding.

    :ivar linked: contents that texts of the drafts link to, by the link.
    """

    drafts: dict[tuple[str | None, str], Draft] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    linked: dict[str, bytes] = field(default_factory=dict)

    @property
    def programs(self) -> list[str]:
        return [draft.path for draft in self.drafts.values() if draft.kind == "program"]

    def place(self, slug: str, address: str) -> tuple[str | None, str]:
        """Where a draft of the program *slug*, or a shared one, stands."""
        return (slug, address) if (slug, address) in self.drafts else (None, address)

    def of_program(self, slug: str) -> list[Draft]:
        """The program's drafts and the shared ones, parents before children."""
        mine = [draft for (owner, _), draft in self.drafts.items() if owner in (slug, None)]
        return sorted(mine, key=lambda draft: (draft.path.count("/"), registry.order_of(draft.kind)))


def attach_to_parents(reading: Reading) -> None:
    """Complete the parents' lists with the documents that name them by ``under:``, in file order."""
    for (owner, _), draft in list(reading.drafts.items()):
        if draft.parent is None:
            continue
        parent = reading.drafts.get((owner, draft.parent))
        if parent is None:
            reading.findings.append(
                Finding(
                    "native.no_parent", "error", draft.file, draft.line,
                    f"{draft.address} stands under {draft.parent}, which is not there.",
                    "Correct `under:` or add that document.",
                )
            )  # fmt: skip
            continue
        keys = [key for key, kind in registry.children_of(parent.kind).items() if kind == draft.kind]
        if not keys:
            reading.findings.append(
                Finding(
                    "native.wrong_parent", "error", draft.file, draft.line,
                    f"A {draft.kind} cannot stand under the {parent.kind} {parent.path}.",
                    f"Put it under a {_or(kind for kind in holders_of(draft.kind))}.",
                )
            )  # fmt: skip
        elif not any(draft.path in parent.children.get(key, []) for key in keys):
            parent.children.setdefault(keys[0], []).append(draft.path)


def holders_of(kind: str) -> list[str]:
    """The kinds under which *kind* may stand."""
    return [each.name for each in registry.all() if kind in registry.children_of(each.name).values()]


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


def former_id_faults(reading: Reading) -> Iterator[Finding]:
    """A former id belongs to one thing, and is no id of another: else whose work it was would be a guess."""
    claims: dict[tuple[str | None, str], Draft] = {}
    for draft in reading.drafts.values():
        file, line = draft.elsewhere.get("was", (draft.file, draft.lines.get("was", draft.line)))
        for was in draft.was:
            parent = draft.path.rpartition("/")[0]
            path = was if "/" in was or not parent else f"{parent}/{was}"
            place = (draft.program, f"{draft.kind}:{path}")
            other, holder = claims.setdefault(place, draft), reading.drafts.get(place)
            if other is not draft and not (was in draft.part_of and was in other.part_of):
                yield Finding(
                    FORMER_TWICE, "error", file, line,
                    f"{other.address} at {other.file}:{other.line} claims the former id {was} too.",
                    "Leave `was:` with the one that it became, or write `part of` before it with each part.",
                    ((other.file, other.line),),
                )  # fmt: skip
            if holder is not None and holder is not draft:
                yield Finding(
                    FORMER_IN_USE, "error", file, line,
                    f"The former id {was} is the id of {holder.file}:{holder.line}.",
                    "Give the new one another id, or remove `was:`.", ((holder.file, holder.line),),
                )  # fmt: skip


def claim_former(draft: Draft, given: Iterable[str]) -> Draft:
    """*draft* with the former ids of ``was:``.

    ``none`` says that it is a new thing; ``part of ID`` that others were that one, too.
    """
    was, part_of, fresh = dict.fromkeys(draft.was), dict.fromkeys(draft.part_of), draft.fresh
    for words in given:
        part = PART_OF.match(words)
        if words.casefold() == NONE:
            fresh = True
            continue
        former = words[part.end() :] if part else words
        was[former] = None
        if part:
            part_of[former] = None
    return replace(draft, was=tuple(was), part_of=tuple(part_of), fresh=fresh)
