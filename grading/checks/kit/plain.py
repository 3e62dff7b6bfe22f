"""Plain values: what may cross between the two sides of a check, as JSON.

Boolean, number, string, null, list and object are distinct. A subclass counts as
the plain value that it is built on (a ``Counter`` is an object, a named tuple a
list), a dataclass as an object of its fields; keys of objects are strings. The
reading side takes nothing on trust: size, depth, duplicate keys, ``NaN`` and
numbers that fit into no float are errors, and what is compared is made of
Python's own types only.
"""

import dataclasses
import json
import math
import re
from typing import Any, NoReturn

SIZE = 1024 * 1024
"""Bytes of one message."""
DEPTH = 64
"""Lists and objects in one another."""

# A text without an end reaches to the end of the message: looking for one again and again would take forever.
_UNIMPORTANT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[^\[\]{}"]+', re.DOTALL)


class Unplain(Exception):
    """A value, or a message, that is no plain JSON. The text says why."""


def encode(value: Any) -> bytes:
    """*value* as JSON in bytes; :class:`Unplain` when it has no plain form."""
    try:
        text = json.dumps(value, allow_nan=False, default=_fields, separators=(",", ":"))
    except RecursionError:
        raise Unplain("it contains itself or is too deeply nested") from None
    except (TypeError, ValueError) as error:
        raise Unplain(str(error)) from None
    message = text.encode()
    _check_size(message)
    return message


def decode(message: bytes) -> Any:
    """The value that *message* says; :class:`Unplain` when it breaks a rule."""
    _check_size(message)
    try:
        return json.loads(
            message.decode(),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
        )
    except RecursionError:
        raise Unplain("it is too deeply nested") from None
    except ValueError as error:
        raise Unplain(f"it is not JSON: {error}") from None


def same(expected: Any, got: Any, *, exact: bool = False, absolute: float = 0.0, relative: float = 0.0) -> bool:
    """Whether two plain values are the same.

    :param exact: whether ``1`` and ``1.0`` differ.
    :param absolute, relative: how far numbers may be apart, as :func:`math.isclose` means it.
    """
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return expected is got
    if isinstance(expected, int | float) and isinstance(got, int | float):
        if exact and type(expected) is not type(got):
            return False
        return bool(expected == got) or _close(expected, got, absolute, relative)
    if type(expected) is not type(got):
        return False
    options: dict[str, Any] = {"exact": exact, "absolute": absolute, "relative": relative}
    if isinstance(expected, list):
        return len(expected) == len(got) and all(same(a, b, **options) for a, b in zip(expected, got, strict=True))
    if isinstance(expected, dict):
        return expected.keys() == got.keys() and all(same(expected[key], got[key], **options) for key in expected)
    return bool(expected == got)


def _close(expected: float, got: float, absolute: float, relative: float) -> bool:
    if not absolute and not relative:
        return False
    try:
        return math.isclose(expected, got, abs_tol=absolute, rel_tol=relative)
    except OverflowError:  # A whole number that fits into no float.
        return False


def _check_size(message: bytes) -> None:
    if len(message) > SIZE:
        raise Unplain(f"it is larger than {SIZE} bytes")
    depth = 0
    for bracket in _UNIMPORTANT.sub(b"", message):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH:
            raise Unplain(f"it is nested deeper than {DEPTH} levels")


def _fields(value: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"a value of type {type(value).__name__} has no plain form")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number fits into no float")
    return value
