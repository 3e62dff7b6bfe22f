"""Cycles in everything that will be current: of this import, with what other sources and releases state.

Lint sees the documents that it is given. Here two of them that were imported apart
may lock each other, and so may labs, gates and modules: something opens when what it
needs is done, and when the module that it is in is open; a module is done when its
required activities are. Of alternatives so many as are asked for have to be within reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading
from courses.curriculum.reach import Group, reached
from courses.curriculum.registration import ACTIVITIES

RULE = "references.cycle"
Node = tuple[str, str]
"""``open`` or ``done``, and an address."""
Edges = Mapping[Node, Mapping[Node, tuple[str, int] | None]]
"""What needs what, with file and line where somebody wrote that."""


def cycles_in(reading: Reading) -> Iterator[Finding]:
    """A finding for every thing that needs itself, each cycle once.

    None for what is told already: of a cycle in what was linted the finding has the same lines.
    """
    told = {frozenset(_lines(each)) for each in reading.findings if each.rule == RULE}
    for slug in reading.programs:
        edges = _edges({draft.address: draft for draft in reading.of_program(slug)})
        for path in _cycles(edges):
            finding = _finding(path, edges)
            if finding is not None and frozenset(_lines(finding)) not in told:
                told.add(frozenset(_lines(finding)))
                yield finding


def _lines(finding: Finding) -> Iterator[tuple[str, int]]:
    yield finding.file, finding.line
    yield from finding.related


def _edges(drafts: Mapping[str, Draft]) -> Edges:
    edges: dict[Node, dict[Node, tuple[str, int] | None]] = defaultdict(dict)
    groups: list[tuple[Draft, Group[Node]]] = []
    for address, draft in drafts.items():
        body = draft.body
        if draft.kind == "requirement" and draft.parent and body.get("strength") == "needs":
            for target in _found(str(body["to"]), drafts) if body.get("to") else ():
                edges["open", draft.parent].setdefault(("done", target), _place(draft, "to"))
            members = [[("done", each) for each in _found(str(ref), drafts)] for ref in body.get("any_of") or ()]
            # What is in words, or done elsewhere, is a way of its own.
            if members and all(members):
                groups.append((draft, Group(("open", draft.parent), members, int(body.get("at_least") or 1))))
        elif draft.kind == "gate" and body.get("activity"):
            for blocked in _found(str(body["blocks"]), drafts, draft.parent):
                for activity in _found(str(body["activity"]), drafts, draft.parent):
                    edges["open", blocked].setdefault(("done", activity), _place(draft, "activity"))
        if draft.kind == "module" or draft.kind in ACTIVITIES:
            edges["done", address].setdefault(("open", address), None)
        module = drafts.get(draft.parent or "") if draft.kind in ACTIVITIES else None
        if module is not None and module.kind == "module":
            edges["open", address].setdefault(("open", module.address), None)
            # A module with a rule of its own may be done without any one of them.
            if body.get("required") and not module.body.get("completion"):
                edges["done", module.address].setdefault(("done", address), None)
    possible = reached(edges, [group for _, group in groups]) if groups else set()
    for draft, group in groups:
        if not group.is_met(possible):
            for number, member in enumerate(group.members):
                for node in (each for each in member if each not in possible):
                    edges[group.owner].setdefault(node, _place(draft, f"any_of.{number}"))
    return edges


def _found(ref: str, drafts: Mapping[str, Draft], parent: str | None = None) -> Iterator[str]:
    """Modules and activities that a reference names, from inside *parent* or by its whole path; none elsewhere."""
    program, _, local = ref.rpartition(":")
    if program and f"program:{program}" not in drafts:
        return
    above = (parent or "").partition(":")[2]
    for path in (f"{above}/{local}", local) if above else (local,):
        named = [f"{kind}:{path}" for kind in ("module", *ACTIVITIES) if f"{kind}:{path}" in drafts]
        if named:
            yield from named
            return


def _place(draft: Draft, field: str) -> tuple[str, int]:
    return draft.elsewhere.get(field, (draft.file, draft.line_of(field)))


def _cycles(edges: Edges) -> Iterator[list[Node]]:
    """The shortest way back of each thing that something needs, among what is in any cycle."""
    inside = _in_cycles(edges)
    for start in sorted(node for node in inside if node[0] == "open" and any(edges[node].values())):
        path = _way_back(start, edges, inside)
        if path:
            yield path


def _in_cycles(edges: Edges) -> set[Node]:
    """What is left when everything that leads to an end, or comes from a beginning only, is taken away."""
    left = {node for node, targets in edges.items() if targets}
    while True:
        reached = {target for node in left for target in edges[node]}
        kept = {node for node in left & reached if any(target in left for target in edges[node])}
        if kept == left:
            return left
        left = kept


def _way_back(start: Node, edges: Edges, inside: set[Node]) -> list[Node]:
    before: dict[Node, Node] = {}
    waiting = [start]
    for at in waiting:
        for to in sorted(edges[at]):
            if to == start:
                path = [at]
                while path[0] != start:
                    path.insert(0, before[path[0]])
                return path
            if to in inside and to not in before:
                before[to] = at
                waiting.append(to)
    return []


def _finding(path: list[Node], edges: Edges) -> Finding | None:
    """Said by what people wrote; the rest follows from where things stand."""
    steps = list(zip(path, [*path[1:], path[0]], strict=True))
    written = [(one, other, place) for one, other in steps if (place := edges[one][other]) is not None]
    if not written:
        return None
    names = [one[1].partition(":")[2] for one, _, _ in written]
    others = [other[1].partition(":")[2] for _, other, _ in written]
    said = "; ".join(f"{name} needs {other}" for name, other in zip(names, others, strict=True))
    if others == [*names[1:], names[0]]:
        said = " needs ".join([*names, names[0]])
    places = [place for _, _, place in written]
    return Finding(
        RULE, "error", *places[0], f"{said}: nobody can begin with any of them.",
        "Remove one of these prerequisites.", tuple(places[1:]),
    )  # fmt: skip
