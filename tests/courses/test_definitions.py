"""The database refuses what the definitions rule out, whoever writes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from courses.models import (
    Activity,
    CompletionCriterion,
    Deliverable,
    Gate,
    LearningPath,
    Module,
    PacePreset,
    Program,
    ProgramModule,
    Requirement,
    Risk,
    Salary,
    Scale,
    ScaleLevel,
    Solution,
    Topic,
)
from courses.models.typed import TypedRow
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import TREE

pytestmark = pytest.mark.django_db

Change = Callable[[], Any]


@pytest.fixture
def tree(tmp_path: Path) -> None:
    release_tree(write_tree(tmp_path, TREE))


def update(model: type[models.Model], where: dict[str, Any], **values: Any) -> Change:
    return lambda: model._base_manager.filter(**where).update(**values)


LAB = {"path": "MOD-101/101-04"}
BY_ID = {"target_ref": "junior:MOD-005"}

REFUSED: dict[str, Change] = {
    "activity_kind_known": update(Activity, LAB, kind="exam"),
    "activity_stands_where_its_kind_may": update(Activity, LAB, module=None),
    "activity_points_fit_kind": update(Activity, {"kind": "reading"}, points=1),
    "activity_points_not_negative": update(Activity, LAB, points=-1),
    "activity_reading_is_ticked_off": update(Activity, {"kind": "reading"}, self_reported=False),
    "activity_checklist_of_task": update(Activity, LAB, checklist_id=1),
    "activity_checked_by_known": update(Activity, LAB, checked_by="nobody"),
    "activity_hours_in_range": update(Activity, LAB, hours_low=7),
    "completion_criterion_whole": update(CompletionCriterion, {"measure": "size"}, value=None),
    "deliverable_once": update(Deliverable, {"optional": True}, position=0),
    "gate_blocks_something": update(Gate, {}, blocks_ref=""),
    "gate_activity_named": update(Gate, {}, activity_ref=""),
    "gate_not_before_itself": update(Gate, {}, blocks_id=models.F("activity_id")),
    "module_hours_not_negative": update(Module, {"key": "MOD-101"}, hours_lab=-1),
    "pace_weeks_in_range": update(PacePreset, {}, weeks_high=1),
    "pace_hours_given": update(PacePreset, {}, hours_per_week_low=None, hours_per_week_high=None),
    "path_hours_in_range": update(LearningPath, {}, hours_high=1),
    "program_enrolment_mode_known": update(Program, {"slug": "junior"}, enrolment_mode="lottery"),
    "requirement_one_target": update(Requirement, BY_ID, skill="Also words"),
    "requirement_target_fits_form": update(Requirement, {"form": "group"}, target_id=models.F("entity_id")),
    "requirement_level_of_competency": update(Requirement, BY_ID, level_id=1),
    "requirement_number_of_group": update(Requirement, BY_ID, at_least=2),
    "requirement_not_of_itself": update(Requirement, BY_ID, target_id=models.F("owner_id")),
    "requirement_strength_known": update(Requirement, BY_ID, strength="perhaps"),
    "risk_impact_known": update(Risk, {}, impact="dire"),
    "salary_in_range": update(Salary, {}, high=1),
    "salary_dated": update(Salary, {}, as_of=""),
    "scale_purpose_known": update(Scale, {"key": "difficulty"}, purpose="size"),
    "scale_rank_from_one": update(ScaleLevel, {"key": "easy"}, rank=0),
    "scale_level_once": update(ScaleLevel, {"key": "easy"}, key="hard"),
    "solution_visibility_known": update(Solution, {}, visibility="friends"),
    "topic_hours_not_negative": update(Topic, {}, hours=-1),
}


@pytest.mark.usefixtures("tree")
def test_constraints() -> None:
    """All on one tree: each change is tried, refused by its own constraint, and taken back."""
    broken = {}
    for name, change in REFUSED.items():
        try:
            with transaction.atomic():
                broken[name] = f"accepted for {change()} rows"
                transaction.set_rollback(True)
        except IntegrityError as error:
            broken[name] = str(error).splitlines()[0]
    assert {name: said for name, said in broken.items() if f'"{name}"' not in said} == {}


@pytest.mark.usefixtures("tree")
def test_constraints_that_wait_for_the_commit() -> None:
    """Two rows may trade places; in the end each place has one row."""
    checks: dict[str, Change] = {
        "scale_rank_once": update(ScaleLevel, {"key": "easy"}, rank=2),
        "placement_position_once": update(ProgramModule, {"module__key": "MOD-101"}, position=0),
        "module_key_once": update(Module, {"key": "MOD-101"}, key="MOD-102"),
        "activity_path_once": update(Activity, {"path": "PROJ-201"}, path="PROJ-202"),
    }
    for name, change in checks.items():
        with pytest.raises(IntegrityError, match=name):
            _commit(change)


@transaction.atomic
def _commit(change: Change) -> None:
    """Make *change* and check what waits for the commit."""
    change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_sorted_list_ends_in_its_key() -> None:
    for model in apps.get_app_config("courses").get_models():
        assert model._meta.ordering, model
        assert str(model._meta.ordering[-1]).lstrip("-") in ("pk", "id") or _unique(model), model


def _unique(model: type[models.Model]) -> bool:
    """Ordered by fields that some constraint without a condition makes unique."""
    names = {str(name).lstrip("-") for name in model._meta.ordering}
    unique = [set(rule.fields) for rule in model._meta.total_unique_constraints]
    return any(fields <= names for fields in unique)


def test_typed_rows_share_the_key_of_their_entity() -> None:
    for model in apps.get_app_config("courses").get_models():
        if issubclass(model, TypedRow):
            assert getattr(model._meta.pk, "name", None) == "entity", model
