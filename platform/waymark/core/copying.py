"""Rows by ``COPY``: a third of the time that the ORM's inserts take, for what is written by the thousand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def rows_copy(rows: Iterable[models.Model]) -> int:
    """Insert new rows of one model, and say how many.

    Values are prepared as a save prepares them, and the database checks what it always
    checks. Keys that the database gives stay unknown to the rows; no signals are sent.

    :raises ValueError: the rows are of several models, or some leave a field to the
        database that others fill.
    :raises IntegrityError: the database refuses one; none is written.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    model = type(first)
    fields = [field for field in model._meta.concrete_fields if not _is_left(field, first)]
    left = [field for field in model._meta.concrete_fields if _is_left(field, first)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
        for row in chain([first], waiting):
            if type(row) is not model:
                raise ValueError(f"a {type(row).__name__} among rows of {model.__name__}")
            if not all(_is_left(field, row) for field in left):
                raise ValueError(f"one {model.__name__} has a value that the first one leaves to the database")
            copy.write_row([_prepared(field, row) for field in fields])
            count += 1
    return count


def _is_left(field: models.Field[Any, Any], row: models.Model) -> bool:
    """Whether the database gives the value."""
    value = getattr(row, field.attname)
    return isinstance(value, DatabaseDefault) or (isinstance(field, models.AutoField) and value is None)


def _prepared(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
