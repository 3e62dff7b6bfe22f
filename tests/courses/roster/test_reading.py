"""CSV lists become rows: kinds by their columns, faults by line, limits by exceeding them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.curriculum.sources.text import MAX_BYTES
from courses.roster import reading
from courses.roster.reading import Sheet, instant, read

HEAD = "email,program,cohort\n"


def sheet_of(text: str) -> Sheet:
    return read("list.csv", text.encode())


def faults(sheet: Sheet) -> list[tuple[str, int]]:
    return [(finding.rule.removeprefix("people."), finding.line) for finding in sheet.findings]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("email,program,cohort", "roster"),
        ("E-Mail; Programme; Class; Name", "roster"),
        ("Cohort\tE-mail address\tCourse", "roster"),
        ("email,role", "staff"),
        ("Mail,Right,Program,Cohort", "staff"),
        ("program,cohort", "cohorts"),
        ("program,cohort,title,Time zone,Starts,Ends", "cohorts"),
    ],
)
def test_what_a_list_is_its_columns_say(head: str, kind: str) -> None:
    sheet = sheet_of(f"{head}\n")
    assert (sheet.kind, sheet.findings, sheet.rows) == (kind, [], [])


def test_rows_keep_their_lines_through_quotes_blanks_and_other_line_ends() -> None:
    sheet = read(
        "list.csv",
        b'\xef\xbb\xbf\r\nemail,name,program,cohort\r\n\r\n A@Demo.Test ,"Two\r\nlines",north,one\r\n,,,\r\n'
        b'b@demo.test,"He said ""hi"", then",north,one\r\n',
    )
    assert sheet.findings == []
    assert [(row.line, row["email"], row["name"]) for row in sheet.rows] == [
        (4, "a@demo.test", "Two\nlines"),
        (7, "b@demo.test", 'He said "hi", then'),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("empty", 1)]),
        ("\n\n", [("empty", 1)]),
        ("name\nx\n", [("no_column", 1)]),
        ("email,program\na@demo.test,north\n", [("no_column", 1)]),
        ("email,mail,program,cohort\n", [("column_twice", 1)]),
        ("email,program,cohort,grade\n", [("unknown_column", 1)]),
        (f'{HEAD}a@demo.test,"nor', [("broken", 1)]),
        (f"{HEAD}a@demo.test,north,one,more\n", [("too_wide", 2)]),
        (f"{HEAD}a@demo.test,north,one,\n", []),
        (f"{HEAD}a@demo.test,north\n", [("bad_value", 2)]),
        (f"{HEAD}nobody,north,one\n", [("bad_value", 2)]),
        (f"{HEAD}a@demo.test,north,one two\n", [("bad_value", 2)]),
        ("email,role\na@demo.test,owner\n", [("bad_value", 2)]),
        ("email,role,program,cohort\na@demo.test,instructor,north,\n", [("bad_value", 2)]),
        ("email,role,program,cohort\na@demo.test,admin,north,one\n", [("bad_value", 2)]),
        ("email,role,program,cohort\na@demo.test,Admin,,\n", []),
        ("program,cohort,time_zone\nnorth,one,Mars/Olympus\n", [("bad_value", 2)]),
        ("program,cohort,starts,ends\nnorth,one,1999-12-31,9999-12-31\n", [("bad_value", 2), ("bad_value", 2)]),
        ("program,cohort,starts,ends\nnorth,one,tomorrow,2026-13-01\n", [("bad_value", 2), ("bad_value", 2)]),
        ("program,cohort,starts,ends\nnorth,one,20260901,2026-W50\n", [("bad_value", 2), ("bad_value", 2)]),
        ("program,cohort,starts,ends\nnorth,one,2026-09-01 09:00,2026-12-18T09:00+01:00\n", []),
    ],
)
def test_every_fault_has_its_line(text: str, found: list[tuple[str, int]]) -> None:
    sheet = sheet_of(text)
    assert faults(sheet) == found
    assert all(finding.fix for finding in sheet.findings)


def test_a_row_that_is_said_twice_counts_once_and_one_that_differs_is_an_error() -> None:
    same = sheet_of(f"{HEAD}a@demo.test,north,one\nA@demo.test,north,one\n")
    assert (len(same.rows), same.findings) == (1, [])
    other = sheet_of(f"{HEAD}a@demo.test,north,one\na@demo.test,north,two\nb@demo.test,north,two\n")
    assert faults(other) == [("twice", 3)]
    assert other.findings[0].related == (("list.csv", 2),)
    assert [row["email"] for row in other.rows] == ["a@demo.test", "b@demo.test"]
    two = sheet_of("email,role,program,cohort\na@demo.test,instructor,north,one\na@demo.test,instructor,north,two\n")
    assert len(two.rows) == 2, "two rights of one person"


def test_limits_are_named() -> None:
    rows = [f"p{number}@demo.test,north,one\n" for number in range(reading.MAX_ROWS + 1)]
    assert len(sheet_of(HEAD + "".join(rows[:-1])).rows) == reading.MAX_ROWS
    more = sheet_of(HEAD + "".join(rows))
    assert (faults(more), more.rows) == ([("too_many", reading.MAX_ROWS + 2)], [])
    assert "1001 rows; the limit is 1000" in more.findings[0].message
    assert faults(sheet_of(f"{HEAD}a@demo.test,north,{'x' * (reading.MAX_CELL + 1)}\n")) == [("bad_value", 2)]
    assert [each.rule for each in read("x.csv", b"x" * (MAX_BYTES + 1)).findings] == ["source.too_large"]
    assert [each.rule for each in read("x.csv", b"\xff\xfe").findings] == ["source.not_text"]
    # A cell longer than the csv module takes is a fault like any other.
    assert faults(sheet_of(f"{HEAD}{'x' * 200_000},north,one\n")) == [("broken", 1)]


def test_damaged_encoding_is_repaired_and_said() -> None:
    sheet = sheet_of("email,program,cohort,name\na@demo.test,north,one,Ren\u00c3\u00a9e\n")
    assert sheet.rows[0]["name"] == "Ren\u00e9e"
    assert [finding.rule for finding in sheet.findings] == ["hygiene.mojibake"]


def test_days_and_minutes_are_of_the_zone() -> None:
    assert instant("2026-09-01", "Asia/Tokyo") == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert instant("2026-09-01", "Asia/Tokyo", end=True) == datetime(2026, 9, 1, 15, tzinfo=UTC)
    assert instant("2026-09-01T09:00", "Europe/Berlin", end=True) == datetime(2026, 9, 1, 7, tzinfo=UTC)
    assert instant("2026-09-01T09:00+00:00", "Asia/Tokyo") == datetime(2026, 9, 1, 9, tzinfo=UTC)
    assert instant("", "UTC") is None


HEADS = (b"", HEAD.encode(), b"email;role;program;cohort\n", b"program,cohort,starts,ends,time zone\n")


@given(st.text(max_size=300) | st.binary(max_size=300), st.sampled_from(HEADS))
def test_nothing_breaks_the_reader(content: str | bytes, head: bytes) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    sheet = read("list.csv", head + data)
    assert all(finding.message and finding.line >= 1 for finding in sheet.findings)


def test_a_name_in_two_columns_is_one_and_the_line_of_a_spreadsheet_is_no_row() -> None:
    head = "sep=;\nE-Mail;First name;Last name;Programm;Kohorte\n"
    text = f"{head}ana@example.org;Ana;Silva;ops;one\nbo@example.org;;;ops;one\n"
    sheet = sheet_of(text)
    assert (sheet.kind, sheet.findings) == ("roster", [])
    assert [(row.line, row["email"], row["name"]) for row in sheet.rows] == [
        (3, "ana@example.org", "Ana Silva"), (4, "bo@example.org", ""),
    ]  # fmt: skip
    assert "given" not in sheet.rows[0].cells
