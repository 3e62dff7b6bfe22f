"""What *Today* says: the next step and why, what came back, the pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.selectors.quizzes import advice_quizzes
from courses.gating import Opening
from courses.models import Enrolment
from courses.standing import work_refusal
from grading.selectors.standing import recent_events
from waymark.core.shown import naming
from waymark.dashboard.selectors.learning import NAMED_IN_A_LINE, ActivityRow, ModuleRow, ProgramView

SHOWN_NEXT = 3
CAME_BACK_DAYS = 14


@dataclass(frozen=True, slots=True)
class NextStep:
    row: ActivityRow
    over: str
    why: str
    action: str
    note: str


@dataclass(frozen=True, slots=True)
class CameBack:
    title: str
    url: str
    text: str
    figure: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """Hours done against the plan. ``planned`` is what the calendar asks for by today."""

    done: Decimal
    total: Decimal
    planned: Decimal
    per_week: Decimal
    finish: date | None
    planned_finish: date | None
    behind: Decimal

    @property
    def marker(self) -> float:
        """Place of today's plan on a bar of 272."""
        return round(272 * float(min(self.planned / self.total, Decimal(1))), 1) if self.total else 0.0

    @property
    def bar(self) -> float:
        return round(272 * float(min(self.done / self.total, Decimal(1))), 1) if self.total else 0.0


VERBS = {
    "reading": gettext_lazy("Read it"),
    "task": gettext_lazy("Open the task"),
    "lab": gettext_lazy("Open the lab"),
    "quiz": gettext_lazy("Open the quiz"),
    "project": gettext_lazy("Open the project"),
}


def next_steps(view: ProgramView) -> tuple[NextStep | None, list[NextStep]]:
    """The one next step, and the few after it, each with its reason; of a completed program nothing is asked."""
    if view.enrolment.state == Enrolment.State.COMPLETED:
        return None, []
    rows = view.next_steps[: SHOWN_NEXT + 1]
    steps = [_step(view, row, first=row is rows[0]) for row in rows]
    return (steps[0] if steps else None), steps[1:]


def self_check(view: ProgramView) -> NextStep | None:
    """The quiz that tells a beginner whether to prepare first: offered until anything is begun, and nobody's duty.

    It is the program's own quiz that only advises. At most one query, and none once something is begun.
    """
    if work_refusal(view.enrolment) or any(
        isinstance(row, ActivityRow) and row.standing for row in view.by_id.values()
    ):
        return None
    asked = [row for row in view.others if row.shape.kind == "quiz" and row.state == "open" and not row.shape.required]
    if view.enrolment.state != Enrolment.State.ACTIVE or not asked:
        return None
    advising = advice_quizzes(row.shape.id for row in asked)
    row = next((row for row in asked if row.shape.id in advising), None)
    if row is None:
        return None
    return NextStep(
        row,
        _("Before you begin, if you like"),
        _("It tells you whether to prepare first. It counts nothing and locks nothing."),
        _("Check yourself"),
        _hours(row),
    )


def _step(view: ProgramView, row: ActivityRow, *, first: bool) -> NextStep:
    module = view.module_of(row)
    over = ""
    if module is not None:
        begun = module.state == "progress"
        name = f"{module.shape.key} {module.shape.title}"
        over = _("Continue with %(module)s") % {"module": name} if begun else _("Begin %(module)s") % {"module": name}
        over = naming(over, name, view.program.language)
    return NextStep(row, over, _why(view, row) if first else _place(view, row), str(VERBS[row.shape.kind]), _hours(row))


def _why(view: ProgramView, row: ActivityRow) -> str:
    module = view.module_of(row)
    if row.state == "partial" and row.standing is not None:
        return _("Your last result is below the threshold; another attempt may pass it.")
    if module is None:
        return _reached(row.shape.path, row.opening)
    if module.total - module.done <= 1:
        return _completes(view, module)
    if module.state == "progress":
        return _("You have begun %(module)s, and this is the next step in it.") % {"module": module.shape.key}
    return _reached(module.shape.key, module.opening)


