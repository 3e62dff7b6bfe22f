"""Decisions kept beside the sources settle findings until one of their lines changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Checks
from courses.curriculum.report import run
from courses.curriculum.report.formats import decisions
from courses.curriculum.report.model import Report
from courses.curriculum.report.run import lint
from courses.curriculum.sources.claims import Statement
from tests.courses.lint.test_run import ROADMAP, tree

KEPT = ".waymark/decisions.yaml"


def check(statement: Statement) -> Iterator[Finding]:
    """An error and a warning on the title, with the id beside."""
    [module] = statement.of_kind("module")
    file, line = module.place("title")
    related = (module.place("id"),)
    yield Finding("family.wrong", "error", file, line, "The title is wrong.", "Correct it.", related)
    yield Finding("family.odd", "warning", file, line, "The title is odd.", "", related)


@pytest.fixture(autouse=True)
def _one_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "checks", Checks({}, [check], []))


def settled(report: Report) -> list[tuple[str, str | None]]:
    return [(each.finding.rule, each.settled) for each in report.said]


def written(report: Report, reason: str = "It is meant so.") -> str:
    return decisions(report).replace("reason:", f"reason: {reason}") + "\n"


def test_a_decision_settles_a_warning_and_proposes_for_an_error(tmp_path: Path) -> None:
    root = tree(tmp_path, {"x.md": ROADMAP})
    report = lint([root])
    assert (settled(report), report.exit_code()) == ([("family.wrong", None), ("family.odd", None)], 1)
    assert [each.entity for each in report.said] == ["module:MOD-901"] * 2
    tree(tmp_path, {KEPT: written(report)})
    report = lint([root])
    assert settled(report) == [("family.wrong", "proposed"), ("family.odd", "settled")]
    assert report.exit_code(strict=True) == 0
    assert report.said[0].reason == "It is meant so."
    assert [statement.account.counts()["unaccounted"] for statement in report.statements] == [0, 0]


def test_a_decision_holds_where_lines_move_and_ends_where_one_changes(tmp_path: Path) -> None:
    root = tree(tmp_path, {"x.md": ROADMAP})
    tree(tmp_path, {KEPT: written(lint([root]))})
    tree(tmp_path, {"x.md": ROADMAP.replace("- **Module T", "\n\n- **Module T").replace("Ports", "Ports  ")})
    assert [state for _, state in settled(lint([root]))] == ["proposed", "settled"]
    # A related line changed: both findings are open again, and both decisions settle nothing.
    tree(tmp_path, {"x.md": ROADMAP.replace("ID**: MOD-901", "ID**: MOD-901 (was: MOD-900)")})
    assert settled(lint([root])) == [
        ("source.idle_decision", None), ("source.idle_decision", None), ("family.wrong", None), ("family.odd", None),
    ]  # fmt: skip


def test_decisions_are_found_for_a_file_named_by_itself(tmp_path: Path) -> None:
    other = ROADMAP.replace("901", "902")
    root = tree(tmp_path, {"docs/x.md": ROADMAP, "y.md": other, ".git/HEAD": ""})
    tree(tmp_path, {KEPT: written(lint([root]))})
    for argument in (f"{root}/docs/x.md", f"{root}/docs"):
        report = lint([argument])
        assert [state for _, state in settled(report)] == ["proposed", "settled"], argument
        assert [Path(statement.file).name for statement in report.statements] == ["x.md"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("decisions:\n- {rule: a, entity: b, hash: c}\n", "A decision has"),
        ("decisions:\n- {rule: a, entity: b, hash: c, reason: ' '}\n", "A decision has"),
        ("decisions:\n- words\n", "A decision has"),
        ("decisions: words\n", "is a list"),
        ("decision: []\n", "is no entry"),
        ("decisions: [\n", "YAML"),
    ],
)
def test_an_entry_that_cannot_be_used_is_said(tmp_path: Path, content: str, message: str) -> None:
    report = lint([tree(tmp_path, {KEPT: content})])
    [finding] = [each.finding for each in report.said]
    assert message in finding.message
    assert [statement.account.counts()["unaccounted"] for statement in report.statements] == [0]


@pytest.mark.parametrize(
    "content",
    [
        "known: MOD-1\n",
        "known: [1]\n",
        "knwon: [MOD-1]\n",
        "precedence: quiz\n",
        "precedence: [native]\n",
        "precedence: [quiz, quiz]\n",
    ],
)
def test_settings_that_cannot_be_used_are_said(tmp_path: Path, content: str) -> None:
    report = lint([tree(tmp_path, {".waymark/import.yaml": content})])
    assert settled(report) == [("source.bad_setting", None)]
