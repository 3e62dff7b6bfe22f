"""What a learner sees of a program: every module and activity with its state, from few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.gating import Condition, Opening
from courses.models import Activity, Enrolment, Program
from courses.selectors.openings import Openings, openings_of
from grading.selectors.standing import Standing, progress_row, standings_of
from grading.structure import ActivityShape, ModuleShape, Structure, structure_of
from waymark.core.shown import hours

KIND_ORDER = {"reading": 0, "task": 1, "lab": 2, "quiz": 3, "project": 4}


NAMED_IN_A_LINE = 4


def unmet_text(state: str, opening: Opening) -> str:
    """What something locked still asks for, in one line; empty when it is open.

    What a learner may only say they bring is asked once, above the list, and not on every row.
    """
    if state != "locked":
        return ""
    codes = [condition.code for condition in opening.unmet if condition.by_work]
    more = len(codes) - NAMED_IN_A_LINE
    if more > 1:
        codes[NAMED_IN_A_LINE:] = [_("%(n)d more") % {"n": more}]
    if not all(condition.by_work for condition in opening.unmet):
        codes.append(_("what you bring"))
    return _("Needs: %(what)s") % {"what": ", ".join(codes)}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity in a list. ``state`` is a key of the status component."""

    shape: ActivityShape
    state: str
    word: str
    slug: str
    opening: Opening
    standing: Standing | None

    @property
    def url(self) -> str:
        return reverse("activity", args=[self.slug, self.shape.path])

    @property
    def code(self) -> str:
        return self.shape.path

    @property
    def is_open(self) -> bool:
        return self.opening.is_open and self.state != "done"

    @property
    def time(self) -> str:
        """``25 min``, ``3 h`` or ``6 to 8 h``; empty when nothing is said."""
        high = self.shape.hours
        if high is not None and high < 1:
            return _("%(n)d min") % {"n": round(high * 60)}
        return hours(high if self.shape.hours_low is None else self.shape.hours_low, high)

    @property
    def kind_label(self) -> str:
        return str(Activity.Kind(self.shape.kind).label)

    @property
    def unmet_text(self) -> str:
        return unmet_text(self.state, self.opening)

    @property
    def points(self) -> Decimal | None:
        return self.standing.points if self.standing else None


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One placed module with its activities in reading order."""

    shape: ModuleShape
    state: str
    slug: str
    opening: Opening
    activities: tuple[ActivityRow, ...]
    done: int
    total: int
    hours_done: Decimal
    hours_total: Decimal

    @property
    def url(self) -> str:
        return reverse("module", args=[self.slug, self.shape.key])

    @property
    def code(self) -> str:
        return self.shape.key

    @property
    def unmet_text(self) -> str:
        return unmet_text(self.state, self.opening)

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class ProgramView:
    """One enrolment's program. ``progress`` is the stored row as a dict, None before the first event."""

    enrolment: Enrolment
    structure: Structure
    openings: Openings
    progress: Mapping[str, Any] | None
    modules: tuple[ModuleRow, ...]
    projects: tuple[ActivityRow, ...]
    others: tuple[ActivityRow, ...]
    by_id: Mapping[int, ActivityRow | ModuleRow] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        return self.enrolment.program

    @property
    def next_step(self) -> ActivityRow | None:
        """The first thing that is open and not done: what was begun, then the program's order."""
        return next(iter(self.next_steps), None)

    @property
    def next_steps(self) -> list[ActivityRow]:
        """Everything that can be done now, best first."""
        ordered = sorted(self.modules, key=lambda module: module.state != "progress")
        rows = [row for module in ordered if module.state in ("open", "progress") for row in module.activities]
        rows += self.projects
        return [row for row in rows if row.shape.counts and row.is_open and row.state != "waiting"]

    def module_of(self, row: ActivityRow) -> ModuleRow | None:
        found = self.by_id.get(row.shape.module_id) if row.shape.module_id else None
        return found if isinstance(found, ModuleRow) else None


