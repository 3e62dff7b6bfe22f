"""Roles that documents name: which of them are there, and at which level they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches

from courses.curriculum.aliases import fold, slug_of
from courses.curriculum.drafts.shapes.program import program_key
from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import parts_of, words_of
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.lint.titles import program_role
from courses.curriculum.merge.precedence import rank
from courses.curriculum.sources.claims import Claim, Statement

LEVEL = "conflicts.role_level"
Place = tuple[str, int]
# What the same level is called where no scale of seniority says it.
_SAME = {
    "entry": "junior", "entry level": "junior", "entry-level": "junior", "jr": "junior", "junior level": "junior",
    "mid level": "mid", "mid-level": "mid", "middle": "mid", "intermediate": "mid", "sr": "senior",
    "senior level": "senior", "senior-level": "senior", "lead level": "lead", "principal level": "principal",
}  # fmt: skip
_LEVELS = frozenset({*_SAME.values(), "lead", "staff", "principal", "executive"})


@check_all(Rule("references.unknown_role", "warning", "Every role that a document names is one of the roles"))
def unknown_roles(statements: list[Statement]) -> Iterator[Finding]:
    """Held against the roles of the repository strategy.

    Without one, only what is a letter or two away from the role of a program or matrix, or
    from one that others name, is known to be wrong.
    """
    declared: set[str] = set()
    for claim in _of(statements, "role"):
        if claim.statement.kind == "native" or (claim.statement.kind == "repository_strategy" and claim.get("id")):
            declared |= {claim.path, slug_of(claim.label)}
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for claim in _of(statements, "requirement", "role", "module", "project"):
        if claim.statement.kind == "native":
            continue
        for name, fact in claim.fields.items():
            strategy = claim.statement.kind == "repository_strategy"
            if (strategy and name in ("from", "to", "repositories.role")) or name.startswith("roles."):
                named[str(fact.value)].append(claim.place(name))
    if not declared:
        yield from _misspelt(statements, named)
        return
    for name, places in named.items():
        if slug_of(name) in declared or name in declared:
            continue
        same_words = [each for each in sorted(declared) if words_of(each) == words_of(name)]
        near = same_words or get_close_matches(slug_of(name), sorted(declared), n=1, cutoff=0.5)
        hint = f" The nearest is {near[0]}." if near else ""
        first, *others = places
        yield Finding(
            "references.unknown_role", "warning", *first, f"No role is called {name!r}.{hint}",
            "Correct the name, or add the role.", tuple(others),
        )  # fmt: skip


def _misspelt(statements: list[Statement], named: dict[str, list[Place]]) -> Iterator[Finding]:
    """A role that one field names, and that is nearly another."""
    titles = {slug_of(program_role(claim)): program_role(claim) for claim in _of(statements, "program")}
    titles |= {slug_of(claim.label): claim.label for claim in _of(statements, "role")}
    files: dict[str, set[str]] = defaultdict(set)
    for name, places in named.items():
        files[slug_of(name)] |= {file for file, _ in places}
        if len(files[slug_of(name)]) > 1:
            titles.setdefault(slug_of(name), name)
    alike: dict[object, set[str]] = defaultdict(set)
    for title in titles.values():
        for key, _ in _but_for_a_word(title):
            alike[key].add(title)
    for name, places in named.items():
        if slug_of(name) in titles or len(places) > 1:
            continue
        near = {
            title for key, word in _but_for_a_word(name) for title in alike.get(key, ())
            if not word or any(other == key and _misspells(word, its) for other, its in _but_for_a_word(title))
        }  # fmt: skip
        if len(near) == 1:
            yield Finding(
                "references.unknown_role", "warning", *places[0],
                f"No role is called {name!r}. The nearest is {near.pop()}.",
                "Correct the name, or add the role.",
            )  # fmt: skip


def _but_for_a_word(name: str) -> Iterator[tuple[object, str]]:
    """What two names have in common that differ in one word, with that word; and in blanks alone, with none."""
    words = fold(name).replace("-", " ").split()
    yield "".join(words), ""
    for at, word in enumerate(words[:12]):
        yield (*words[:at], None, *words[at + 1 :]), word


def _misspells(word: str, other: str) -> bool:
    return min(len(word), len(other)) > 4 and SequenceMatcher(None, word, other).ratio() > 0.87


@check_all(Rule(LEVEL, "warning", "A program is of the level of its role"))
def levels(statements: list[Statement]) -> Iterator[Finding]:
    """What a document about a role says of its level wins over what a program says; else the rank decides."""
    same = _names_of_levels(statements)
    roles: dict[str, list[tuple[Claim, str]]] = defaultdict(list)
    for claim in _of(statements, "role"):
        if isinstance(claim.get("level"), str):
            for name in {
                claim.key,
                *(program_key(str(each)) for each in (claim.label, claim.get("title") or claim.label)),
            }:
                roles[name].append((claim, "level"))
    told: dict[str, list[tuple[Claim, str]]] = defaultdict(list)
    for claim in _of(statements, "program"):
        field = _level_field(claim, same)
        if field and (role := program_key(program_role(claim))):
            told[role].append((claim, field))
    for role, programs in told.items():
        stating = [
            *sorted(roles.get(role, ()), key=lambda each: rank(each[0])),
            *sorted(programs, key=lambda each: rank(each[0])),
        ]
        winner, name = stating[0]
        wins = _level(winner, name, same)
        # Two programs that both say *level* are told as one thing.
        losing = [
            (claim, field) for claim, field in programs
            if _level(claim, field, same) != wins and not (winner.kind == "program" and field == name)
        ]  # fmt: skip
        if losing:
            (first, field), *others = losing
            file, line = winner.place(name)
            yield Finding(
                LEVEL, "warning", *first.place(field),
                f"The program is of level {first.get(field)!r} here, and its role {program_role(first)} is "
                f"{winner.get(name)!r} in {file}:{line}, which wins.",
                f"Write {winner.get(name)} here, or correct the other.",
                ((file, line), *(claim.place(other) for claim, other in others)),
            )  # fmt: skip


def _names_of_levels(statements: list[Statement]) -> dict[str, str]:
    """Folded name of a level -> what it is in the scale of seniority of native files, else in the usual one."""
    names: dict[str, str] = {}
    for scale in _of(statements, "scale"):
        if scale.get("purpose") == "seniority":
            for name, value in parts_of(scale, "levels"):
                place = ".".join(name.split(".")[:2])
                if name.endswith((".id", ".label", ".symbol")) or ".aliases." in name:
                    names[fold(str(value))] = str(scale.get(f"{place}.id"))
    return {**{each: each for each in _LEVELS}, **_SAME, **names}


def _level_field(program: Claim, same: dict[str, str]) -> str:
    """Where a program says the level of its role; *Difficulty: Beginner* is none."""
    fields = ("level", "stated.level", "stated.difficulty")
    return next((name for name in fields if fold(str(program.get(name) or "")) in same), "")


def _level(claim: Claim, name: str, same: dict[str, str]) -> str:
    said = fold(str(claim.get(name)))
    return same.get(said, said)


def _of(statements: list[Statement], *kinds: str) -> Iterator[Claim]:
    return (claim for statement in statements for claim in statement.claims if claim.kind in kinds)
