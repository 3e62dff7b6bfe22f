"""Former ids in documents of any kind belong to what they stand in."""

from __future__ import annotations

import pytest

from tests.courses.planning.documents import DOCUMENTS, PIPES, PLAN
from tests.courses.sources.support import faults_of_account, read_text, rules


def former(text: str, name: str = "document.md") -> dict[str, object]:
    statement = read_text(text.lstrip("\n"), name)
    assert faults_of_account(statement) == []
    return {claim.address: claim.get("was") for claim in statement.claims if "was" in claim.fields}


@pytest.mark.parametrize("bullet", ["- **Was**: MOD-401", "- **Was:** `MOD-401`", "* **WAS**: MOD-401"])
def test_a_labelled_bullet_is_of_the_module(bullet: str) -> None:
    text = PIPES.replace("- **Next Module(s)**", f"{bullet}\n- **Next Module(s)**")
    assert former(text) == {"module:MOD-501": ["MOD-401"]}
    first = PIPES.replace("- **Module ID**", f"{bullet}\n- **Module ID**")
    assert former(first) == {"module:MOD-501": ["MOD-401"]}, "also above the id"


def test_several_ids_and_none() -> None:
    text = PIPES.replace("- **Next Module(s)**", "- **Was**: MOD-401, MOD-402\n- **Next Module(s)**")
    assert former(text) == {"module:MOD-501": ["MOD-401", "MOD-402"]}
    assert former(text.replace("MOD-401, MOD-402", "none")) == {"module:MOD-501": ["none"]}
    assert former(text.replace("MOD-401, MOD-402", "Part of `MOD-401`")) == {"module:MOD-501": ["Part of MOD-401"]}


def test_its_line_is_mapped_and_disturbs_nothing() -> None:
    plain = read_text(PIPES)
    text = PIPES.replace("- **Next Module(s)**", "- **Was**: MOD-401\n- **Next Module(s)**")
    statement = read_text(text)
    assert rules(statement) == rules(plain)
    line = text.split("\n").index("- **Was**: MOD-401") + 1
    assert statement.account.names(line) == ["module:MOD-501.was"]
    assert [each.address for each in statement.claims] == [each.address for each in plain.claims]


def test_a_question_has_one() -> None:
    quiz = DOCUMENTS["quiz.md"].replace("### Q2. What is a leak?\n", "### Q2. What is a leak?\n\n- **Was**: spill\n")
    assert list(former(quiz).values()) == [["spill"]]


def test_words_and_code_are_none() -> None:
    assert former(PIPES.replace("Pipes burst", "**Was**: a pipe that burst")) == {}
    assert former(f"{PIPES}\n## Notes\n\n```\n- **Was**: MOD-401\n```\n") == {}


def test_a_yaml_key_is_of_its_mapping() -> None:
    plan = PLAN.replace("  - id: MOD-502\n", "  - was: [MOD-402, MOD-403]\n    id: MOD-502\n")
    assert former(plan, "plan.yaml") == {"module:MOD-502": ["MOD-402", "MOD-403"]}
    assert former(PLAN.replace("    title: Storage\n", "    title: Storage\n    was: MOD-409\n"), "plan.yaml") == {
        "module:MOD-503": ["MOD-409"]
    }


def test_what_cannot_have_one_is_said() -> None:
    statement = read_text(PLAN.replace("program_structure:\n", "program_structure:\n  was: MOD-1\n"), "plan.yaml")
    [line] = [line for rule, line in rules(statement) if rule == "source.former_id"]
    assert statement.source.line(line).strip() == "was: MOD-1"
    assert faults_of_account(statement) == []
