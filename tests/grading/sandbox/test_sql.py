"""The *sql* kind: what an author may write, what a query may do, what decides, what is told to whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.sql import KIND
from grading.sandbox.contract import Outcome
from tests.grading.sandbox.conftest import Watched

TABLES = "CREATE TABLE calls (path TEXT, ms INTEGER);"
ROWS = {"calls": [["/a", 3], ["/b", 5], ["/a", 4]]}
SLOWEST = "SELECT path, max(ms) AS slowest FROM calls GROUP BY path"
CASE: dict[str, Any] = {"rows": ROWS, "expect": {"rows": [["/a", 4], ["/b", 5]]}, "visible": True}

ONE_LEVEL = pytest.mark.parametrize("backend", ["supervised"], indirect=True)
"""For what SQLite alone decides."""


def checked(backend: Watched, query: str | bytes, *cases: dict[str, Any], **spec: Any) -> CheckOutcome:
    prepared = KIND.prepare({"file": "q.sql", "tables": TABLES, "cases": list(cases) or [CASE], **spec}, {})
    data = query if isinstance(query, bytes) else query.encode()
    return prepared.run(backend, {"q.sql": data, "other.py": b""}, Seeds(1, 2))


def case(*rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"rows": ROWS, "expect": {"rows": list(rows)}, "visible": True, **more}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"cases": []}, "cases"),
        ({"cases": [{"rows": ROWS}]}, "expect"),
        ({"cases": [case([True])]}, "expect.rows.0.0"),
        ({"cases": [case([float("nan")])]}, "plain form"),
        ({"cases": [case([1], [1, 2])]}, "one length"),
        ({"cases": [{"expect": {"rows": [[1]], "columns": ["a", "b"]}}]}, "one length"),
        ({"cases": [{**CASE, "rows": {"calls": [[[]]]}}]}, "rows.calls"),
        ({"cases": [{"expect": {"rows": "[[1], NaN]"}}]}, "NaN is no number"),
        ({"cases": [{"expect": {"rows": "[[true]]"}}]}, "expect.rows.0.0"),
        ({"file": "../q.sql"}, "stay inside"),
        ({"most": 0}, "most"),
        ({"extension": "x"}, "extension"),
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare({"file": "q.sql", "tables": TABLES, "cases": [CASE]} | spec, {})


@ONE_LEVEL
@pytest.mark.parametrize(
    "query",
    [
        SLOWEST, f"{SLOWEST};\n-- done\n", f"\ufeff{SLOWEST}".replace(" ", "\r\n"),
        "WITH big AS (SELECT path, ms FROM calls WHERE ms > 3) SELECT * FROM big /* und größer */",
        "SELECT DISTINCT path, max(ms) OVER (PARTITION BY path) FROM calls",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) "
        "SELECT path, max(ms) FROM calls WHERE ms IN n GROUP BY 1",
        "SELECT path, max(ms) FROM calls WHERE ms IN (SELECT value FROM json_each('[3, 4, 5]')) GROUP BY path",
        "VALUES ('/a', 4), ('/b', 5.0)",
    ],
)  # fmt: skip
def test_right_queries_pass_however_they_are_written(backend: Watched, query: str) -> None:
    outcome = checked(backend, query)
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.PASSED, 1, "All 1 cases passed.")


@ONE_LEVEL
@pytest.mark.parametrize(
    "query",
    [
        "ATTACH '/tmp/a' AS b", "VACUUM INTO '/tmp/a'", "PRAGMA writable_schema = ON", "PRAGMA query_only = OFF",
        "SELECT * FROM pragma_database_list", "SELECT load_extension('/tmp/x.so')", "SELECT fts3_tokenizer('simple')",
        "INSERT INTO calls VALUES ('/a', 1) RETURNING path", "UPDATE calls SET ms = 1 RETURNING ms",
        "DELETE FROM calls", "DROP TABLE calls", "CREATE TEMP TABLE t (a)",
        "CREATE VIRTUAL TABLE t USING fts5(a)", "BEGIN", "SAVEPOINT s",
        "ANALYZE", "DETACH main",
    ],
)  # fmt: skip
def test_a_query_only_reads_the_tables(backend: Watched, query: str) -> None:
    outcome = checked(backend, query)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    assert "not authorized" in outcome.message or "authorization denied" in outcome.message


@ONE_LEVEL
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "no query that gives rows"), ("-- later", "no query that gives rows"), ("REINDEX", "no query"),
        (b"\xff", "no text in UTF-8"), ("SELECT 'a\0b'", "null character"), ("SELEC 1", "syntax error"),
        (f"{SLOWEST}; {SLOWEST}", "one statement at a time"), ("SELECT x'00'", "a blob"),
        ("SELECT 9e999", "not JSON compliant"), ("SELECT CAST(x'ff' AS TEXT)", "UTF-8"),
        ("SELECT zeroblob(5000000)", "too big"), ("SELECT printf('%.*c', 2000000, 'x')", "larger than 1048576 bytes"),
        ("SELECT a.ms FROM calls a, calls b", "more than 8 rows"), ("SELECT größe FROM calls", "no such column"),
        ("SELECT '\x1b[32m' FROM", "incomplete input"), ("SELECT '</script>' || char(27, 10)", "expected"),
        ("SELECT readfile('/work/plan.json')", "no such function"),
    ],
)  # fmt: skip
def test_what_gives_no_rows_fails_and_says_why(backend: Watched, query: str | bytes, said: str) -> None:
    outcome = checked(backend, query, most=8)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    assert said in outcome.message
    assert outcome.message.isascii()
    assert outcome.message.isprintable()


@ONE_LEVEL
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT path, min(ms) FROM calls GROUP BY path", 'q.sql gave [["/a", 3], ["/b", 5]], expected'),
        ("SELECT path, CAST(max(ms) AS TEXT) FROM calls GROUP BY path", '[["/a", "4"], ["/b", "5"]]'),
        ("SELECT path, max(ms), 1 FROM calls GROUP BY path", '["/a", 4, 1]'),
        ("SELECT path, max(ms) FROM calls", '[["/b", 5]]'),
        (f"{SLOWEST} UNION ALL SELECT '/b', 5", '["/b", 5], ["/b", 5]]'),
        ("SELECT path, max(ms, NULL) FROM calls WHERE ms > 3", '["/a", null]'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_of_visible_cases(backend: Watched, query: str, said: str) -> None:
    outcome = checked(backend, query)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    assert said in outcome.message


def test_the_order_counts_where_it_should_and_must_be_asked_for(backend: Watched) -> None:
    down = case(["/b", 5], ["/a", 4])
    assert checked(backend, f"{SLOWEST} ORDER BY 1", down).outcome is Outcome.PASSED
    assert checked(backend, f"{SLOWEST} ORDER BY 1", down, ordered=True).outcome is Outcome.FAILED
    assert checked(backend, f"{SLOWEST} ORDER BY 2 DESC", down, ordered=True).outcome is Outcome.PASSED
    by_luck = case(["/a"], ["/b"], ["/a"])
    assert checked(backend, "SELECT path FROM calls", by_luck).outcome is Outcome.PASSED
    outcome = checked(backend, "SELECT path FROM calls LIMIT 3", by_luck, ordered=True)
    assert "when SQLite read the tables in another order" not in outcome.message, "it reads the same from its end"
    by_luck = case(["/a", 3], ["/b", 5], ["/a", 4])
    outcome = checked(backend, "SELECT * FROM calls", by_luck, ordered=True)
    assert 'gave [["/a", 4], ["/b", 5], ["/a", 3]] when SQLite read the tables in another order' in outcome.message
    assert checked(backend, "SELECT * FROM calls ORDER BY rowid", by_luck, ordered=True).outcome is Outcome.PASSED


def test_names_of_columns_count_when_they_are_given(backend: Watched) -> None:
    named = {"rows": ROWS, "expect": {"columns": ["path", "slowest"], "rows": CASE["expect"]["rows"]}, "visible": True}
    assert checked(backend, SLOWEST, named).outcome is Outcome.PASSED
    outcome = checked(backend, SLOWEST.replace("slowest", "ms"), named)
    assert 'q.sql gave the columns ["path", "ms"], expected ["path", "slowest"].' in outcome.message
    assert checked(backend, SLOWEST.replace("slowest", "ms")).outcome is Outcome.PASSED


def test_numbers_are_compared_as_the_check_states(backend: Watched) -> None:
    assert checked(backend, "SELECT 0.1 + 0.2", case([0.3])).outcome is Outcome.PASSED
    assert checked(backend, "SELECT 0.1 + 0.2", {"expect": {"rows": "[[0.3]]"}}).outcome is Outcome.PASSED
    assert checked(backend, "SELECT 0.1 + 0.2", case([0.3]), relative=0).outcome is Outcome.FAILED
    assert checked(backend, "SELECT 2.0", case([2])).outcome is Outcome.PASSED
    assert checked(backend, "SELECT 2.0", case([2]), numbers="exact").outcome is Outcome.FAILED
    assert checked(backend, "SELECT 10000000001", case([10000000002]), relative=0.1).outcome is Outcome.FAILED, "whole"
    near = case([1.0, "x"], [1.2, "x"], [None, "y"])
    pairs = "VALUES (NULL, 'y'), (1.15, 'x'), (1.05, 'x')"
    assert checked(backend, pairs, near, absolute=0.1).outcome is Outcome.PASSED
    assert checked(backend, pairs, near, absolute=0.01).outcome is Outcome.FAILED


def test_an_empty_result_may_be_right_and_tables_may_be_filled_by_statements(backend: Watched) -> None:
    filled = {"sql": "INSERT INTO calls VALUES ('/c', 9); DELETE FROM calls WHERE ms < 4;", "rows": ROWS}
    expected = {"rows": [["/a", 3], ["/a", 4], ["/b", 5], ["/c", 9]]}
    nothing = {"expect": {"rows": [], "columns": ["path", "ms"]}}
    assert checked(backend, "SELECT * FROM calls", {**filled, "expect": expected}, nothing).outcome is Outcome.PASSED
    assert checked(backend, "SELECT 1", nothing).outcome is Outcome.FAILED


def test_nothing_of_hidden_cases_is_told_and_points_may_be_in_proportion(backend: Watched) -> None:
    hidden = {"rows": {"calls": [["/held-back", 1]]}, "expect": {"rows": [["/held-back", 1]]}}
    known = "VALUES ('/a', 4), ('/b', 5)"
    outcome = checked(backend, known, CASE, hidden, scoring="cases")
    assert (outcome.share, outcome.message) == (Fraction(1, 2), "1 of 2 cases passed.")
    assert [(each.visible, each.passed) for each in outcome.cases] == [(True, True), (False, False)]
    assert "/held-back" in outcome.cases[1].message, "staff see it"
    assert checked(backend, known, CASE, hidden).share == 0


@pytest.mark.parametrize(
    ("query", "limits", "expected"),
    [
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", {"cpu": 0.3}, "time"),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 60) "
         "SELECT count(DISTINCT randomblob(3000000) || i) FROM n", {"memory": 64, "wall": 20, "cpu": 20}, "memory"),
    ],
    ids=["time", "memory"],
)  # fmt: skip
def test_a_limit_ends_the_check_without_points(
    backend: Watched, query: str, limits: dict[str, Any], expected: str
) -> None:
    outcome = checked(backend, query, CASE, case([1], visible=False), scoring="cases", limits=limits)
    assert (str(outcome.outcome), outcome.share) == (expected, 0)
    assert [(each.id, each.visible, each.passed) for each in outcome.cases] == [
        ("case-1", True, False), ("case-2", False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"sql": "INSERT INTO absent VALUES (1)"}, {"rows": {"calls": [["/a"]]}}, {"rows": {"calls": [["/a", 2**70]]}}],
    ids=["statement", "width", "number"],
)
def test_an_authors_mistake_is_no_verdict_about_the_work(backend: Watched, wrong: dict[str, Any]) -> None:
    outcome = checked(backend, SLOWEST, CASE, {**CASE, **wrong})
    assert (outcome.outcome, outcome.share) == (Outcome.INFRASTRUCTURE, 0)
    assert "The author's tables of case-2 cannot be made" in outcome.message


def test_work_without_the_file_fails_and_a_huge_one_is_rejected(backend: Watched) -> None:
    prepared = KIND.prepare({"file": "other.sql", "tables": TABLES, "cases": [CASE]}, {})
    missing = prepared.run(backend, {"q.sql": b"SELECT 1"}, Seeds(1, 2))
    assert (missing.outcome, missing.message) == (Outcome.FAILED, "There is no file 'other.sql'.")
    assert checked(backend, b"-" * 300_000).outcome is Outcome.REJECTED
    assert not backend.started


def test_files_of_the_work_are_not_beside_the_query(backend: Watched) -> None:
    prepared = KIND.prepare({"file": "a/q.sql", "tables": TABLES, "cases": [CASE]}, {})
    hostile = dict.fromkeys(("plain.py", "json.py", "sqlite3.py", "query.sql"), b"raise SystemExit('shadowed')")
    outcome = prepared.run(backend, {"a/q.sql": SLOWEST.encode(), "plan.json": b"{}", **hostile}, Seeds(1, 2))
    assert outcome.outcome is Outcome.PASSED
