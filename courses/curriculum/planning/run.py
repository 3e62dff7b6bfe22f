"""A planning run: lint what arguments name, set it beside a base, and say both in one report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

from courses.curriculum.planning.base import Base, DatabaseBase, TreeBase, ids_of
from courses.curriculum.planning.impact import impact_of
from courses.curriculum.planning.incoming import incoming_of, reading_of
from courses.curriculum.planning.linked import linked_resolve
from courses.curriculum.planning.plan import Plan, plan_make
from courses.curriculum.references import RULE as UNKNOWN_REFERENCE
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint, say, settle_anew


def plan_run(
    arguments: list[str],
    *,
    against: str | None = None,
    today: date | None = None,
    source: str = "",
    retire: bool = False,
    on_read: Callable[[Report], None] | None = None,
) -> tuple[Report, Plan]:
    """Lint *arguments* and plan them against a tree, the database, or nothing where none is running.

    The report then says what the plan says: a name that the base has is no finding.

    :param source: the name of their source, if it is not the one that they have.
    :param on_read: told once everything is read and nothing is planned yet.
    """
    base = base_of(against)
    report = lint(arguments, today=today, elsewhere=ids_of(base.named()))
    if on_read is not None:
        on_read(report)
    plan = plan_make(incoming_of(report, base, arguments, source=source, retire=retire), base)
    if isinstance(base, DatabaseBase):
        plan.impacts = impact_of(plan.comparisons, plan.reading)
    report_plan(report, plan)
    return report, plan


def base_of(against: str | None) -> Base:
    """What to plan against; see ``plan_run``."""
    if against is not None:
        report = lint([against])
        reading = reading_of(report, TreeBase())
        linked_resolve(reading, report)
        return TreeBase(reading, against)
    return DatabaseBase() if _database_runs() else TreeBase(name="nothing: no database is running")


def _database_runs() -> bool:
    """Whether the embedded database was started; another one is there or its absence is a fault."""
    place = connection.settings_dict
    host = place["OPTIONS"].get("host") or place["HOST"]
    if settings.MODE != "embedded" or not host.startswith("/"):
        return True
    return Path(host, f".s.PGSQL.{place['PORT'] or 5432}").exists()


def report_plan(report: Report, plan: Plan) -> None:
    """Say in the *report* what the *plan* found beside it."""
    report.said = [said for said in report.said if said.finding.rule != UNKNOWN_REFERENCE]
    known = {said.finding for said in report.said}
    say(report, (finding for finding in plan.findings if finding not in known))
    settle_anew(report)
    report.plan = plan.as_dict()
