"""What must hold before a learner may open something: one decision for page, API and task.

*courses* owns the question; the facts (what is passed, ticked, completed) live in
higher apps, which register a condition here from ``AppConfig.ready()``. A
condition answers for one enrolment at once, so a whole program is decided with
a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class Done:
    """What an enrolment has completed, by primary key of the typed rows.

    ``others`` holds what the same person completed in other programs: modules,
    activities and programs whose completion crosses roles.
    """

    modules: frozenset[int] = frozenset()
    activities: frozenset[int] = frozenset()
    programs: frozenset[int] = frozenset()
    competencies: Mapping[int, int] | None = None
    attested: frozenset[str] = frozenset()
    started_modules: frozenset[int] = frozenset()

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


@dataclass(frozen=True, slots=True)
class Unmet:
    """One condition that does not hold yet.

    :param text: a sentence a learner understands ("Finish MOD-101 ...").
    :param entity_id: what would meet it, if it is one thing of the catalogue.
    """

    text: str
    entity_id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether something is open, and if not, which conditions are unmet."""

    state: Literal["open", "locked"]
    unmet: Sequence[Unmet] = ()

    @property
    def is_open(self) -> bool:
        return self.state == "open"


OPEN = Opening("open")
