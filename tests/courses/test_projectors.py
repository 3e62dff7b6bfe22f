"""Every kind of *courses* arrives in its typed rows as its document states it."""

from decimal import Decimal
from pathlib import Path

import pytest

from courses.models import (
    Activity,
    Approval,
    Checklist,
    Competency,
    CompetencyTarget,
    Entity,
    Gate,
    LearningPath,
    Module,
    Objective,
    Outlook,
    PacePreset,
    Program,
    Requirement,
    Risk,
    Role,
    Scale,
    SkillArea,
    Solution,
    Technology,
    Topic,
    ValidationProfile,
)
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path, TREE)
    release_tree(tmp_path)
    return tmp_path


@pytest.fixture
def module(tree: Path) -> Module:
    return Module.objects.get(key="MOD-101")


@pytest.fixture
def lab(tree: Path) -> Activity:
    return Activity.objects.get(path="MOD-101/101-04")


def test_scale_keeps_rank_symbol_and_aliases(tree: Path) -> None:
    levels = Scale.objects.get(key="difficulty").levels.all()
    assert [(level.key, level.rank, level.label, level.symbol) for level in levels] == [
        ("easy", 1, "Easy", "*"),
        ("hard", 2, "Hard", "**"),
    ]
    assert levels[1].aliases == ["Advanced"]


def test_catalog_entries(tree: Path) -> None:
    assert set(SkillArea.objects.values_list("key", "title")) == {("operations", "Operations"), ("coding", "Coding")}
    assert Technology.objects.get(key="docker").category == "Containers"
    profile = ValidationProfile.objects.get(key="strict")
    assert (profile.type, profile.commands, profile.tools) == ("automatic", ["ruff check"], ["ruff"])
    competency = Competency.objects.get(key="containers")
    assert [(level.level.label, level.evidence) for level in competency.levels.select_related("level")] == [
        ("Aware", ["A talk"]),
        ("Working", []),
    ]


def test_role_and_program(tree: Path) -> None:
    role = Role.objects.get(slug="engineer")
    assert role.level is not None
    assert role.level.label == "Mid-level"
    assert (role.order, role.audience) == (2, "Those with a year of work.")
    program = Program.objects.get(slug="engineer")
    assert program.role == role
    assert program.philosophy == ["Production first"]
    assert program.about["maintainer"] == "Curriculum team"
    assert program.repositories[0]["name"] == "learning"
    assert program.targets == [{"measure": "completion", "at_least": "80", "note": ""}]
    assert program.completion is not None
    assert program.completion["all"] == ["modules", "policy"]
    assert (program.enrolment_mode, program.published_at) == ("invitation", None)


def test_program_places_modules_in_its_own_order(tree: Path) -> None:
    placements = Program.objects.get(slug="engineer").placements.select_related("module")
    assert [(row.module.key, row.required) for row in placements] == [
        ("MOD-102", True),
        ("MOD-101", True),
        ("MOD-005", False),
    ]
    assert all(row.revision_id == row.module.revision_id for row in placements)


def test_program_without_a_list_places_its_modules_as_authored(tree: Path) -> None:
    assert [row.module.key for row in Program.objects.get(slug="junior").placements.all()] == ["MOD-005"]


def test_projects_stand_in_the_order_of_the_program(tree: Path) -> None:
    projects = Activity.objects.filter(kind="project").order_by("position", "pk")
    assert [project.path for project in projects] == ["PROJ-202", "PROJ-201"]


def test_path_steps_keep_order_stage_and_unknown_words(tree: Path, lab: Activity) -> None:
    path = LearningPath.objects.get(key="quick")
    assert (path.program.slug, path.hours_low, path.hours_high) == ("engineer", 6, 8)
    assert [(step.target_ref, step.stage, step.target_id) for step in path.steps.all()] == [
        ("MOD-101/101-04", "Start", lab.pk),
        ("PROJ-201", "", Activity.objects.get(path="PROJ-201").pk),
        ("later:MOD-7", "", None),
    ]


def test_pace_keeps_ranges(tree: Path) -> None:
    pace = PacePreset.objects.get()
    assert (pace.hours_per_week_low, pace.hours_per_week_high, pace.weeks_low, pace.weeks_high) == (10, 15, 20, 20)


def test_outlook_with_salaries_and_target_roles(tree: Path) -> None:
    outlook = Outlook.objects.get()
    assert outlook.titles == ["Platform engineer"]
    assert [(row.low, row.high, row.currency, row.as_of) for row in outlook.salaries.all()] == [
        (90000, 120000, "USD", "2024")
    ]
    target = outlook.target_roles.get()
    assert {module.key for module in target.modules.all()} == {"MOD-101", "MOD-005"}


def test_module_with_its_parts(module: Module) -> None:
    assert module.difficulty is not None
    assert module.difficulty.key == "hard", "found by its alias"
    assert module.tooling == ["Git"]
    assert module.completion is not None
    assert module.completion["any_of"][0]["at_least"] == 1
    assert [(row.title, row.primary) for row in module.resources.all()] == [("Handbook", True), ("Paper", False)]
    assert [(topic.title, topic.hours) for topic in Topic.objects.filter(module=module)] == [
        ("First topic", 3),
        ("Second topic", None),
    ]


def test_hours_are_the_sum_of_kinds_else_of_topics_else_stated(tree: Path) -> None:
    totals = dict(Module.objects.values_list("key", "hours_total"))
    assert totals == {"MOD-101": Decimal("22.5"), "MOD-102": Decimal(5), "MOD-005": Decimal(12)}


