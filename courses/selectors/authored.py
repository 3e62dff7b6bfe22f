"""What a release holds, as the tree that its authors wrote, with where each field was read.

Typed rows are what learners' pages read. This reads the revisions, which also hold
what has no table: stated totals, policies, the bodies of what programs share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from courses.curriculum.canonical import canonical
from courses.curriculum.kinds import registry
from courses.curriculum.planning.sources import file_below
from courses.curriculum.registration import GOALS
from courses.models import Entity, ImportRecord, Program, Release, ReleaseItem

Place = tuple[str, int]
"""File in its source, and line."""


@dataclass(frozen=True, slots=True)
class Read:
    """One source's statement of an entity: where it begins, and where each of its fields stands."""

    start: Place
    fields: dict[str, Place]


@dataclass(slots=True)
class Node:
    """One authored thing at its revision.

    :ivar children: key of the document -> what is listed under it, in the author's order.
    :ivar read: its statements, one of each source.
    """

    id: int
    kind: str
    path: str
    body: dict[str, Any]
    children: dict[str, list[Node]] = field(default_factory=dict)
    read: list[Read] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.path.rpartition("/")[2]

    def places(self, *fields: str) -> list[Place]:
        """Where *fields* were read; without any, where the thing begins."""
        if not fields:
            return [each.start for each in self.read]
        return [place for each in self.read for name, place in each.fields.items() if name in fields]

    def walk(self) -> Iterator[Node]:
        """This and everything under it, parents first."""
        yield self
        for nodes in self.children.values():
            for node in nodes:
                yield from node.walk()


@dataclass(frozen=True, slots=True)
class Named:
    """What an address in a body means, for a link: ``kind`` and ``program`` say which page it has."""

    kind: str
    path: str
    title: str
    program: int | None


@dataclass(slots=True)
class Authored:
    """A thing with all that stands under it.

    :ivar shared: kind -> id -> node, of what belongs to the installation and is named here.
    :ivar named: address as it is written in a body -> what it names.
    """

    release: Release
    top: Node
    shared: dict[str, dict[str, Node]] = field(default_factory=dict)
    named: dict[str, Named] = field(default_factory=dict)

    def title_of(self, kind: str, key: str | None) -> str:
        """The title of something shared, else its id as it is written."""
        found = self.shared.get(kind, {}).get(key or "")
        return str(found.body["title"]) if found else key or ""

    def level_of(self, purpose: str, key: str | None) -> str:
        """The label of a level with its symbol, else the id as it is written."""
        for scale in self.shared.get("scale", {}).values():
            for level in scale.body["levels"] if scale.body["purpose"] == purpose else ():
                if level["id"] == key:
                    return " ".join(filter(None, (level["label"], level.get("symbol"))))
        return key or ""


def release_of(program: Program) -> Release | None:
    return program.releases.filter(current=True).first()


def program_authored(program: Program, release: Release) -> Authored | None:
    """The program and what stands directly under it, without the insides of modules and activities; four queries."""
    own = Q(entity__program=program) & ~Q(entity__path__contains="/")
    return _authored(release, own, "program", program.slug, shared=Q(entity__kind__in=("role", "competency", "scale")))


def entity_authored(release: Release, kind: str, path: str) -> Authored | None:
    """A module or activity with everything under it; five queries."""
    own = Q(entity__program=release.program_id) & (
        Q(entity__path=path, entity__kind=kind) | Q(entity__path__startswith=f"{path}/")
    )
    return _authored(release, own, kind, path, shared=None)


def shared_authored(program: Program, release: Release) -> Authored | None:
    """The program with all that it shares with others: scales, competencies, technologies, profiles; three queries."""
    own = Q(entity__program=program, entity__kind="program")
    return _authored(release, own, "program", program.slug, shared=Q())


