"""Policies: what is supported, how references and inheritance are looked up, and the shipped ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from courses.curriculum.projection import Projection
from courses.models import EntityAlias
from grading.models import Policy
from grading.policy.bodies import PolicyBody
from grading.policy.compile import compile_policy
from grading.policy.projector import policy as project_policy
from grading.policy.supported import unsupported
from grading.structure import structure_of
from tests.grading import build
from waymark.core.errors import Invalid

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def body(**fields: Any) -> PolicyBody:
    return PolicyBody.model_validate({"title": "Rules", **fields})


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/policy.yaml")), ids=lambda path: path.parent.name)
def test_the_shipped_policies_use_nothing_that_is_not_evaluated(path: Path) -> None:
    document = YAML(typ="safe").load(path)
    document.pop("kind")
    assert unsupported(PolicyBody.model_validate(document)) == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"overall": "weights_of_100"}, "weights_of_100"),
        ({"late_day_budget": "3"}, "late_day_budget"),
        ({"credit_stale_months": 6}, "credit_stale_months"),
        ({"reviews": {"staff": "1", "peer": "1"}}, "reviews"),
        ({"ungraded": {"minimum_with_bonus": False}}, "minimum_with_bonus"),
        ({"rounding": [{"place": "question"}]}, "rounding"),
        ({"components": [{"id": "c", "title": "C", "activities": "quiz", "drop": {"count": 1}}]}, "component c: drop"),
        ({"default": {"late": {"rate_percent": "10"}}}, "default: late"),
        ({"items": {"MOD-1/quiz": {"release": {"when": "by_hand"}}}}, "item MOD-1/quiz: release"),
        ({"default": {"feedback": {"when": "latest_due"}}}, "latest_due"),
        ({"rules": [{"id": "r", "text": "R", "measure": "criterion_points", "of": "P", "at_least": "1"}]}, "rule r"),
    ],
)
def test_what_is_not_evaluated_is_refused_by_name(fields: dict[str, Any], named: str, world: build.World) -> None:
    refused = body(**fields)
    assert any(named in reason for reason in unsupported(refused))
    assert world.policy is not None
    projection = Projection(
        entity=world.policy.entity, body=refused, revision=world.policy.revision, release=world.release,
        parent=world.program.entity, position=0,
    )  # fmt: skip
    with pytest.raises(Invalid) as error:
        project_policy(projection)
    assert (error.value.code, error.value.where) == ("policy_not_supported", "policy:policy")
    assert named in error.value.message


def test_a_policy_is_projected_to_its_row(world: build.World) -> None:
    assert world.policy is not None
    projection = Projection(
        entity=world.policy.entity, body=body(title="Newer"), revision=build.revision_of("policy", {"title": "Newer"}),
        release=world.release, parent=world.program.entity, position=0,
    )  # fmt: skip
    project_policy(projection)
    row = Policy.objects.get()
    assert (row.title, row.program, row.revision.body) == ("Newer", world.program, {"title": "Newer"})


def test_rules_of_an_item_are_inherited_from_item_component_program(world: build.World) -> None:
    rules = compile_policy(
        body(
            components=[
                {"id": "quizzes", "title": "Q", "activities": "quiz", "rules": {"attempts": {"choose": "last"}}},
            ],
            default={"passing_percent": "60", "attempts": {"limit": 4}},
            items={"MOD-1/quiz": {"passing_percent": "80"}},
        ),
        structure_of(world.program.pk),
    )
    first, second = (rules.of(world.activities[path].pk) for path in ("MOD-1/quiz", "MOD-2/quiz"))
    project = rules.of(world.activities["PROJ-1"].pk)
    assert (first.passing, first.choose, first.limit) == (Fraction(4, 5), "last", None)
    assert (second.passing, second.choose) == (Fraction(3, 5), "last")
    assert (project.passing, project.choose, project.limit) == (Fraction(3, 5), "best", 4)


def test_components_take_a_kind_or_named_items_less_the_exceptions(world: build.World) -> None:
    structure = structure_of(world.program.pk)
    by_kind = compile_policy(
        body(components=[{"id": "q", "title": "Q", "activities": "quiz", "except_for": ["MOD-2/quiz"]}]), structure
    )
    named = compile_policy(
        body(components=[{"id": "q", "title": "Q", "activities": ["MOD-2/quiz", "small:PROJ-1", "gone"]}]), structure
    )
    assert by_kind.compiled.components[0].items == (world.activities["MOD-1/quiz"].pk,)
    assert named.compiled.components[0].items == (
        world.activities["MOD-2/quiz"].pk, world.activities["PROJ-1"].pk,
    )  # fmt: skip


def test_a_reference_may_be_an_alias_unless_it_names_several_things(world: build.World) -> None:
    quiz, project = world.activities["MOD-1/quiz"], world.activities["PROJ-1"]
    EntityAlias.objects.create(entity=quiz.entity, alias="first quiz", former=True)
    EntityAlias.objects.create(entity=quiz.entity, alias="same")
    EntityAlias.objects.create(entity=project.entity, alias="same")
    structure = structure_of(world.program.pk)
    assert structure.find("First  Quiz") == quiz.pk
    assert structure.find("same") is None
    assert structure.find("PROJ-1") == project.pk


def test_a_rule_on_something_unknown_is_open_and_decides_nothing_wrong(world: build.World) -> None:
    from grading.measure import measure

    rules = compile_policy(
        body(rules=[{"id": "r", "text": "R", "measure": "item_percent", "of": "gone", "at_least": "70"}]),
        structure_of(world.program.pk),
    )
    evaluation = measure(structure_of(world.program.pk), rules, {}).evaluation
    assert (evaluation.rules[0].state, evaluation.passed) == ("open", "open")


def test_bonus_questions_raise_what_can_be_reached_and_nothing_else(world: build.World) -> None:
    from grading.structure import structure_forget

    quiz = build.add_quiz(
        world, "MOD-2/extra", module="MOD-2",
        questions=[*build.QUESTIONS, {**build.QUESTIONS[1], "stem": "And more?", "points": "1", "bonus": True}],
    )  # fmt: skip
    quiz.questions.filter(stem="And more?").update(bonus=True)
    structure_forget()
    shapes = structure_of(world.program.pk).activities
    assert shapes[quiz.pk].bonus == Fraction(1, 3)
    assert shapes[world.activities["MOD-1/quiz"].pk].bonus == 0
