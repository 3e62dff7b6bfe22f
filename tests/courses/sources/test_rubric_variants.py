"""Rubrics as other hands write them: points, levels, bonus and the score to pass, whatever form they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Claim, Statement
from tests.courses.sources.support import faults_of_account, mutated, read_text

FOLDER = Path(__file__).with_name("rubrics")

# Title, points and the scores of the levels of each criterion.
CRITERIA = {
    "underlined": [
        ("Correctness", "60", ["100", "89", "75"]), ("Docs", "40", ["100", "89", "75"]), ("a blog post", "5", []),
        ("API", "50", ["100", "89", "75"]), ("Ops", "50", ["100", "89", "75"]),
    ],
    "weights-last": [
        ("Assets", "30", ["4", "3", "2", "1"]), ("Threats", "30", ["4", "3", "2", "1"]),
        ("Clarity", "40", ["4", "3", "2", "1"]), ("Automated diagram", "3", []),
    ],
    "bullets": [
        ("Ingestion", "20", ["20", "17", "11"]), ("Tests", "30", ["30", "26"]), ("Structure", "25", ["5", "3", "1"]),
        ("Evidence", "25", ["5", "3", "1"]),
    ],
    "named-levels": [("Design", "50", ["1", "2", "3"]), ("Code", "50", ["1", "2", "3"])],
}  # fmt: skip
PASSING = {
    "underlined": {"text": "70 of 100 points", "measure": "overall_percent", "at_least": "70"},
    "weights-last": {"text": "3.0 of 4.0", "measure": "overall_percent", "at_least": "75"},
    "bullets": {"text": "60 points"},
}


def read(name: str, newline: str = "\n") -> Statement:
    return read_text((FOLDER / f"{name}.md").read_text("utf-8").replace("\n", newline))


def scores(criterion: Claim) -> list[str]:
    return [criterion.get(f"levels.{place}")["score"] for place in range(criterion.count("levels"))]


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_criterion_has_its_points_and_levels(name: str, newline: str) -> None:
    statement = read(name, newline)
    assert statement.kind == "rubrics"
    found = [(each.get("title"), each.get("points"), scores(each)) for each in statement.of_kind("criterion")]
    assert found == CRITERIA[name]
    assert [each.get("bonus") for each in statement.of_kind("criterion")] == [
        True if not levels else None for _, _, levels in CRITERIA[name]
    ]
    assert faults_of_account(statement) == []
    assert statement.account.counts()["prose"] == 0
    assert statement.findings == []


@pytest.mark.parametrize("name", CRITERIA)
def test_every_figure_is_read(name: str) -> None:
    assert [each for each in mutated(read(name)) if "changes nothing" in each and each.split("'")[1].isdigit()] == []


@pytest.mark.parametrize("name", PASSING)
def test_the_score_to_pass_is_a_rule(name: str) -> None:
    statement = read(name)
    claims = [*statement.of_kind("policy"), *statement.of_kind("rubric")]
    assert [each.get("rules.0") for each in claims if each.get("rules.0")] == [PASSING[name]]


def test_a_scale_may_be_a_table_and_a_bold_line_names_its_boxes() -> None:
    statement = read("weights-last")
    [scale] = statement.of_kind("scale")
    assert scale.get("levels.1") == {"score": "3", "label": "Proficient", "text": "meets the brief"}
    [checklist] = statement.of_kind("checklist")
    assert (checklist.get("title"), checklist.count("items")) == ("Checklist", 2)
