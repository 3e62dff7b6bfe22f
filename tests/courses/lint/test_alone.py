"""An author's lint says what joins nothing, as far as what it is given decides that."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.planning import alone
from courses.curriculum.planning.alone import lint_alone
from courses.curriculum.report.formats import decisions
from courses.curriculum.report.model import Report
from tests.courses.lint.test_command import ran
from tests.courses.lint.test_run import tree
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.planning.test_drafts import RUBRICS, STRATEGY

STRAY = PIPES.replace("501", "701").replace("Data Engineer", "Gardener").replace("Pipes", "Hedges")
# A question without a key is an error of its own; this path is left out without one.
NOWHERE = (
    "# Curriculum Index - Data Engineer\n\n## Learning Paths\n\n### Path 1: Nowhere (0 exercises)\n"
    "**Order**: as you like\n\n## Complete Exercise Catalog\n\n### mod-501: Pipes\n\n#### Exercise 01: Leaks\n\n"
    "**Time**: 2 hours\n"
)
Files = dict[str, str]


def joined(report: Report) -> list[tuple[str, str, str, int]]:
    """What is said of joining: rule, severity, file and line."""
    return [
        (each.finding.rule, each.finding.severity, Path(each.finding.file).name, each.finding.line)
        for each in report.said
        if each.finding.rule.startswith(("import.", "native."))
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),
        ({"stray.md": STRAY}, [("import.unattached", "warning", "stray.md", 6)]),
        ({"rubrics.md": RUBRICS}, [("import.unattached", "warning", "rubrics.md", 1),
                                   ("import.unattached", "warning", "rubrics.md", 5)]),
        ({"strategy.yaml": STRATEGY}, [("import.no_place", "info", "strategy.yaml", 2)]),
        ({"index.md": NOWHERE}, [("import.incomplete", "warning", "index.md", 5)]),
        ({"stray.md": STRAY, ".waymark/import.yaml": "known: [MOD-701]\n"}, []),
        ({"stray.md": STRAY, ".waymark/import.yaml": 'known: ["gardener:MOD-701"]\n'}, []),
        ({".waymark/renames.yaml": "MOD-555: MOD-444\n"}, [("import.idle_rename", "warning", "renames.yaml", 1)]),
    ],
    ids=["clean", "module", "rubrics", "strategy", "path", "known", "known of a program", "rename"],
)  # fmt: skip
def test_a_tree_with_a_program_says_what_joins_nothing(
    tmp_path: Path, files: Files, found: list[tuple[str, str, str, int]]
) -> None:
    assert joined(lint_alone([tree(tmp_path, {**DOCUMENTS, **files})])) == found


@pytest.mark.parametrize("name", [*DOCUMENTS, "stray.md", "rubrics.md", "strategy.yaml", ".waymark/renames.yaml"])
def test_a_file_by_itself_belongs_to_a_tree_that_is_not_given(tmp_path: Path, name: str) -> None:
    others = {"stray.md": STRAY, "rubrics.md": RUBRICS, "strategy.yaml": STRATEGY}
    tree(tmp_path, {**DOCUMENTS, **others, ".waymark/renames.yaml": "MOD-555: MOD-444\n"})
    assert joined(lint_alone([str(tmp_path / name)])) == []


def test_several_files_are_no_tree_either(tmp_path: Path) -> None:
    tree(tmp_path, {**DOCUMENTS, "stray.md": STRAY})
    assert joined(lint_alone([str(tmp_path / name) for name in (*DOCUMENTS, "stray.md")])) == []


def test_a_file_by_itself_says_what_it_lacks_itself(tmp_path: Path) -> None:
    tree(tmp_path, {"index.md": NOWHERE})
    assert joined(lint_alone([str(tmp_path / "index.md")])) == [("import.incomplete", "warning", "index.md", 5)]


def test_a_tree_without_a_program_says_so_once(tmp_path: Path) -> None:
    report = lint_alone([tree(tmp_path, {"pipes.md": PIPES, "quiz.md": DOCUMENTS["quiz.md"], "stray.md": STRAY})])
    assert joined(report) == [("import.unattached", "info", "pipes.md", 6)]
    [said] = [each.finding.message for each in report.said if each.finding.rule == "import.unattached"]
    assert said.startswith("Nothing here states a program, so the 3 documents here belong to none yet")


def test_what_an_error_is_about_is_not_incomplete_besides(tmp_path: Path) -> None:
    quiz = DOCUMENTS["quiz.md"].replace("**Answer:** A\n", "", 1)
    report = lint_alone([tree(tmp_path, {**DOCUMENTS, "quiz.md": quiz})])
    assert joined(report) == []
    assert [each.finding.rule for each in report.said if each.finding.severity == "error"] == ["quiz.no_answer"]


def test_labs_and_gates_that_lock_each_other_are_told(tmp_path: Path) -> None:
    gates = "## Gates\n\n- **Gate**: The pipe holds (MOD-502/lab-1) before MOD-501\n"
    lab = "\n## Practical Components\n\n| Asset | Description |\n|---|---|\n| Lab 1 | A stream |\n"
    files = {**DOCUMENTS, "pipes.md": f"{PIPES}\n{gates}", "streams.md": f"{DOCUMENTS['streams.md']}{lab}"}
    report = lint_alone([tree(tmp_path, files)])
    [cycle] = [each.finding for each in report.said if each.finding.rule == "references.cycle"]
    assert cycle.message == "MOD-501 needs MOD-502/lab-1; MOD-502 needs MOD-501: nobody can begin with any of them."


def test_a_decision_settles_it_and_is_not_idle(tmp_path: Path) -> None:
    root = tree(tmp_path, {**DOCUMENTS, "stray.md": STRAY})
    written = decisions(lint_alone([root])).replace("reason:", "reason: It is for gardeners.")
    report = lint_alone([tree(tmp_path, {".waymark/decisions.yaml": f"{written}\n"})])
    assert [each.settled for each in report.said if each.finding.rule == "import.unattached"] == ["settled"]
    assert "source.idle_decision" not in [each.finding.rule for each in report.said]


def test_an_endless_role_breaks_nothing_down(tmp_path: Path) -> None:
    plan = DOCUMENTS["plan.yaml"].replace("Data Engineer", "Data Engineer " * 60)
    assert not lint_alone([tree(tmp_path, {"plan.yaml": plan})]).failed


def test_a_technology_of_marks_only_breaks_nothing_down(tmp_path: Path) -> None:
    plan = "role: Data Engineer\nprogram_name: D\nprogram_structure:\n  modules:\n  - {id: MOD-501, title: Pipes}\n"
    project = "# Project Plan\n\n## Overview\n\n- **Project ID**: PROJ-501\n- **Title**: A\n"
    project += "- **Target Role(s)**: Data Engineer\n"
    files = {"plan.yaml": plan, "project.md": f"{project}- **Technologies**: `*`, Python\n"}
    assert not lint_alone([tree(tmp_path, files)]).failed


def test_what_breaks_down_there_takes_nothing_else_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(alone, "reading_of", broken)
    report = lint_alone([tree(tmp_path, {**DOCUMENTS, "x.md": "# A [broken](link.md)\n"})])
    assert report.exit_code() == 4
    assert report.said


def test_the_command_says_it(tmp_path: Path) -> None:
    code, out, _ = ran(tree(tmp_path, {**DOCUMENTS, "stray.md": STRAY}), "--format", "github")
    assert code == 0
    assert "import.unattached" in out
