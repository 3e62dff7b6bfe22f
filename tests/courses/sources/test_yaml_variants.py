"""Master plans, skills matrices and metadata with the keys of other hands: the same facts in the same fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import faults_of_account, mutated, read_text, rules

FOLDER = Path(__file__).with_name("yaml")
KINDS = {"plan": "master_plan", "matrix": "skills_matrix", "metadata": "asset_metadata"}
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read(name: str, newline: str = "\n") -> Statement:
    return read_text((FOLDER / f"{name}.yaml").read_text("utf-8").replace("\n", newline), f"{name}.yaml")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_is_known(name: str, newline: str) -> None:
    statement = read(name, newline)
    assert statement.kind == KINDS[name.partition("-")[0]]
    assert faults_of_account(statement) == []
    assert statement.account.counts()["prose"] == 0
    # A type in capitals and competencies without a level are what the schema really has against them.
    wrong = [("source.bad_value", 3), ("source.missing_key", 8), ("source.missing_key", 8)]
    assert rules(statement) == (wrong if name == "metadata-other-names" else [])


@pytest.mark.parametrize("name", FILES)
def test_every_figure_is_read(name: str) -> None:
    assert [each for each in mutated(read(name)) if "changes nothing" in each and each.split("'")[1].isdigit()] == []


PARTS = [
    ("plan-short-names", "program", "stated.hours", ["320"]),
    ("plan-short-names", "program", "level", ["mid"]),
    ("plan-short-names", "program", "assessment.passing_score", ["70"]),
    ("plan-short-names", "objective", "text", ["Run training pipelines", "Operate a model registry", "Serve a model"]),
    ("plan-short-names", "module", "title", ["Tracking", "Serving"]),
    ("plan-short-names", "module", "stated.group", ["Foundations", "Foundations"]),
    ("plan-short-names", "module", "hours_by_kind.lab", ["20"]),
    ("plan-short-names", "project", "deliverables.1", ["runbook"]),
    ("plan-short-names", "risk", "likelihood", ["medium"]),
    ("plan-mapped-ids", "module", "title", ["Queues in Practice", "Streams"]),
    ("plan-mapped-ids", "module", "hours_by_kind.assessment", ["2"]),
    ("plan-mapped-ids", "requirement", "to", ["MOD-911"]),
    ("plan-mapped-ids", "risk", "mitigation", ["one node"]),
    ("matrix-wrapped", "competency", "title", ["Queueing", "Capacity planning"]),
    ("matrix-wrapped", "competency", "levels.1.level", ["proficient"]),
    ("plan-mapped-modules", "module", "hours", ["40", {"low": "30", "high": "40"}]),
    ("plan-mapped-modules", "requirement", "to", ["MOD-601", "MOD-602"]),
    ("plan-mapped-modules", "project", "id", ["PROJ-701"]),
    ("plan-mapped-modules", "approval", "person", ["SRE lead"]),
    ("plan-mapped-modules", "approval", "due", ["2026-06-01"]),
    ("matrix-numbered-levels", "role", "title", ["Platform Engineer"]),
    ("matrix-numbered-levels", "competency", "target", ["Proficient"]),
    ("matrix-numbered-levels", "competency", "levels.1.level", ["Working", "expert"]),
    ("matrix-numbered-levels", "competency", "domain", ["Containers", "Containers", "Delivery"]),
    ("matrix-without-domains", "competency", "domain", ["Analysis"]),
    ("matrix-without-domains", "competency", "target", ["proficient"]),
    ("metadata-other-names", "module", "id", ["MOD-501"]),
    ("metadata-other-names", "module", "title", ["Tracking"]),
    ("metadata-other-names", "module", "hours", ["40"]),
    ("metadata-other-names", "module", "roles.0", ["mlops-engineer"]),
    ("metadata-other-names", "requirement", "to", ["MOD-401"]),
    ("metadata-short-entries", "competency_target", "competency", ["incident-command", "postmortems"]),
    ("metadata-short-entries", "competency_target", "level", ["proficient", "working"]),
    ("metadata-short-entries", "requirement", "to", ["MOD-701", "MOD-702"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "field", "expected"), PARTS)
def test_the_parts_are_what_they_say(name: str, kind: str, field: str, expected: list[object]) -> None:
    assert [value for claim in read(name).of_kind(kind) if (value := claim.get(field)) is not None] == expected


def test_what_is_only_advised_locks_nothing() -> None:
    text = "role: SRE\nmodules:\n- id: MOD-001\n  title: One\n- id: MOD-002\n  title: Two\n  prerequisites:\n"
    text += "  - {id: MOD-001, type: recommended, reason: it helps}\n  - {skill: patience, mood: calm}\n"
    statement = read_text(text, "x.yaml")
    first, second = statement.of_kind("requirement")
    assert (first.get("strength"), first.get("to"), first.get("reason")) == ("recommended", "MOD-001", "it helps")
    assert (second.get("strength"), second.get("skill"), second.get("stated.mood")) == ("needs", "patience", "calm")
    assert [rule for rule, _ in rules(statement)] == ["source.unknown_key"]


def test_a_role_has_its_level_and_risks_have_their_answer_under_other_keys() -> None:
    head = "role_name: Operator\nseniority: mid\n"
    domain = (
        "domains:\n  - domain: Runs\n    competencies:\n      - competency: Drain\n        levels: {working: drains}\n"
    )
    [role] = read_text(f"{head}{domain}", "x.yaml").of_kind("role")
    assert (role.get("title"), role.get("level")) == ("Operator", "mid")
    risk = "risks:\n  - risk: It floods\n    severity: high\n    response: drain it\n"
    plan = read_text(f"{head.replace('_name', '')}modules:\n  - id: MOD-911\n    title: Queues\n{risk}", "y.yaml")
    [program], [found] = plan.of_kind("program"), plan.of_kind("risk")
    assert (program.get("role"), program.get("level")) == ("Operator", "mid")
    assert (found.get("impact"), found.get("mitigation")) == ("high", "drain it")
