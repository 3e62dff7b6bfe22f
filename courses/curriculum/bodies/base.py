"""Shared parts of the bodies: the content of one revision as strict data.

A body is what a document of the native format states about one entity, after
parsing. Its canonical JSON is what a revision hashes, so every value has one
spelling: hours are strings with at most four places, text is NFC without
trailing blanks.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints


class Body(BaseModel):
    """Strict and immutable: an unknown key is an error that names it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def clean_text(value: Any) -> Any:
    """NFC, LF line ends, no blanks at line ends, no empty lines around."""
    if not isinstance(value, str):
        return value
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in value.split("\n")).strip("\n").strip()


def clean_number(value: Any) -> Any:
    """Accept 4, 4.5 or "4.50"; refuse floats that are not what was written."""
    if isinstance(value, bool):
        raise ValueError("a number is expected here, not yes or no")
    if isinstance(value, float):
        value = repr(value)
    if isinstance(value, int | str | Decimal):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation as error:
            raise ValueError(f"{value!r} is not a number") from error
        if not number.is_finite():
            raise ValueError(f"{value!r} is not a number")
        return number
    return value


def number_text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Text = Annotated[str, BeforeValidator(clean_text)]
Line = Annotated[str, BeforeValidator(clean_text), StringConstraints(min_length=1, max_length=500, pattern=r"^[^\n]*$")]
Number = Annotated[Decimal, BeforeValidator(clean_number), PlainSerializer(number_text, return_type=str)]
Positive = Annotated[Number, Field(ge=0, le=10_000_000, decimal_places=4)]
Points = Annotated[Number, Field(ge=0, le=100_000, max_digits=12, decimal_places=4)]
Percent = Annotated[Number, Field(ge=0, le=100)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
# A reference: an id, ids joined by "/" from the outside in, and for another
# program its slug and a colon before it.
Ref = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+:)?[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$")]

_RANGE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:-|\u2013|to)\s*(\d+(?:\.\d+)?)\s*$")
_OPEN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*\+\s*$")


class Range(Body):
    """An amount that may be a range; an open end is null. ``low <= high``."""

    low: Positive | None = None
    high: Positive | None = None

    def model_post_init(self, context: Any) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a range needs at least one end")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range starts at {self.low} but ends at {self.high}")


def read_range(value: Any) -> Any:
    """Accept ``8``, ``"6-8"``, ``"6 to 8"``, ``"50+"`` or ``{low, high}``."""
    if value is None or isinstance(value, dict | Range):
        return value
    if isinstance(value, str):
        if match := _RANGE.match(value):
            return {"low": match[1], "high": match[2]}
        if match := _OPEN.match(value):
            return {"low": match[1], "high": None}
        try:
            clean_number(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is no amount: write 8, 6-8 or 50+") from error
    return {"low": value, "high": value}


Hours = Annotated[Range, BeforeValidator(read_range)]
Amount = Annotated[Range, BeforeValidator(read_range)]


def once(what: str, ids: Iterable[str]) -> None:
    """Refuse an id that a list holds twice."""
    seen: set[str] = set()
    for key in ids:
        if key in seen:
            raise ValueError(f"{what} {key} is there twice")
        seen.add(key)


class Stated(Body):
    """What a document says beside the facts, such as a total beside its parts: never a fact, kept as it is said."""

    what: Line
    value: Text
    source: Line = Field(description="the kind of document that says it; in native, what its author wrote")
    note: Text = ""


class Versions(Body):
    """What a document says of itself: recorded with a release, and never the reason for one."""

    version: Line | None = None
    updated: Line | None = None
    metadata_version: Line | None = None


class EntityBody(Body):
    """The body of an entity, with what its sources say of it and no field of its own holds."""

    stated: tuple[Stated, ...] = ()
    versions: Versions | None = None
