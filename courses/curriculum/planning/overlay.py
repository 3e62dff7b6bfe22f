"""Several statements of one entity as one: of facts the higher ranking document's, of lists of statements all.

What comes of them depends on what is stated, by which source and with which rank; which
source came last only counts among equals (docs/decisions/sources.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from courses.curriculum.canonical import canonical, statement_hash
from courses.curriculum.kinds import Draft, EntityKind, registry

Stating = tuple[str, Draft]
"""The name of a source, and what it states of an entity."""
Fact = tuple[str, ...]
Places = dict[str, tuple[str, int]]
LAST = 1_000
"""After every rank."""


def combined(stating: Sequence[Stating], prefer: Draft) -> Draft:
    """One draft of all that state an entity, in the order of their sources; *prefer* is one of them.

    A fact is what the highest ranking one states; of equals *prefer*, else the first. What
    nobody states is as the highest ranking one has it, and what does not go with the rest
    stays out. Lists of statements unite. File, line and parent are those of *prefer*.
    """
    if len(stating) == 1:
        return prefer
    kind = registry.get(prefer.kind)
    base = min((draft for _, draft in stating), key=rank_of)
    body, won = _facts(kind, base, dict(_winners(kind, stating, prefer)))
    given: dict[str, int] = {}
    places: Places = {}
    for fact, draft in won.items():
        for name in fact:
            if name in draft.given:
                given[name] = draft.given[name]
                places |= {place: where for place, where in _places(draft) if _top(place) == name}
    for name in dict.fromkeys(name for _, draft in stating for name in draft.given if kind.unites(name)):
        rows = list(_united(name, stating))
        body[name] = [entry for entry, _ in rows]
        given[name] = min(draft.given[name] for _, draft in stating if name in draft.given)
        places |= {f"{name}.{number}": where for number, (_, where) in enumerate(rows)}
    for name in (each for each in kind.keyed if any(each in draft.given for _, draft in stating)):
        body[name], places_of = _keyed(name, stating)
        given[name] = min(draft.given[name] for _, draft in stating if name in draft.given)
        places |= places_of
    others = [draft for _, draft in stating if draft is not prefer]
    if not prefer.was and (saying := next((draft for draft in others if draft.was), None)) is not None:
        places["was"] = saying.elsewhere.get("was", (saying.file, saying.line_of("was")))
    places |= {place: where for place, where in _places(prefer) if _top(place) not in given and place not in places}
    return replace(
        prefer,
        body=body,
        given=given,
        lines={place: line for place, (file, line) in places.items() if file == prefer.file},
        elsewhere={place: where for place, where in places.items() if where[0] != prefer.file},
        children=_children([prefer, *others]),
        was=tuple(dict.fromkeys(was for draft in (prefer, *others) for was in draft.was)),
    )


def rank_of(draft: Draft) -> int:
    """The best rank among what a draft states."""
    return min(draft.given.values(), default=LAST)


def _winners(kind: EntityKind, stating: Sequence[Stating], prefer: Draft) -> Iterator[tuple[Fact, Draft]]:
    """Every fact that is stated, with the draft that wins it; the best first."""
    found: dict[Fact, tuple[int, bool, int]] = {}
    for place, (_, draft) in enumerate(stating):
        for name, rank in draft.given.items():
            if not kind.gathers(name):
                fact, claim = kind.fact_of(name), (rank, draft is not prefer, place)
                found[fact] = min(found.get(fact, claim), claim)
    for fact, (_, _, place) in sorted(found.items(), key=lambda each: (each[1][0], each[0])):
        yield fact, stating[place][1]


def _facts(kind: EntityKind, base: Draft, won: dict[Fact, Draft]) -> tuple[dict[str, Any], dict[Fact, Draft]]:
    """The body of *base* with the facts that are *won*, and those of them that are in it."""
    body = {**base.body, **{name: draft.body[name] for fact, draft in won.items() for name in fact}}
    whole = body if body == base.body else valid(kind.name, body)
    if whole is not None:
        return dict(whole), won
    body, fitting = dict(base.body), {}
    for fact, draft in won.items():
        whole = valid(kind.name, {**body, **{name: draft.body[name] for name in fact}})
        body, fitting[fact] = (body, base) if whole is None else (whole, draft)
    return body, fitting


def _united(name: str, stating: Sequence[Stating]) -> Iterator[tuple[Any, tuple[str, int]]]:
    """What all say in a list of statements, each entry once and with its place; the highest ranking source first.

    What an export has read of a source that states the same as then is the export's: its
    author may have taken it out.
    """
    seen: set[str] = set()
    for place in sorted(range(len(stating)), key=lambda place: stating[place][1].given.get(name, LAST)):
        source, draft = stating[place]
        exports = [other for other in stating if other[1] is not draft and _has_read(other[1], source, draft)]
        if name not in draft.given or any(not _has_read(draft, *other) for other in exports):
            continue
        for number, entry in enumerate(draft.body[name]):
            if (words := canonical(entry)) not in seen:
                seen.add(words)
                at = f"{name}.{number}"
                yield entry, draft.elsewhere.get(at, (draft.file, draft.line_of(at)))


def _keyed(name: str, stating: Sequence[Stating]) -> tuple[dict[str, dict[str, Any]], Places]:
    """A mapping of rules, each as the highest ranking source has it that rules anything there."""
    rules: dict[str, dict[str, Any]] = {}
    places: Places = {}
    for _, draft in sorted(stating, key=lambda each: each[1].given.get(name, LAST)):
        for key, ruled in draft.body[name].items() if name in draft.given else ():
            known = rules.setdefault(key, ruled)
            if known is not ruled:
                rules[key] = {part: ruled.get(part) if value is None else value for part, value in known.items()}
            at = f"{name}.{key}"
            places.setdefault(at, draft.elsewhere.get(at, (draft.file, draft.line_of(at))))
    return rules, places


def _has_read(draft: Draft, source: str, other: Draft) -> bool:
    """Whether *draft* is of an export that was made of what *source* states."""
    hashes = [origin.hash for origin in draft.origins if origin.source == source]
    return bool(hashes) and statement_hash(other.body, other.given) in hashes


def _places(draft: Draft) -> Iterator[tuple[str, tuple[str, int]]]:
    yield from ((place, (draft.file, line)) for place, line in draft.lines.items())
    yield from draft.elsewhere.items()


def _top(place: str) -> str:
    return place.partition(".")[0]


def _children(drafts: Sequence[Draft]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for draft in drafts:
        for key, paths in draft.children.items():
            listed = children.setdefault(key, [])
            listed += [path for path in paths if path not in listed]
    return children


def valid(kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """*body* as its kind has it; None where its fields do not go together."""
    try:
        return registry.get(kind).body.model_validate(body).model_dump(mode="json")
    except ValidationError:
        return None
