"""What makes two bodies of a question grade every answer alike."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.questions.key import key_of

SINGLE: dict[str, Any] = {
    "type": "single", "stem": "Which?", "points": "1",
    "options": [{"id": "a", "text": "A", "right": True}, {"id": "b", "text": "B"}],
}  # fmt: skip
MATCHING: dict[str, Any] = {
    "type": "matching", "stem": "Match.", "points": "1",
    "pairs": [{"id": "a", "left": "1", "right": "x"}, {"id": "b", "left": "2", "right": "y"}],
}  # fmt: skip
ORDERING: dict[str, Any] = {
    "type": "ordering", "stem": "Order.", "points": "1",
    "items": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
}  # fmt: skip
NUMERIC: dict[str, Any] = {"type": "numeric", "stem": "How many?", "points": "1", "answer": "3"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SINGLE, {**SINGLE, "stem": "Which one?", "explanation": "So.", "hint": "Think."}),
        (SINGLE, {**SINGLE, "options": [{**each, "text": "Other"} for each in reversed(SINGLE["options"])]}),
        (MATCHING, {**MATCHING, "pairs": [{**each, "right": f"{each['right']}!"} for each in MATCHING["pairs"]]}),
        (ORDERING, {**ORDERING, "items": [{**each, "text": "Other"} for each in ORDERING["items"]]}),
    ],
)
def test_words_and_the_order_of_options_are_no_part_of_it(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert key_of(before) == key_of(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SINGLE, {**SINGLE, "points": "2"}),
        (SINGLE, {**SINGLE, "bonus": True}),
        (SINGLE, {**SINGLE, "options": [SINGLE["options"][0], {**SINGLE["options"][1], "right": True}]}),
        (MATCHING, {**MATCHING, "pairs": [{**each, "right": "x"} for each in MATCHING["pairs"]]}),
        (ORDERING, {**ORDERING, "items": ORDERING["items"][::-1]}),
        (NUMERIC, {**NUMERIC, "answer": "4"}),
        (NUMERIC, {**NUMERIC, "tolerance": "1"}),
        ({**NUMERIC, "type": "true_false", "answer": True}, {**NUMERIC, "type": "true_false", "answer": False}),
    ],
)
def test_key_points_and_scheme_are(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert key_of(before) != key_of(after)