def _reached(code: str, opening: Opening) -> str:
    """Why something that was not begun can be begun now."""
    met = [condition for condition in opening.met if not condition.attested]
    done = list(dict.fromkeys(code for condition in met for code in condition.met_by))
    if done:
        return _("Everything that %(code)s needs is done: %(needs)s.") % {"code": code, "needs": ", ".join(done)}
    if opening.met:
        return _("By your own statement you bring what %(code)s needs.") % {"code": code}
    return _("%(code)s needs nothing before it, and is the first in the program that is not done.") % {"code": code}


def _completes(view: ProgramView, module: ModuleRow) -> str:
    """What the last step of a module is good for."""
    drawn: list[ModuleRow | ActivityRow] = [*view.modules, *view.projects]
    waiting = [
        row.code
        for row in drawn
        if row.state == "locked" and any(condition.is_met_by(module.shape.id) for condition in row.opening.unmet)
    ]
    if not waiting:
        return _("It completes %(module)s.") % {"module": module.shape.key}
    return ngettext(
        "It completes %(module)s, which %(waiting)s needs.",
        "It completes %(module)s, which %(waiting)s need.",
        len(waiting),
    ) % {"module": module.shape.key, "waiting": ", ".join(waiting[:NAMED_IN_A_LINE])}


def _place(view: ProgramView, row: ActivityRow) -> str:
    """``Reading, 4 of 9 in MOD-101``."""
    module = view.module_of(row)
    if module is None:
        return row.kind_label
    counting = [each for each in module.activities if each.shape.counts]
    return _("%(kind)s, %(n)d of %(total)d in %(module)s") % {
        "kind": row.kind_label,
        "n": counting.index(row) + 1,
        "total": len(counting),
        "module": module.shape.key,
    }


def _hours(row: ActivityRow) -> str:
    return _("about %(time)s") % {"time": row.time} if row.time else ""


def came_back(enrolment: Enrolment, view: ProgramView) -> list[CameBack]:
    """Results of the last two weeks, newest first. One query."""
    since = timezone.now() - timedelta(days=CAME_BACK_DAYS)
    found = []
    for event in recent_events(enrolment, since=since):
        row = view.by_id.get(event.activity_id)
        if isinstance(row, ActivityRow):
            found.append(
                CameBack(
                    row.shape.title, row.url, event.reason or _said(event.attempt), event.figure, event.at
                )
            )  # fmt: skip
    return found


def _said(attempt: int | None) -> str:
    """What is said of a result without a reason: its attempt, or that nothing was handed in for it."""
    return _("Set by staff.") if attempt is None else _("Graded, attempt %(n)s.") % {"n": attempt}


def pace_of(view: ProgramView, *, now: datetime | None = None) -> Pace:
    """Planned against actual: hours run evenly from the start at the learner's hours per week.

    Source: GRADING.md, *Planning*.
    """
    enrolment, progress = view.enrolment, view.progress
    now = now or timezone.now()
    today = now.astimezone(ZoneInfo(enrolment.time_zone)).date()
    total = _total(view)
    done = Decimal(progress["hours_done"]) if progress else Decimal(0)
    weekly = enrolment.hours_per_week
    begun = (enrolment.started_at or now).astimezone(ZoneInfo(enrolment.time_zone)).date()
    elapsed = max(0, (today - begun).days)
    planned = min(total, (weekly * elapsed / 7).quantize(Decimal("0.1")))
    left = max(Decimal(0), total - done)
    return Pace(
        done=done,
        total=total,
        planned=planned,
        per_week=weekly,
        finish=today + timedelta(days=ceil(left / weekly * 7)) if total else None,
        planned_finish=begun + timedelta(days=ceil(total / weekly * 7)) if total else None,
        behind=planned - done,
    )


def _total(view: ProgramView) -> Decimal:
    if view.progress is not None:
        return Decimal(view.progress["hours_total"])
    hours = sum((module.hours_total for module in view.modules if module.shape.required), Decimal(0))
    for row in view.projects:
        if row.shape.counts and row.shape.hours is not None:
            hours += Decimal(row.shape.hours.numerator) / row.shape.hours.denominator
    return hours
