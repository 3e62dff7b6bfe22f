"""Pages of a long list by the key of its last row, never by an offset.

A cursor holds the direction, the ordering values of one row, and a digest of the
filters it was made under: with other filters it is refused instead of skipping
rows silently.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from waymark.core.errors import Invalid
from waymark.core.text import is_storable

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; a cursor is empty where the list ends."""

    rows: Sequence[Row]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Window:
    """What a cursor asks for: the rows beyond ``values`` (from an end when there are none), in one direction.

    For who reads rows by a statement of their own: read ``size + 1`` of them,
    nearest first, and let :meth:`page` make the page of what was found.
    """

    order: Sequence[str]
    size: int
    digest: str
    backwards: bool
    values: Sequence[Any]

    def page(self, found: list[Row]) -> Page[Row]:
        """The page of *found*, at most ``size + 1`` rows that have what ``order`` names."""
        more, begun = len(found) > self.size, bool(self.values)
        found = found[: self.size]
        if self.backwards:
            found.reverse()
        has_previous = more if self.backwards else begun
        has_next = begun if self.backwards else more
        return Page(
            rows=found,
            previous=_write("p", found[0], self.order, self.digest) if found and has_previous else "",
            next=_write("n", found[-1], self.order, self.digest) if found and has_next else "",
        )


def keyset_window(
    *, order: Sequence[str], cursor: str = "", size: int = 50, filters: Mapping[str, str] | None = None
) -> Window:
    """The window that *cursor* names; parameters and faults are those of :func:`keyset_page`."""
    digest = _digest(filters)
    backwards, values = _read(cursor, digest, len(order)) if cursor else (False, [])
    return Window(order, size, digest, backwards, values)


def keyset_page(
    rows: QuerySet[ModelRow],
    *,
    order: Sequence[str],
    cursor: str = "",
    size: int = 50,
    filters: Mapping[str, str] | None = None,
) -> Page[ModelRow]:
    """The page of *rows* that *cursor* names, the first one when it is empty.

    :param order: field names, ascending (``name``) or descending (``-name``), that
        together are unique and never null; the last one is the key.
    :param filters: what the caller filtered by; part of the cursor.
    :raises Invalid: the cursor cannot be read or belongs to other filters (400).
    """
    window = keyset_window(order=order, cursor=cursor, size=size, filters=filters)
    ordering = [_flip(name) for name in order] if window.backwards else list(order)
    if window.values:
        rows = rows.filter(_beyond(ordering, window.values))
    try:
        found = list(rows.order_by(*ordering)[: size + 1])
    except (ValueError, OverflowError, ValidationError) as error:
        raise cursor_unreadable() from error
    return window.page(found)


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after the given values: a later first value, or an equal one and a later second, ..."""
    condition, equal = Q(), Q()
    for name, value in zip(ordering, values, strict=True):
        field = name.lstrip("-")
        condition |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return condition


def _digest(filters: Mapping[str, str] | None) -> str:
    stated = {name: value for name, value in (filters or {}).items() if value}
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:8]


def _write(direction: str, row: object, order: Sequence[str], digest: str) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in order]
    text = json.dumps([direction, digest, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(cursor: str, digest: str, length: int) -> tuple[bool, list[Any]]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        direction, known, *values = json.loads(text)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise cursor_unreadable() from error
    plain = all(map(_is_plain, values))
    if direction not in ("p", "n") or len(values) != length or not plain:
        raise cursor_unreadable()
    if known != digest:
        raise Invalid(
            "This cursor belongs to other filters.", code="cursor_of_other_filters", where="cursor",
            hint="Begin again without a cursor.",
        )  # fmt: skip
    return direction == "p", values


def _is_plain(value: Any) -> bool:
    """What a cursor of ours can hold: text that can be stored, and whole numbers of a database."""
    if isinstance(value, str):
        return is_storable(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def cursor_unreadable() -> Invalid:
    return Invalid(
        "This cursor cannot be read.", code="cursor_unreadable", where="cursor", hint="Begin again without a cursor."
    )
