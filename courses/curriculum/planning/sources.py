"""What each source stated at its last import, and all of them together with what comes in.

A program is what its sources state, field by field by the rank of their documents.
What a source no longer gives falls back to what another one still states, and is
retired where none does; a single file says nothing of what it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import F

from courses.curriculum.compare import former_addresses
from courses.curriculum.drafts.edges import Edges
from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft, Origin, registry
from courses.curriculum.merge.single import criteria_finding
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.overlay import combined, rank_of
from courses.curriculum.sources.asked import asked_for

if TYPE_CHECKING:
    from courses.models import Release

Place = tuple[str | None, str]
Statements = dict[str, dict[Place, Draft]]
"""Source -> what it stated last."""
PREREQUISITES = "import.prerequisites"


def says_the_same(one: dict[Place, Draft], other: dict[Place, Draft]) -> bool:
    """Whether two statements of a source have the same things in the same places."""
    return one.keys() == other.keys() and all(_said(draft) == _said(other[place]) for place, draft in one.items())


def _said(draft: Draft) -> tuple[object, ...]:
    return draft.body, draft.given, draft.children, draft.file, draft.line, draft.fresh, draft.disputed, draft.origins


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


def together(reading: Reading, source: str, last: Statements, *, whole: bool, edges: Edges) -> Together:
    """Set the *reading* of *source* beside what all sources stated *last*.

    :param whole: the source is a tree, so that what it does not give is gone.
    :param edges: what the current release asks for before something.
    """
    renamed = dict(renamed_in(reading))
    now = {name: at_present(given, renamed) for name, given in last.items()}
    stated = dict(reading.drafts) if whole else now.get(source, {}) | reading.drafts
    everything = dict(sorted({**now, source: stated}.items()))
    others = {name: given for name, given in everything.items() if name != source}
    drafts: dict[Place, Draft] = {}
    for place in (place for given in (stated, *others.values()) for place in given):
        if place not in drafts:
            stating = [(name, given[place]) for name, given in everything.items() if place in given]
            drafts[place] = combined(stating, stated.get(place, stating[0][1]))
    findings = [
        *reading.findings,
        *_overruled(drafts, everything),
        *_undecided(drafts, [stated, *others.values()], edges),
        *_orphans(drafts),
    ]
    listed = _listed(drafts)
    _order(listed, list(everything.values()))
    reading = replace(reading, drafts=listed, findings=findings)
    return Together(reading, stated, last.get(source, {}), others)


def _overruled(drafts: dict[Place, Draft], sources: Statements) -> Iterator[Finding]:
    """Leave out what a lower ranking source lists where the highest ranking list is taken whole."""
    for place, draft in list(drafts.items()):
        kind = registry.get(draft.kind)
        for key in kind.whole:
            listing = [given for given in sources.values() if place in given and given[place].children.get(key)]
            best = min((rank_of(given[place]) for given in listing), default=0)
            highest = [given for given in listing if rank_of(given[place]) == best]
            stays = [(draft.program, f"{kind.children[key]}:{path}") for given in highest
                     for path in given[place].children[key]]  # fmt: skip
            places = [(draft.program, f"{kind.children[key]}:{path}") for path in draft.children.get(key, ())]
            gone = [drafts.pop(each) for each in places if each in drafts and each not in stays]
            wins = next((given[each] for given in highest for each in stays if each in given), None)
            if gone and wins is not None:
                titles = [str(each.body["title"]) for each in gone]
                yield criteria_finding(titles, (gone[0].file, gone[0].line), (wins.file, wins.line))


def _undecided(drafts: dict[Place, Draft], sources: list[dict[Place, Draft]], edges: Edges) -> Iterator[Finding]:
    """Leave out the prerequisites on which sources differ, as ``drafts.edges`` does for documents of one."""
    asked: dict[Place, list[dict[str, Place]]] = {}
    for stated in sources:
        own: dict[Place, dict[str, Place]] = {}
        for place, draft in stated.items():
            needed = draft.kind == "requirement" and draft.parent and draft.body["strength"] == "needs"
            if needed and (to := asked_for(draft.body)):
                own.setdefault((draft.program, draft.parent or ""), {})[to] = place
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


def at_present(stated: dict[Place, Draft], renamed: dict[Place, Place]) -> dict[Place, Draft]:
    """What a source stated, with the ids that things have now."""
    if not renamed:
        return stated
    made = {}
    for place, draft in stated.items():
        now, kinds = now_at(place, renamed), registry.children_of(draft.kind)
        children = {
            key: [_path_now((place[0], f"{kinds[key]}:{path}"), renamed) for path in paths]
            for key, paths in draft.children.items()
        }
        parent = now_at((place[0], draft.parent), renamed)[1] if draft.parent else None
        made[now] = replace(draft, path=now[1].partition(":")[2], parent=parent, children=children)
    return made


def _path_now(place: Place, renamed: dict[Place, Place]) -> str:
    return now_at(place, renamed)[1].partition(":")[2]


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


def _order(drafts: dict[Place, Draft], sources: list[dict[Place, Draft]]) -> None:
    """Order lists that several sources fill: as the highest ranking one has them, then the next.

    So the order does not depend on which source is imported.
    """
    for place, draft in drafts.items():
        stating = sorted((stated[place] for stated in sources if place in stated), key=rank_of)
        kinds = registry.children_of(draft.kind)
        for key, paths in draft.children.items():
            of_source = ([path for path in paths if (place[0], f"{kinds[key]}:{path}") in each] for each in sources)
            lists = (each.children[key] for each in stating if key in each.children)
            draft.children[key] = in_order(paths, chain(lists, of_source))


def in_order(paths: list[str], lists: Iterable[list[str]]) -> list[str]:
    """*paths* in the order of the first of *lists*; what it lacks stands where the next has it.

    That is behind what it stands behind there, else before what it stands before, else last.
    """
    made: list[str] = []
    wanted = set(paths)
    for listed in lists:
        if len(made) == len(wanted):
            break
        known = [path for path in dict.fromkeys(listed) if path in wanted]
        for place, path in enumerate(known):
            if path in made:
                continue
            after = next((made.index(each) for each in known[place:] if each in made), len(made))
            made.insert(made.index(known[place - 1]) + 1 if place else after, path)
    return made


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
            origins=tuple(Origin(**each) for each in record.origins),
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
