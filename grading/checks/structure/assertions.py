"""What an author asserts of the places that a path leads to."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

import re2
from pydantic import Field, field_validator, model_validator

from grading.checks.spec import Strict
from grading.checks.structure.paths import ABSENT, Place, Step, path_read, places, plain_text
from grading.checks.structure.units import Unit, amount

SHOWN: Final = 120
"""Characters of a value in a message."""
SINGLE: Final = ("exists", "absent", "equals", "one_of", "matches", "lacks", "among", "count")
BOUNDS: Final = ("at_least", "at_most", "above", "below")
QUANTIFIED: Final = frozenset({"exists", "equals", "one_of", "matches", "lacks", "among", *BOUNDS})
_MEMORY: Final = 1 << 20
Bound = Annotated[int | float | str, Field(union_mode="left_to_right")]


class Between(Strict):
    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: Annotated[int, Field(ge=0)] | None = None


class Assertion(Strict):
    """One thing that is so, of every place that ``path`` leads to, of any, or of none.

    :param message: what the learner is told when it is not.
    :param above, below: bounds that the number itself may not reach.
    :param unit: what the numbers of the bounds are. Without one a bound may be text too, as a
        curriculum keeps ``0.5``.
    :param points: how much it counts among the others, when they count one by one.
    """

    path: str
    of: Literal["every", "any", "none"] = "every"
    exists: Literal[True] | None = None
    absent: Literal[True] | None = None
    equals: Any = None
    one_of: Annotated[list[Any], Field(min_length=1)] | None = None
    matches: str | None = None
    lacks: str | None = None
    among: Annotated[list[str], Field(min_length=1)] | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    above: Bound | None = None
    below: Bound | None = None
    unit: Unit | None = None
    count: Annotated[int, Field(ge=0)] | Between | None = None
    message: Annotated[str, Field(min_length=1)]
    points: Annotated[int, Field(ge=1, le=100)] = 1
    visible: bool = False

    @field_validator("path")
    @classmethod
    def path_can_be_read(cls, path: str) -> str:
        path_read(path)
        return path

    @field_validator("among")
    @classmethod
    def paths_can_be_read(cls, among: list[str] | None) -> list[str] | None:
        for path in among or ():
            path_read(path)
        return among

    @field_validator("matches", "lacks")
    @classmethod
    def pattern_takes_bounded_time(cls, pattern: str | None) -> str | None:
        try:
            _pattern(pattern or "")
        except re2.error as error:
            raise ValueError(f"{pattern!r} is no pattern of RE2: {error}") from error
        return pattern

    @model_validator(mode="after")
    def one_test(self) -> Assertion:
        tests = [name for name in SINGLE if getattr(self, name) is not None]
        bounds = [getattr(self, name) for name in BOUNDS if getattr(self, name) is not None]
        if len(tests) + bool(bounds) != 1:
            raise ValueError(f"an assertion has one of {', '.join(SINGLE)}, or bounds: {', '.join(BOUNDS)}")
        if self.of != "every" and tests and tests[0] not in QUANTIFIED:
            raise ValueError(f"{tests[0]} is not of {self.of}")
        for bound in bounds:
            if amount(bound, self.unit or "number") is None:
                raise ValueError(f"{bound!r} is no {self.unit or 'number'}")
        return self

    def problem(self, whole: Any) -> str:
        """What is not so, in a sentence or two for the learner; empty when it is."""
        found = places(whole, path_read(self.path))
        present = [place for place in found if place.value is not ABSENT]
        if self.count is not None:
            return self._counted(len(present))
        if self.absent:
            return self._said(present[0]) if present else ""
        fits = self._fits(whole)
        right = [place for place in present if fits(place.value)]
        if self.of == "none":
            return self._said(right[0]) if right else ""
        if self.of == "any":
            return "" if right else self._said(found[0] if len(found) == 1 else None)
        if found and len(right) == len(found):
            return ""
        kept = {id(place) for place in right}
        return self._said(next((place for place in found if id(place) not in kept), None))

    def _counted(self, number: int) -> str:
        wanted = (
            self.count if isinstance(self.count, Between) else Between(at_least=self.count or 0, at_most=self.count)
        )
        if wanted.at_least <= number and (wanted.at_most is None or number <= wanted.at_most):
            return ""
        return f"{self.message} (There: {number}.)"

    def _said(self, place: Place | None) -> str:
        if place is None:
            return self.message
        value = "not there" if place.value is ABSENT else json.dumps(place.value)
        return f"{self.message} ({place}: {value if len(value) <= SHOWN else value[:SHOWN] + '...'}.)"

    def _fits(self, whole: Any) -> Callable[[Any], bool]:
        if self.exists:
            return lambda value: True
        if (text := self.matches if self.matches is not None else self.lacks) is not None:
            pattern, wanted = _pattern(text), self.matches is not None
            return lambda value: (
                isinstance(value, str | int | float) and (pattern.search(plain_text(value)) is not None) is wanted
            )
        bounds = {
            name: amount(bound, self.unit or "number") for name in BOUNDS if (bound := getattr(self, name)) is not None
        }
        if bounds:
            return lambda value: _within(amount(value, self.unit), **bounds)
        if self.among is not None:
            steps: list[tuple[Step, ...]] = [path_read(path) for path in self.among]
            allowed = [place.value for each in steps for place in places(whole, each) if place.value is not ABSENT]
        else:
            allowed = self.one_of if self.one_of is not None else [self.equals]
        known = {same_as(value) for value in allowed}
        return lambda value: same_as(value) in known


def same_as(value: Any) -> Hashable:
    """What two values have in common when they are the same: numbers by value, truth is no number."""
    if isinstance(value, dict):
        return "mapping", frozenset((key, same_as(entry)) for key, entry in value.items() if entry is not None)
    if isinstance(value, list):
        return "list", tuple(same_as(entry) for entry in value)
    return type(value).__name__ if isinstance(value, bool | str) else "number", value


def _within(
    number: Fraction | None,
    *,
    at_least: Fraction | None = None,
    at_most: Fraction | None = None,
    above: Fraction | None = None,
    below: Fraction | None = None,
) -> bool:
    return (
        number is not None
        and (at_least is None or number >= at_least)
        and (at_most is None or number <= at_most)
        and (above is None or number > above)
        and (below is None or number < below)
    )


def _pattern(text: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(text, options)
