"""How projectors write: rows are collected and go to the database in sets.

Inside :func:`writing`, rows of one table are kept and written by one statement
when the block ends; outside of it every call writes at once. Foreign keys are
checked at commit, so the order of the tables does not matter; both ways need a
transaction around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models, transaction

from courses.curriculum.aliases import fold
from courses.curriculum.projection import Projection
from courses.models import Scale, ScaleLevel
from courses.models.typed import TypedRow

BATCH = 500
Row = TypeVar("Row", bound=TypedRow)


class Writer:
    """What one apply writes, per table. Calling a method twice for one owner keeps the last."""

    def __init__(self) -> None:
        self._typed: dict[type[TypedRow], dict[int, TypedRow]] = {}
        self._typed_fields: dict[type[TypedRow], list[str]] = {}
        self._replaced: dict[tuple[type[models.Model], str], dict[int, list[models.Model]]] = {}
        self._extensions: dict[type[models.Model], dict[Any, models.Model]] = {}
        self._at_end: list[Callable[[], None]] = []
        self._levels: dict[str, dict[str, int]] | None = None

    def typed(self, row: TypedRow, fields: Sequence[str]) -> None:
        """Insert *row*, or set *fields* (and the revision) of the one that is there."""
        names = self._typed_fields.setdefault(type(row), [*fields, "revision"])
        if set(names) != {*fields, "revision"}:
            raise ValueError(f"{type(row).__name__} is written with different fields")
        self._typed.setdefault(type(row), {})[row.pk] = row

    def replace(self, model: type[models.Model], owner: str, owner_id: int, rows: Iterable[models.Model]) -> None:
        self._replaced.setdefault((model, owner), {})[owner_id] = list(rows)

    def extend(self, row: models.Model) -> None:
        self._extensions.setdefault(type(row), {})[row.pk] = row

    def at_end(self, action: Callable[[], None]) -> None:
        self._at_end.append(action)

    def flush_typed(self, model: type[TypedRow]) -> None:
        if kept := self._typed.pop(model, None):
            model._base_manager.bulk_create(
                kept.values(),
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["entity"],
                update_fields=self._typed_fields[model],
            )

    def flush(self) -> None:
        for model in list(self._typed):
            self.flush_typed(model)
        for (child, owner), by_owner in self._replaced.items():
            child._base_manager.filter(**{f"{owner}__in": list(by_owner)}).delete()
            child._base_manager.bulk_create([row for rows in by_owner.values() for row in rows], batch_size=BATCH)
        self._replaced = {}
        for extension, extended in self._extensions.items():
            _upsert(extension, extended.values())
        self._extensions = {}
        actions, self._at_end = self._at_end, []
        for action in actions:
            action()

    def level(self, purpose: str, spelling: str) -> int | None:
        if self._levels is None:
            self._levels = _levels()
        return self._levels.get(purpose, {}).get(fold(spelling))

    def forget_levels(self) -> None:
        self._levels = None


def _upsert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Write whole rows by their key; what has no other column is only made sure of."""
    key = model._meta.pk
    fields = [field.name for field in model._meta.concrete_fields if field is not key]
    if fields:
        model._base_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=[key.name], update_fields=fields
        )
    else:
        model._base_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


_current: ContextVar[Writer | None] = ContextVar("curriculum_writer", default=None)


@contextmanager
def writing() -> Iterator[None]:
    """Collect what projectors write, and write it in sets at the end, in one transaction."""
    if _current.get() is not None:
        yield
        return
    writer = Writer()
    token = _current.set(writer)
    try:
        with transaction.atomic():
            yield
            writer.flush()
    finally:
        _current.reset(token)


@contextmanager
def _writer() -> Iterator[Writer]:
    """The writer of the surrounding :func:`writing`, else one that writes at once."""
    writer = _current.get()
    if writer is not None:
        yield writer
        return
    writer = Writer()
    yield writer
    writer.flush()


def write(model: type[Row], projection: Projection, **fields: Any) -> Row:
    """Write the typed row of an entity. What is not in *fields* keeps its value.

    Foreign keys may be given as ``name_id``.
    """
    row = model(entity_id=projection.entity.pk, revision_id=projection.revision.pk, **fields)
    with _writer() as writer:
        writer.typed(row, [name.removesuffix("_id") for name in fields])
    return row


def replace(model: type[models.Model], owner: str, owner_id: int, rows: Iterable[models.Model]) -> None:
    """Make *rows* the only ones whose foreign key *owner* is *owner_id*."""
    with _writer() as writer:
        writer.replace(model, owner, owner_id, rows)


def extend(row: models.Model) -> None:
    """Write a row that shares the key of an activity and adds columns to it; every column is the document's."""
    with _writer() as writer:
        writer.extend(row)


def link(field: Any, owner_id: int, targets: Iterable[int]) -> None:
    """Make *targets* the only ones that a many-to-many field of *owner_id* holds."""
    through = field.through
    owner, target = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    rows = [through(**{f"{owner}_id": owner_id, f"{target}_id": key}) for key in dict.fromkeys(targets)]
    replace(through, owner, owner_id, rows)


def keyed(
    model: type[models.Model],
    owner: str,
    owner_id: int,
    rows: Sequence[models.Model],
    *,
    place: str,
    fields: Sequence[str],
) -> None:
    """Upsert child rows that have a key of their own; those that are gone stay, without a *place*."""
    keys = [row.key for row in rows]  # type: ignore[attr-defined]
    gone = model._base_manager.filter(**{owner: owner_id, f"{place}__isnull": False}).exclude(key__in=keys)
    gone.update(**{place: None})
    model._base_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[owner, "key"], update_fields=[place, *fields]
    )


def at_end(action: Callable[[], None]) -> None:
    """Do *action* when every row is written."""
    with _writer() as writer:
        writer.at_end(action)


def level_id(purpose: str, spelling: str | None) -> int | None:
    """The level that *spelling* (id, label, symbol or alias) names on a scale of *purpose*."""
    if not spelling:
        return None
    with _writer() as writer:
        return writer.level(purpose, spelling)


def levels_written() -> None:
    """A scale was written: let it reach the database, for what comes next looks levels up."""
    with _writer() as writer:
        writer.flush_typed(Scale)
        writer.forget_levels()


def _levels() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    levels = ScaleLevel.objects.filter(rank__isnull=False, scale__entity__retired_at=None).select_related("scale")
    # An id goes before a label, symbol or alias of another level; the oldest scale goes first.
    ordered = list(levels.order_by("scale_id", "rank", "id"))
    for level in ordered:
        found.setdefault(level.scale.purpose, {}).setdefault(fold(level.key), level.pk)
    for level in ordered:
        for spelling in (level.label, level.symbol, *level.aliases):
            if spelling:
                found[level.scale.purpose].setdefault(fold(spelling), level.pk)
    return found
