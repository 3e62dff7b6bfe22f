"""What the documents of a tree name, and whether it is there.

Works on the drafts alone; :func:`known_elsewhere` adds what the installation
holds besides. A name is looked up as projectors do it: from where it stands
outwards, in the own program, among shared things, then in the other programs
(``courses.curriculum.projectors.refs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from courses.curriculum.aliases import fold, spellings
from courses.curriculum.findings import Finding, Severity
from courses.curriculum.kinds import Draft, Reference, registry
from courses.curriculum.native.reading import Reading

RULE = "native.unknown_reference"
# Each name is compared with all: for how many the nearest is looked for.
HINTS = 50
# What is written like an id or a path, and no word of a skill: MOD-101, junior:docker, MOD-101/lab-2.
LIKE_AN_ID = re.compile(r"[^\s:/]*+[:/]\S*+|[A-Za-z]++-\d\S*+")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there beside a tree: current addresses by program, folded aliases, folded spellings of levels."""

    addresses: frozenset[tuple[str | None, str]] = frozenset()
    aliases: frozenset[tuple[str | None, str]] = frozenset()
    levels: Mapping[str, frozenset[str]] = field(default_factory=dict)


def known_elsewhere(reading: Reading) -> Known:
    """What the installation holds beside *reading*: shared things, and programs that it does not state."""
    from courses.models import Entity, EntityAlias, ScaleLevel

    mine = set(reading.programs)
    rows = Entity.objects.filter(retired_at=None).exclude(program__slug__in=mine)
    aliases = EntityAlias.objects.filter(entity__in=rows)
    levels: dict[str, set[str]] = {}
    for level in ScaleLevel.objects.filter(rank__isnull=False, scale__entity__retired_at=None).select_related("scale"):
        names = (level.key, level.label, level.symbol, *level.aliases)
        levels.setdefault(level.scale.purpose, set()).update(fold(name) for name in names if name)
    return Known(
        frozenset((slug, f"{kind}:{path}") for slug, kind, path in rows.values_list("program__slug", "kind", "path")),
        frozenset(aliases.values_list("entity__program__slug", "alias")),
        {purpose: frozenset(names) for purpose, names in levels.items()},
    )


def unknown_references(reading: Reading, known: Known | None = None) -> list[Finding]:
    """A finding for every name that names nothing, in the order of the tree.

    An error where it locks, scores or builds a path, else a warning. A program
    that is neither stated nor known (``slug:MOD-005``) is a warning everywhere:
    of two programs that need each other one is imported first, and the edge is
    completed by the other.
    """
    return list(_Check(reading, known or Known()).run())


