"""What documents refer to: ids that are not there, words that may be ids, orders that contradict themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.lint.entities import (
    edges_of,
    entities,
    listing,
    named_by,
    once,
    parts_of,
    states_needs,
)
from courses.curriculum.lint.register import Rule, Setting, check_all
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.join import Merged
from courses.curriculum.reach import Group, reached
from courses.curriculum.sources.claims import Claim, Statement

_ASSETS = ("module", "project", "quiz", "lab", "reading", "task")


# Each is compared with all; who has more of them lacks documents, and no letters.
_HINTS = 50


@dataclass(slots=True)
class _Known:
    """The ids that are there, and for how many others the nearest of them is still looked for."""

    ids: set[str]
    hints: int = _HINTS

    def hint(self, unknown: str) -> str:
        self.hints -= 1
        near = get_close_matches(unknown, self.ids, n=1, cutoff=0.85) if self.hints >= 0 else []
        return f" Did you mean {near[0]}?" if near else ""


@check_all(Rule("references.unknown_id", "error", "Every id that a document names is there"))
def unknown_ids(statements: list[Statement], setting: Setting) -> Iterator[Finding]:
    """An error where it locks, elsewhere a warning; native files have a rule of their own."""
    known = _Known(known_ids(statements, setting))
    found: list[Finding] = []
    for statement in statements:
        if statement.kind == "native":
            continue
        for claim in statement.claims:
            if claim.kind in ("module", "project"):
                found += _unknown(claim, known)
                found += _missing(claim, list(_of_gates(claim)), known, "has gates of", "error")
    yield from once(found)


def _of_gates(claim: Claim) -> Iterator[tuple[str, tuple[str, int]]]:
    """The modules and projects that its gates name; what is done in one may be of a document that is not read."""
    for gate in claim.under("gate"):
        for name in ("blocks", "activity"):
            if isinstance(ref := gate.get(name), str):
                yield ref.partition("/")[0], gate.place(name)


def known_ids(statements: list[Statement], setting: Setting) -> set[str]:
    """The ids that documents give, or gave once, and those that exist elsewhere."""
    known = {each.rpartition(":")[2] for each in setting.known}
    for claim in (claim for statement in statements for claim in statement.claims):
        known |= {name for name in (claim.key, claim.path) if name}
        known |= {str(each) for each in claim.get("was") or ()}
    return known


def _unknown(claim: Claim, known: _Known) -> Iterator[Finding]:
    for strength, word in (("needs", "needs"), ("recommended", "recommends"), ("leads_to", "leads to")):
        edges = [each for edge in edges_of(claim, strength) for each in named_by(edge)]
        yield from _missing(claim, edges, known, word, "error" if strength == "needs" else "warning")
    linked = [(value, claim.place(name)) for name, value in parts_of(claim, "projects") if isinstance(value, str)]
    yield from _missing(claim, linked, known, "is linked to", "warning")


def _missing(
    claim: Claim, named: list[tuple[str, tuple[str, int]]], known: _Known, word: str, severity: Severity
) -> Iterator[Finding]:
    missing = [(target, place) for target, place in named if target not in known.ids]
    if not missing:
        return
    ids = list(dict.fromkeys(target for target, _ in missing))
    hint = known.hint(ids[0]) if len(ids) == 1 else ""
    many = "which are" if len(ids) > 1 else "which is"
    yield Finding(
        "references.unknown_id", severity, *missing[0][1],
        f"{claim.address} {word} {listing(ids)}, {many} not there.{hint}",
        "Correct it, add the missing document, or list the id under `known:` in .waymark/import.yaml.",
        tuple(dict.fromkeys(place for _, place in missing if place != missing[0][1])),
    )  # fmt: skip


@check_all(Rule("references.prerequisite_text", "info", "Prerequisites that are modules are given by id"))
def prerequisites_in_words(statements: list[Statement]) -> Iterator[Finding]:
    titles = Titles(statements)
    found = []
    for claim in _of(statements, "module", "project"):
        if claim.statement.kind == "native":
            continue
        for edge in edges_of(claim):
            skill = edge.get("skill")
            if not isinstance(skill, str) or titles.exact(skill, claim):
                continue
            if likely := titles.likely(skill, claim):
                found.append(
                    Finding(
                        "references.prerequisite_text", "info", *edge.place("skill"),
                        f"The prerequisite {skill!r} of {claim.address} is no id and locks nothing; it may mean "
                        f"{likely}.",
                        f"Write {likely} if that is meant, else leave it: learners attest it themselves.",
                    )
                )  # fmt: skip
    yield from once(found)


@check_all(Rule("references.next_without_prerequisite", "warning", "What a module leads to needs that module"))
def next_without_prerequisite(statements: list[Statement]) -> Iterator[Finding]:
    """Asked of what names its prerequisites, or says that it has none; by way of others counts as well."""
    titles = Titles(statements)
    all_of = {entity.key: entity for entity in entities(statements, "module", "project")}
    needed = {
        key: {target for target, _ in _needs(entity, groups=True)} | set(_by_title(entity, titles))
        for key, entity in all_of.items()
    }
    stating = {
        key for key, entity in all_of.items()
        if needed[key] or any(states_needs(claim) and not edges_of(claim) for claim in entity.claims)
    }  # fmt: skip
    found = []
    for key, entity in all_of.items():
        missing: dict[str, tuple[Claim, tuple[str, int]]] = {}
        for claim in entity.claims:
            # A native file says both of them on purpose.
            for edge in edges_of(claim, "leads_to") if claim.statement.kind != "native" else ():
                to = edge.get("to")
                if to in stating and key not in _closure(to, needed):
                    missing.setdefault(to, (claim, edge.place("to")))
        if missing:
            places = list(missing.values())
            others = [_stated_at(all_of[to]) for to in missing]
            found.append(
                Finding(
                    "references.next_without_prerequisite", "warning", *places[0][1],
                    f"{entity.kind}:{entity.key} leads to {listing(missing)}, whose prerequisites do not include it.",
                    "Add it to their prerequisites, or remove them from what comes next.", tuple(others),
                )
            )  # fmt: skip
    yield from once(found)


def _by_title(entity: Merged, titles: Titles) -> Iterator[str]:
    for claim in entity.claims:
        for edge in edges_of(claim):
            if found := titles.exact(str(edge.get("skill") or ""), claim):
                yield found
            yield from titles.alternatives(edge, claim)


def _stated_at(entity: Merged) -> tuple[str, int]:
    for claim in entity.claims:
        if edges := edges_of(claim):
            return edges[0].place("to")
        if states_needs(claim):
            return claim.place("stated.prerequisites")
    return entity.claims[0].statement.file, entity.claims[0].line


def _needs(entity: Merged, *, groups: bool = False) -> Iterator[tuple[str, tuple[str, int]]]:
    """What a thing needs by the document that ranks highest of those that name any: they are not mixed.

    :param groups: with what is one of several alternatives.
    """
    for edge in _edges(entity):
        if groups or edge.get("to"):
            yield from named_by(edge)


def _edges(entity: Merged) -> list[Claim]:
    """The edges of a thing by the document that ranks highest of those that name any id."""
    of_each = ([edge for edge in edges_of(claim) if named_by(edge)] for claim in entity.claims)
    return next((edges for edges in of_each if edges), [])


def _groups(entity: Merged, known: Container[str]) -> Iterator[tuple[Group[str], list[tuple[str, tuple[str, int]]]]]:
    """Its alternatives, by the same document; none where one is in words, or of a document that is not read."""
    for edge in _edges(entity):
        members, asked = named_by(edge), parts_of(edge, "any_of")
        if asked and len(members) == len(asked) and all(to in known for to, _ in members):
            yield Group(entity.key, [[to] for to, _ in members], int(edge.get("at_least") or 1)), members


def _closure(start: str, needed: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for each in needed.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


@check_all(Rule("references.cycle", "error", "Nothing needs itself, directly or by way of others"))
def cycles(statements: list[Statement]) -> Iterator[Finding]:
    """Of alternatives so many as are asked for have to be within reach."""
    edges: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    all_of = {entity.key: entity for entity in entities(statements, "module", "project")}
    groups = [group for entity in all_of.values() for group in _groups(entity, all_of)]
    for entity in all_of.values():
        for to, place in _needs(entity):
            edges[entity.key].setdefault(to, place)
    possible = reached(edges, [group for group, _ in groups]) if groups else set()
    for group, members in groups:
        if not group.is_met(possible):
            for to, place in members:
                if to not in possible:
                    edges[group.owner].setdefault(to, place)
    told: set[frozenset[str]] = set()
    for start in sorted(edges):
        path = _way_back(start, edges)
        if path and frozenset(path) not in told:
            told.add(frozenset(path))
            places = [edges[one][other] for one, other in zip(path, [*path[1:], start], strict=True)]
            yield Finding(
                "references.cycle", "error", *places[0],
                f"{' needs '.join([*path, start])}: nobody can begin with any of them.",
                "Remove one of these prerequisites.", tuple(places[1:]),
            )  # fmt: skip


def _way_back(start: str, edges: dict[str, dict[str, tuple[str, int]]]) -> list[str]:
    """The shortest way from *start* to itself; empty if there is none."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        at = waiting.pop(0)
        for to in sorted(edges.get(at, {})):
            if to == start:
                path = [at]
                while path[0] != start:
                    path.insert(0, before[path[0]])
                return path
            if to not in before:
                before[to] = at
                waiting.append(to)
    return []


