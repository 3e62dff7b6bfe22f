"""Gates in documents: what opens them, what they stand before, and words that lock nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from courses.curriculum.planning.base import TreeBase
from courses.curriculum.planning.incoming import reading_of
from courses.curriculum.report.run import lint
from tests.courses.planning.documents import DOCUMENTS, PIPES
from tests.courses.projecting import write_tree
from tests.courses.sources.support import faults_of_account, read_text, rules


def gates(text: str) -> list[dict[str, Any]]:
    statement = read_text(text.lstrip("\n"))
    assert faults_of_account(statement) == []
    return [{name: gate.get(name) for name in gate.fields} for gate in statement.of_kind("gate")]


@pytest.mark.parametrize(
    ("said", "blocks", "activity"),
    [
        ("The report is read (MOD-501/lab-2) before MOD-502", "MOD-502", "MOD-501/lab-2"),
        ("PROJ-501 is passed; blocks `mod-502/lab-1`", "MOD-502/lab-1", "PROJ-501"),
        ("The budget is approved before MOD-502", "MOD-502", None),
        ("The plan is signed, MOD-503", "MOD-503", None),
        ("MOD-500/quiz is passed", "MOD-501", "MOD-500/quiz"),
    ],
)
def test_ids_say_what_opens_it_and_what_it_stands_before(said: str, blocks: str, activity: str | None) -> None:
    (gate,) = gates(f"{PIPES}- **Gate**: {said}\n")
    assert gate == {"text": said, "blocks": blocks} | ({"activity": activity} if activity else {})


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("PROJ-801 opens after Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("Lab 2 before PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("Lab 2 unlocks PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("MOD-501/lab-2 -> PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 requires MOD-501/lab-2", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 is only available once MOD-501/lab-2 is passed", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 stays locked until the report is read (MOD-501/lab-2)", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 does not open before Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("After Lab 2: PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("Once MOD-501/lab-2 is passed, PROJ-801 opens", [("PROJ-801", "MOD-501/lab-2")]),
        ("Before PROJ-801, the report is read (MOD-501/lab-2)", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 requires Lab 2 before the start", [("PROJ-801", "MOD-501/lab-2")]),
        ("MOD-501/lab-2 is required for PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 and PROJ-802 open after Lab 2", [("PROJ-801", "MOD-501/lab-2"), ("PROJ-802", "MOD-501/lab-2")]),
        ("Lab 1 and Lab 2 before PROJ-801", [("PROJ-801", "MOD-501/lab-1"), ("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 is unlocked by Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 may not start unless Lab 2 is passed", [("PROJ-801", "MOD-501/lab-2")]),
        ("No access to PROJ-801 without Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("If MOD-501/lab-2 is passed, PROJ-801 opens", [("PROJ-801", "MOD-501/lab-2")]),
        ("Once Lab 2 is passed, learners may start PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("To start PROJ-801, pass Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("Completion of Lab 2 unlocks access to PROJ-801", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 stays locked until after Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("Learners start PROJ-801 after Lab 2", [("PROJ-801", "MOD-501/lab-2")]),
        ("PROJ-801 opens after the review", [("PROJ-801", None)]),
        ("Opens after PROJ-500", [("MOD-501", "PROJ-500")]),
        ("This module requires MOD-500/quiz", [("MOD-501", "MOD-500/quiz")]),
        ("PROJ-801 before MOD-502", [("MOD-502", "PROJ-801")]),
    ],
)  # fmt: skip
def test_the_subject_of_a_gate_is_what_opens(said: str, stands: list[tuple[str, str | None]]) -> None:
    made = gates(f"{PIPES}- **Gate**: {said}\n")
    assert [(gate["blocks"], gate.get("activity")) for gate in made] == stands


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("The capstone opens after MOD-501/lab-2", "'The capstone opens' is no id"),
        ("MOD-501/lab-2 before the capstone", "'the capstone' is no id"),
        ("MOD-501 before MOD-502", "MOD-501 is a module"),
        ("PROJ-801 opens after Lab 9", "there is no Lab 9"),
        ("PROJ-801 opens after Lab 1 or Lab 2", "no alternatives"),
        ("Lab 2, PROJ-801", "which of them opens the other"),
        ("PROJ-801", "whether PROJ-801 opens it"),
        ("PROJ-801 opens after Lab 2 and before MOD-502", "an order twice"),
    ],
)
def test_what_is_not_certain_locks_nothing_and_is_told(said: str, why: str) -> None:
    statement = read_text(f"{PIPES}- **Gate**: {said}\n")
    assert faults_of_account(statement) == []
    assert list(statement.of_kind("gate")) == []
    (finding,) = [each for each in statement.findings if each.rule.startswith("gates.")]
    assert (finding.rule, finding.severity) == ("gates.unclear", "warning")
    assert why in finding.message


def test_it_may_stand_among_risks_and_go_on_in_the_next_line() -> None:
    text = f"{PIPES}\n## Risks\n- **Gate:** The report is read\n  before MOD-502\n- **Leaks** - look\n"
    assert gates(text) == [{"text": "The report is read before MOD-502", "blocks": "MOD-502"}]
    assert [risk.get("text") for risk in read_text(text).of_kind("risk")][-1] == "Leaks"


def test_without_an_id_and_in_code_it_is_words() -> None:
    statement = read_text(f"{PIPES}- **Gate**: The budget is approved\n")
    assert list(statement.of_kind("gate")) == []
    assert [rule for rule, _ in rules(statement)] == ["gates.no_id"]
    assert gates(f"{PIPES}\n```\n- **Gate**: x before MOD-502\n```\n") == []


def test_it_is_imported_and_answers_what_a_risk_promises(tmp_path: Path) -> None:
    risk = "- **Risks**: Learners skip the report - make the report a gated requirement\n"
    write_tree(tmp_path, {**DOCUMENTS, "pipes.md": f"{PIPES}{risk}- **Gate**: MOD-501/lab-2 before MOD-502\n"})
    report = lint([str(tmp_path)])
    assert [each.finding.rule for each in report.said if each.finding.rule.startswith("gates.p")] == []
    found = reading_of(report, TreeBase())
    module = found.drafts["data-engineer", "module:MOD-501"]
    (path,) = module.children["gates"]
    body = found.drafts["data-engineer", f"gate:{path}"].body
    assert (body["blocks"], body["activity"]) == ("MOD-502", "MOD-501/lab-2")


def test_a_promise_is_made_in_one_sentence(tmp_path: Path) -> None:
    risk = "- **Risks**: Boredom - Add a glossary. Most questions come before the quiz\n"
    write_tree(tmp_path, {**DOCUMENTS, "pipes.md": f"{PIPES}{risk}"})
    assert "gates.promised" not in [each.finding.rule for each in lint([str(tmp_path)]).said]
