"""YAML documents: the lines of every value, what is refused before it is built, and what a reader is handed."""

from __future__ import annotations

from typing import Any

import pytest

from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.reader import DocumentKind, KindRegister, SourceDocument
from courses.curriculum.sources.text import source_text
from courses.curriculum.sources.yaml import leaves, line_of, lines_of, load_yaml, plain, read_yaml, structure

TEXT = """\
# a plan
title: One
modules:
- id: M-1
  text: |
    first
    # no comment

    third

  long: words that
    go on
-
  id: M-2
  tags: [a,
    b]
empty: {}
"""


def test_every_value_has_all_its_lines() -> None:
    [data] = load_yaml(TEXT)
    assert {place: (value, list(lines)) for place, value, lines in leaves(data)} == {
        "title": ("One", [2]),
        "modules.0.id": ("M-1", [4]),
        "modules.0.text": ("first\n# no comment\n\nthird\n", [5, 6, 7, 8, 9]),
        "modules.0.long": ("words that go on", [11, 12]),
        "modules.1.id": ("M-2", [14]),
        "modules.1.tags.0": ("a", [15]),
        "modules.1.tags.1": ("b", [16]),
        "empty": ({}, [17]),
    }
    assert list(lines_of(data, "modules")) == list(range(3, 17))
    assert line_of(data["modules"], 1) == 14
    assert (line_of(data, "absent", 9), list(lines_of(data, "absent"))) == (9, [])
    assert list(structure(data)) == [(3, 4)]


def test_lines_count_from_the_file_that_holds_the_front_matter() -> None:
    [data] = load_yaml("a: 1\nb: [x]\n", offset=3)
    assert (line_of(data, "a"), list(lines_of(data, "b"))) == (4, [5])


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\nb: &x [1]\nc: *x\n", "aliases", 2),
        ("a: 1\nb: !!binary aGk=\n", "tags", 2),
        ("a: 1\nb:\n  <<: {c: 1}\n", "merge keys", 3),
        ("a: 1\nb: " + "[" * 20, "deeper than 20", 2),
        ("a: 1\na: 2\n", "duplicate key", 2),
        ("a: 1\nb: [\n", "YAML", 3),
        ("a: 1\nb: \x01\n", "#0001", 2),
        ('a: 1\nb: ["\\0"]\n', "NUL", 2),
        ("a: 1\nb: .inf\n", "not a number", 2),
        ("a: 1\nb: 2\n%YAML 1.2\n", "directive", 3),
    ],
)
def test_what_is_not_read_is_a_fault_and_what_stood_before_it_is_kept(text: str, message: str, line: int) -> None:
    read = read_yaml(text)
    [fault] = read.faults
    assert message in fault.message
    assert fault.line == line
    assert read.mapping["a"] == 1, "enough to recognise the kind"


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert "aliases" in read_yaml(bomb).faults[0].message


def _register(seen: list[Any]) -> KindRegister:
    def read(document: SourceDocument, statement: Statement) -> None:
        seen.append(plain(document.data))
        claim = statement.claim("program", "plan", 1)
        for place, value, lines in leaves(document.data):
            claim.set(place, value, *lines)

    made = KindRegister()
    made.register(DocumentKind("plan", "yaml", lambda document: float("modules" in document.data), read))
    return made


def test_a_document_accounts_for_comments_and_keys_that_open_something(monkeypatch: pytest.MonkeyPatch) -> None:
    from courses.curriculum.sources import reader

    seen: list[Any] = []
    monkeypatch.setattr(reader, "register", _register(seen))
    statement = reader.read_document(SourceDocument(source_text("p.yaml", f"---\n{TEXT}# the end\n".encode()), "yaml"))
    assert statement.account.counts() == {"lines": 17, "mapped": 17, "prose": 0, "reported": 0, "unaccounted": 0}
    assert statement.account.names(8) == ["program:plan.modules.0.text"]


def test_a_fault_is_the_only_finding_of_a_document_whose_kind_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    from courses.curriculum.sources import reader

    seen: list[Any] = []
    monkeypatch.setattr(reader, "register", _register(seen))
    source = source_text("p.yaml", b"modules: [a]\ntitle: *x\n")
    statement = reader.read_document(SourceDocument(source, "yaml"))
    assert (statement.kind, seen) == ("plan", [])
    assert [(each.rule, each.line) for each in statement.findings] == [("source.yaml_alias", 2)]
    assert statement.account.counts()["reported"] == 2


def test_two_comments_at_a_block_of_text_are_an_error_with_its_line() -> None:
    found = read_yaml("# before\n\n| # behind\n  text\n")
    assert [(fault.line, fault.message.partition(" (")[0]) for fault in found.faults] == [
        (3, "YAML: a comment cannot stand before a block of text and behind its mark")
    ]
