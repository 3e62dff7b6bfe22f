"""Hand-written statements of hot reads: prepared once per connection, then only executed.

Building a statement with the ORM takes several times as long as PostgreSQL needs to
answer it, and planning it anew takes longer still. What every request asks, and what
one endpoint is measured by, is therefore written out. A statement begins with a comment
that names it, so that the database's log points at the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement with ``%s`` in it. Its values are bound by the server, so a list needs ``= ANY(%s)``."""
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _cursor() -> Any:
    if connection.queries_logged:
        # A log shows statements with their values, which only the client's binding puts into them.
        return connection.cursor()
    connection.ensure_connection()
    bare: Any = psycopg.Cursor(connection.connection)
    return connection.make_cursor(bare)


def row(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row, or None."""
    return next(iter(rows(statement, parameters)), None)
