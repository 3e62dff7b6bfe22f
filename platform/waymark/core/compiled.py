"""Querysets of hot reads: written with the ORM, turned into SQL once per process.

What a page asks at every request costs the ORM more to build than PostgreSQL to
answer. A :class:`Compiled` read is built at its first call with a :class:`Slot` where
a value goes, and from then on only executed, as a statement that each connection
has prepared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from django.db import connection
from django.db.models import Expression, QuerySet

from waymark.core import sql

Row = tuple[Any, ...]


class Slot(Expression):
    """The place of one value of a call; what it is compared with gives its type."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Statement:
    """``converters`` are Django's, by place in the row: each from a value of the driver to one of the field."""

    text: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]


class Compiled:
    """A ``values_list`` of several columns that is built once.

    :param name: a comment before the statement, so that the database's log points at the code.
    :param build: called once, with a slot for each value of a call. It fixes everything
        else: it must not look at the clock, the language or a setting that changes. A slot
        takes one value, not a list, and is no limit of a slice.
    """

    def __init__(self, name: str, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._name, self._build = name, build
        self._slots = len(signature(build).parameters)
        self._statement: _Statement | None = None

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for *values*, in the order of the slots. One query."""
        if len(values) != self._slots:
            raise TypeError(f"{self._name} takes {self._slots} values, not {len(values)}")
        statement = self._statement
        if statement is None:
            statement = self._statement = self._compile()
        parameters = [values[each.number] if isinstance(each, Slot) else each for each in statement.parameters]
        rows = sql.rows(statement.text, parameters)
        return [_converted(row, statement.converters) for row in rows] if statement.converters else rows

    def _compile(self) -> _Statement:
        compiler = self._build(*map(Slot, range(self._slots))).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        found = compiler.get_converters([column[0] for column in compiler.select])
        converters = tuple((place, list(each), expression) for place, (each, expression) in found.items())
        return _Statement(f"/* {self._name} */\n{text}", tuple(parameters), converters)


def _converted(row: Row, converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]) -> Row:
    values = list(row)
    for place, steps, expression in converters:
        for convert in steps:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
