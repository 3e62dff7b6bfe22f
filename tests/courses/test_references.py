"""What a document names in vain: said with its line, refused where it would lock, score or build a path."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import registry
from courses.curriculum.native.reader import read_tree
from courses.curriculum.references import RULE, Known, unknown_references, values_at
from courses.curriculum.refused import ImportRefused
from courses.models import Module, PathStep, Release, Requirement
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
POLICY = """
kind: policy
title: Passing
components:
  - {id: labs, title: Labs, activities: [MOD-101/101-04]}
  - {id: quizzes, title: Quizzes, activities: quiz, except_for: [MOD-102/quiz]}
rules:
  - {id: labs, text: Labs, measure: component_percent, of: labs, at_least: 50}
  - {id: one, text: One, measure: item_percent, of: MOD-102/quiz, at_least: 50}
items:
  MOD-102/quiz: {passing_percent: 80}
"""
WHOLE = {**TREE, "engineer/policy.yaml": POLICY}
P, M, C, Q = "engineer/program.yaml", "engineer/mod-101.yaml", "catalog/all.yaml", "engineer/policy.yaml"

# file, what is written, what is written instead, severity
CASES: dict[str, tuple[str, str, str, str]] = {
    "a program's module": (P, "modules: [MOD-102, MOD-101]", "modules: [MOD-102, MOD-101, GONE-1]", "error"),
    "an optional module": (P, 'optional_modules: ["junior:MOD-005"]', 'optional_modules: ["junior:GONE-1"]', "error"),
    "a project": (P, "PROJ-201]", "PROJ-201, GONE-1]", "error"),
    "a path's step": (P, "- {to: PROJ-201}", "- {to: GONE-1}", "error"),
    "a role": (P, "role: engineer", "role: GONE-1", "warning"),
    "a module of the outlook": (P, 'modules: [MOD-101, "junior:MOD-005"]', "modules: [GONE-1]", "warning"),
    "a need": (M, '- {to: "junior:MOD-005", reason', '- {to: "junior:GONE-1", reason', "error"),
    "what it leads to": (M, "{to: MOD-102, strength: leads_to}", "{to: GONE-1, strength: leads_to}", "warning"),
    "one of a group": (M, 'any_of: [python, "junior:MOD-005",', "any_of: [python, GONE-1,", "error"),
    "a needed competency": (M, "{competency: containers, level: aware}", "{competency: GONE-1, level: aware}", "error"),
    "a needed level": (M, "{competency: containers, level: aware}", "{competency: containers, level: GONE-1}", "error"),
    "what a gate blocks": (M, "blocks: 101-04,", "blocks: GONE-1,", "error"),
    "what opens a gate": (M, "activity: setup}", "activity: GONE-1}", "error"),
    "completion": (M, "of: [MOD-101/101-04, MOD-101/read]", "of: [MOD-101/101-04, GONE-1]", "error"),
    "a difficulty": (M, "difficulty: Advanced", "difficulty: GONE-1", "warning"),
    "a lab's difficulty": (M, "difficulty: easy", "difficulty: GONE-1", "warning"),
    "a technology": (M, "{id: python}, {id: docker}]", "{id: GONE-1}, {id: docker}]", "warning"),
    "a skill area": (M, "primary_skills: [operations]", "primary_skills: [GONE-1]", "warning"),
    "another skill area": (M, "secondary_skills: [coding,", "secondary_skills: [GONE-1,", "warning"),
    "a profile": (M, "profile: strict", "profile: GONE-1", "warning"),
    "a topic": (M, "topics: [one]", "topics: [GONE-1]", "warning"),
    "a task's checklist": (M, "checklist: setup-list}", "checklist: GONE-1}", "warning"),
    "an objective's activity": (M, "activities: [101-04]", "activities: [GONE-1]", "warning"),
    "an objective's competency": (M, "competencies: [containers]}", "competencies: [GONE-1]}", "warning"),
    "a target's competency": (M, "- {competency: containers, level: working", "- {competency: GONE-1, level: working",
                              "warning"),
    "a target's level": (M, "level: working, evidence", "level: GONE-1, evidence", "warning"),
    "a target's role": (M, "for_roles: [engineer]", "for_roles: [GONE-1]", "warning"),
    "a risk's gate": (M, "gate: ready}", "gate: GONE-1}", "warning"),
    "a level of a competency": (C, "- {level: working, meaning", "- {level: GONE-1, meaning", "warning"),
    "a level of seniority": ("engineer/role.yaml", "level: mid", "level: GONE-1", "warning"),
    "an item of a component": (Q, "activities: [MOD-101/101-04]", "activities: [GONE-1]", "error"),
    "an exception of a component": (Q, "except_for: [MOD-102/quiz]", "except_for: [GONE-1]", "error"),
    "a rule's component": (Q, "component_percent, of: labs", "component_percent, of: GONE-1", "error"),
    "a rule's item": (Q, "measure: item_percent, of: MOD-102/quiz", "measure: item_percent, of: GONE-1", "error"),
    "the rules of an item": (Q, "  MOD-102/quiz: {passing", "  GONE-1: {passing", "error"),
}  # fmt: skip


def findings(root: Path, files: dict[str, str], known: Known | None = None) -> list[Finding]:
    reading = read_tree(write_tree(root, files), name="tree")
    assert reading.findings == []
    return unknown_references(reading, known)


def without_later(files: dict[str, str]) -> dict[str, str]:
    """Without the step into a program that comes later."""
    return {**files, P: files[P].replace('              - {to: "later:MOD-7"}\n', "")}


def test_a_tree_that_names_only_what_is_there_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, without_later(WHOLE)) == []


def test_the_shipped_curriculum_names_only_what_is_there() -> None:
    assert [str(finding) for finding in unknown_references(read_tree(FIXTURES, name="fixtures"))] == []


@pytest.mark.parametrize("name", CASES)
def test_what_names_nothing_is_found_on_its_line(tmp_path: Path, name: str) -> None:
    file, before, after, severity = CASES[name]
    files = without_later(WHOLE)
    assert before in files[file]
    found = findings(tmp_path, {**files, file: files[file].replace(before, after, 1)})
    assert [(each.rule, each.severity, each.file) for each in found] == [(RULE, severity, f"tree/{file}")]
    line = (tmp_path / file).read_text().splitlines()[found[0].line - 1]
    assert "GONE-1" in line
    assert "GONE-1" in found[0].message
    assert found[0].fix


def test_every_reference_that_is_declared_is_tried(tmp_path: Path) -> None:
    """A field that is misspelt in a declaration would check nothing."""
    reading = read_tree(write_tree(tmp_path, WHOLE), name="tree")
    used = {
        (draft.kind, reference.field)
        for draft in reading.drafts.values()
        for reference in registry.get(draft.kind).refs
        if next(values_at(draft.body, reference.field), None)
    }
    activity = {"difficulty", "technologies.*.id", "primary_skills.*", "secondary_skills.*", "profile"}
    declared = {
        (kind.name, reference.field)
        for kind in registry.all()
        for reference in kind.refs
        if reference.field not in activity or kind.name == "lab"
    }
    elsewhere = {
        ("program", "completion.any_of.*.of.*"), ("question", "topics.*"), ("question", "competencies.*"),
        ("criterion", "competencies.*"), ("policy", "rules.*.criterion"),
    }  # fmt: skip
    assert declared - used == elsewhere
    for kind, field in elsewhere:
        assert field.partition(".")[0] in registry.get(kind).body.model_fields


def test_what_cannot_be_declared_wrongly_names_a_field() -> None:
    for kind in registry.all():
        for reference in kind.refs:
            assert reference.field.partition(".")[0] in kind.body.model_fields, (kind.name, reference.field)
            assert all(name in registry for name in reference.kinds)
            assert bool(reference.kinds) != bool(reference.scale)


def test_words_of_a_group_are_skills(tmp_path: Path) -> None:
    group = 'any_of: [python, "junior:MOD-005", Some shell]'
    files = without_later(WHOLE)
    words = files[M].replace(group, "any_of: [Git, Some shell, C++]")
    assert findings(tmp_path, {**files, M: words}) == []


def test_a_wrong_name_gets_the_nearest_one(tmp_path: Path) -> None:
    files = without_later(WHOLE)
    found = findings(tmp_path, {**files, P: files[P].replace("- {to: PROJ-201}", "- {to: PROJ-2011}")})
    assert found[0].fix.startswith("Did you mean PROJ-201")
    levels = findings(tmp_path, {**files, M: files[M].replace("difficulty: easy", "difficulty: eazy")})
    assert levels[0].fix == "Use one of: *, **, advanced, easy, hard."


def test_a_program_that_is_not_there_yet_is_a_warning(tmp_path: Path) -> None:
    found = findings(tmp_path, WHOLE)
    assert [(each.severity, each.fix) for each in found] == [("warning", "It counts once that is imported.")]
    assert "there is no program later yet" in found[0].message


def test_a_thing_of_several_other_programs_needs_the_program_named(tmp_path: Path) -> None:
    other = {name.replace("junior/", "third/"): text.replace("junior", "third") for name, text in TREE.items()
             if name.startswith("junior/")}  # fmt: skip
    third = {name: text.replace("level: third", "level: junior") for name, text in other.items()}
    files = without_later(WHOLE)
    files[M] = files[M].replace('- {to: "junior:MOD-005", reason', "- {to: MOD-005, reason")
    assert findings(tmp_path / "one", files) == []
    assert len(findings(tmp_path / "two", {**files, **third})) == 1


def test_nothing_is_said_of_what_could_not_be_read(tmp_path: Path) -> None:
    reading = read_tree(write_tree(tmp_path, {**WHOLE, M: WHOLE[M].replace("title: An image", "title: [a]")}))
    assert [finding.rule for finding in reading.findings] == ["native.invalid"]
    assert all("101-04" not in finding.message for finding in unknown_references(reading))


def test_what_is_known_elsewhere_counts(tmp_path: Path) -> None:
    files = {name: text for name, text in without_later(WHOLE).items() if name.startswith("engineer/")}
    alone = findings(tmp_path, files)
    assert any("docker" in finding.message for finding in alone)
    shared = {(None, address) for address in (
        "technology:docker", "technology:python", "skill_area:operations", "skill_area:coding", "profile:strict",
        "competency:containers",
    )}  # fmt: skip
    levels = {"difficulty": {"easy", "advanced"}, "proficiency": {"aware", "working"}, "seniority": {"mid"}}
    known = Known(
        frozenset({*shared, ("junior", "module:MOD-005")}),
        levels={purpose: frozenset(names) for purpose, names in levels.items()},
    )
    assert findings(tmp_path, files, known) == []


@pytest.mark.django_db
def test_an_unknown_reference_that_locks_refuses_the_release(tmp_path: Path) -> None:
    files = {**TREE, M: TREE[M].replace('- {to: "junior:MOD-005", reason', '- {to: "junior:MOD-500", reason')}
    with pytest.raises(ImportRefused) as refused:
        release_tree(write_tree(tmp_path, files))
    assert [finding.rule for finding in refused.value.findings] == [RULE]
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_a_warning_is_told_and_applied(tmp_path: Path) -> None:
    applied = release_tree(write_tree(tmp_path, TREE))
    assert [(finding.rule, finding.severity) for finding in applied.findings] == [(RULE, "warning")]
    assert PathStep.objects.filter(target=None).count() == 1


@pytest.mark.django_db
def test_a_tree_of_one_program_is_checked_against_the_installation(tmp_path: Path) -> None:
    release_tree(write_tree(tmp_path / "all", TREE))
    alone = {name: text for name, text in TREE.items() if name.startswith("engineer/")}
    applied = release_tree(write_tree(tmp_path / "alone", alone))
    assert [finding.severity for finding in applied.findings] == ["warning"], "all else is found in the installation"
    assert Requirement.objects.get(target_ref="junior:MOD-005").target_id == Module.objects.get(key="MOD-005").pk


@pytest.mark.django_db
def test_what_was_retired_is_named_in_vain(tmp_path: Path) -> None:
    release_tree(write_tree(tmp_path, TREE))
    (tmp_path / "junior/mod-005.yaml").unlink()
    with pytest.raises(ImportRefused) as refused:
        release_tree(tmp_path)
    assert {finding.message.partition(" names ")[2].partition(",")[0] for finding in refused.value.findings} == {
        "junior:MOD-005"
    }
