"""Plain values: what crosses, what does not, and what is the same."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter, OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.checks.kit.plain import DEPTH, SIZE, Unplain, decode, encode, same


@dataclasses.dataclass
class Point:
    x: int
    names: list[str]


class Level(IntEnum):
    HIGH = 3


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Counter("aab"), {"a": 2, "b": 1}), (OrderedDict(a=1), {"a": 1}), (Pair(1, "x"), [1, "x"]), ((1, 2), [1, 2]),
        (Point(1, ["é"]), {"x": 1, "names": ["é"]}), (Level.HIGH, 3), ({1: "a"}, {"1": "a"}),
        (True, True), (None, None),
    ],
)  # fmt: skip
def test_subclasses_cross_as_what_they_are_built_on(value: Any, plain: Any) -> None:
    got = decode(encode(value))
    assert same(plain, got)
    assert type(got) is type(plain)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, b"x", 1j, Point, "x" * SIZE])
def test_what_has_no_plain_form_does_not_cross(value: Any) -> None:
    with pytest.raises(Unplain):
        encode(value)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "message",
    [
        b'{"a": 1, "a": 2}', b'{"a": {"b": 1, "b": 1}}', b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"[1] [2]", b"",
        b"\xff", b"{", b'"\\', nested(DEPTH + 1).encode(), b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000,
        b" " * (SIZE + 1),
        b"'a'", b"{1: 2}", b"[1,]",
    ],
    ids=lambda message: repr(message[:12]),
)  # fmt: skip
def test_a_message_that_breaks_a_rule_is_refused(message: bytes) -> None:
    with pytest.raises(Unplain):
        decode(message)


def test_brackets_inside_strings_are_no_depth() -> None:
    text = json.dumps(["[" * 1000, '\\"' + "{" * 1000])
    assert decode(text.encode()) == json.loads(text)
    assert decode(nested(DEPTH).encode()) == json.loads(nested(DEPTH))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (False, 0),
        (None, False),
        (None, 0),
        ("1", 1),
        ([], {}),
        ([1], [True]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ([1], [1, 1]),
    ],
)  # fmt: skip
def test_kinds_are_distinct(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_numbers_are_compared_as_the_check_states() -> None:
    assert same(1, 1.0)
    assert not same(1, 1.0, exact=True)
    assert not same(0.3, 0.1 + 0.2)
    assert same(0.3, 0.1 + 0.2, absolute=1e-9)
    assert same([100.0], [100.9], relative=0.01)
    assert not same(10**400, 1.0, absolute=1.0), "too large for any float"
    assert not same(2**53, 2**53 + 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_every_plain_value_survives_the_way(value: Any) -> None:
    assert same(value, decode(encode(value)), exact=True)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [b'\\"', b'"', b"\\", b'"\\', b'[\\"', b" ", b"["])
@pytest.mark.parametrize("start", [b'"', b"", b'["'])
def test_reading_takes_time_by_the_size_only(start: bytes, piece: bytes) -> None:
    message = start + piece * ((SIZE - len(start)) // len(piece))
    with pytest.raises(Unplain):
        decode(message)