@check_all(Rule("references.own_alternative", "warning", "Nothing is an alternative to itself"))
def own_alternatives(statements: list[Statement]) -> Iterator[Finding]:
    """Such an alternative counts for nothing: what is locked cannot be done."""
    titles = Titles(statements)
    found = []
    for claim in (claim for statement in statements for claim in statement.claims):
        for edge in claim.under("requirement"):
            places = [(name, to) for name, to in zip(_places(edge), titles.alternatives(edge, claim), strict=False)
                      if to in (claim.key, claim.path)]  # fmt: skip
            found += [
                Finding(
                    "references.own_alternative", "warning", *edge.place(name),
                    f"{to} is one of the alternatives that {claim.address} asks for; it counts for nothing.",
                    "Name the others only.",
                )
                for name, to in places[:1] if to
            ]  # fmt: skip
    yield from once(found)


def _places(edge: Claim) -> list[str]:
    """Where each alternative stands; of those in the words of one skill all stand there."""
    return [name for name, _ in parts_of(edge, "any_of")] or ["skill"] * 2


@check_all(Rule("references.unknown_profile", "warning", "Every validation profile that is named is there"))
def unknown_profiles(statements: list[Statement]) -> Iterator[Finding]:
    profiles = {claim.path for claim in _of(statements, "profile")}
    if not profiles:
        return
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for claim in _of(statements, *_ASSETS):
        if claim.statement.kind != "native" and isinstance(name := claim.get("profile"), str):
            named[name].append(claim.place("profile"))
    for name, (first, *others) in named.items():
        if name not in profiles:
            near = get_close_matches(name, sorted(profiles), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Finding(
                "references.unknown_profile", "warning", *first, f"There is no validation profile {name!r}.{hint}",
                "Correct the name, or add the profile.", tuple(others),
            )  # fmt: skip


@check_all(Rule("references.path_order", "warning", "The steps of a path come after what they need"))
def path_order(statements: list[Statement]) -> Iterator[Finding]:
    all_of = list(entities(statements, "module", "project"))
    needed = {entity.key: {to for to, _ in _needs(entity)} for entity in all_of}
    any_of = {
        entity.key: [(named_by(edge), int(edge.get("at_least") or 1), len(parts_of(edge, "any_of")))
                     for edge in _edges(entity) if not edge.get("to")]
        for entity in all_of
    }  # fmt: skip
    for path in _of(statements, "path"):
        if path.statement.kind == "native":
            continue
        steps = [
            (value.get("to") if isinstance(value, dict) else value, path.place(name))
            for name, value in parts_of(path, "steps") if name.count(".") == 1 or name.endswith(".to")
        ]  # fmt: skip
        order = [(str(to).partition("/")[0], str(to), place) for to, place in steps if to]
        first_at: dict[str, int] = {}
        for number, (module, _, _) in enumerate(order):
            first_at.setdefault(module, number)
        early = {
            module: sorted(need for need in needed.get(module, ()) if first_at.get(need, -1) > at)
            for module, at in first_at.items()
        }
        for module, at in first_at.items():
            for members, at_least, asked in any_of.get(module, ()):
                late = sorted(to for to, _ in members if first_at.get(to, -1) > at)
                # What is not in the path may be done before it.
                early[module] += late if asked - len(late) < at_least else []
        wrong = {module: needs for module, needs in early.items() if needs}
        if wrong:
            place = order[first_at[next(iter(wrong))]][2]
            said = "; ".join(f"{module} before {listing(needs)}" for module, needs in wrong.items())
            yield Finding(
                "references.path_order", "warning", *place,
                f"The path {path.label!r} takes modules before what they need: {said}.",
                "Put the steps in the order that prerequisites ask for.",
            )  # fmt: skip


def _of(statements: Iterable[Statement], *kinds: str) -> Iterator[Claim]:
    return (claim for statement in statements for claim in statement.claims if claim.kind in kinds)
