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
