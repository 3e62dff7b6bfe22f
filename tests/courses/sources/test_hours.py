"""Hours as people write them: parts of every kind are counted, and no part is taken for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.report.run import lint
from courses.curriculum.sources import values
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.projecting import write_tree
from tests.courses.sources.support import facts, faults_of_account, read_text, rules

ROADMAP = "## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Pipes\n- **Target Role(s)**: Operator\n"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("~6h", "6"),
        ("6–8 hrs", {"low": "6", "high": "8"}),
        ("1.5 h", "1.5"),
        ("1,5 h", "1.5"),
        ("1,5–2,5 h", {"low": "1.5", "high": "2.5"}),
        ("1,200 hours", "1200"),
        ("90 min", "1.5"),
        ("ca. 45 minutes", "0.75"),
        ("30–45 min", {"low": "0.5", "high": "0.75"}),
        ("1h 30m", "1.5"),
        ("1 hour and 20 minutes", "1.33"),
        ("about 6-8 hours", {"low": "6", "high": "8"}),
    ],
)
def test_an_amount_of_hours(text: str, plain: object) -> None:
    found = values.hours(text)
    assert found is not None
    assert found.plain == plain
    assert values.only_hours(text)


@pytest.mark.parametrize("text", ["2 days", "a 15 minute demo", "restart within 5 min of it", "3 weeks"])
def test_other_times_are_no_hours(text: str) -> None:
    assert values.hours(text) is None


@pytest.mark.parametrize(
    ("text", "total", "parts"),
    [
        ("Reading: 2h, Sandbox: 3h", None, {"reading": "2", "sandbox": "3"}),
        ("12h lecture / 28h sandbox", None, {"lecture": "12", "sandbox": "28"}),
        ("Lecture 4h + reading 2,5 h & lab 6h", None, {"lecture": "4", "reading": "2.5", "lab": "6"}),
        ("40 hours (12 lecture, 20 lab, 8 sandbox)", "40", {"lecture": "12", "lab": "20", "sandbox": "8"}),
        ("24 h total: 8 h self-study and 16 h labs", "24", {"self-study": "8", "lab": "16"}),
        ("Lecture: 4-6h, Lab: 6h", None, {"lecture": {"low": "4", "high": "6"}, "lab": "6"}),
        ("40 hours (2 weeks, 20 per week)", "40", {}),
        ("12 hours (3 modules, 2 projects)", "12", {}),
        ("8 hours, at sea", "8", {}),
        ("intensive 40 hours", "40", {}),
        ("40 hours (8 chapters, 5 reviews)", "40", {}),
    ],
)  # fmt: skip
def test_parts_of_any_kind(text: str, total: object, parts: dict[str, object]) -> None:
    found = values.duration(text)
    assert (found.total and found.total.plain, {kind: each.plain for kind, each in found.parts.items()}) == (
        total, parts,
    )  # fmt: skip


def test_a_kind_that_modules_do_not_have_counts_and_is_named() -> None:
    statement = read_text(f"{ROADMAP}- **Duration**: 12 hours (4 lecture, 6 lab, 3 reading)\n")
    assert faults_of_account(statement) == []
    (module,) = statement.of_kind("module")
    assert (module.get("hours_by_kind.reading"), module.get("stated.hours")) == ("3", "12")
    assert rules(statement) == [("source.unknown_key", 5)]
    assert "Hours of 'reading'" in statement.findings[0].message


@pytest.mark.parametrize(
    ("said", "expected"),
    [("12 hours (4 lecture, 6 lab, 3 reading)", "13 hours; 12"), ("Reading: 2h, Sandbox: 3h", None)],
)
def test_the_sum_has_all_parts(tmp_path: Path, said: str, expected: str | None) -> None:
    write_tree(tmp_path, {"m.md": f"{ROADMAP}- **Duration**: {said}\n"})
    found = [each.finding.message for each in lint([str(tmp_path)]).said if each.finding.rule == "sums.module_hours"]
    assert [expected in each for each in found if expected] == [True] * bool(expected)


def test_a_module_keeps_the_sum_and_what_is_said_of_the_kinds(tmp_path: Path) -> None:
    pipes = DOCUMENTS["pipes.md"].replace("12 hours (4 lecture, 8 lab)", "Reading: 2h, Sandbox: 3h, Lab: 8h")
    write_tree(tmp_path, {**DOCUMENTS, "pipes.md": pipes})
    body = reading_of(lint([str(tmp_path)]), TreeBase()).drafts["data-engineer", "module:MOD-501"].body
    assert (body["hours"], body["hours_by_kind"]) == ("13", None)
    assert "reading: 2, sandbox: 3, lab: 8" in [each["value"] for each in body["stated"]]


def test_a_project_has_the_sum_of_its_parts() -> None:
    text = "## Project Overview\n- **Project ID**: PROJ-9\n- **Title**: P\n- **Duration**: Design 4h, build 10h\n"
    (project,) = read_text(text).of_kind("project")
    assert (facts(project)["hours"], facts(project)["stated.duration"]) == ("14", "Design 4h, build 10h")
