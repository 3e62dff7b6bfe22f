"""The YAML kinds are read whole: every key, by the names that people give it, with its own lines."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import (
    CORPUS,
    facts,
    faults_of_account,
    mutated,
    needs_corpus,
    read_corpus,
    read_text,
    rules,
)

KINDS = {
    "master-plan": "master_plan", "skills-matrix": "skills_matrix", "module-": "asset_metadata",
    "repository-strategy": "repository_strategy", "validation-profiles": "validation_profiles",
}  # fmt: skip
DOCUMENTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.yaml"))


@needs_corpus
@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_word_of_a_real_document_is_read(path: str) -> None:
    statement = read_corpus(path)
    name = path.rpartition("/")[2]
    assert statement.kind == next(kind for word, kind in KINDS.items() if name.startswith(word))
    assert faults_of_account(statement) == []
    assert statement.account.counts()["prose"] == 0
    assert list(mutated(statement, 1 if len(statement.source.lines) > 60 else None)) == []


PLAN = """\
# a plan
role: Network Operator
level: mid
program_name: Operator
program_version: 1.2
date_updated: 2026-03-01
prerequisites: [Using a shell]
learning_outcomes:
  primary:
  - Run networks
program_structure:
  total_duration_hours: 60
  cadence: weekly
  modules:
  - id: MOD-901
    title: Ports
    duration_hours: {lecture: 12, lab: 20, review: 1, total: 33}
    role_focus: [operator]
    prerequisites: []
    learning_objectives:
    - Explain ports
    linked_projects: [PROJ-91]
    topics: [TCP, UDP]
    mood: calm
  - id: MOD-902
    name: Names
    hours: 6-8
    prerequisites: [MOD-901 (ports), patience, none]
    objectives: []
  - id: MOD-903
    duration: about 3 hours
  - MOD-904
  - id: MOD-905
    duration: long
assessment_strategy:
  formative:
  - {type: quiz, cadence: per module}
project_portfolio:
  anchor_projects:
  - id: PROJ-91
    summary: A harbour
    assessed_competencies: [Ports]
    integration_notes: After MOD-901
    due: [soon]
validation_plan:
  stakeholder_reviews:
  - reviewer: Platform Lead
    focus: Readiness
    due_date: '2026-11-30'
    tone: kind
  pilot_metrics:
    completion_rate_target: 0.8
    smiles: 5
  extra: {a: 1}
risk_register:
- risk: Too much
  impact: high
  likelihood: low
  mitigation: Less
- Just words
unknown:
  deep: [1, {x: yes}]