def program_view(enrolment: Enrolment) -> ProgramView:
    """Everything the learner pages list, from a fixed number of queries."""
    structure = structure_of(enrolment.program_id)
    standings = standings_of(enrolment)
    progress = progress_row(enrolment)
    openings = openings_of(enrolment)
    slug = structure.slug
    rows = {
        shape.id: _activity(shape, openings, standings.get(shape.id), slug)
        for shape in structure.activities.values()
        if not shape.retired or shape.id in standings
    }
    per_module = (progress or {}).get("modules", {})
    modules = tuple(
        _module(module, openings, rows, per_module.get(str(module.id)), slug) for module in structure.modules
    )
    own = [rows[key] for key in structure.own if key in rows]
    by_id: dict[int, ActivityRow | ModuleRow] = {**rows, **{module.shape.id: module for module in modules}}
    return ProgramView(
        enrolment=enrolment,
        structure=structure,
        openings=openings,
        progress=progress,
        modules=modules,
        projects=tuple(row for row in own if row.shape.kind == "project"),
        others=tuple(row for row in own if row.shape.kind != "project"),
        by_id=by_id,
    )


def _activity(shape: ActivityShape, openings: Openings, standing: Standing | None, slug: str) -> ActivityRow:
    opening = openings.of_shape(shape.id, shape.module_id)
    state, word = _state(shape, opening, standing)
    return ActivityRow(shape, state, word, slug, opening, standing)


def _state(shape: ActivityShape, opening: Opening, standing: Standing | None) -> tuple[str, str]:
    if standing is not None and standing.done:
        return "done", _("Done") if shape.self_reported else _("Passed")
    if standing is not None and standing.pending:
        return "waiting", _("Being graded")
    if standing is not None and standing.points is not None:
        return "partial", _("Not passed yet")
    if not shape.ready:
        # Opening it would show nothing: that it is locked as well is no news.
        return "info", _("In preparation")
    if not opening.is_open:
        return "locked", _("Locked")
    return "open", _("Open")


def _module(
    shape: ModuleShape, openings: Openings, rows: Mapping[int, ActivityRow], progress: Mapping[str, Any] | None,
    slug: str,
) -> ModuleRow:  # fmt: skip
    opening = openings.of(shape.id)
    activities = sorted(
        (rows[key] for key in shape.activities if key in rows), key=lambda row: KIND_ORDER[row.shape.kind]
    )
    counting = [row for row in activities if row.shape.counts]
    done = sum(row.state == "done" for row in counting)
    complete = bool(progress and progress["complete"])
    begun = bool(progress and progress["started"])
    state = "done" if complete else "progress" if begun else "open" if opening.is_open else "locked"
    share = Decimal(1) if complete else Decimal(done) / len(counting) if counting else Decimal(0)
    total = Decimal(shape.hours.numerator) / shape.hours.denominator
    return ModuleRow(
        shape, state, slug, opening, tuple(activities), done, len(counting),
        (total * share).quantize(Decimal("0.1")), total,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attestable:
    """Something a learner may say they bring; ``requirements`` are all the edges that ask for it."""

    text: str
    reasons: tuple[str, ...]
    requirements: tuple[int, ...]

    @property
    def value(self) -> str:
        return ",".join(map(str, self.requirements))


def attestables(rows: Iterable[ModuleRow | ActivityRow]) -> list[Attestable]:
    """Unmet conditions that the learner may attest, each thing once, in the program's order."""
    found: dict[int | str, tuple[str, dict[int, Condition]]] = {}
    for row in rows:
        for condition in row.opening.unmet:
            # Of alternatives, what may be said is said of the words among them, once.
            said = condition.brings if condition.alternatives else condition.name or condition.text
            if condition.requirement_id is not None and said:
                asked = found.setdefault(condition.entity_id or said, (said, {}))[1]
                asked[condition.requirement_id] = condition
    return [
        Attestable(
            said[:1].upper() + said[1:],
            tuple(dict.fromkeys(condition.reason for condition in asked.values() if condition.reason)),
            tuple(asked),
        )
        for said, asked in found.values()
    ]
