"""Looking once more at what an apply does to people, right before it.

What learners do makes no plan stale, but more of them may lose a pass by now than
when the plan was shown. Everybody's figures are worked out anew, outside of the
transaction; in it nothing is graded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.impact import Impacts, impact_of
from courses.curriculum.planning.plan import Incoming, Plan, plan_make
from courses.curriculum.planning.rollback import rollback_plan, rollback_target
from courses.models import Enrolment, ShownPlan
from waymark.core.errors import Refused

KEPT_FOR = timedelta(days=90)

State = Enrolment.State


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The impact of one plan, just now."""

    plan_id: str
    impacts: Impacts


def import_foresee(incoming: Incoming, *, shown: int | None = None) -> Foreseen | None:
    """What applying *incoming* does to people; None where nobody is enrolled.

    :param shown: how many lose a pass by the plan that was shown; ``import_loses_more``
        (409) if it is more by now.
    """
    if not _anybody(incoming.reading.programs):
        return None
    return _foreseen(plan_make(incoming, DatabaseBase()), shown)


def rollback_foresee(program: str, number: int | None = None, *, shown: int | None = None) -> Foreseen | None:
    """The same for going back to a release."""
    return _foreseen(rollback_plan(rollback_target(program, number)), shown) if _anybody([program]) else None


def _anybody(programs: Collection[str]) -> bool:
    enrolled = Enrolment.objects.filter(program__slug__in=programs)
    return enrolled.filter(state__in=[State.ACTIVE, State.PAUSED, State.COMPLETED]).exists()


def _foreseen(plan: Plan, shown: int | None) -> Foreseen:
    impacts = impact_of(plan.comparisons, plan.reading)
    lost = impacts.total.passes_lost
    if shown is not None and lost > shown:
        raise Refused(
            _("More passes would be lost than the plan said: %(lost)s by now, and not %(shown)s.")
            % {"lost": lost, "shown": shown},
            code="import_loses_more", hint=_("Plan again and look at the impact."),
        )  # fmt: skip
    return Foreseen(plan.id, impacts)


def plan_keep(plan: Plan) -> None:
    """Remember what was shown of a plan, for who applies it by its id later."""
    if plan.impacts is None:
        return
    ShownPlan.objects.filter(shown_at__lt=Now() - KEPT_FOR).delete()
    ShownPlan.objects.bulk_create(
        [ShownPlan(plan_id=plan.id, passes_lost=plan.impacts.total.passes_lost, shown_at=Now())],
        update_conflicts=True, unique_fields=["plan_id"], update_fields=["passes_lost", "shown_at"],
    )  # fmt: skip


def passes_lost_in(plan_id: str | None) -> int | None:
    """How many lose a pass by the plan of that id as it was shown last; None where that is not known."""
    if plan_id is None:
        return None
    return ShownPlan.objects.filter(plan_id=plan_id).values_list("passes_lost", flat=True).first()
