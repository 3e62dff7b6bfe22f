"""A walk over lists of people: a changed cell changes its row there only, or a finding names the line."""

from __future__ import annotations

import pytest

from courses.roster.reading import Sheet, read

LISTS = {
    "roster": (
        "E-mail;Full name;Programme;Class;Shoe size\n"
        'ada@quay.test;"Ada; of the Quay";tides;spring-2026;38\n'
        "\n"
        "bo@quay.test;;tides;spring-2026;\n"
    ),
    "cohorts": (
        "program,cohort,title,time zone,starts,ends\n"
        "tides,spring-2026,Spring at sea,Europe/Berlin,2026-03-01,2026-06-30T18:00\n"
        'tides,autumn-2026,"Autumn, ashore",UTC,2026-09-01,\n'
    ),
    "staff": (
        "Mail\tRight\tProgram\tCohort\tPerson\n"
        "cy@quay.test\tinstructor\ttides\tspring-2026\tCy Quay\n"
        "di@quay.test\tadmin\ttides\t\tDi Quay\n"
    ),
}


def cells(sheet: Sheet) -> dict[tuple[int, str], str]:
    return {(row.line, name): value for row in sheet.rows for name, value in row.cells.items()}


def changes(text: str) -> list[tuple[int, str, str, str]]:
    """Line, old value, new value and text of the list, for every value of every row."""
    made = []
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 2):
        for old in dict.fromkeys(line.replace('"', "").replace(";", ",").replace("\t", ",").split(",")):
            value = old.strip()
            if value:
                new = value[:-1] + ("x" if value[-1] != "x" else "y")
                now = [*lines[: number - 1], line.replace(value, new, 1), *lines[number:]]
                made.append((number, value, new, "\n".join(now)))
    return made


@pytest.mark.parametrize("kind", LISTS)
def test_a_changed_cell_changes_its_row_there_only(kind: str) -> None:
    before = read("list.csv", LISTS[kind].encode())
    assert before.kind == kind
    unread = {finding.line for finding in before.findings}
    assert unread <= {1}, "only a column that is not read is named"
    for line, old, new, text in changes(LISTS[kind]):
        after = read("list.csv", text.encode())
        was, now = cells(before), cells(after)
        differ = {place for place in was.keys() | now.keys() if was.get(place) != now.get(place)}
        named = {finding.line for finding in after.findings} - unread
        if named:
            # What is no date, address or right any more is said to be none, and its row is left out.
            assert named == {line}, (old, new)
            assert {at for at, _ in differ} <= {line}, (old, new)
        elif unread and not differ:
            assert old == "38", "of a column that is not read nothing is kept"
        else:
            [(at, name)] = differ
            assert at == line, (old, new)
            assert new in now[at, name], (old, new)
