"""Of two texts that differ in their layout only nothing has changed; code, signs and structure are content."""

from __future__ import annotations

import pytest

from courses.curriculum.layout import is_layout

SAME = [
    ("one two\nthree", "one  two three"),
    ("- one\n- two", "* one\n* two"),
    ("1. one\n2. two", "1) one\n2) two"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "|a|b|\n|:--|---|\n|1|2|"),
    ("Title\n=====\n\nWords.", "# Title\n\nWords."),
    ("*soft*  words", "_soft_ words"),
]
OTHER = [
    ("`a b`", "`a  b`"),
    ("```\na\nb\n```", "```\na b\n```"),
    ("```py\na\n```", "```sh\na\n```"),
    ("say 'so'", "say \u2018so\u2019"),
    ("a - b", "a \u2013 b"),
    ("one\n\ntwo", "one two"),
    ("- one\n- two", "1. one\n2. two"),
    ("**one**", "*one*"),
    ("[x](https://example.test/a)", "[x](https://example.test/b)"),
    ("one\\\ntwo", "one two"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_layout_is_no_content(one: str, other: str) -> None:
    assert is_layout("body", one, other)
    assert is_layout("criteria.0.text", one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_content_is_no_layout(one: str, other: str) -> None:
    assert not is_layout("body", one, other)


@pytest.mark.parametrize("field", ["starter.0.content", "spec.text", "accepted.0", "title", "commands.0"])
def test_where_no_prose_stands_every_blank_counts(field: str) -> None:
    assert not is_layout(field, "a b", "a  b")


def test_what_is_no_text_is_none() -> None:
    assert not is_layout("body", None, "")
    assert not is_layout("text", ["a"], ["a"])