"""


def test_a_master_plan_is_read_in_all_its_parts() -> None:
    statement = read_text(PLAN, "x.yaml")
    assert statement.kind == "master_plan"
    assert faults_of_account(statement) == []
    [program] = statement.of_kind("program")
    own = facts(program)
    assert (own["title"], own["about.version"], own["about.updated"]) == ("Operator", "1.2", "2026-03-01")
    assert (own["stated.hours"], own["targets.completion"]) == ("60", "0.8")
    assert own["assessment.formative.0.cadence"] == "per module"
    assert own["stated.pilot_metrics.smiles"] == "5"
    assert (own["stated.unknown.deep.0"], own["stated.unknown.deep.1.x"]) == ("1", "yes")
    first, second, third, fourth, fifth = statement.of_kind("module")
    assert facts(first) == {
        "id": "MOD-901", "title": "Ports", "hours_by_kind.lecture": "12", "hours_by_kind.lab": "20",
        "hours_by_kind.review": "1", "stated.hours": "33", "roles.0": "operator",
        "stated.prerequisites": [], "projects.0": "PROJ-91", "stated.mood": "calm",
    }  # fmt: skip
    assert first.path == "MOD-901"
    assert [claim.label for claim in first.under("topic")] == ["TCP", "UDP"]
    assert second.get("hours") == {"low": "6", "high": "8"}
    assert second.get("stated.prerequisites.0") == "MOD-901 (ports)"
    assert [facts(edge) for edge in second.under("requirement")] == [
        {"strength": "needs", "to": "MOD-901"}, {"strength": "needs", "skill": "patience"},
    ]  # fmt: skip
    assert (third.get("hours"), third.get("stated.duration")) == ("3", "about 3 hours")
    assert (fourth.path, fifth.get("stated.duration")) == ("MOD-904", "long")
    [project] = statement.of_kind("project")
    assert (project.get("title"), project.get("placement")) == ("A harbour", "After MOD-901")
    [approval] = statement.of_kind("approval")
    assert (approval.get("what"), approval.get("person"), approval.get("due")) == (
        "Readiness", "Platform Lead", "2026-11-30",
    )  # fmt: skip
    assert [risk.get("text") for risk in statement.of_kind("risk")] == ["Too much", "Just words"]
    objectives = [(claim.get("text"), claim.get("group")) for claim in statement.of_kind("objective")]
    assert objectives == [("Run networks", "primary"), ("Explain ports", None)]
    assert {rule for rule, _ in rules(statement)} == {"source.unknown_key"}
    odd = ("cadence", "duration_hours: {", "mood", "due:", "tone", "smiles", "extra", "unknown")
    assert sorted(line for _, line in rules(statement)) == [
        line for line, text in enumerate(PLAN.split("\n"), 1) if text.strip().startswith(odd)
    ]
    assert list(mutated(statement)) == []


def test_projects_with_titles_keep_their_summaries_and_lists_may_be_mappings() -> None:
    statement = read_text(
        "role: Operator\nprogram_name: Networks\nmodules:\n  MOD-901: {title: Ports}\nprojects:\n"
        "  - {id: PROJ-91, title: Harbour, summary: Ships}\n  - {id: PROJ-92, title: Pier}\n", "x.yaml",
    )  # fmt: skip
    assert statement.kind == "master_plan"
    [module] = statement.of_kind("module")
    assert (module.path, module.get("id"), module.get("title")) == ("MOD-901", "MOD-901", "Ports")
    project = next(statement.of_kind("project"))
    assert (project.get("title"), project.get("summary")) == ("Harbour", "Ships")
    assert list(mutated(statement)) == []


MATRIX = """\
role: Network Operator
last_updated: '2026-03-01'
research_sources:
- {type: survey, reference: ports.json}
competency_domains:
- name: Foundations
  description: What all need
  skills:
  - name: Ports
    proficiency:
      awareness: {description: Names one, evidence_sources: [{type: job, id: JP-1}]}
      working:
        description: Opens one
        evidence_sources: []
    assessment_types: [Lab, Quiz]
    owner: nobody
  - Cables
- name: Empty
  skills: []
progression_map:
  awareness: First weeks
