"""What each source stated at its last import, and all of them together with what comes in.

A program is what its sources state, field by field by the rank of their documents.
What a source no longer gives falls back to what another one still states, and is
retired where none does; a single file says nothing of what it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import F

from courses.curriculum.compare import former_addresses
from courses.curriculum.drafts.edges import Edges
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.overlay import over

if TYPE_CHECKING:
    from courses.models import Release

Place = tuple[str | None, str]
Statements = dict[str, dict[Place, Draft]]
"""Source -> what it stated last."""
Lists = Callable[[str | None, str, str], list[str]]
PREREQUISITES = "import.prerequisites"


def says_the_same(one: dict[Place, Draft], other: dict[Place, Draft]) -> bool:
    """Whether two statements of a source have the same things in the same places."""
    return one.keys() == other.keys() and all(_said(draft) == _said(other[place]) for place, draft in one.items())


def _said(draft: Draft) -> tuple[object, ...]:
    return draft.body, draft.given, draft.children, draft.file, draft.line, draft.fresh, draft.disputed


@dataclass(slots=True)
class Together:
    """:ivar reading: what all sources state, this one included.

    :ivar stated: what this source states from now on.
    :ivar before: what it stated last.
    :ivar others: what the other sources stated last.
    """

    reading: Reading
    stated: dict[Place, Draft] = field(default_factory=dict)
    before: dict[Place, Draft] = field(default_factory=dict)
    others: Statements = field(default_factory=dict)


def together(reading: Reading, source: str, last: Statements, *, whole: bool, edges: Edges, lists: Lists) -> Together:
    """Set the *reading* of *source* beside what all sources stated *last*.

    :param whole: the source is a tree, so that what it does not give is gone.
    :param edges: what the current release asks for before something.
    :param lists: the ids in a list of the current release, in order.
    """
    stated = dict(reading.drafts)
    renamed = dict(renamed_in(reading))
    for place, draft in last.get(source, {}).items() if not whole else ():
        if now_at(place, renamed) not in stated:
            _add(stated, place, draft, renamed)
    drafts = dict(stated)
    others = {name: given for name, given in sorted(last.items()) if name != source}
    for given in others.values():
        for place, draft in given.items():
            _add(drafts, place, draft, renamed)
    findings = [
        *reading.findings,
        *_undecided(drafts, [stated, *others.values()], edges),
        *_orphans(drafts),
    ]
    listed = _listed(drafts)
    _order(listed, [stated, *others.values()], lists)
    reading = replace(reading, drafts=listed, findings=findings)
    return Together(reading, stated, last.get(source, {}), others)


def _undecided(drafts: dict[Place, Draft], sources: list[dict[Place, Draft]], edges: Edges) -> Iterator[Finding]:
    """Leave out the prerequisites on which sources differ, as ``drafts.edges`` does for documents of one."""
    asked: dict[Place, list[dict[str, Place]]] = {}
    for stated in sources:
        own: dict[Place, dict[str, Place]] = {}
        for place, draft in stated.items():
            if draft.kind == "requirement" and draft.parent and draft.body["to"] and draft.body["strength"] == "needs":
                own.setdefault((draft.program, draft.parent), {})[draft.body["to"]] = place
            elif draft.disputed:
                # Its documents state some, and have none in common.
                own.setdefault(place, {})
        for parent, needs in own.items():
            asked.setdefault(parent, []).append(needs)
    for (program, address), stating in asked.items():
        if len({frozenset(needs) for needs in stating}) < 2:
            continue
        current = edges(program, address)
        common = set.intersection(*(set(needs) for needs in stating))
        for target, place in {target: place for needs in stating for target, place in needs.items()}.items():
            if target in (common if current is None else current) or place not in drafts:
                continue
            draft = drafts.pop(place)
            yield Finding(
                PREREQUISITES, "warning", draft.file, draft.line,
                f"{address} needs {target} by {draft.file}, and not by another source of the program, so it does not "
                "need it until somebody decides.",
                "Write the same prerequisites in both.",
            )  # fmt: skip


def _add(drafts: dict[Place, Draft], place: Place, draft: Draft, renamed: dict[Place, Place]) -> None:
    place = now_at(place, renamed)
    known = drafts.get(place)
    if known is None:
        parent = now_at((place[0], draft.parent), renamed)[1] if draft.parent else None
        drafts[place] = replace(draft, path=place[1].partition(":")[2], parent=parent)
    else:
        drafts[place] = over(known, draft)


def renamed_in(reading: Reading) -> Iterator[tuple[Place, Place]]:
    """Former places and present ones of everything that says what it was."""
    for place, draft in reading.drafts.items():
        for address in former_addresses(draft):
            if not draft.part_of:
                yield (draft.program, address), place


def now_at(place: Place, renamed: dict[Place, Place]) -> Place:
    """Where something stands that had an id, or stood under one, which was renamed since."""
    if place in renamed:
        return renamed[place]
    kind, _, path = place[1].partition(":")
    for (program, old), (_, new) in renamed.items():
        before, after = old.partition(":")[2], new.partition(":")[2]
        if program == place[0] and path.startswith(f"{before}/"):
            return program, f"{kind}:{after}{path[len(before) :]}"
    return place


def _listed(drafts: dict[Place, Draft]) -> dict[Place, Draft]:
    """Every draft stands in its parent's list, and no list names what is not there."""
    made: dict[Place, Draft] = {}
    for place, draft in drafts.items():
        kinds = registry.children_of(draft.kind)
        children = {
            key: [path for path in paths if (draft.program, f"{kinds[key]}:{path}") in drafts]
            for key, paths in draft.children.items()
        }
        made[place] = replace(draft, children=children)
    for (program, _), draft in made.items():
        parent = made.get((program, draft.parent)) if draft.parent else None
        if parent is None:
            continue
        keys = [key for key, kind in registry.children_of(parent.kind).items() if kind == draft.kind]
        if keys and not any(draft.path in parent.children.get(key, []) for key in keys):
            parent.children.setdefault(keys[0], []).append(draft.path)
    return made


