"""Headings with points are criteria whatever stands below them, and no points are lost."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, read_text

TOP = (
    "# Project Rubrics\n\n## Project 1: Kiln\n\n### Firing (60 points)\n\n- 30-60: even\n- 0-29: uneven\n\n"
    "### Form (40 points)\n\n- 20-40: round\n- 0-19: bent\n\n"
)


def criteria(statement: Statement, *, bonus: bool = False) -> list[tuple[str, str]]:
    claims = [claim for claim in statement.claims if claim.kind == "criterion" and ("bonus" in claim.fields) is bonus]
    return [(str(claim.fields["title"].value), str(claim.fields["points"].value)) for claim in claims]


def read(text: str) -> Statement:
    statement = read_text(TOP + text, "rubrics.md")
    assert statement.kind == "rubrics"
    assert not faults_of_account(statement)
    return statement


def test_a_heading_with_points_is_a_criterion_whatever_stands_below() -> None:
    statement = read(
        "## Project 2: Glaze\n\n### Colour (30 points)\n\nIs it the right one?\n\n- 20-30: yes\n- 0-19: no\n\n"
        "### Coat (25 points)\n\nIt covers the pot.\n\n### Recipe (20 points)\n\n- [ ] Written down\n\n"
        "### Shine (15 points)\n\n| Level | Asks |\n|---|---|\n| 10-15 | bright |\n| 0-9 | dull |\n\nSeen by day.\n\n"
        "### Feel (10 points)\n\n- 5-10: smooth\n- 0-4: rough\n\n* Dry hands\n\n**Deductions**: -5 for drips\n"
    )
    expected = [("Colour", "30"), ("Coat", "25"), ("Recipe", "20"), ("Shine", "15"), ("Feel", "10")]
    assert criteria(statement)[2:] == expected
    colour, coat, recipe, shine, feel = [claim for claim in statement.claims if claim.kind == "criterion"][2:]
    assert colour.fields["text"].value == "Is it the right one?"
    assert [colour.count("levels"), shine.count("levels"), feel.count("levels")] == [2, 2, 2]
    assert coat.fields["text"].value == "It covers the pot."
    assert recipe.fields["checklist.0"].value == "Written down"
    assert feel.fields["checklist.0"].value == "Dry hands"


@pytest.mark.parametrize(
    "entries",
    [
        "- **Cones** (25 points): read\n- **Shelves** (15 points): clean\n",
        "1. Cones \u2013 25 points\n2. Shelves \u2013 15 points\n",
    ],
)
def test_entries_that_add_up_to_their_heading_are_criteria(entries: str) -> None:
    statement = read(f"## Project 2: Kiln room\n\n### Care (40 points)\n\n{entries}")
    assert criteria(statement)[2:] == [("Cones", "25"), ("Shelves", "15")]


def test_entries_that_do_not_add_up_are_levels() -> None:
    statement = read(
        "## Project 2: Room\n\n### Care (40 points)\n\n- **Good** (40 points): a\n- **Bad** (10 points): b\n"
    )
    assert criteria(statement)[2:] == [("Care", "40")]


@pytest.mark.parametrize(
    "heading", ["Minimum to pass (70 points)", "Excellent (90-100 points)", "Penalties (10 points)", "Share (20%)"]
)
def test_what_is_no_criterion_stays_prose(heading: str) -> None:
    assert criteria(read(f"## Project 2: Room\n\n### {heading}\n\nSome words.\n")) == [("Firing", "60"), ("Form", "40")]


@pytest.mark.parametrize(
    "table", ["| Who | Note |\n|---|---|\n| Ann | a |\n", "- Cones (3 points)\n- Shelves: 4 points each\n"]
)
def test_a_heading_above_what_has_points_of_its_own_is_a_group(table: str) -> None:
    statement = read(f"### Care (40 points)\n\nAbout it.\n\n{table}")
    assert ("Care", "40") not in criteria(statement)


@pytest.mark.parametrize(
    "line",
    [
        "**Bonus (max 5 points)**: +3 for lids, +2 for feet\n",
        "### Bonus Points (up to +5%)\n\n- lids: +3%, feet: +2%\n",
        "### Bonus Points (up to +5)\n\n+3 for lids, and +2 for feet.\n",
    ],
)
def test_several_bonuses_in_a_line_are_one_each(line: str) -> None:
    assert criteria(read(line), bonus=True) == [("lids", "3"), ("feet", "2")]
