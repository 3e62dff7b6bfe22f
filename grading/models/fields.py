"""Columns for exact arithmetic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models


class WholeNumberField(models.Field):  # type: ignore[type-arg]
    """A whole number of any size: ``int`` in Python, ``numeric`` without scale in PostgreSQL.

    Numerators and denominators outgrow bigint (averages of averages); a column
    with a scale would round them.
    """

    description = "Whole number of any size"

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def from_db_value(self, value: Decimal | None, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def to_python(self, value: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> int | None:
        return self.to_python(super().get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)