def _authored(release: Release, own: Q, kind: str, path: str, *, shared: Q | None) -> Authored | None:
    """*shared*: which shared things are wanted beside the scales; None for those that are named."""
    nodes = _nodes(release, own)
    top = next((node for node in nodes.values() if node.kind == kind and node.path == path), None)
    if top is None:
        return None
    words = set().union(*(_words(node.body) for node in nodes.values()))
    if shared is None:
        shared = Q(entity__kind="scale") | Q(entity__path__in=words)
    common = _nodes(release, shared & Q(entity__program=None))
    made = Authored(release, top, named=_named(words, release))
    for node in common.values():
        made.shared.setdefault(node.kind, {})[node.path] = node
    _read_places(release, {**nodes, **common})
    return made


def _nodes(release: Release, which: Q) -> dict[int, Node]:
    items = ReleaseItem.objects.filter(which, release=release).select_related("entity", "revision").order_by("pk")
    nodes: dict[int, Node] = {}
    parents: dict[int, int | None] = {}
    for item in items:
        entity = item.entity
        nodes[entity.pk] = Node(entity.pk, entity.kind, entity.path, item.revision.body)
        parents[entity.pk] = entity.parent_id
    for key, node in nodes.items():
        parent = nodes.get(parents[key] or 0)
        if parent is not None:
            kinds = registry.children_of(parent.kind)
            listed = next((name for name, kind in kinds.items() if kind == node.kind), node.kind)
            parent.children.setdefault(listed, []).append(node)
    for node in nodes.values():
        for name, children in node.children.items():
            order = {each: place for place, each in enumerate((node.body.get("children") or {}).get(name, ()))}
            children.sort(key=lambda child: (order.get(child.key, len(order)), child.id))
    return nodes


def _words(value: Any) -> set[str]:
    """Every text of a body that may be an id."""
    if isinstance(value, dict):
        return set().union(*(_words(each) for each in (*value.values(), list(value))))
    if isinstance(value, list):
        return set().union(*map(_words, value))
    return {value} if isinstance(value, str) and len(value) <= 280 and "\n" not in value else set()


def _named(words: Iterable[str], release: Release) -> dict[str, Named]:
    """What the ids among *words* name; of two programs' things, this program's."""
    wanted = {word: word.rpartition(":")[2] for word in words if " " not in word}
    rows = (
        Entity.objects.filter(path__in=set(wanted.values()), kind__in=GOALS, retired_at=None)
        .select_related("module_row", "activity_row", "program")
        .order_by("kind", "path", "pk")
    )
    found: dict[str, list[tuple[str, Named]]] = {}
    for entity in rows:
        row = getattr(entity, "module_row", None) or getattr(entity, "activity_row", None)
        slug = entity.program.slug if entity.program else ""
        title = row.title if row else ""
        found.setdefault(entity.path, []).append((slug, Named(entity.kind, entity.path, title, entity.program_id)))
    named = {}
    for word, path in wanted.items():
        outside = word.partition(":")[0] if ":" in word else ""
        for slug, each in sorted(found.get(path, ()), key=lambda pair: pair[1].program != release.program_id):
            if not outside or slug == outside:
                named[word] = each
                break
    return named


def _read_places(release: Release, nodes: dict[int, Node]) -> None:
    records = ImportRecord.objects.filter(release=release, entity__in=nodes).order_by("source", "pk")
    rows = records.values_list("entity_id", "source", "file", "line", "lines", "stated__stated")
    for entity, source, file, line, lines, stated in rows:
        own = file_below(file, source)
        united = _united(stated or (), nodes[entity].body.get("stated", ()))
        places = {
            united.get(name, name): (file_below(at[0], source), at[1]) if isinstance(at, list) else (own, at)
            for name, at in lines.items()
        }
        nodes[entity].read.append(Read((own, line), places))


def _united(own: Iterable[Any], all_: Iterable[Any]) -> dict[str, str]:
    """Where the entries that one source states beside the facts stand among those of all."""
    numbers = {canonical(entry): number for number, entry in enumerate(all_)}
    return {f"stated.{number}": f"stated.{numbers.get(canonical(entry), '')}" for number, entry in enumerate(own)}
