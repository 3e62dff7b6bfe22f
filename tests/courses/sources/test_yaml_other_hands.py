"""Strategies, profiles and metadata with values in forms that other hands give them."""

from __future__ import annotations

from tests.courses.sources.support import facts, faults_of_account, read_text, rules

STRATEGY = """\
program_name: Data Curriculum
roles:
  - {name: Data Engineer, slug: data-engineer}
repositories:
  mode: mono
progression:
  - from: data-engineer
    to: [analytics-engineer, ml-engineer]
    notes: Two ways on
"""
PROFILES = """\
profiles:
  go-strict:
    commands:
      - go vet {target}
      - name: tests
        run: go test ./...
    tools: [go]
"""
METADATA = """\
id: PROJ-902
type: project
title: Portal
roles: [platform-engineer]
competencies: []
status: draft
difficulty: advanced
"""


def test_a_role_leads_to_each_of_several() -> None:
    statement = read_text(STRATEGY, "strategy.yaml")
    assert faults_of_account(statement) == []
    edges = [facts(each) for each in statement.of_kind("requirement")]
    assert [(each["from"], each["to"], each["strength"]) for each in edges] == [
        ("data-engineer", "analytics-engineer", "leads_to"), ("data-engineer", "ml-engineer", "leads_to"),
    ]  # fmt: skip
    assert edges[0]["reason"] == "Two ways on"


def test_a_role_that_leads_nowhere_is_kept() -> None:
    text = STRATEGY.replace("    to: [analytics-engineer, ml-engineer]\n", "")
    (edge,) = read_text(text, "strategy.yaml").of_kind("requirement")
    assert (edge.get("from"), edge.get("to")) == ("data-engineer", None)


def test_a_command_may_have_a_name() -> None:
    statement = read_text(PROFILES, "profiles.yaml")
    assert (faults_of_account(statement), rules(statement)) == ([], [("source.unknown_key", 5)])
    (profile,) = statement.of_kind("profile")
    assert [profile.get(f"commands.{at}") for at in range(2)] == ["go vet {target}", "go test ./..."]
    assert profile.get("stated.commands.1.name") == "tests"


def test_metadata_say_how_hard_something_is() -> None:
    statement = read_text(METADATA, "metadata.yaml")
    (project,) = statement.of_kind("project")
    assert (project.get("difficulty"), rules(statement)) == ("advanced", [])
