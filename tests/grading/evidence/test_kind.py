"""The *evidence* kind: what is read, whose it has to be, how fresh, and what decides. Nothing is started for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from assessments.markers import MARKER, marker_of
from grading.checks.contract import CheckOutcome, HandIn, PersonalCheck, Seeds, SpecProblem
from grading.checks.evidence.formats import LARGEST, VALUES
from grading.checks.evidence.personal import moment_of
from grading.checks.kinds.evidence import KIND
from grading.sandbox.contract import Outcome

MINE, THEIRS = "wm-abcdefghijklmnop", "wm-qrstuvwxyz234567"
NOW = HandIn(MINE, datetime(2026, 3, 10, 12, tzinfo=UTC))
AT = {"path": "marker", "how": "The field `marker` is `{{marker}}`."}
THERE = {"path": "marker", "exists": True, "message": "It is there."}
SPEC = {"file": "it.json", "format": "json", "marker": AT, "assertions": [THERE]}
NO_BACKEND: Any = None


def checked(value: Any, *assertions: dict[str, Any], hand_in: HandIn = NOW, **spec: Any) -> CheckOutcome:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    check = KIND.prepare(SPEC | ({"assertions": list(assertions)} if assertions else {}) | spec, {})
    return check.of(hand_in).run(NO_BACKEND, {"it.json": data}, Seeds(1, 2))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"file": "../it.json"}, "stay inside"),
        ({"format": "toml"}, "no format 'toml'; known are csv, image, json, log, metrics, objects, terraform-plan"),
        ({"marker": None}, "marker"),
        ({"marker": {"path": "a..b", "how": "x"}}, "is no path"),
        ({"marker": {"path": "a"}}, "how"),
        ({"marker": AT | {"of": "none"}}, "of"),
        ({"fresh": {"path": "at"}}, "days"),
        ({"fresh": {"path": "at", "days": 0}}, "days"),
        ({"assertions": []}, "assertions"),
        ({"assertions": [{"path": "a", "above": "x", "message": "x"}]}, "'x' is no number"),
        ({"assertions": [{"path": "a", "above": 1, "count": 1, "message": "x"}]}, "has one of"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare(SPEC | spec, {})


# -- whose it is -------------------------------------------------------------------
def test_a_marker_is_of_one_enrolment_for_one_lab_and_of_this_installation(settings: Any) -> None:
    one, other = UUID(int=1), UUID(int=2)
    marker = marker_of(one, 7)
    assert MARKER.fullmatch(marker)
    assert marker_of(one, 7) == marker
    assert len({marker, marker_of(other, 7), marker_of(one, 8)}) == 3
    settings.SECRET_KEY = "another" * 10
    assert marker_of(one, 7) != marker


def test_the_same_evidence_is_one_learners_only() -> None:
    mine = checked({"marker": MINE})
    assert (mine.outcome, mine.share, [case.id for case in mine.cases]) == (Outcome.PASSED, 1, ["marker", "case-1"])
    theirs = checked({"marker": MINE}, hand_in=HandIn(THEIRS, NOW.at))
    assert (theirs.outcome, theirs.share) == (Outcome.REJECTED, 0)
    assert theirs.message == (
        f"This is not your evidence: marker has the marker {MINE}, and yours for this lab is {THEIRS}."
    )


@pytest.mark.parametrize(
    ("value", "marker", "outcome", "said"),
    [
        ({}, {}, "failed", f"Your marker {MINE} is not at marker."),
        ({"marker": "mine"}, {}, "failed", "is not at marker."),
        ({"marker": MINE.upper()}, {}, "failed", "is not at marker."),
        ({"marker": MINE + "x"}, {}, "failed", "is not at marker."),
        ({"marker": [MINE]}, {}, "failed", "is not at marker."),
        ({"marker": f"bucket-{MINE}-a"}, {}, "passed", ""),
        ({"marker": f"{MINE} {THEIRS}"}, {}, "rejected", THEIRS),
        ({"all": [{"m": MINE}, {"m": THEIRS}]}, {"path": "all[*].m"}, "rejected", "all[1].m has the marker"),
        ({"all": [{"m": MINE}, {}]}, {"path": "all[*].m"}, "failed", "is not at all[*].m (all[1].m)."),
        ({"all": []}, {"path": "all[*].m"}, "failed", "is not at all[*].m."),
        ({"all": [{"m": MINE}, {"m": THEIRS}]}, {"path": "all[*].m", "of": "any"}, "passed", ""),
        ({"all": [{"m": "x"}, {"m": THEIRS}]}, {"path": "all[*].m", "of": "any"}, "rejected", THEIRS),
    ],
)  # fmt: skip
def test_where_the_marker_has_to_be(value: Any, marker: dict[str, Any], outcome: str, said: str) -> None:
    found = checked(value, {"path": "none", "absent": True, "message": "x"}, marker=AT | marker)
    assert found.outcome == outcome, found
    assert found.share == (1 if outcome == "passed" else 0), "what else holds is worth nothing without it"
    assert said in found.message


def test_nothing_is_checked_until_it_is_said_whose_it_is() -> None:
    check = KIND.prepare(SPEC, {})
    assert isinstance(check, PersonalCheck)
    outcome = check.run(NO_BACKEND, {"it.json": b'{"marker": "wm-trialtrialtrial2"}'}, Seeds(1, 2))
    assert (outcome.outcome, outcome.share, outcome.lasting) == (Outcome.INFRASTRUCTURE, 0, True)


# -- how fresh ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-10T11:59:00Z", ""),
        ("2026-03-03T12:00:01.123456789Z", ""),
        ("2026-03-03T11:59:59Z", "is more than 7 days before your hand-in (2026-03-10 12:00 UTC)"),
        ("2026-03-10T12:04:59Z", ""),
        ("2026-03-10T12:05:01Z", "(2026-03-10 12:05 UTC) is after your hand-in"),
        ("2026-03-10T15:00:00+02:00", "is after your hand-in"),
        ("2026-03-10T14:00:00+0200", ""),
        ("2026-03-10 11:00:00", ""),
        ("started 2026-03-10 11:00:00 UTC by hand", ""),
        ("2026-03-10", "There is no time at at."),
        ("2026-02-30T11:00:00Z", "There is no time"),
        ("2026-03-10T25:00:00Z", "There is no time"),
        (1773140000, ""),
        (1773140000000, ""),
        (1773140000.5, ""),
        (1e300, "There is no time"),
        (-1e18, "There is no time"),
        (True, "There is no time"),
        (None, "There is no time"),
        ({}, "There is no time"),
        ("0001-01-01T00:00:00+14:00", "There is no time"),
    ],
)
def test_how_old_it_may_be(at: Any, said: str) -> None:
    found = checked({"marker": MINE, "at": at}, fresh={"path": "at", "days": 7})
    assert found.outcome is (Outcome.FAILED if said else Outcome.PASSED), found
    assert said in found.message
    assert [case.id for case in found.cases] == ["marker", "fresh", "case-1"]


def test_every_time_is_fresh_or_any() -> None:
    value = {"marker": MINE, "at": ["2026-03-09T00:00:00Z", "2020-03-09T00:00:00Z"]}
    assert "at[1]" in checked(value, fresh={"path": "at[*]", "days": 7}).message
    assert checked(value, fresh={"path": "at[*]", "of": "any", "days": 7}).outcome is Outcome.PASSED
    assert checked({"marker": MINE}, fresh={"path": "at[*]", "days": 7}).message == "There is no time at at[*]."
    assert moment_of("x" * 20_000 + "2026-03-10T11:59:00Z") is None, "no text is searched for ever"


# -- what it says ------------------------------------------------------------------
def test_thresholds_decide_and_count_in_proportion() -> None:
    below = {"path": "ms", "below": 20, "message": "It is fast.", "visible": True}
    between = {"path": "ms", "at_least": 5, "at_most": 20, "message": "It is real.", "points": 3}
    for value, share in ((19.99, 1), (20, Fraction(3, 4)), (5, 1), (4, Fraction(1, 4)), ("7", 0), (21, 0)):
        found = checked({"marker": MINE, "ms": value}, below, between, scoring="cases")
        assert found.share == share, value
    assert checked({"marker": MINE, "ms": 20}, below, between).message == "1 of 2 cases passed. It is fast. (ms: 20.)"
    above = {"path": "ms", "above": "0.5", "message": "More."}
    assert [checked({"marker": MINE, "ms": value}, above).share for value in (0.5, 0.51)] == [0, 1]


def test_a_file_that_is_not_there_or_not_read_has_no_points() -> None:
    gone = KIND.prepare(SPEC, {}).of(NOW).run(NO_BACKEND, {"other": b""}, Seeds(1, 2))
    assert (gone.outcome, gone.message) == (Outcome.FAILED, "There is no file 'it.json'.")
    absent = {"path": "a", "absent": True, "message": "x"}
    for data, outcome, said in (
        (b"{", Outcome.FAILED, "It is no JSON"),
        (b'{"a": NaN}', Outcome.FAILED, "NaN is no number"),
        (b'{"a": 1e999}', Outcome.FAILED, "fits into no float"),
        (b'{"a": ' + b"9" * 5000 + b"}", Outcome.FAILED, "It is no JSON"),
        (b'{"a": 1, "a": 2}', Outcome.FAILED, "has a key twice"),
        (b"[" * 40, Outcome.REJECTED, "nested deeper than 32"),
        (b"\xff", Outcome.FAILED, "no UTF-8"),
        (b" " * (LARGEST + 1), Outcome.REJECTED, "larger than"),
        (b"[" + b"1," * VALUES + b"1]", Outcome.REJECTED, f"more than {VALUES} values"),
    ):
        found = checked(data, absent)
        assert (found.outcome, found.share, found.cases[0].passed) == (outcome, 0, False), data[:20]
        assert said in found.message
