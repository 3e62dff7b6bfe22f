"""Keeping what each source stated, beside the release that it is current with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from courses.curriculum.kinds import Draft, registry
from courses.curriculum.planning.plan import Plan
from courses.curriculum.planning.sources import Place, says_the_same
from courses.models import Entity, ImportRecord, Release, ReleaseItem
from waymark.core.copying import rows_copy


def statements_keep(plan: Plan, source: str) -> None:
    """Write what *source* and the others state to the current release of each program of the *plan*.

    A release has the statements of all its sources, so that going back to it
    brings them back too. Where nothing changed, only what *source* states is new.
    """
    if plan.is_empty and says_the_same(plan.together.stated, plan.together.before):
        return
    programs = [comparison.program for comparison in plan.comparisons]
    releases = {
        release.program.slug: release
        for release in Release.objects.filter(program__slug__in=programs, current=True).select_related("program")
    }
    entities = {
        (entity.program.slug if entity.program else None, entity.address): entity
        for entity in Entity.objects.filter(pk__in=_keys(releases)).select_related("program")
    }
    everything = {source: plan.together.stated, **plan.together.others}
    for slug, release in releases.items():
        kept = set(ImportRecord.objects.filter(release=release).values_list("source", flat=True))
        ImportRecord.objects.filter(release=release, source=source).delete()
        rows_copy(
            _record(name, release, entities[place], draft)
            for name, stated in everything.items()
            if name == source or name not in kept
            for place, draft in _of_program(stated, slug)
            if place in entities
        )


def _keys(releases: dict[str, Release]) -> list[int]:
    items = ReleaseItem.objects.filter(release__in=releases.values())
    return list(items.values_list("entity_id", flat=True))


def _of_program(stated: dict[Place, Draft], slug: str) -> Iterator[tuple[Place, Draft]]:
    return ((place, draft) for place, draft in stated.items() if place[0] in (slug, None))


def _record(source: str, release: Release, entity: Entity, draft: Draft) -> ImportRecord:
    unites = registry.get(draft.kind).unites
    kept = (name for name in draft.lines if "." not in name or unites(name.partition(".")[0]))
    lines: dict[str, object] = {name: draft.lines[name] for name in kept}
    return ImportRecord(
        source=source,
        release=release,
        entity=entity,
        stated=draft.body,
        file=draft.file[-400:],
        line=draft.line,
        lines=lines | {name: list(place) for name, place in draft.elsewhere.items()},
        ranks=draft.given,
        children=draft.children,
        fresh=draft.fresh,
        disputed=draft.disputed,
        origins=[asdict(each) for each in draft.origins],
    )
