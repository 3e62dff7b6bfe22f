"""What holds for every question type."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questions import (
    InvalidResponse,
    control_of,
    form_value,
    grade_question,
    is_answered,
    normalise_response,
    option_order,
    public_value,
    question_types,
    remark_on,
    review_question,
)
from tests.assessments.bodies import EXAMPLES, RIGHT

TYPES = sorted(EXAMPLES)


def order_of(name: str, seed: int = 7) -> list[str]:
    return option_order(name, EXAMPLES[name], seed=seed, question="q", shuffle=True)


def test_every_type_has_an_example() -> None:
    assert sorted(question_types()) == TYPES


@pytest.mark.parametrize("name", TYPES)
def test_a_right_answer_is_worth_everything(name: str) -> None:
    result = grade_question(name, EXAMPLES[name], RIGHT[name])
    assert result.share == 1
    assert result.answered
    assert result.notes


@pytest.mark.parametrize("name", TYPES)
def test_nothing_chosen_is_unanswered_and_zero(name: str) -> None:
    result = grade_question(name, EXAMPLES[name], None)
    assert (result.share, result.answered) == (0, False)
    assert not is_answered(name, EXAMPLES[name], None)


@pytest.mark.parametrize("name", TYPES)
def test_a_right_answer_is_answered(name: str) -> None:
    assert is_answered(name, EXAMPLES[name], RIGHT[name])


@pytest.mark.parametrize(("typed", "answered"), [("abc", False), ("1 or 2", False), ("GB", False), ("1,5 GB", True)])
def test_what_is_no_number_answers_no_question_for_one(typed: str, answered: bool) -> None:
    assert is_answered("numeric", EXAMPLES["numeric"], typed) == answered


@pytest.mark.parametrize("name", TYPES)
def test_an_empty_form_answers_nothing(name: str) -> None:
    body, order = EXAMPLES[name], order_of(name)
    public = form_value(name, body, "q1", lambda field: [])
    assert normalise_response(name, body, public, order) is None


@pytest.mark.parametrize("name", TYPES)
def test_a_value_survives_the_way_to_the_page_and_back(name: str) -> None:
    body, order = EXAMPLES[name], order_of(name)
    public = public_value(name, body, RIGHT[name], order)
    assert normalise_response(name, body, public, order) == RIGHT[name]
    assert json.loads(json.dumps(public)) == public


@pytest.mark.parametrize("name", TYPES)
def test_what_the_form_sends_is_what_the_page_showed(name: str) -> None:
    """The fields of a filled form, as a browser posts them, give the same value again."""
    body, order = EXAMPLES[name], order_of(name)
    control = control_of(name, body, RIGHT[name], order)
    fields: dict[str, list[str]] = {}
    for choice in control.choices:
        if choice.chosen:
            fields.setdefault("q1", []).append(choice.key)
    for row in control.rows:
        fields[f"q1.{row.key}"] = [row.given]
    if control.widget in ("text", "number"):
        fields["q1"] = [control.value]
    public = form_value(name, body, "q1", lambda field: fields.get(field, []))
    assert normalise_response(name, body, public, order) == RIGHT[name]


@pytest.mark.parametrize("name", TYPES)
def test_what_is_shown_holds_no_id_of_the_author(name: str) -> None:
    """An id may say what is right ("correct", "pair-1"): pages and clients get letters instead."""
    body, order = EXAMPLES[name], order_of(name)
    shown = repr(control_of(name, body, RIGHT[name], order)) + repr(public_value(name, body, RIGHT[name], order))
    ids = [entry["id"] for field in ("options", "items", "pairs") for entry in body[field]]
    assert not [each for each in ids if each in shown]


@pytest.mark.parametrize("name", TYPES)
def test_a_control_says_nothing_of_the_solution(name: str) -> None:
    """Which option is right is changed; what is shown stays the same."""
    body = EXAMPLES[name]
    order = order_of(name)
    other = json.loads(json.dumps(body))
    for option in other["options"]:
        option["feedback"] = "Because."
    if name in ("single", "code_reading"):
        other["options"][0]["right"], other["options"][1]["right"] = False, True
    if name == "multiple":
        other["options"][0]["right"], other["options"][4]["right"] = False, True
    if name == "true_false":
        other["answer"] = True
    if name == "numeric":
        other["answer"] = "2.5"
    if name == "short_text":
        other["accepted"] = ["consul"]
    if name == "ordering":
        other["items"].reverse()
    if name == "fill_in":
        other["blanks"][0]["accepted"] = ["process"]
    if name == "matching":
        left, right = other["pairs"][0], other["pairs"][1]
        left["right"], right["right"] = right["right"], left["right"]
        texts = {pair["right"]: pair["id"] for pair in other["pairs"]}
        order_other = [texts[pair["right"]] for each in order for pair in body["pairs"] if pair["id"] == each]
    else:
        order_other = order
    assert control_of(name, other, None, order_other) == control_of(name, body, None, order)


@pytest.mark.parametrize("name", TYPES)
def test_a_review_without_the_key_names_no_solution(name: str) -> None:
    review = review_question(name, EXAMPLES[name], RIGHT[name], order_of(name), key=False)
    assert all(line.right is None and not line.expected and not line.feedback for line in review.lines)
    assert not review.expected


@pytest.mark.parametrize("name", TYPES)
def test_a_review_with_the_key_shows_what_is_right(name: str) -> None:
    review = review_question(name, EXAMPLES[name], None, order_of(name), key=True)
    assert review.expected or any(line.right or line.expected for line in review.lines)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 30) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdez"), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("name", TYPES)
@given(sent=JSON)
def test_whatever_is_sent_is_refused_clearly_or_graded_between_zero_and_one(name: str, sent: Any) -> None:
    body, order, error = EXAMPLES[name], order_of(name), None
    try:
        value = normalise_response(name, body, sent, order, where="question 1")
    except InvalidResponse as refused:
        error = refused
    if error is not None:
        assert (error.status, error.where) == (400, "question 1")
        return
    result = grade_question(name, body, value)
    assert 0 <= result.share <= 1
    assert isinstance(result.share, Fraction)
    assert result.answered is (value is not None)
    remark_on(name, body, value)
    review_question(name, body, value, order, key=True)
    assert normalise_response(name, body, public_value(name, body, value, order), order) == value


def test_orders_come_from_the_seed_alone() -> None:
    assert order_of("single", 1) == order_of("single", 1)
    assert len({tuple(order_of("single", seed)) for seed in range(40)}) > 10
    plain = option_order("single", EXAMPLES["single"], seed=3, question="q", shuffle=False)
    assert plain == ["id-s", "id-t", "id-u", "id-v"]


@pytest.mark.parametrize("name", ["ordering", "matching"])
def test_an_order_that_is_the_solution_is_shuffled_in_any_case(name: str) -> None:
    orders = {tuple(option_order(name, EXAMPLES[name], seed=s, question="q", shuffle=False)) for s in range(40)}
    assert len(orders) > 3
