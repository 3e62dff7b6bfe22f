"""What is open to an enrolment, and why the rest is locked.

One decision for page, API and task. A whole program costs a fixed number of
queries: the state of the catalogue, the attestations, and what
``courses.gating.done_of`` asks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.gating import OPEN, Alternative, Condition, Done, Opening, code_of, done_of
from courses.models import Activity, Attestation, Enrolment
from courses.selectors.edges import Edge, Form, GateEdge, edges_of
from waymark.core.compiled import Compiled

# As documents are read (``courses.curriculum.sources.hedges``).
_EQUIVALENT = re.compile(r"something (?:equivalent|similar|comparable|corresponding) to \S.*")


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
            return own
        return Opening(False, (*module.conditions, *own.conditions))


_attested = Compiled(
    "courses.attested", lambda key: Attestation.objects.filter(enrolment=key).order_by().values_list("requirement_id")
)


def openings_of(enrolment: Enrolment, done: Done | None = None) -> Openings:
    """Decide every module and activity of the enrolment's program.

    :param done: what is completed, when the caller has read it already.
    """
    done = done if done is not None else done_of(enrolment)
    program = edges_of(enrolment.program_id)
    attested = {key for (key,) in _attested(enrolment.pk)}
    decider = _Decider(done, attested)
    asked: dict[int, list[Condition]] = defaultdict(list)
    whole = decider.conditions(program.whole)
    if whole:
        # What the program itself asks for stands before each of its modules and projects.
        for key in program.covered:
            asked[key] += whole
    for edge in program.edges:
        asked[edge.owner_id] += decider.conditions([edge])
    for gate in program.gates:
        asked[gate.blocks_id].append(decider.gate(gate))
    return Openings(
        {
            key: Opening(key in done.started or all(condition.met for condition in conditions), tuple(conditions))
            for key, conditions in asked.items()
        }
    )


class _Decider:
    """Turns edges into conditions for one enrolment."""

    def __init__(self, done: Done, attested: set[int]) -> None:
        self.done, self.attested = done, attested

    def conditions(self, edges: tuple[Edge, ...] | list[Edge]) -> list[Condition]:
        found = [self._condition(edge) for edge in edges]
        return [condition for condition in found if condition is not None]

    def gate(self, gate: GateEdge) -> Condition:
        return Condition(gate.text, self.done.holds(gate.activity_id), gate.activity_id, gate.reason)

    def _condition(self, edge: Edge) -> Condition | None:
        said = edge.id in self.attested
        if edge.form == Form.SKILL:
            return Condition(edge.skill, said, None, edge.reason, edge.id, said)
        if edge.form == Form.GROUP:
            return self._group(edge, said)
        if edge.form == Form.COMPETENCY:
            return self._competency(edge)
        held = edge.target_id is not None and self.done.holds(edge.target_id)
        return Condition(
            _("%(name)s is done") % {"name": edge.name},
            held or said,
            edge.target_id,
            edge.reason,
            edge.id if edge.foreign else None,
            said and not held,
            edge.name,
        )

    def _group(self, edge: Edge, said: bool) -> Condition:
        held = [member.entity_id is not None and self.done.holds(member.entity_id) for member in edge.members]
        words = [member for member in edge.members if member.in_words]
        gone = [member for member, has in zip(edge.members, held, strict=True) if member.gone and not has]
        # Where what is left cannot meet it, what is gone may be attested as well.
        brought = words if len(edge.members) - len(gone) >= edge.at_least else [*words, *gone]
        alternatives = tuple(
            Alternative(member.name, member.entity_id, has, not member.gone and not member.in_words)
            for member, has in zip(edge.members, held, strict=True)
            if member not in gone or member in brought
        )
        met = sum(held) >= edge.at_least
        attested = said and not met and sum(held) + len(brought) >= edge.at_least
        return Condition(
            _several(edge.at_least, [each.name for each in alternatives]),
            met or attested,
            None,
            edge.reason,
            edge.id if brought else None,
            attested,
            alternatives=alternatives,
            at_least=edge.at_least,
            short=_several(edge.at_least, _codes(alternatives)),
            brings=_either([member.name for member in brought]) if not said else "",
        )

    def _competency(self, edge: Edge) -> Condition | None:
        if self.done.competencies is None or edge.competency_id is None:
            return None
        return Condition(edge.name, self.done.competencies.get(edge.competency_id, 0) >= edge.rank, None, edge.reason)


def _several(at_least: int, names: list[str]) -> str:
    """*A or B*, *A, B or C*, *2 of A, B, C*."""
    if at_least == 1:
        return _either(names)
    return _("%(count)d of %(names)s") % {"count": at_least, "names": ", ".join(names)}


def _either(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s or %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _codes(alternatives: Iterable[Alternative]) -> list[str]:
    """The shortest names; *something equivalent to MOD-101* beside that module is *equivalent*."""
    codes = [code_of(each.name) if each.entity_id is not None else each.name for each in alternatives]
    return [_("equivalent") if _EQUIVALENT.fullmatch(code) else code for code in codes]
