"""Releases beside each other: the plan that makes one equal to an older one, and what two of them differ in."""

from __future__ import annotations

from courses.curriculum.compare import compare
from courses.curriculum.current import Current, held_by
from courses.curriculum.export.release import release_reading
from courses.curriculum.planning.base import DatabaseBase
from courses.curriculum.planning.plan import Plan
from courses.curriculum.planning.sources import Place, Together, stated_at
from courses.models import Release
from waymark.core.errors import Missing, Refused


def rollback_target(slug: str, number: int | None = None) -> Release:
    """Release *number* of the program *slug*, by default the one before the current release.

    Refused with ``nothing_to_roll_back`` where there is none, or where it is current.
    """
    current = Release.objects.filter(program__slug=slug, current=True).select_related("base__program").first()
    if current is None:
        raise Missing(f"There is no program {slug}.")
    target = current.base
    if number is not None:
        others = Release.objects.filter(program=current.program_id, number=number).exclude(pk=current.pk)
        target = others.select_related("program").first()
    if target is None:
        which = "is the first release" if number is None else f"has no release {number} before it"
        raise Refused(
            f"There is nothing to roll back: release {current.number} of {slug} {which}.", code="nothing_to_roll_back"
        )
    return target


def rollback_plan(target: Release) -> Plan:
    """Plan a release of the same program with what *target* held.

    What its sources had stated then comes with it, so the same trees can be applied
    again; what was renamed or moved since has its former id and place.
    """
    slug, base = target.program.slug, DatabaseBase()
    reading = release_reading([target])
    current = base.current(slug)
    others = _others(held_by(slug, target.number), current, slug)
    comparison = compare(slug, reading.of_program(slug), current, others)
    together = Together(reading, others=stated_at([target]))
    return Plan(together, base.shown({slug: current}), [comparison], settings=["rollback", target.number])


def difference(release: Release, other: Release | None) -> Plan:
    """What *release* holds beside *other* of the same program, as a plan that nobody applies; with None all of it."""
    slug = release.program.slug
    reading = release_reading([release])
    beside = held_by(slug, other.number) if other else Current()
    held = held_by(slug, release.number)
    was = {item.key: address for address, item in beside.items.items()}
    for address, item in held.items.items():
        former = was.get(item.key, address)
        reading.drafts[reading.place(slug, address)].was = (former.partition(":")[2],) if former != address else ()
    comparison = compare(slug, reading.of_program(slug), beside, _others(held, beside, slug))
    return Plan(Together(reading), f"{slug}: {f'release {other.number}' if other else 'nothing'}", [comparison])


def _others(then: Current, now: Current, slug: str) -> set[Place]:
    """The places at which there was another thing *then* than *now*."""
    return {
        (slug, address)
        for address, item in then.items.items()
        if not item.shared and address in now.items and now.items[address].key != item.key
    }