def _orphans(drafts: dict[Place, Draft]) -> Iterator[Finding]:
    """Leave out what stands under something that nobody states any more."""
    while True:
        gone = [place for place, draft in drafts.items() if draft.parent and (place[0], draft.parent) not in drafts]
        if not gone:
            return
        for place in gone:
            draft = drafts.pop(place)
            message = f"{draft.address} stands under {draft.parent}, which no source of the program states."
            fix = "Import that as well, or leave this out."
            yield Finding("import.unattached", "warning", draft.file, draft.line, message, fix)


def _order(drafts: dict[Place, Draft], sources: list[dict[Place, Draft]], lists: Lists) -> None:
    """Order lists that several sources fill: as the highest ranking one has them, the rest as they stand now.

    So the order does not depend on which source is imported.
    """
    for place, draft in drafts.items():
        stating = [
            (min(stated[place].given.values(), default=0), stated[place]) for stated in sources if place in stated
        ]
        for key, paths in draft.children.items():
            ranked = [(rank, each.children[key]) for rank, each in stating if each.children.get(key)]
            first = min(ranked, key=lambda each: each[0])[1] if ranked else []
            draft.children[key] = _in_order(paths, first, lists(*place, key))


def _in_order(paths: list[str], first: list[str], now: list[str]) -> list[str]:
    """*paths* in the order of *first*; each that it lacks stands behind what it stands behind *now*, else last."""
    made = [path for path in first if path in paths]
    by_id = {path.rpartition("/")[2]: path for path in paths}
    current = [by_id[each] for each in now if each in by_id]
    for place, path in enumerate(current):
        if path not in made:
            made.insert(made.index(current[place - 1]) + 1 if place else 0, path)
    return made + [path for path in paths if path not in made]


def last_of(slugs: Iterable[str]) -> Statements:
    """What each source of the programs *slugs* stated last."""
    from courses.models import Release

    return stated_at(Release.objects.filter(program__slug__in=list(slugs), current=True))


def stated_at(releases: Iterable[Release]) -> Statements:
    """What each source had stated last when *releases* were made, with the ids of then, in two queries."""
    from courses.models import ImportRecord, ReleaseItem

    own = ReleaseItem.objects.filter(release__in=releases, entity__program=F("release__program")).exclude(path="")
    paths = {(release, entity): path for release, entity, path in own.values_list("release_id", "entity_id", "path")}
    records = ImportRecord.objects.filter(release__in=releases).select_related("entity__program", "entity__parent")
    found: Statements = {}
    for record in records.order_by("pk"):
        entity, parent = record.entity, record.entity.parent
        program = entity.program.slug if entity.program else None
        path = paths.get((record.release_id, entity.pk), entity.path)
        given = found.setdefault(record.source, {})
        given[program, f"{entity.kind}:{path}"] = Draft(
            entity.kind, path, record.stated, record.file, record.line,
            parent=f"{parent.kind}:{paths.get((record.release_id, parent.pk), parent.path)}" if parent else None,
            program=program,
            children=record.children,
            fresh=record.fresh,
            disputed=record.disputed,
            lines={name: line for name, line in record.lines.items() if isinstance(line, int)},
            elsewhere={name: tuple(place) for name, place in record.lines.items() if isinstance(place, list)},
            given=record.ranks or dict.fromkeys(record.stated, 0),
        )  # fmt: skip
    for given in found.values():
        _under_their_lists(given)
    return found


def _under_their_lists(stated: dict[Place, Draft]) -> None:
    """What moved since stands under the one that listed it."""
    for draft in list(stated.values()):
        kinds = registry.children_of(draft.kind)
        for key, paths in draft.children.items():
            for path in paths:
                if (child := stated.get((draft.program, f"{kinds[key]}:{path}"))) is not None:
                    child.parent = draft.address


def file_below(file: str, source: str) -> str:
    """The place of a file in its source; where that one lay is nobody's business."""
    return f"/{file}".rpartition(f"/{source}/")[2] if f"/{source}/" in f"/{file}" else file.rpartition("/")[2]
