"""What must hold before a learner may open something: one decision for page, API and task.

*courses* owns the question; the facts (what is passed, ticked, completed) live in
higher apps, which register a condition here from ``AppConfig.ready()``. A
condition answers for one enrolment at once, so a whole program is decided with
a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class Done:
    """What an enrolment has completed, by primary key of the typed rows.

    What the same person completed in other programs counts here too: requirements
    cross roles. ``started`` holds modules and activities that this enrolment has
    begun; a new requirement never closes those (IMPORT.md, *Learners*).
    ``competencies`` maps a competency to the rank reached; None where nothing
    records competencies, and then they lock nothing.
    """

    modules: frozenset[int] = frozenset()
    activities: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()
    competencies: Mapping[int, int] | None = None
    started: frozenset[int] = frozenset()

    def holds(self, entity_id: int) -> bool:
        return entity_id in self.modules or entity_id in self.activities or entity_id in self.programs


DoneReader = Callable[["Enrolment"], Done]
_reader: DoneReader | None = None


def register_done(reader: DoneReader) -> None:
    """Register who knows what is done; *grading* does, once."""
    global _reader
    if _reader is not None and _reader is not reader:
        raise ValueError("what is done is already answered by " + _reader.__module__)
    _reader = reader


def done_of(enrolment: Enrolment) -> Done:
    """What *enrolment* has completed; nothing when no app answers."""
    return _reader(enrolment) if _reader is not None else Done()


def code_of(name: str) -> str:
    """The id that a name begins with (``MOD-102``), else the name."""
    first, _, rest = name.partition(" ")
    return first if rest and "-" in first else name


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several things of which some must hold.

    :param name: with its id first; of a skill its words.
    :param entity_id: the module, activity or program that is meant; None for a skill in words.
    :param done: whether work has met it.
    :param can_be_done: whether work can still meet it: it is no skill in words, and not retired.
    """

    name: str
    entity_id: int | None = None
    done: bool = False
    can_be_done: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold.

    :param text: what it asks for, as a learner reads it (``MOD-102 Cloud Computing is done``).
    :param met: whether it holds now.
    :param entity_id: the module, activity or program that would meet it, if it is one.
    :param requirement_id: the requirement a learner may attest, where that is possible.
    :param attested: it holds because the learner said so.
    :param name: of the module, activity or program asked for, with its id first.
    :param alternatives: of which ``at_least`` so many must hold; empty for what asks for one thing.
    :param short: the shortest words for alternatives (``MOD-101 or MOD-102``).
    :param brings: what somebody who attests it says to bring, of alternatives.
    """

    text: str
    met: bool
    entity_id: int | None = None
    reason: str = ""
    requirement_id: int | None = None
    attested: bool = False
    name: str = ""
    alternatives: tuple[Alternative, ...] = ()
    at_least: int = 1
    short: str = ""
    brings: str = ""

    @property
    def code(self) -> str:
        """The shortest words for it: the id of a module (``MOD-102``), else the text."""
        return self.short or code_of(self.name) or self.text

    @property
    def by_work(self) -> bool:
        """Whether work can meet it, so that it is more than what somebody brings."""
        return self.requirement_id is None or any(each.can_be_done for each in self.alternatives)

    @property
    def met_by(self) -> tuple[str, ...]:
        """The shortest words for what was done of it."""
        return tuple(code_of(each.name) for each in self.alternatives if each.done) or (self.code,)

    def is_met_by(self, entity_id: int) -> bool:
        """Whether doing something counts for it."""
        return entity_id == self.entity_id or any(each.entity_id == entity_id for each in self.alternatives)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether something is open to an enrolment, with every condition that was asked."""

    is_open: bool
    conditions: Sequence[Condition] = ()

    @property
    def met(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if condition.met)

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if not condition.met)


OPEN = Opening(True)
