"""Competencies: their levels, their evidence, and whether what is assessed is taught."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from courses.curriculum.aliases import fold, slug_of
from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import listing, once, parts_of, words_of
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.lint.titles import roles_of
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.parts import folded

LEVELS = ("awareness", "working", "proficient", "expert")
_TABLES = ("module_roadmap", "project_plan")
# Names of which one is the other misspelt.
_ALIKE = 0.93
# A word that more names than these have says nothing of which of them are alike.
_MANY = 60
_WRITTEN_OUT = {
    "mlops": "ml-operations", "k8s": "kubernetes", "iac": "infrastructure-as-code", "ci-cd": "continuous-integration",
}  # fmt: skip
_LONG = re.compile(r"\b(?:mlops|k8s|iac|ci-cd)\b")


@check_all(Rule("competencies.unknown_level", "warning", "Every level of proficiency is one of the scale"))
def levels_outside_the_scale(statements: list[Statement]) -> Iterator[Finding]:
    """The scale is what native files declare, else awareness, working, proficient, expert. Two levels are a range."""
    scale = _scale(statements)
    odd: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for target in _targets(statements):
        level = target.get("level")
        if not isinstance(level, str) or target.statement.kind == "native":
            continue
        parts = [fold(part) for part in re.split(r"/|\bto\b|[-\u2013\u2014>\u2192]+", level) if part.strip()]
        if parts and not all(part in scale for part in parts):
            odd[_owner(target), level].append(target)
    for (owner, level), targets in odd.items():
        first, *others = [target.place("level") for target in targets]
        names = dict.fromkeys(repr(str(target.get("competency") or target.label)) for target in targets)
        yield Finding(
            "competencies.unknown_level", "warning", *first,
            f"{level!r} is no level of proficiency ({listing(scale)}); {owner} asks for it in {listing(names)}.",
            "Write one of the levels.", tuple(others),
        )  # fmt: skip


def _scale(statements: list[Statement]) -> dict[str, None]:
    names: dict[str, None] = {}
    for statement in statements:
        for scale in statement.of_kind("scale"):
            if scale.get("purpose") == "proficiency":
                names |= {fold(str(value)): None for name, value in parts_of(scale, "levels")
                          if name.endswith((".id", ".label")) or ".aliases." in name}  # fmt: skip
    return names or dict.fromkeys(LEVELS)


@check_all(Rule("competencies.no_evidence", "warning", "Every target of a competency says what shows it"))
def targets_without_evidence(statements: list[Statement]) -> Iterator[Finding]:
    """Asked of documents whose tables have a column for it."""
    found = []
    for target in _targets(statements):
        if target.statement.kind in _TABLES and not parts_of(target, "evidence"):
            found.append(
                Finding(
                    "competencies.no_evidence", "warning", *target.place("competency"),
                    f"{_owner(target)} aims at {target.get('competency')!r}, and nothing is said to show it.",
                    "Name the lab, quiz or deliverable that shows it.",
                )
            )  # fmt: skip
    yield from once(found)


@check_all(Rule("competencies.not_taught", "warning", "What a project assesses is taught by a module of its role"))
def assessed_but_not_taught(statements: list[Statement]) -> Iterator[Finding]:
    """Asked only of roles whose modules state competencies."""
    taught: dict[str, set[str]] = defaultdict(set)
    for claim in _owners(statements, "module"):
        for role in roles_of(claim):
            taught[role] |= {slug_of(name) for name, _ in _named(claim)}
    found = []
    for project in _owners(statements, "project"):
        known = set[str]().union(*(taught[role] for role in roles_of(project) if role in taught))
        missing = [(name, place) for name, place in _named(project) if slug_of(name) not in known]
        if known and missing and project.statement.kind != "native":
            names = dict.fromkeys(name for name, _ in missing)
            found.append(
                Finding(
                    "competencies.not_taught", "warning", *missing[0][1],
                    f"{project.address} assesses {listing(names)}, which no module of its role teaches by that name.",
                    "Add it to a module, or name it as the modules do.",
                    tuple(dict.fromkeys(place for _, place in missing[1:] if place != missing[0][1])),
                )
            )  # fmt: skip
    yield from once(found)


@check_all(Rule("competencies.not_in_matrix", "warning", "Competencies of a role stand in its skills matrix"))
def not_in_the_matrix(statements: list[Statement]) -> Iterator[Finding]:
    """One finding for each matrix, with all places."""
    for matrix in (each for each in statements if each.kind == "skills_matrix"):
        role = next(matrix.of_kind("role"), None)
        if role is None:
            continue
        listed = {slug_of(claim.label) for kind in ("competency", "skill_area") for claim in matrix.of_kind(kind)}
        missing: dict[str, tuple[str, tuple[str, int]]] = {}
        for claim in _owners(statements, "module", "project"):
            own = roles_of(claim)
            if claim.statement.kind != "native" and {folded(role.path), folded(role.label)} & own:
                for name, place in _named(claim):
                    if slug_of(name) not in listed:
                        missing.setdefault(slug_of(name), (name, place))
        if missing:
            yield Finding(
                "competencies.not_in_matrix", "warning", matrix.file, role.line,
                f"{len(missing)} competencies that modules and projects of {role.label} name are not in its matrix: "
                f"{listing((name for name, _ in missing.values()), 12)}.",
                "Add them to the matrix, or name them as it does.", tuple(place for _, place in missing.values()),
            )  # fmt: skip


@check_all(Rule("competencies.named_twice", "info", "A competency has one name"))
def named_in_two_ways(statements: list[Statement]) -> Iterator[Finding]:
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    shown: dict[str, str] = {}
    for claim in _owners(statements, "module", "project"):
        if claim.statement.kind == "native":
            continue
        for name, place in _named(claim):
            places[slug_of(name)].append(place)
            shown.setdefault(slug_of(name), name)
    names = sorted(places)
    words = {name: words_of(_LONG.sub(lambda found: _WRITTEN_OUT[found[0]], name)) for name in names}
    same: dict[frozenset[str], list[str]] = defaultdict(list)
    sharing: dict[str, list[str]] = defaultdict(list)
    for name in names:
        same[frozenset(words[name])].append(name)
        for word in words[name]:
            sharing[word].append(name)
    for one in names:
        near = [sharing[word] for word in words[one] if len(sharing[word]) <= _MANY]
        later = {other for group in (same[frozenset(words[one])], *near) for other in group if other > one}
        for other in sorted(later):
            if words[one] == words[other] or _alike(one, other):
                rarer, other_name = sorted((one, other), key=lambda each: len(places[each]))
                first, *rest = places[rarer]
                yield Finding(
                    "competencies.named_twice", "info", *first,
                    f"{shown[rarer]!r} and {shown[other_name]!r} seem to be one competency in different words.",
                    "Use one name for it.", tuple(dict.fromkeys([*rest, places[other_name][0]])),
                )  # fmt: skip
                break  # Of many that are alike each is told with one other, not with all.


def _alike(one: str, other: str) -> bool:
    """Whether two names are nearly the same text; the cheap bounds first."""
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _owners(statements: list[Statement], *kinds: str) -> Iterator[Claim]:
    return (claim for statement in statements for claim in statement.claims if claim.kind in kinds)


def _targets(statements: list[Statement]) -> Iterator[Claim]:
    return (target for statement in statements for target in statement.of_kind("competency_target"))


def _named(claim: Claim) -> Iterator[tuple[str, tuple[str, int]]]:
    """The competencies that a module or project names, with their places."""
    for target in claim.under("competency_target"):
        if isinstance(name := target.get("competency"), str) and not _points_elsewhere(name):
            yield name, target.place("competency")
    for field, value in parts_of(claim, "competencies"):
        if isinstance(value, str):
            yield value, claim.place(field)


def _points_elsewhere(name: str) -> bool:
    """*See skills matrix* names none."""
    return bool(re.match(r"(?:see|refer to)\b", name, re.IGNORECASE))


def _owner(target: Claim) -> str:
    return target.parent.address if target.parent else target.address
