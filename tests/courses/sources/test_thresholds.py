"""Thresholds of criteria: one criterion for each that a sentence holds."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.thresholds import criteria_of, score_of, threshold
from tests.courses.sources.support import read_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Wait < 10 min and load \u2265 85 %", [("Wait", "<", "10"), ("load", ">=", "85")]),
        ("p95 < 300 ms and cost per call down 20 %.", [("p95", "<", "300"), ("cost per call down", ">=", "20")]),
        ("Loss under 2 %, at least 3 replicas", [("Loss", "<", "2"), ("replicas", ">=", "3")]),
        ("Tests pass and image below 2 GB", [("Tests pass and image", "<", "2")]),
        ("Cost reduced by 25 % or more", [("Cost reduced", ">=", "25")]),
        ("Reach at least 90 % coverage", [("coverage", ">=", "90")]),
        ("p95 < 300 ms on Python 3.11+", [("p95", "<", "300")]),
    ],
)
def test_each_threshold_of_a_sentence_is_a_criterion(text: str, parts: list[tuple[str, str, str]]) -> None:
    assert [(each["measure"], each["op"], each["value"]) for each in criteria_of(text)] == parts


@pytest.mark.parametrize(
    "text", ["20+ users or more than 3 teams", "At least 3 users or at most 2 teams", "< 5 of > 3", "More than 3"]
)
def test_alternatives_and_what_measures_nothing_stay_words(text: str) -> None:
    assert criteria_of(text) == [{"text": text}]
    assert threshold(text) is None


def test_the_share_of_a_quiz_is_its_score() -> None:
    assert [(score_of(text) or {}).get("value") for text in ("80%", "pass mark 75 %", "80 % of all labs")] == [
        "80", "75", None,
    ]  # fmt: skip
    text = "## Module Overview\n\n- **Module ID**: MOD-911\n\n## Labs\n\n### Quiz: Drains\n\n- Passing score: 80 %\n"
    [quiz] = read_text(text).of_kind("quiz")
    assert quiz.get("criteria.0") == {"text": "80 %", "measure": "score", "op": ">=", "value": "80", "unit": "%"}
