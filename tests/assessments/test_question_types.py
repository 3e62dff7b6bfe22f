"""Grading of each type, with its edges."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.questions import InvalidResponse, grade_question, normalise_response, remark_on
from assessments.questions.schemes import SCHEMES
from tests.assessments.bodies import EXAMPLES, options, question


def share(type: str, value: Any, mark: Any = ".", **fields: Any) -> Fraction:
    body = question(type, **fields) if fields else EXAMPLES[type]
    return grade_question(type, body, value, decimal_mark=mark).share


# -- choices -----------------------------------------------------------------
@pytest.mark.parametrize("name", ["single", "code_reading"])
def test_a_wrong_option_is_worth_nothing(name: str) -> None:
    assert share(name, "id-t") == 0


def test_true_false_wants_the_truth() -> None:
    assert share("true_false", False, answer=False) == 1
    assert share("true_false", True, answer=False) == 0


@pytest.mark.parametrize(
    ("scheme", "chosen", "expected"),
    [
        ("all_or_nothing", "st", Fraction(0)),
        ("all_or_nothing", "stu", Fraction(1)),
        ("all_or_nothing", "stuv", Fraction(0)),
        ("proportion", "st", Fraction(4, 5)),
        ("proportion", "stuv", Fraction(4, 5)),
        ("proportion", "vw", Fraction(0)),
        ("right_minus_wrong", "st", Fraction(2, 3)),
        ("right_minus_wrong", "stv", Fraction(1, 3)),
        ("right_minus_wrong", "svw", Fraction(0)),
    ],
)
def test_multiple_choice_is_graded_by_its_scheme(scheme: str, chosen: str, expected: Fraction) -> None:
    value = sorted(f"id-{name}" for name in chosen)
    assert share("multiple", value, options=options("stu", "vw"), scheme=scheme) == expected


def test_without_a_scheme_it_is_all_or_nothing() -> None:
    assert share("multiple", ["id-s"], options=options("st", "v")) == 0


def test_choosing_nothing_is_zero_in_each_scheme_though_wrong_ones_were_left() -> None:
    for scheme in SCHEMES:
        body = question("multiple", options=options("s", "tuvw"), scheme=scheme)
        value = normalise_response("multiple", body, [], ["id-s", "id-t", "id-u", "id-v", "id-w"])
        result = grade_question("multiple", body, value)
        assert (result.share, result.answered) == (0, False)


@given(scheme=st.sampled_from(sorted(SCHEMES)), data=st.data())
def test_adding_right_or_removing_wrong_never_lowers_the_share(scheme: str, data: st.DataObject) -> None:
    """Monotone, between two answers that choose something (GRADING.md, *Questions*)."""
    names = [f"o{index}" for index in range(data.draw(st.integers(2, 8)))]
    right = data.draw(st.sets(st.sampled_from(names), min_size=1))
    body = question("multiple", options=[{"id": n, "text": n, "right": n in right} for n in names], scheme=scheme)
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    steps = [chosen | {name} for name in right - chosen] + [chosen - {name} for name in chosen - right]
    before = grade_question("multiple", body, sorted(chosen)).share
    for better in steps:
        if better:
            assert grade_question("multiple", body, sorted(better)).share >= before


# -- numbers -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "expected"),
    [("0.1", 1), ("0.3", 1), ("0.30000000000000000001", 0), ("0.09999999999999999999", 0), ("2e-1", 1), ("0,2", 1)],
)
def test_bounds_are_inclusive_and_exact(typed: str, expected: int) -> None:
    assert share("numeric", typed, answer="0.2", tolerance="0.1") == expected


def test_without_a_tolerance_only_the_number_itself_is_right() -> None:
    assert share("numeric", "7.0", answer=7) == 1
    assert share("numeric", "7.0000001", answer=7) == 0


@pytest.mark.parametrize(("typed", "expected"), [("-95", 1), ("-105", 1), ("-94.99", 0), ("95", 0)])
def test_a_tolerance_in_percent_is_of_the_answer(typed: str, expected: int) -> None:
    assert share("numeric", typed, answer=-100, tolerance_percent=5) == expected


@pytest.mark.parametrize(
    ("typed", "mark", "number"),
    [
        ("1,5", ".", "1.5"), ("1.5", ",", "1.5"), ("1,234", ".", "1234"), ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"), ("1,234", ",", "1.234"), ("0,125", ".", "0.125"), ("1234,567", ".", "1234.567"),
        ("1,234.5", ",", "1234.5"), ("1.234,5", ".", "1234.5"), ("1,234,567", ",", "1234567"),
        ("1 234,5", ".", "1234.5"), ("12'345", ".", "12345"), (".5", ".", "0.5"), ("5.", ".", "5"),
        ("\N{MINUS SIGN}3", ".", "-3"), ("+3", ".", "3"), ("1.5e3", ".", "1500"),
        ("\N{FULLWIDTH DIGIT FOUR}2", ".", "42"), ("1\N{NO-BREAK SPACE}000", ".", "1000"),
    ],
)  # fmt: skip
def test_both_decimal_marks_are_read_and_the_programs_own_decides_between_two_meanings(
    typed: str, mark: str, number: str
) -> None:
    assert share("numeric", typed, mark, answer=number) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "twelve", "1,23,456", "1 2", "1.2.3,4,5", "--3", "3 4 5", "5\N{SUPERSCRIPT TWO}", "1e999", "GB", "$5 GB",
        "1,2,3", "NaN",
    ],
)  # fmt: skip
def test_what_is_not_one_number_is_kept_and_worth_nothing(typed: str) -> None:
    body = question("numeric", answer=5)
    value = normalise_response("numeric", body, typed, [])
    result = grade_question("numeric", body, value)
    assert (result.share, result.answered) == (0, True)
    assert remark_on("numeric", body, value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.5", 1), ("1.5 GB", 1), ("GB 1.5", 1), ("1500 MB", 1), ("1500mb", 1), ("12 Gb", 1),
        ("1.5 TB", 0), ("1.5 MB", 0),
    ],
)  # fmt: skip
def test_units_are_converted_when_they_are_declared(typed: str, expected: int) -> None:
    assert share("numeric", typed) == expected


def test_a_case_that_could_mean_two_units_is_not_guessed() -> None:
    assert remark_on("numeric", EXAMPLES["numeric"], "12 gb") == "The unit gb is not one that this question takes."


def test_a_unit_is_needed_when_the_question_says_so() -> None:
    fields = {"answer": 3, "unit": "ms", "unit_required": True}
    assert share("numeric", "3", **fields) == 0
    assert share("numeric", "3 ms", **fields) == 1
    assert "unit is missing" in remark_on("numeric", question("numeric", **fields), "3")


def test_a_number_is_told_as_it_was_read() -> None:
    assert remark_on("numeric", question("numeric", answer=1), "1,234") == "Read as 1234."
    assert remark_on("numeric", question("numeric", answer=1), "1,234", decimal_mark=",") == "Read as 1.234."


# -- texts -------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["etcd", "ETCD", "  etcd ", "\N{FULLWIDTH LATIN SMALL LETTER E}tcd", "edcd", "ETCD   V3", "etcd\tv3"],
)
def test_texts_are_compared_folded(typed: str) -> None:
    assert share("short_text", typed) == 1


def test_folding_knows_more_than_lower_case() -> None:
    assert share("short_text", "STRASSE", accepted=["Straße"]) == 1


@pytest.mark.parametrize("typed", ["etc", "etcd2", "an etcd", "etcd v3 cluster", "e t c d"])
def test_a_pattern_matches_the_whole_answer(typed: str) -> None:
    assert share("short_text", typed) == 0


def test_a_pattern_with_classes_and_capitals_is_read_as_written() -> None:
    fields = {"accepted": ["port 5432", r"/(?:Port\s)?\d{4}/"]}
    assert share("short_text", "PORT 6543", **fields) == 1
    assert share("short_text", "port abcd", **fields) == 0


@pytest.mark.timeout(5)
def test_a_pattern_that_would_backtrack_for_ever_ends_at_once() -> None:
    assert share("short_text", "a" * 499 + "!", accepted=["a", "/(a+)+(a+)+(a|aa)+/"]) == 0


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "x" * 501, 5, True])
def test_a_text_that_cannot_be_kept_is_refused(typed: Any) -> None:
    with pytest.raises(InvalidResponse):
        normalise_response("short_text", EXAMPLES["short_text"], typed, [])


# -- several places ----------------------------------------------------------
def places(*names: int) -> dict[str, int]:
    return {f"step-{name}": place for place, name in enumerate(names, start=1)}


@pytest.mark.parametrize(
    ("scheme", "value", "expected"),
    [
        (None, places(1, 2, 4, 3), Fraction(1, 2)),
        ("by_position", places(2, 3, 4, 1), Fraction(0)),
        ("by_pairs", places(2, 3, 4, 1), Fraction(1, 2)),
        ("by_pairs", {"step-1": 1, "step-2": 1}, Fraction(0)),
        ("all_or_nothing", places(1, 2, 4, 3), Fraction(0)),
        ("all_or_nothing", places(1, 2, 3, 4), Fraction(1)),
    ],
)
def test_ordering_by_position_by_pairs_or_as_a_whole(
    scheme: str | None, value: dict[str, int], expected: Fraction
) -> None:
    items = EXAMPLES["ordering"]["items"]
    assert share("ordering", value, items=items, scheme=scheme) == expected


def test_matching_counts_pairs_and_takes_equal_texts_for_each_other() -> None:
    pairs = [
        {"id": "x", "left": "GET", "right": "safe"},
        {"id": "y", "left": "HEAD", "right": "safe"},
        {"id": "z", "left": "POST", "right": "unsafe"},
    ]
    assert share("matching", {"x": "x", "y": "x", "z": "z"}, pairs=pairs) == 1
    assert share("matching", {"x": "x", "y": "z"}, pairs=pairs) == Fraction(1, 3)
    assert share("matching", {"x": "x", "y": "z"}, pairs=pairs, scheme="all_or_nothing") == 0


def test_blanks_are_all_or_nothing_unless_they_are_counted() -> None:
    assert share("fill_in", {"one": "PODS"}) == Fraction(1, 2)
    fields = {"stem": "{{a}} {{b}}", "blanks": [{"id": n, "accepted": [n]} for n in "ab"]}
    assert share("fill_in", {"a": "a"}, **fields) == 0
    assert share("fill_in", {"a": "a", "b": "B"}, **fields) == 1


# -- what an author may not write ----------------------------------------------
@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"type": "essay"}, "unknown question type"),
        ({"type": "single", "options": options("st", "v")}, "exactly one right"),
        ({"type": "multiple", "options": options("", "vw")}, "at least one right"),
        ({"type": "multiple", "options": options("s", "v"), "scheme": "by_pairs"}, "no scheme by_pairs"),
        ({"type": "single", "options": options("s", "v"), "accepted": ["x"]}, "accepted does not belong"),
        ({"type": "multiple", "options": [{"id": "x", "text": "1", "right": True}] * 2}, "repeat an id"),
        ({"type": "true_false", "answer": 1}, "needs answer: true"),
        ({"type": "numeric", "answer": True}, "a number"),
        ({"type": "numeric", "answer": 1, "tolerance": 1, "tolerance_percent": 1}, "not both"),
        ({"type": "numeric", "answer": 1, "units": {"MB": 2}}, "need `unit`"),
        ({"type": "short_text", "accepted": ["x", "/(?=x)/"]}, "bounded time"),
        ({"type": "short_text", "accepted": ["/x+/"]}, "in words"),
        ({"type": "fill_in", "blanks": [{"id": "x", "accepted": ["y"]}]}, "exactly one place"),
        ({"type": "ordering", "items": [{"id": "x", "text": "y"}]}, "2 to 26 items"),
        ({"type": "code_reading", "options": options("s", "v")}, "fenced block"),
    ],
)
def test_a_question_that_is_not_whole_is_refused_with_its_reason(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        question(**fields)
