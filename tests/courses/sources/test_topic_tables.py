"""Tables of topics right below the facts of a module: as topics as those below a label."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import facts, faults_of_account, read_text

CURRICULUM = """\
# Operator - Curriculum

## Prerequisites

- Basic shell

## Module Breakdown

### Module 901: Ports

**Level**: Advanced
**Prerequisites**: None

{0}

### Module 902: Names

**Duration**: 10 hours

## Project Breakdown

### Project 901: Harbour

**Duration**: 20 hours
"""
TABLE = "| {0} | Hours |\n|---|---|\n| Sockets | 4 |\n| Tools | 2-3 |\n| **Total** | 7 |"


@pytest.mark.parametrize(
    "text", [TABLE.format("Topic"), TABLE.format("Main Topics"), f"**Topics Covered**:\n\n{TABLE.format('Topic')}"]
)
def test_rows_are_topics_with_hours_and_a_total_is_none(text: str) -> None:
    statement = read_text(CURRICULUM.format(text))
    assert faults_of_account(statement) == []
    assert [facts(topic) for topic in statement.of_kind("topic")] == [
        {"title": "Sockets", "hours": "4"}, {"title": "Tools", "hours": {"low": "2", "high": "3"}},
    ]  # fmt: skip
    [module, _] = statement.of_kind("module")
    assert (module.get("difficulty"), module.get("notes.0")) == ("Advanced", "**Total** | 7")


def test_a_table_of_something_else_is_a_note() -> None:
    statement = read_text(CURRICULUM.format(TABLE.format("Tool")))
    assert list(statement.of_kind("topic")) == []
    [module, _] = statement.of_kind("module")
    assert module.get("notes.0") == "Sockets | 4"
