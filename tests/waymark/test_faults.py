"""Faults of values in our words: what it needs, what it has; nothing of the library's own way to say it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from waymark.core.faults import fault_told


class Inner(BaseModel):
    name: str


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    text: Annotated[str, Field(min_length=1, max_length=5, pattern=r"^[a-z]*$")] = "a"
    whole: int = 1
    share: Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)] = Decimal(0)
    ratio: Annotated[float, Field(gt=0, lt=2)] = 1
    kind: Literal["lab", "quiz"] = "lab"
    listed: Annotated[tuple[Inner, ...], Field(min_length=2, max_length=3)] = ()
    mapped: dict[str, int] = {}
    inner: Inner | None = None
    flag: bool = False
    on: date | None = None

    @field_validator("whole")
    @classmethod
    def even(cls, value: int) -> int:
        if value == 13:
            raise ValueError("13 is out of use")
        return value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": 5}, "text needs a text, not 5"),
        ({"text": None}, "text needs a text, not nothing"),
        ({"text": ""}, "text is empty"),
        ({"text": "aaaaaa"}, "text has more than 5 characters"),
        ({"text": "B"}, "text does not have the form that it needs: 'B'"),
        ({"whole": "many"}, "whole needs a whole number, not 'many'"),
        ({"whole": 1.5}, "whole needs a whole number, not 1.5"),
        ({"whole": 13}, "whole: 13 is out of use"),
        ({"share": "x"}, "share needs a number, not 'x'"),
        ({"share": 2}, "share must be at most 1, not 2"),
        ({"share": -1}, "share must be at least 0, not -1"),
        ({"share": "0.125"}, "share has more than 2 decimal places"),
        ({"ratio": 2}, "ratio must be less than 2.0, not 2"),
        ({"ratio": 0}, "ratio must be more than 0.0, not 0"),
        ({"ratio": []}, "ratio needs a number, not a list"),
        ({"kind": "exam"}, "kind must be 'lab' or 'quiz', not 'exam'"),
        ({"listed": {}}, "listed needs a list, not keys with values"),
        ({"listed": [{"name": "a"}]}, "listed needs at least 2 entries"),
        ({"listed": [{"name": "a"}] * 4}, "listed has more than 3 entries"),
        ({"listed": [{"name": "a"}, {}]}, "listed.1.name is missing"),
        ({"mapped": "x"}, "mapped needs keys with values, not 'x'"),
        ({"inner": "x"}, "inner needs keys with values, not 'x'"),
        ({"flag": "perhaps"}, "flag needs true or false, not 'perhaps'"),
        ({"on": "soon"}, "on needs a date, as 2026-01-31, not 'soon'"),
        ({"other": 1}, "other is not known here"),
        ({"text": "y" * 99, "kind": "z" * 99}, "text has more than 5 characters"),
    ],
)
def test_every_fault_is_said_in_our_words(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Thing.model_validate(data)
    assert fault_told(error.value.errors()[0]) == said


def test_the_whole_has_a_name_and_long_values_are_cut() -> None:
    with pytest.raises(ValidationError) as error:
        Thing.model_validate("z" * 99)
    assert fault_told(error.value.errors()[0], "the spec") == f"the spec needs keys with values, not '{'z' * 60}...'"
