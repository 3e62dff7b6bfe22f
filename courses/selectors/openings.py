"""What is open to an enrolment, and why the rest is locked.

One decision for page, API and task. A whole program costs a fixed number of
queries: requirements, their groups, gates, titles, attestations, and whatever
``courses.gating.done_of`` asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from courses.gating import OPEN, Condition, Done, Opening, done_of
from courses.models import Activity, Attestation, Enrolment, Entity, Gate, Module, Program, Requirement, Role

Form = Requirement.Form


@dataclass(frozen=True, slots=True)
class Openings:
    """The openings of a program for one enrolment, by primary key."""

    by_id: Mapping[int, Opening] = field(default_factory=dict)

    def of(self, entity_id: int) -> Opening:
        return self.by_id.get(entity_id, OPEN)

    def of_activity(self, activity: Activity) -> Opening:
        """An activity is open when its module is, and its own conditions hold."""
        return self.of_shape(activity.pk, activity.module_id)

    def of_shape(self, activity_id: int, module_id: int | None) -> Opening:
        """As :meth:`of_activity`, by primary keys."""
        own = self.of(activity_id)
        module = self.of(module_id) if module_id else OPEN
        if own.is_open and module.is_open:
            return OPEN if not own.conditions else own
        return Opening(False, (*module.conditions, *own.conditions))


def openings_of(enrolment: Enrolment, done: Done | None = None) -> Openings:
    """Decide every module and activity of the enrolment's program.

    :param done: what is completed, when the caller has read it already.
    """
    program_id = enrolment.program_id
    done = done if done is not None else done_of(enrolment)
    modules = Module.objects.current().filter(Q(placements__program_id=program_id)).values_list("pk", flat=True)
    owners = (
        Q(owner__in=modules)
        | Q(owner__activity_row__module__in=modules)
        | Q(owner__activity_row__program=program_id)
        | Q(owner=program_id)
    )
    requirements = list(
        Requirement.objects.current()
        .filter(owners, strength=Requirement.Strength.NEEDS)
        .select_related("target", "competency", "level")
        .prefetch_related("members__target")
    )
    gates = list(Gate.objects.current().filter(owners | Q(blocks__in=modules)))
    named = {requirement.target_id for requirement in requirements} | {gate.activity_id for gate in gates}
    named |= {member.target_id for requirement in requirements for member in requirement.members.all()}
    decider = _Decider(
        program_id,
        done,
        _titles(key for key in named if key is not None),
        set(Attestation.objects.filter(enrolment=enrolment).values_list("requirement_id", flat=True)),
    )
    conditions: dict[int, list[Condition]] = defaultdict(list)
    for requirement in requirements:
        if (condition := decider.requirement(requirement)) is not None:
            conditions[requirement.owner_id].append(condition)
    for gate in gates:
        if gate.blocks_id is not None and gate.activity_id is not None:
            conditions[gate.blocks_id].append(decider.gate(gate))
    everything = conditions.pop(program_id, [])
    found = {
        key: Opening(key in done.started or all(condition.met for condition in asked), tuple(asked))
        for key, asked in conditions.items()
    }
    if everything:
        found = _with_program(found, everything, set(modules) | _own_activities(program_id), done)
    return Openings(found)


def _own_activities(program_id: int) -> set[int]:
    """Activities in no module, which only the program's own requirements lock (never its advice)."""
    own = Activity.objects.current().filter(program=program_id, module=None, kind=Activity.Kind.PROJECT)
    return set(own.values_list("pk", flat=True))


def _with_program(
    found: dict[int, Opening], everything: list[Condition], keys: Iterable[int], done: Done
) -> dict[int, Opening]:
    """What the program itself asks for stands before each of its modules and projects."""
    for key in keys:
        asked = (*everything, *found.get(key, OPEN).conditions)
        found[key] = Opening(key in done.started or all(condition.met for condition in asked), asked)
    return found


def _titles(keys: Iterable[int]) -> dict[int, str]:
    """``MOD-101 Foundations`` for each entity that a condition names."""
    wanted = list(keys)
    found = {pk: f"{key} {title}" for pk, key, title in
             Module.objects.filter(pk__in=wanted).values_list("pk", "key", "title")}  # fmt: skip
    missing = [key for key in wanted if key not in found]
    if missing:
        found |= dict(Activity.objects.filter(pk__in=missing).values_list("pk", "title"))
        found |= dict(Program.objects.filter(pk__in=missing).values_list("pk", "title"))
        found |= dict(Role.objects.filter(pk__in=missing).values_list("pk", "title"))
    return found


class _Decider:
    """Turns edges into conditions for one enrolment."""

    def __init__(self, program_id: int, done: Done, titles: Mapping[int, str], attested: set[int]) -> None:
        self.program_id, self.done, self.titles, self.attested = program_id, done, titles, attested

    def requirement(self, row: Requirement) -> Condition | None:
        """None for an edge that names nothing known: it is inert, the linter reports it."""
        said = row.pk in self.attested
        if row.form == Form.SKILL:
            return Condition(row.skill, said, None, row.reason, row.pk, said)
        if row.form == Form.GROUP:
            return self._group(row, said)
        if row.form == Form.COMPETENCY:
            return self._competency(row)
        if row.target is None:
            return None
        held = self.done.holds(row.target.pk)
        foreign = row.target.program_id != self.program_id
        name = self.titles.get(row.target.pk, row.target_ref)
        return Condition(
            f"{name} is done", held or said, row.target.pk, row.reason, row.pk if foreign else None,
            said and not held, name,
        )  # fmt: skip

    def _group(self, row: Requirement, said: bool) -> Condition:
        members = list(row.members.all())
        names = [self._name(member.target, member.text) for member in members]
        held = sum(1 for member in members if member.target is not None and self.done.holds(member.target.pk))
        words = any(member.target is None for member in members)
        count = "one" if row.at_least == 1 else str(row.at_least)
        text = f"{count} of {', '.join(names)}".capitalize() if len(names) > 1 else names[0]
        met = held >= row.at_least
        return Condition(text, met or said, None, row.reason, row.pk if words else None, said and not met)

    def _competency(self, row: Requirement) -> Condition | None:
        if self.done.competencies is None or row.competency is None:
            return None
        rank = row.level.rank if row.level and row.level.rank else 1
        level = f" at {row.level.label}" if row.level else ""
        return Condition(
            f"{row.competency.title}{level}", self.done.competencies.get(row.competency.pk, 0) >= rank, None, row.reason
        )

    def gate(self, gate: Gate) -> Condition:
        assert gate.activity_id is not None
        return Condition(gate.text, self.done.holds(gate.activity_id), gate.activity_id, gate.reason)

    def _name(self, target: Entity | None, text: str) -> str:
        return self.titles.get(target.pk, text) if target is not None else text