notes: [Early]
"""


def test_a_skills_matrix_says_what_each_level_means() -> None:
    statement = read_text(MATRIX, "x.yaml")
    assert statement.kind == "skills_matrix"
    assert faults_of_account(statement) == []
    ports, cables = statement.of_kind("competency")
    assert facts(ports) == {
        "title": "Ports", "domain": "Foundations", "levels.0.level": "awareness", "levels.0.meaning": "Names one",
        "levels.0.evidence.0.type": "job", "levels.0.evidence.0.id": "JP-1", "levels.1.level": "working",
        "levels.1.meaning": "Opens one", "levels.1.evidence": [], "assessed_by.0": "Lab", "assessed_by.1": "Quiz",
        "stated.owner": "nobody",
    }  # fmt: skip
    assert ports.fields["levels.1.level"].lines == (12,)
    assert facts(cables) == {"title": "Cables", "domain": "Foundations"}
    [role] = statement.of_kind("role")
    assert (role.path, role.get("progression.awareness"), role.get("notes.0")) == (
        "network-operator", "First weeks", "Early",
    )  # fmt: skip
    assert rules(statement) == [("source.unknown_key", 16)]
    assert list(mutated(statement)) == []


def test_skills_without_domains_and_levels_in_a_list_are_a_skills_matrix_too() -> None:
    statement = read_text(
        "title: Operator\nskills:\n- name: Ports\n  levels:\n  - {level: working, meaning: Opens}\n", "x.yaml"
    )
    assert statement.kind == "skills_matrix"
    [ports] = statement.of_kind("competency")
    assert facts(ports) == {"title": "Ports", "levels.0.level": "working", "levels.0.meaning": "Opens"}


ASSET = """\
id: PROJ-91
type: project
title: Harbour
roles: [operator]
stage: late
competencies:
- {id: ports, level: working}
- {id: names, level: guru, note: x}
dependencies: [MOD-901, Linux essentials]
validation_profile: strict
owners:
- {name: Curriculum Team, role: author}
description: Ships.
colour: blue
"""


def test_metadata_is_read_and_held_against_its_schema() -> None:
    statement = read_text(ASSET, "x.yaml")
    assert statement.kind == "asset_metadata"
    assert faults_of_account(statement) == []
    [project] = statement.of_kind("project")
    assert (project.path, project.get("profile"), project.get("summary")) == ("PROJ-91", "strict", "Ships.")
    assert project.get("stated.colour") == "blue"
    assert project.get("owners.0.name") == "Curriculum Team"
    assert [facts(edge) for edge in project.under("requirement")] == [
        {"strength": "needs", "to": "MOD-901"}, {"strength": "needs", "skill": "Linux essentials"},
    ]  # fmt: skip
    assert [facts(target) for target in project.under("competency_target")][1] == {
        "competency": "names", "level": "guru", "stated.note": "x",
    }  # fmt: skip
    assert sorted(rules(statement)) == [
        ("source.bad_value", 5), ("source.bad_value", 8), ("source.missing_key", 1),
        ("source.unknown_key", 8), ("source.unknown_key", 13), ("source.unknown_key", 14),
    ]  # fmt: skip
    assert list(mutated(statement)) == []


def test_an_asset_of_no_known_type_is_what_its_id_says() -> None:
    statement = read_text("id: PROJ-91\ntype: thing\ntitle: Harbour\nroles: []\nstatus: draft\n", "x.yaml")
    assert [claim.kind for claim in statement.claims] == ["project"]


STRATEGY = """\
program_name: Networks
version: 0.2
roles:
- {name: Operator, slug: operator}
- Architect
repositories:
  mode: per_role
  role_repos:
    operator: {learning: net-op-learning, solutions: net-op-solutions}
    pilot:
      learning: net-pilot
  mirror: none
solutions: {placement: separate, inline_path: null}
shared_assets:
  cross_role_modules: [{module_id: MOD-901, description: For all}]
  shared_components: []
progression_rules:
- {from_role: operator, to_role: architect, strategy: scaffold, notes: Slowly}
- {from_role: pilot, to_role: operator}
governance: {review_cadence: quarterly}
"""


def test_the_repository_strategy_names_roles_their_repositories_and_what_follows() -> None:
    statement = read_text(STRATEGY, "x.yaml")
    assert statement.kind == "repository_strategy"
    assert faults_of_account(statement) == []
    operator, architect, pilot = statement.of_kind("role")
    assert facts(operator) == {
        "id": "operator", "title": "Operator", "repositories.role": "operator",
        "repositories.learning": "net-op-learning", "repositories.solutions": "net-op-solutions",
    }  # fmt: skip
    assert (architect.path, pilot.path) == ("architect", "pilot")
    edges = [(edge.parent.path if edge.parent else "", edge.get("to")) for edge in statement.of_kind("requirement")]
    assert edges == [("operator", "architect"), ("networks", "operator")]
    [catalog] = statement.of_kind("catalog")
    assert catalog.get("shared_assets.cross_role_modules.0.module_id") == "MOD-901"
    assert catalog.get("solutions.inline_path") is None
    assert rules(statement) == [("source.unknown_key", 12)]
    assert list(mutated(statement)) == []


PROFILES = """\
# bundles
profiles:
  light:
    description: "Little"
    commands: ["lint {target}"]
    tools_required:
    - lint
  strict:
    type: automatic
    speed: slow
