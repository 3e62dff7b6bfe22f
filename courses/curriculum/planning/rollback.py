"""Going back: the plan that makes a release of a program equal to an older one."""

from __future__ import annotations

from courses.curriculum.compare import compare
from courses.curriculum.export.release import release_reading
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.plan import Plan
from courses.curriculum.planning.sources import Together, stated_at
from courses.models import Release
from waymark.core.errors import Missing, Refused


def rollback_plan(slug: str, number: int | None = None) -> Plan:
    """Plan a release of the program *slug* with what release *number* held, the one before by default.

    What its sources had stated then comes with it, so the same trees can be applied
    again; what was renamed or moved since has its former id and place. Refused with
    ``nothing_to_roll_back`` where there is no such release.
    """
    current = Release.objects.filter(program__slug=slug, current=True).select_related("base").first()
    if current is None:
        raise Missing(f"There is no program {slug}.")
    target = current.base
    if number is not None:
        target = Release.objects.filter(program=current.program_id, number=number).exclude(pk=current.pk).first()
    if target is None:
        which = "is the first release" if number is None else f"has no release {number} before it"
        raise Refused(
            f"There is nothing to roll back: release {current.number} of {slug} {which}.", code="nothing_to_roll_back"
        )
    base = DatabaseBase()
    reading = release_reading([target])
    comparison = compare(slug, reading.of_program(slug), base.current(slug))
    together = Together(reading, others=stated_at([target]))
    return Plan(together, base.shown({slug: base.current(slug)}), [comparison], settings=["rollback", target.number])
