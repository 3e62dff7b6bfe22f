"""P5: rows that an apply writes in a second, beside the bare writing of the same rows.

A program of modules with topics, objectives, readings, labs and a quiz, read
already, is planned and applied as a new one. The reference puts exactly the rows
that came of it, in every table, into copies of these tables with the same indexes:
with multi-row ``INSERT`` statements, and with ``COPY``.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import ROUNDS, Row

SIZES = {"quick": 20, "full": 200}
BATCH = 500
Table = tuple[str, list[str], list[tuple[Any, ...]]]
"""Name, columns, rows."""


def rows(kind: str) -> list[Row]:
    size = SIZES[kind]
    ours, inserted, copied, written = [], [], [], 0
    for number in range(ROUNDS + 1):  # the first one warms up
        with tempfile.TemporaryDirectory() as folder:
            incoming = _incoming(Path(folder), f"bench-{number}", size)
            before = {name: _newest(name) for name in _tables()}
            seconds = _timed(lambda incoming=incoming: _apply(incoming))  # type: ignore[misc]
        tables = list(_since(before))
        written = sum(len(found) for _, _, found in tables)
        _copies(tables)
        if number:
            ours.append(seconds)
            inserted.append(_timed(lambda tables=tables: _insert(tables)))  # type: ignore[misc]
            copied.append(_timed(lambda tables=tables: _copy(tables)))  # type: ignore[misc]
    apply, insert, copy = map(statistics.median, (ours, inserted, copied))
    what = f"an apply of {written} rows against"
    return [
        Row("P5.insert", f"{what} multi-row INSERT", size, insert / apply, 1.5, "higher", apply, insert, of="modules"),
        Row("P5.copy", f"{what} COPY", size, copy / apply, 0.4, "higher", apply, copy, of="modules"),
    ]


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _apply(incoming: Any) -> None:
    from courses.curriculum.apply import curriculum_apply
    from waymark.core.actors import Actor

    curriculum_apply(actor=Actor.system(), incoming=incoming)


def _incoming(folder: Path, slug: str, modules: int) -> Any:
    from courses.curriculum.planning.base import DatabaseBase
    from courses.curriculum.planning.incoming import incoming_of
    from courses.curriculum.report.run import lint

    for name, text in _tree(slug, modules):
        (folder / name).write_text(text)
    return incoming_of(lint([str(folder)]), DatabaseBase(), [str(folder)])


def _tree(slug: str, modules: int) -> Iterator[tuple[str, str]]:
    head = "summary: What it is about.\n"
    yield "role.yaml", f"kind: role\nid: {slug}\ntitle: {slug}\nlevel: mid\norder: 9\n{head}"
    listed = ", ".join(f"MOD-{number}" for number in range(1, modules + 1))
    yield "program.yaml", f"kind: program\nid: {slug}\ntitle: {slug}\nrole: {slug}\nmodules: [{listed}]\n{head}"
    for number in range(1, modules + 1):
        yield f"m{number}.yaml", f"kind: module\nid: MOD-{number}\ntitle: Module {number} of {slug}\n{head}{_inside()}"


def _inside() -> str:
    def many(key: str, count: int, entry: str) -> str:
        return f"{key}:\n" + "".join(f"  - {{id: {key}-{each}, {entry.format(each)}}}\n" for each in range(count))

    questions = "".join(
        f"      - {{id: q{each}, type: true_false, stem: Is {each} a number?, answer: true}}\n" for each in range(10)
    )
    return (
        many("topics", 8, "title: Topic {0}, hours: 2")
        + many("objectives", 6, "text: Explain part {0}.")
        + many("readings", 6, "title: Reading {0}, body: Some words about part {0}.")
        + many("labs", 4, "title: Lab {0}, summary: Build part {0}., hours: 3-4")
        + f"quizzes:\n  - id: quiz\n    title: Quiz\n    points: 10\n    questions:\n{questions}"
    )


# -- the reference ---------------------------------------------------------------------
def _tables() -> list[str]:
    """Those in which what comes later has a greater key."""
    from django.apps import apps
    from django.db.models import UUIDField

    return [
        model._meta.db_table
        for name in ("courses", "assessments", "grading", "core")
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
        if not isinstance(model._meta.pk, UUIDField)
    ]


def _key(table: str) -> str:
    from django.apps import apps

    model = next(each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table)
    return str(model._meta.pk.column)


def _newest(table: str) -> Any:
    return _fetched(f'SELECT max("{_key(table)}") FROM "{table}"')[1][0][0]


def _since(before: dict[str, Any]) -> Iterator[Table]:
    for table, newest in before.items():
        more = "" if newest is None else f' WHERE "{_key(table)}" > %s'
        columns, found = _fetched(f'SELECT * FROM "{table}"{more}', *([] if newest is None else [newest]))
        if found:
            yield table, columns, found


def _fetched(statement: str, *values: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [column.name for column in cursor.description], cursor.fetchall()


def _copies(tables: list[Table]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table, _, _ in tables:
            for kind in ("insert", "copy"):
                cursor.execute(f'DROP TABLE IF EXISTS "bench_{kind}_{table}"')
                cursor.execute(f'CREATE TABLE "bench_{kind}_{table}" (LIKE "{table}" INCLUDING ALL)')


def _insert(tables: list[Table]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, found in tables:
            names = ", ".join(f'"{each}"' for each in columns)
            one = f"({', '.join(['%s'] * len(columns))})"
            for start in range(0, len(found), BATCH):
                part = found[start : start + BATCH]
                cursor.execute(
                    f'INSERT INTO "bench_insert_{table}" ({names}) OVERRIDING SYSTEM VALUE VALUES '
                    f"{', '.join([one] * len(part))}",
                    [value for row in part for value in row],
                )


def _copy(tables: list[Table]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, found in tables:
            names = ", ".join(f'"{each}"' for each in columns)
            with cursor.copy(f'COPY "bench_copy_{table}" ({names}) FROM STDIN') as copy:
                for row in found:
                    copy.write_row(row)
