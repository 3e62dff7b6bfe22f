"""What locks in a program: its requirements and gates as plain values, kept per release.

The edges of a program are the same for every learner. They are read once per
state of the catalogue (the set of current releases, for edges cross programs)
and kept in memory of the process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, prefetch_related_objects

from courses.curriculum.references import LIKE_AN_ID
from courses.models import (
    Activity,
    Competency,
    Entity,
    Gate,
    Module,
    Program,
    Release,
    Requirement,
    RequirementMember,
    Role,
)
from waymark.core.compiled import Compiled

GOALS = ("module", "reading", "task", "quiz", "lab", "project", "role", "program")
KEPT = 64
"""Programs whose edges a process keeps at once."""

Form = Requirement.Form


@dataclass(frozen=True, slots=True)
class Member:
    """One alternative of a group; without an id it is a skill in words.

    :param gone: it is retired, not there, or what asks itself: who has it keeps it, and nobody else can do it.
    """

    entity_id: int | None
    name: str
    gone: bool = False

    @property
    def in_words(self) -> bool:
        return self.entity_id is None and not self.gone


@dataclass(frozen=True, slots=True)
class Edge:
    """One requirement that locks ``owner_id``. Which fields are set follows from ``form``."""

    id: int
    owner_id: int
    form: str
    reason: str
    target_id: int | None = None
    foreign: bool = False
    name: str = ""
    skill: str = ""
    competency_id: int | None = None
    rank: int = 1
    at_least: int = 1
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class GateEdge:
    """``blocks_id`` opens when ``activity_id`` is done."""

    blocks_id: int
    activity_id: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProgramEdges:
    """Everything that can lock in one program.

    :param whole: what the program itself asks for, before each of ``covered``.
    :param covered: its modules and projects.
    """

    edges: tuple[Edge, ...]
    gates: tuple[GateEdge, ...]
    whole: tuple[Edge, ...]
    covered: frozenset[int]


_kept: dict[int, tuple[frozenset[int], ProgramEdges]] = {}


_releases = Compiled(
    "courses.current_releases", lambda: Release.objects.filter(current=True).order_by().values_list("pk")
)


def edges_of(program_id: int) -> ProgramEdges:
    """The edges of a program's current release; one query when they are kept already."""
    state = frozenset(key for (key,) in _releases())
    kept = _kept.get(program_id)
    if kept is not None and kept[0] == state:
        return kept[1]
    found = _read(program_id)
    if len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[program_id] = (state, found)
    return found


def edges_forget() -> None:
    """Drop what is kept: for tests, and after a restore."""
    _kept.clear()


def _read(program_id: int) -> ProgramEdges:
    modules = list(Module.objects.current().filter(placements__program_id=program_id).values_list("pk", flat=True))
    projects = Activity.objects.current().filter(program=program_id, kind=Activity.Kind.PROJECT)
    owners = (
        Q(owner__in=modules)
        | Q(owner__activity_row__module__in=modules)
        | Q(owner__activity_row__program=program_id)
        | Q(owner=program_id)
    )
    rows = list(
        Requirement.objects.current()
        .filter(owners, strength=Requirement.Strength.NEEDS)
        .select_related("target", "competency", "level")
        .prefetch_related("members__target")
    )
    # What is retired can be done by nobody any more, so it locks nothing.
    gates = Gate.objects.current().filter(
        owners | Q(blocks__in=modules), blocks__isnull=False, activity__isnull=False,
        activity__entity__retired_at=None,
    )  # fmt: skip
    named = [row.target_id for row in rows] + [member.target_id for row in rows for member in row.members.all()]
    names = names_of(key for key in named if key is not None)
    # An edge that names nothing known is inert; the import says so.
    edges = [_edge(row, program_id, names) for row in rows if row.form != Form.ENTITY or _can_be_done(row.target)]
    edges = [edge for edge in edges if edge.form != Form.GROUP or not all(member.gone for member in edge.members)]
    edges = [edge for edge in edges if edge.form != Form.COMPETENCY or edge.competency_id is not None]
    return ProgramEdges(
        edges=tuple(edge for edge in edges if edge.owner_id != program_id),
        gates=tuple(
            GateEdge(gate.blocks_id, gate.activity_id, gate.text, gate.reason)
            for gate in gates
            if gate.blocks_id is not None and gate.activity_id is not None
        ),
        whole=tuple(edge for edge in edges if edge.owner_id == program_id),
        covered=frozenset(modules) | frozenset(projects.values_list("pk", flat=True)),
    )


def _edge(row: Requirement, program_id: int, names: dict[int, str]) -> Edge:
    target = row.target
    name = names.get(target.pk, row.target_ref) if target is not None else ""
    if row.competency is not None:
        name = f"{row.competency.title} at {row.level.label}" if row.level else row.competency.title
    return Edge(
        id=row.pk,
        owner_id=row.owner_id,
        form=row.form,
        reason=row.reason,
        target_id=row.target_id,
        foreign=target is not None and target.program_id != program_id,
        name=name,
        skill=row.skill,
        competency_id=row.competency_id,
        rank=(row.level.rank or 1) if row.level else 1,
        at_least=row.at_least,
        members=tuple(_member(member, row.owner_id, names) for member in row.members.all()),
    )


def _member(row: RequirementMember, owner_id: int, names: dict[int, str]) -> Member:
    target = row.target
    if target is not None and target.kind in GOALS:
        # What is an alternative to itself is none; a finding says so.
        gone = target.retired_at is not None or target.pk == owner_id
        return Member(target.pk, names.get(target.pk, row.text), gone)
    name = names.get(target.pk, row.text) if target is not None else row.text
    return Member(None, name, gone=target is None and LIKE_AN_ID.fullmatch(row.text) is not None)


def _can_be_done(target: Entity | None) -> bool:
    """Whether doing something can meet it; what is retired, and a competency, only words can."""
    return target is not None and target.retired_at is None and target.kind in GOALS


def names_of(keys: Iterable[int]) -> dict[int, str]:
    """``MOD-101 Foundations``, ``PROJ-01 Simple Model API`` for what an edge names; others by their title."""
    wanted = list(keys)
    rows = Module.objects.filter(pk__in=wanted).values_list("pk", "key", "title")
    found = {pk: f"{key} {title}" for pk, key, title in rows}
    activities = Activity.objects.filter(pk__in=[key for key in wanted if key not in found])
    for pk, kind, path, title in activities.values_list("pk", "kind", "path", "title"):
        found[pk] = f"{path} {title}" if kind == Activity.Kind.PROJECT else title
    for model in (Program, Role, Competency):
        missing = [key for key in wanted if key not in found]
        if missing:
            found |= dict(model.objects.filter(pk__in=missing).values_list("pk", "title"))
    return found


def named_edges(edges: list[Requirement]) -> list[tuple[Requirement, str]]:
    """Edges with the name of what each points at, of alternatives all of them; empty for a skill. Five queries at most.

    What is named and not there keeps its id.
    """
    groups = [edge for edge in edges if edge.form == Form.GROUP]
    prefetch_related_objects(groups, "members")
    members = [member for edge in groups for member in edge.members.all()]
    keys = [*(edge.target_id for edge in edges), *(member.target_id for member in members)]
    names = names_of(key for key in keys if key is not None)

    def name(edge: Requirement) -> str:
        if edge.form == Form.GROUP:
            return ", ".join(names.get(each.target_id or 0, each.text) for each in edge.members.all())
        return names.get(edge.target_id or 0, "")

    return [(edge, name(edge)) for edge in edges]
