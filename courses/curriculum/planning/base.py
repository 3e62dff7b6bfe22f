"""What a plan is compared with: the database, a tree set beside, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from courses.curriculum.canonical import statement_hash
from courses.curriculum.current import Current, Item, current_of, stated_by
from courses.curriculum.drafts.programs import Home
from courses.curriculum.drafts.quizzes import QuizStated
from courses.curriculum.kinds import Origin
from courses.curriculum.merge.join import STANDING
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.impact import worked_on
from courses.curriculum.planning.sources import Place, Statements, last_of
from courses.curriculum.references import Known, known_elsewhere
from courses.curriculum.report.own import Decision
from courses.curriculum.sources.asked import asked_for

HOMES = ("module", "project")


@dataclass(frozen=True, slots=True)
class Named:
    """Something that documents may name or belong to. ``role`` is that of a program.

    :ivar open: a role of which no other source states the level.
    """

    program: str | None
    kind: str
    path: str
    title: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    open: bool = False

    @property
    def home(self) -> Home | None:
        """What it is to documents that lack its id."""
        if self.program is None or self.kind not in HOMES:
            return None
        return Home(self.program, self.kind, self.path, self.title)


class Base(Protocol):
    """``known`` is what there is beside what a reading states itself, ``named`` what documents may mean."""

    def current(self, slug: str) -> Current: ...

    def known(self, reading: Reading) -> Known: ...

    def named(self, without: str = "") -> list[Named]:
        """Without what only the source *without* states: that it states it again."""

    def quizzes(self) -> list[QuizStated]:
        """The quizzes that are current, with the sources that state them and their questions."""

    def last(self, slugs: Collection[str]) -> Statements:
        """What each source of these programs stated at its last import."""

    def stated_before(self, wanted: Collection[tuple[Place, Origin]]) -> dict[tuple[Place, Origin], dict[str, Any]]:
        """What sources stated when something was exported, as far as it is known."""

    def worked_on(self, keys: Collection[int]) -> set[int]:
        """Those identity rows on which somebody has work."""

    def held_last(self, slug: str, addresses: Collection[str]) -> dict[str, Item]:
        """What those of a program that are retired were in the last release that had them."""

    def decided(self, source: str, programs: Collection[str]) -> list[Decision]:
        """What admins decided on findings of *source*, for any of the *programs*."""

    def shown(self, current: dict[str, Current]) -> str:
        """How the plan calls it, by what it has of each program."""


class DatabaseBase:
    """The current releases of this installation."""

    def __init__(self) -> None:
        self._current: dict[str, Current] = {}

    def current(self, slug: str) -> Current:
        if slug not in self._current:
            self._current[slug] = current_of(slug)
        return self._current[slug]

    def known(self, reading: Reading) -> Known:
        return known_elsewhere(reading)

    def named(self, without: str = "") -> list[Named]:
        from courses.models import ImportRecord, ReleaseItem

        records = ImportRecord.objects.filter(release__current=True, entity__program=None)
        others = set(records.exclude(source=without).values_list("entity__kind", "entity__path"))
        own = set(records.filter(source=without).values_list("entity__kind", "entity__path")) - others
        rows = ReleaseItem.objects.filter(
            release__current=True, entity__retired_at=None, entity__kind__in=[*STANDING, "skill_area"]
        ).values_list("entity__program__slug", "entity__kind", "entity__path", "revision__body")
        roles = records.exclude(source=without).filter(entity__kind="role").values_list("entity__path", "ranks")
        open_ = open_roles(roles)
        return [
            replace(each, open=each.kind == "role" and each.path in open_)
            for each in dict.fromkeys(_named(*row) for row in rows)
            if each.program is not None or (each.kind, each.path) not in own
        ]

    def quizzes(self) -> list[QuizStated]:
        from courses.models import ImportRecord

        rows = ImportRecord.objects.filter(
            release__current=True, entity__kind="quiz", entity__retired_at=None
        ).values_list("entity__program__slug", "entity__path", "stated__title", "source", "children")
        return quizzes_stated(
            (program, path, title or "", source, bool(children.get("questions")))
            for program, path, title, source, children in rows
        )

    def last(self, slugs: Collection[str]) -> Statements:
        return last_of(slugs)

    def decided(self, source: str, programs: Collection[str]) -> list[Decision]:
        from courses.models import FindingDecision

        rows = FindingDecision.objects.filter(source=source, program__in=programs).order_by("decided_at", "pk")
        kept = {(row.rule, row.entity, row.hash): row for row in rows}
        return [
            Decision(
                row.rule, row.entity, row.reason, row.hash, binding=True,
                gate=(row.gate["blocks"], row.gate["activity"]) if row.gate else None,
            )
            for row in kept.values()
        ]  # fmt: skip

    def stated_before(self, wanted: Collection[tuple[Place, Origin]]) -> dict[tuple[Place, Origin], dict[str, Any]]:
        from courses.models import ImportRecord

        records = ImportRecord.objects.filter(
            source__in={origin.source for _, origin in wanted},
            entity__path__in={place[1].partition(":")[2] for place, _ in wanted},
        ).select_related("entity__program")
        known = {}
        for record in records.order_by("pk"):
            entity, given = record.entity, record.ranks or record.stated
            place = entity.program.slug if entity.program else None, entity.address
            known[place, record.source, statement_hash(record.stated, given)] = {
                name: record.stated.get(name) for name in given
            }
        return {
            (place, origin): known[place, origin.source, origin.hash]
            for place, origin in wanted
            if (place, origin.source, origin.hash) in known
        }

    def worked_on(self, keys: Collection[int]) -> set[int]:
        return worked_on(keys)

    def held_last(self, slug: str, addresses: Collection[str]) -> dict[str, Item]:
        from courses.models import ReleaseItem

        paths = {each.partition(":")[2] for each in addresses}
        items = ReleaseItem.objects.filter(
            entity__program__slug=slug, entity__path__in=paths, release__program__slug=slug
        ).select_related("entity", "revision")
        found = {
            item.entity.address: Item(item.revision.hash, item.revision.body, key=item.entity_id)
            for item in items.order_by("release__number")
        }
        return {address: item for address, item in found.items() if address in addresses}

    def shown(self, current: dict[str, Current]) -> str:
        return ", ".join(
            f"{slug}: {f'release {each.number}' if each.number else 'nothing'}" for slug, each in current.items()
        )


class TreeBase:
    """A tree as if it had been applied; an empty one is nothing."""

    def __init__(self, reading: Reading | None = None, name: str = "nothing") -> None:
        self._reading, self._name = reading or Reading(), name

    def current(self, slug: str) -> Current:
        return stated_by(self._reading.of_program(slug) if slug in self._reading.programs else [])

    def known(self, reading: Reading) -> Known:
        mine = set(reading.programs)
        return Known(frozenset(place for place in self._reading.drafts if place[0] not in mine))

    def named(self, without: str = "") -> list[Named]:
        return list(named_in(self._reading))

    def quizzes(self) -> list[QuizStated]:
        return []

    def last(self, slugs: Collection[str]) -> Statements:
        return {}

    def decided(self, source: str, programs: Collection[str]) -> list[Decision]:
        return []

    def stated_before(self, wanted: Collection[tuple[Place, Origin]]) -> dict[tuple[Place, Origin], dict[str, Any]]:
        return {}

    def worked_on(self, keys: Collection[int]) -> set[int]:
        return set()

    def held_last(self, slug: str, addresses: Collection[str]) -> dict[str, Item]:
        return {}

    def shown(self, current: dict[str, Current]) -> str:
        return self._name


def named_in(reading: Reading) -> Iterator[Named]:
    """What a reading states that others may name."""
    for (program, _), draft in reading.drafts.items():
        if draft.kind in (*STANDING, "skill_area"):
            yield _named(program, draft.kind, draft.path, draft.body)


def quizzes_in(reading: Reading) -> list[QuizStated]:
    """The quizzes that a reading states, as a source without a name."""
    return quizzes_stated(
        (program, draft.path, str(draft.body.get("title") or ""), "", bool(draft.children.get("questions")))
        for (program, _), draft in reading.drafts.items()
        if draft.kind == "quiz" and program is not None
    )


def quizzes_stated(rows: Iterable[tuple[str, str, str, str, bool]]) -> list[QuizStated]:
    """Program, path, title, source and whether this one asks its questions -> a quiz each."""
    found: dict[tuple[str, str], QuizStated] = {}
    for program, path, title, source, asks in rows:
        known = found.get((program, path)) or QuizStated(program, path, title, frozenset(), frozenset())
        found[program, path] = replace(
            known,
            title=known.title or title,
            stated_by=known.stated_by | {source},
            asked_by=known.asked_by | ({source} if asks else frozenset()),
        )
    return list(found.values())


def open_roles(stated: Iterable[tuple[str, Container[str]]]) -> set[str]:
    """Of roles, each with the fields that a source states of it, those whose level none does."""
    found = [(path, "level" in given) for path, given in stated]
    return {path for path, _ in found} - {path for path, has_level in found if has_level}


def ids_of(named: Collection[Named]) -> set[str]:
    """The ids that prerequisites may name."""
    return {each.path for each in named if each.program is not None}


def needed_by(current: Current, address: str) -> frozenset[str] | None:
    """The ids that the current release asks for before an entity; None where it does not have it."""
    if address not in current.items:
        return None
    kind, _, path = address.partition(":")
    prefix = "requirement:" if kind == "program" else f"requirement:{path}/"
    bodies = [item.body for place, item in current.items.items()
              if place.startswith(prefix) and "/" not in place.removeprefix(prefix)]  # fmt: skip
    return frozenset(to for body in bodies if body.get("strength") == "needs" and (to := asked_for(body)))


def _named(program: str | None, kind: str, path: str, body: dict[str, Any]) -> Named:
    return Named(
        program, kind, path, str(body.get("title") or ""), tuple(body.get("aliases") or ()), str(body.get("role") or "")
    )
