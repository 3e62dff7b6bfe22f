"""Hours by kind in entries of their own, totals that are no entries, and lists that letters and numbers make."""

from __future__ import annotations

from textwrap import dedent

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, read_text

HEAD = "# Module Roadmap\n\n## Module Overview\n\n- **Module ID**: MOD-911\n"


def read(text: str) -> Statement:
    statement = read_text(f"{HEAD}{dedent(text)}")
    assert faults_of_account(statement) == []
    return statement


def module(statement: Statement) -> Claim:
    [found] = statement.of_kind("module")
    return found


def of(statement: Statement, kind: str, field: str) -> list[object]:
    return [claim.get(field) for claim in statement.of_kind(kind)]


PARTS = [
    ("- **Duration**: 20 h\n\n### Hours Breakdown\n\n- Lecture: 8-10 h\n- Lab time: 10 hours\n", "20"),
    ("\n| Part | Hours |\n|---|---|\n| Lectures | 8-10 |\n| Labs | 10 |\n| Total | 20 |\n", "20"),
    ("\n## Hours\n\nLecture hours: 8-10\n\nLab hours: 10\n", None),
]


@pytest.mark.parametrize(("text", "total"), PARTS)
def test_hours_of_one_kind_are_parts_and_the_total_is_what_is_stated(text: str, total: str | None) -> None:
    claim = module(read(text))
    assert claim.get("hours_by_kind.lecture") == {"low": "8", "high": "10"}
    assert claim.get("hours_by_kind.lab") == "10"
    assert (claim.get("hours"), claim.get("stated.hours")) == (None, total)


def test_a_count_of_labs_is_no_time_and_a_second_total_is_kept() -> None:
    assert module(read("- Labs: 3\n")).get("hours_by_kind.lab") is None
    table = "| Kind | Hours |\n|---|---|\n| Portfolio | 2 |\n| Total | 11 |\n"
    claim = module(read(f"- **Duration**: 9 h (4 lecture, 5 lab)\n\n{table}"))
    assert (claim.get("stated.hours"), claim.get("stated.in_table")) == ("9", "11")


OUTLINES = [
    "A. Brokers (3 h)\nB. Total cost of ownership (4 h)\n\n**Total**: 7 h\n",
    "A. Brokers (3 h)\n\nB. Total cost of ownership (4 h)\n\nTotal lecture hours: 7\n",
    "1.1 Brokers (3 h)\n1.2 Total cost of ownership (4 h)\n\n- Total: 7 h\n",
    "- Brokers (3 h)\n- Total cost of ownership (4 h)\n- **Total**: 7 h\n",
    "| Topic | Hours |\n|---|---|\n| Brokers | 3 |\n| Total cost of ownership | 4 |\n| **Total** | 7 |\n",
]


@pytest.mark.parametrize("outline", OUTLINES)
def test_letters_and_numbers_make_topics_and_a_total_is_none(outline: str) -> None:
    statement = read(f"\n## Content Outline\n\n{outline}")
    assert of(statement, "topic", "title") == ["Brokers", "Total cost of ownership"]
    assert of(statement, "topic", "hours") == ["3", "4"]
    assert "7" in str(module(statement).get("stated.total.0"))


def test_a_list_right_below_a_line_is_what_the_topic_covers() -> None:
    text = "Week 1: Brokers (3 h)\n\n- queues\n- topics\n\nWeek 2: Limits\n- quotas\n"
    statement = read(f"\n## Content Outline\n\n{text}")
    assert of(statement, "topic", "hours") == ["3", None]
    assert of(statement, "topic", "points.0") == ["queues", "quotas"]
    assert of(statement, "topic", "points.1") == ["topics", None]


def test_one_line_with_a_letter_is_no_list() -> None:
    statement = read("\n## Content Outline\n\nA. Brokers of all kinds\n\n- Queues\n")
    assert of(statement, "topic", "title") == ["Queues"]


def test_labs_stand_in_lines_with_letters_and_a_row_of_totals_is_none() -> None:
    assert of(read("\n## Labs\n\nA. Drain (4 h)\nB. Fill (3 h)\n"), "lab", "hours") == ["4", "3"]
    table = "| Asset | Description | Hours |\n|---|---|---|\n| Lab 1 | Drain | 4 |\n| Total | | 4 |\n"
    statement = read(f"\n## Practical Components\n\n{table}")
    assert of(statement, "lab", "title") == ["Drain"]


LABS = [
    ("1. Drain workshop (2 h).\n", "Drain workshop", "2", None, None),
    ("1. Drain lab \u2013 8 hours \u2013 load stays below 80 %\n", "Drain lab", "8", None, "load stays below 80 %"),
    ("1. Drain lab \u2014 2 h \u2014 in pairs\n", "Drain lab", "2", None, None),
    ("1. Drain lab (4 h): open it; done when nothing waits\n", "Drain lab", "4", "open it", "nothing waits"),
]


@pytest.mark.parametrize(("text", "title", "hours", "words", "criterion"), LABS)
def test_hours_and_criteria_stand_beside_a_title(
    text: str, title: str, hours: str, words: str | None, criterion: str | None
) -> None:
    [lab] = read(f"\n## Hands-On Activities\n\n{text}").of_kind("lab")
    assert (lab.get("title"), lab.get("hours"), lab.get("text")) == (title, hours, words)
    assert (lab.get("criteria.0") or {}).get("text") == criterion