def test_activity_with_its_parts(lab: Activity, module: Module) -> None:
    assert (lab.kind, lab.module, lab.points) == ("lab", module, 10)
    assert (lab.hours_low, lab.hours_high) == (4, 6)
    assert lab.difficulty is not None
    assert lab.difficulty.label == "Easy"
    assert lab.profile is not None
    assert lab.profile.key == "strict"
    assert (lab.needs_gpu, lab.equal_variant, lab.checked_by) == ("one T4", "Use the CPU build.", "script")
    uses = lab.technologies.select_related("technology")
    assert [(use.technology.key, use.purpose, use.version) for use in uses] == [
        ("docker", "Images", "24"),
        ("python", "", ""),
    ], "named twice, used once"
    skills = lab.skills.select_related("area")
    assert [(skill.area.key, skill.primary) for skill in skills] == [("operations", True), ("coding", False)]
    assert [(row.text, row.optional) for row in lab.deliverables.all()] == [("The image", False), ("Notes", True)]
    first, second = lab.criteria.all()
    assert (first.measure, first.op, first.value, first.unit) == ("size", "<=", 200, "MB")
    assert (second.measure, second.op, second.value) == ("", "", None)


def test_what_nothing_checks_is_ticked_off(tree: Path) -> None:
    ticked = set(Activity.objects.filter(self_reported=True).values_list("path", flat=True))
    assert ticked == {"MOD-101/read", "MOD-101/setup", "PROJ-201", "PROJ-202"}


def test_reading_serves_topics(module: Module) -> None:
    reading = Activity.objects.get(path="MOD-101/read")
    assert (reading.body, reading.readable_while_locked, reading.points) == ("Some *text*.", True, None)
    assert [row.topic.title for row in reading.topics.all()] == ["First topic"]


def test_task_has_the_checklist_of_its_module(module: Module) -> None:
    task = Activity.objects.get(path="MOD-101/setup")
    assert task.checklist is not None
    assert task.checklist.title == "Setup"


def test_phases_of_a_project(tree: Path) -> None:
    phases = Activity.objects.get(path="PROJ-201").phases.all()
    assert [(row.title, row.hours_low, row.hours_high, row.touchpoint) for row in phases] == [
        ("Plan", 4, 4, "Kick-off"),
        ("Build", 20, None, ""),
    ]


def test_requirements_of_every_form(module: Module) -> None:
    docker = Module.objects.get(key="MOD-005")
    by_id, competency, skill, group, leads = Requirement.objects.filter(owner=module.pk)
    assert (by_id.form, by_id.target_id, by_id.strength, by_id.reason) == (
        "entity",
        docker.pk,
        "needs",
        "Images are known.",
    )
    assert competency.competency is not None
    assert competency.level is not None
    assert (competency.competency.key, competency.level.key) == ("containers", "aware")
    assert (skill.skill, skill.strength) == ("Shell scripting", "recommended")
    assert (group.at_least, [(row.text, row.target_id) for row in group.members.all()]) == (
        2,
        [("python", None), ("junior:MOD-005", docker.pk), ("Some shell", None)],
    )
    assert (leads.strength, leads.target_ref) == ("leads_to", "MOD-102")


def test_gate_points_at_what_stands_beside_it(module: Module, lab: Activity) -> None:
    gate = Gate.objects.get()
    assert gate.owner_id == module.pk
    assert (gate.blocks_id, gate.activity_id) == (lab.pk, Activity.objects.get(path="MOD-101/setup").pk)
    assert not gate.opened_by_staff


def test_objectives_and_competency_targets_are_linked(module: Module, lab: Activity) -> None:
    objective = Objective.objects.get(owner=module.pk)
    assert list(objective.activities.all()) == [lab]
    assert [competency.key for competency in objective.competencies.all()] == ["containers"]
    target = CompetencyTarget.objects.get(owner=module.pk)
    assert target.competency is not None
    assert target.level is not None
    assert (target.competency.key, target.level.label, target.evidence) == ("containers", "Working", ["A review"])
    assert [role.slug for role in target.for_roles.all()] == ["engineer"]


def test_risk_checklist_solution_approval(module: Module) -> None:
    risk = Risk.objects.get(owner=module.pk)
    assert (risk.impact, risk.likelihood, risk.mitigation) == ("high", "low", "Ask early.")
    assert risk.gate == Gate.objects.get()
    checklist = Checklist.objects.get(owner=module.pk)
    assert (checklist.audience, checklist.gates) == ("readiness", True)
    assert [(item.key, item.text) for item in checklist.items.all()] == [("a", "Git runs."), ("b", "Docker runs.")]
    solution = Solution.objects.get(owner=module.pk)
    assert (solution.location, solution.visibility) == ("solutions/mod-101", "after_passing")
    approval = Approval.objects.get(owner=module.pk)
    assert (approval.state, approval.person, str(approval.dated)) == ("approved", "Lead", "2025-01-31")


def test_aliases_of_ids_and_of_authors(module: Module, lab: Activity) -> None:
    def aliases(entity_id: int) -> set[str]:
        return set(Entity.objects.get(pk=entity_id).aliases.values_list("alias", flat=True))

    assert {"mod-101", "module 101", "basics"} <= aliases(module.pk)
    assert {"101-04", "exercise 101-04", "mod-101/101-04"} <= aliases(lab.pk)
    assert "cpython" in aliases(Technology.objects.get(key="python").pk)