---
second: document
"""


def test_profiles_are_called_by_their_keys_and_a_second_document_is_reported() -> None:
    statement = read_text(PROFILES, "x.yaml")
    assert statement.kind == "validation_profiles"
    assert faults_of_account(statement) == []
    light, strict = statement.of_kind("profile")
    assert facts(light) == {"id": "light", "text": "Little", "commands.0": "lint {target}", "tools.0": "lint"}
    assert light.fields["id"].lines == (3,)
    assert facts(strict) == {"id": "strict", "type": "automatic", "stated.speed": "slow"}
    assert rules(statement) == [("source.unknown_key", 10), ("source.second_document", 11)]
    assert list(mutated(statement)) == []


@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {image: x}}\n", "kind: module\nid: MOD-901\ntitle: x\nroles: []\nstatus: x\n", "- a\n",
        "profiles: [a, b]\n", "roles: [admin]\n", "skills: [reading]\n", "modules: [a]\nrole: b\n",
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    assert read_text(text, "x.yaml").kind == "other"


NESTED = """\
master_plan:
  role: Harbour Lead
  program_structure:
    phases:
      - name: Ashore
        weeks: 4
        modules:
          - MOD-901: Ports
          - id: MOD-902
            title: Piers
            duration: {lecture: 10, lab: 20}
            prerequisites: MOD-901
      - name: Afloat
        modules:
          MOD-903: Boats
  project_portfolio:
    - id: PROJ-901
      title: A harbour
      hours: 60
  validation_plan:
    - reviewer: Harbour master
      focus: Readiness
"""


def test_a_master_plan_below_one_key_has_its_modules_in_phases_and_lists_for_sections() -> None:
    statement = read_text(NESTED, "plan.yaml")
    assert statement.kind == "master_plan"
    modules = [(each.key, each.get("title"), each.get("stated.group")) for each in statement.of_kind("module")]
    assert modules == [("MOD-901", "Ports", "Ashore"), ("MOD-902", "Piers", "Ashore"), ("MOD-903", "Boats", "Afloat")]
    assert [facts(each) for each in statement.of_kind("project")] == [
        {"id": "PROJ-901", "title": "A harbour", "hours": "60"}
    ]
    assert [facts(each) for each in statement.of_kind("approval")] == [
        {"what": "Readiness", "person": "Harbour master"}
    ]
    assert facts(next(statement.of_kind("program")))["stated.phases.0.weeks"] == "4"
    assert faults_of_account(statement) == []


SHORT = """\
role: Harbour Lead
domains:
  Water:
    - Tides
    - name: Currents
      awareness: knows them
      working: [reads charts, sails]
  Land:
    skills:
      Piers: {expert: builds them}
"""


def test_skills_may_be_words_and_have_their_levels_in_themselves() -> None:
    statement = read_text(SHORT, "matrix.yaml")
    assert statement.kind == "skills_matrix"
    titles = [(each.get("title"), each.get("domain")) for each in statement.of_kind("competency")]
    assert titles == [("Tides", "Water"), ("Currents", "Water"), ("Piers", "Land")]
    currents = facts(list(statement.of_kind("competency"))[1])
    assert currents["levels.0.level"] == "awareness"
    assert currents["levels.0.meaning"] == "knows them"
    assert currents["levels.1.meaning.1"] == "sails"
    assert rules(statement) == []
    assert faults_of_account(statement) == []