class _Check:
    def __init__(self, reading: Reading, known: Known) -> None:
        self.reading = reading
        self.addresses = set(reading.drafts) | known.addresses
        self.programs = sorted({owner for owner, _ in self.addresses if owner is not None})
        self.aliases = set(known.aliases)
        self.levels = {purpose: set(names) for purpose, names in known.levels.items()}
        self.hints = HINTS
        for (owner, _), draft in reading.drafts.items():
            given = draft.body.get("aliases") or ()
            self.aliases |= {(owner, alias) for alias in spellings(draft.kind, draft.path, given)}
            if draft.kind == "scale" and draft.body:
                self._learn(draft.body)

    def _learn(self, scale: Mapping[str, Any]) -> None:
        names = self.levels.setdefault(scale["purpose"], set())
        for level in scale["levels"]:
            names |= {fold(name) for name in (level["id"], level["label"], level["symbol"], *level["aliases"]) if name}

    def run(self) -> Iterator[Finding]:
        for draft in self.reading.drafts.values():
            if not draft.body:
                continue  # what cannot be read is said already
            for reference in registry.get(draft.kind).refs:
                beside = {value for _, value in values_at(draft.body, reference.beside)} if reference.beside else set()
                for place, value in values_at(draft.body, reference.field):
                    if value not in beside and not self._there(draft, reference, value):
                        yield self._finding(draft, reference, place, value)

    def _there(self, draft: Draft, reference: Reference, value: str) -> bool:
        if reference.scale:
            return fold(value) in self.levels.get(reference.scale, ())
        if reference.or_words and not LIKE_AN_ID.fullmatch(value.strip()):
            return True
        return self._named(draft, reference, value)

    def _named(self, draft: Draft, reference: Reference, value: str) -> bool:
        program, _, path = value.rpartition(":")
        if program:
            return self._in([program], path, reference.kinds) or (
                reference.aliases and program == draft.program and (program, fold(path)) in self.aliases
            )
        place = draft.path if draft.kind != "program" else ""
        while place:
            if self._in([draft.program, None], f"{place}/{value}", reference.kinds):
                return True
            place = place.rpartition("/")[0]
        if self._in([draft.program, None], value, reference.kinds):
            return True
        if reference.aliases and any((owner, fold(value)) in self.aliases for owner in (draft.program, None)):
            return True
        others = [owner for owner in self.programs if owner != draft.program]
        return sum(self._in([owner], value, [kind]) for owner in others for kind in reference.kinds) == 1

    def _in(self, owners: Iterable[str | None], path: str, kinds: Iterable[str]) -> bool:
        return any((owner, f"{kind}:{path}") in self.addresses for owner in owners for kind in kinds)

    def _finding(self, draft: Draft, reference: Reference, place: str, value: str) -> Finding:
        program = value.rpartition(":")[0]
        absent = bool(program) and program not in self.programs
        binds = reference.binds(draft.body) if callable(reference.binds) else reference.binds
        severity: Severity = "error" if binds and not absent else "warning"
        what = f"level of {reference.scale}" if reference.scale else ", ".join(reference.kinds)
        message = f"{place} of {draft.address} names {value}, but there is no such {what}."
        if absent:
            message = f"{place} of {draft.address} names {value}, but there is no program {program} yet."
            return Finding(
                RULE, severity, draft.file, draft.line_of(place), message, "It counts once that is imported."
            )
        return Finding(
            RULE, severity, draft.file, draft.line_of(place), message, self._nearest(draft, reference, value)
        )

    def _nearest(self, draft: Draft, reference: Reference, value: str) -> str:
        if reference.scale:
            names = sorted(self.levels.get(reference.scale, ()))
            return f"Use one of: {', '.join(names)}." if names else "Write that scale."
        self.hints -= 1
        if self.hints < 0:
            return "Correct it, or add what it names."
        owners = (draft.program, None)
        paths = sorted(
            address.partition(":")[2]
            for owner, address in self.addresses
            if owner in owners and address.partition(":")[0] in reference.kinds
        )
        near = get_close_matches(value, paths, n=2)
        return f"Did you mean {' or '.join(near)}?" if near else "Correct it, or add what it names."


def values_at(body: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """The texts at a place of a body (``steps.*.to``), each with its own place (``steps.2.to``)."""

    def walk(value: Any, parts: list[str], done: list[str]) -> Iterator[tuple[str, str]]:
        if not parts:
            if isinstance(value, str) and value:
                yield ".".join(done), value
            return
        part, rest = parts[0], parts[1:]
        if part == "*":
            if isinstance(value, Mapping):
                yield from ((".".join([*done, key]), key) for key in value if not rest)
            elif isinstance(value, list):
                for index, entry in enumerate(value):
                    yield from walk(entry, rest, [*done, str(index)])
        elif isinstance(value, Mapping):
            yield from walk(value.get(part), rest, [*done, part])

    return walk(body, place.split("."), [])


def replaced_at(body: dict[str, Any], place: str, change: Callable[[str], str]) -> dict[str, Any]:
    """*body* with the texts at a place (as of ``values_at``) changed."""

    def walk(value: Any, parts: list[str]) -> Any:
        if not parts:
            return change(value) if isinstance(value, str) and value else value
        part, rest = parts[0], parts[1:]
        if part == "*" and isinstance(value, Mapping) and not rest:
            return {change(key): entry for key, entry in value.items()}
        if part == "*" and isinstance(value, list):
            return [walk(entry, rest) for entry in value]
        return {**value, part: walk(value[part], rest)} if isinstance(value, Mapping) and part in value else value

    made: dict[str, Any] = walk(body, place.split("."))
    return made
