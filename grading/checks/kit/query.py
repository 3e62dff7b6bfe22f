"""Runs one query on the author's tables: ``python3 -I query.py``, ``plan.json`` and ``query.sql`` in the work folder.

The query is data to SQLite: it may read tables and call functions, nothing else.
It is run twice, the second time with every table read from its end, so that an
order which only happens to be there shows. What came back goes to ``result.json``.
"""

import json
import os
import sqlite3
import sys
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import plain

PLAN, QUERY, RESULT = "/work/plan.json", "/work/query.sql", "/work/result.json"
LONGEST = 4 * 1024 * 1024
"""Of one text or blob, in bytes."""
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
UNSAFE = {"load_extension", "fts3_tokenizer"}


class Refused(Exception):
    """The query gives nothing that can be compared. The text says why."""


def guard(action: int, first: str | None, second: str | None, database: str | None, inside: str | None) -> int:
    """Whether the query may do it: SQLite asks for each step when it compiles a statement."""
    if action in READING or (action == sqlite3.SQLITE_FUNCTION and second not in UNSAFE):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def tables(plan: dict[str, Any]) -> sqlite3.Connection:
    """A database in memory with what the author's statements and rows put into it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statements in plan["sql"]:
        connection.executescript(statements)
    for table, rows in plan["rows"].items():
        name = table.replace('"', '""')
        for row in rows:
            marks = ", ".join("?" * len(row))
            connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', row)  # noqa: S608
    # Made at their first use, which the guard would take for writing.
    connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    return connection


def asked(connection: sqlite3.Connection, query: str, most: int) -> tuple[list[str], list[list[Any]]]:
    """Names of the columns, and the rows, of which there may be *most*."""
    try:
        cursor = connection.execute(query)
        if cursor.description is None:
            raise Refused("it holds no query that gives rows")
        rows = cursor.fetchmany(most + 1)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Refused(str(error)) from None
    if len(rows) > most:
        raise Refused(f"it gives more than {most} rows")
    for value in (value for row in rows for value in row):
        if isinstance(value, bytes):
            raise Refused("it gives a blob, which cannot be compared")
    return [column[0] for column in cursor.description], [list(row) for row in rows]


def answer(connection: sqlite3.Connection, most: int) -> dict[str, Any]:
    try:
        with open(QUERY, encoding="utf-8-sig") as file:
            query = file.read()
        runs: list[list[list[Any]]] = []
        columns: list[str] = []
        for reverse in ("OFF", "ON"):
            connection.set_authorizer(None)
            connection.execute(f"PRAGMA reverse_unordered_selects = {reverse}")
            connection.set_authorizer(guard)
            columns, rows = asked(connection, query, most)
            if rows not in runs:
                runs.append(rows)
    except UnicodeDecodeError:
        return {"problem": "it is no text in UTF-8"}
    except Refused as error:
        return {"problem": str(error)[:500]}
    return {"columns": columns, "runs": runs}


def main() -> None:
    with open(PLAN) as file:
        plan = json.load(file)
    try:
        connection = tables(plan)
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
        said = {"author": str(error)[:500]}
    else:
        said = answer(connection, plan["most"])
    try:
        message = plain.encode(said)
    except plain.Unplain as error:
        message = plain.encode({"problem": str(error)[:500]})
    with open(RESULT, "wb") as file:
        file.write(message)


main()
